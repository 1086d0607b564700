//! Evidence in whatever form people have it, to exchanges: sniffed or told, read as far as it goes.

mod access;
mod assemble;
mod credential;
mod curl_command;
mod curl_trace;
mod form;
mod har;
mod http_text;
mod log;
mod passed;
mod piece;
mod plain_line;
mod quoted;
mod record;
mod spans;
mod text;
pub(crate) mod words;

pub use credential::credential_in;
pub(crate) use curl_command::{Beside, beside};
pub use curl_trace::untraced;
pub(crate) use form::Shape;
pub use log::Fields;
pub use passed::{Passed, PassedKey};
pub use piece::{A_TOKEN, FirstLook, Line, Order, Piece, pieces};
pub(crate) use quoted::end_of_string;
pub use record::written;
pub(crate) use spans::{Place, Sender, Span, spans};
pub(crate) use text::{Part, object, parts};
pub use words::{http_date, resolves_to};

use crate::http::Exchange;
use form::{Form, ReadBy};
use std::borrow::Cow;
use std::io::BufRead;

choice! {
    /// What evidence comes as; what comes first is tried first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum InputForm or "not a form of evidence" {
        /// HTTP Archive 1.1 to 1.3.
        Har = "har",
        /// Exchange records, one JSON object a line.
        Records = "records",
        /// A pasted `curl` command, "copy as fetch", a PowerShell copy.
        Command = "command",
        /// What `curl -v`, `--trace`, `--trace-ascii` or `wget -d` print.
        Curl = "curl",
        /// Messages as on the wire: `curl -i`, `-D`, `httpie -v`.
        Http = "http",
        /// Gateway or server log lines.
        Log = "log",
        /// A bare error body or exception text.
        Body = "body",
    }
}

impl InputForm {
    const fn form(self) -> &'static Form {
        match self {
            Self::Har => &har::FORM,
            Self::Records => &record::FORM,
            Self::Command => &curl_command::FORM,
            Self::Curl => &curl_trace::FORM,
            Self::Http => &http_text::FORM,
            Self::Log => &log::FORM,
            Self::Body => &text::FORM,
        }
    }

    /// Its name, for reports.
    pub fn name(self) -> &'static str {
        self.form().name
    }

    /// What a text of this form is made of.
    pub(crate) fn shape(self) -> Shape {
        self.form().shape
    }

    /// Reads a text. Told by a person, a form is the whole of it; found by its looks, anything may stand around it.
    fn read_text(self, own: &str, how: InputOptions<'_>, take: &mut dyn FnMut(Item)) {
        match self.form().read {
            ReadBy::Whole(read, alone) if how.form.is_some() || alone(own) => {
                read(own, how.name, take);
            }
            _ => text::read(own, how.name, take),
        }
    }
}

/// One thing read.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// An exchange.
    Exchange(Box<Exchange>),
    /// Something that could not be read.
    Skipped {
        /// Where: "ticket.har entry 3".
        place: String,
        /// Why.
        why: String,
    },
}

/// How an input is to be read.
#[derive(Debug, Clone, Copy)]
pub struct InputOptions<'a> {
    /// Its name, for places.
    pub name: &'a str,
    /// Its form, where a person said it.
    pub form: Option<InputForm>,
    /// A field mapping for log lines.
    pub fields: Option<&'a Fields>,
}

/// Reads an input to its end; each exchange and each unreadable part is handed over as soon as it is known. HAR files,
/// records and logs are read piece by piece, in memory that does not grow with them. Returns the form.
pub fn read(
    reader: impl BufRead,
    how: InputOptions<'_>,
    take: &mut dyn FnMut(Item),
) -> std::io::Result<InputForm> {
    let mut order = Order::default();
    pieces(reader, how, &mut |piece| {
        for item in piece.read(how) {
            take(order.next(item));
        }
    })
}

/// Records that are printed over several lines, a line each; `None` where they stand in a line already.
pub(crate) fn records_in_one_line(text: &str) -> Option<String> {
    record::is_over_lines(text).then(|| {
        let records = record::in_one_line(text.trim_start_matches('\u{feff}'));
        let lines = records.into_iter().map(|(_, record)| record + "\n");
        lines.collect()
    })
}

fn skipped(place: &str, why: impl Into<String>) -> Item {
    Item::Skipped {
        place: place.to_owned(),
        why: why.into(),
    }
}

/// Text out of bytes: UTF-16 by its mark, else UTF-8 with what is broken replaced.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let units = |pick: fn([u8; 2]) -> u16| -> String {
        let pairs = bytes[2..]
            .chunks_exact(2)
            .map(|pair| pick([pair[0], pair[1]]));
        char::decode_utf16(pairs)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => Cow::Owned(units(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Cow::Owned(units(u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => String::from_utf8_lossy(rest),
    }
}

/// Tells the form by its first bytes, 64 KB at most.
pub fn sniff(head: &str, fields_given: bool) -> InputForm {
    if fields_given {
        return InputForm::Log;
    }
    let head = crate::http::start_of(head, usize::try_from(piece::HEAD).unwrap_or(usize::MAX));
    let text = head.trim_start_matches('\u{feff}').trim_start();
    // JSON is an archive, or stands on lines of its own.
    let json = text.starts_with('{');
    let may = |form: &Form| !json || matches!(form.read, ReadBy::Entries | ReadBy::Lines(_));
    let mut all = InputForm::NAMES.iter().map(|(_, own)| *own);
    let found = all.find(|own| may(own.form()) && (own.form().looks_like)(text));
    found.unwrap_or(InputForm::Body)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn exchanges(text: &str) -> (InputForm, Vec<Exchange>, Vec<String>) {
        let (mut found, mut skipped) = (Vec::new(), Vec::new());
        let how = InputOptions {
            name: "x",
            form: None,
            fields: None,
        };
        let form = read(text.as_bytes(), how, &mut |item| match item {
            Item::Exchange(exchange) => found.push(*exchange),
            Item::Skipped { place, why } => skipped.push(format!("{place}: {why}")),
        })
        .expect("a text in memory can be read");
        (form, found, skipped)
    }

    #[test]
    fn forms_are_told_apart() {
        for (text, form) in [
            ("{\"log\": {\"entries\": []}}", InputForm::Har),
            ("> GET / HTTP/1.1\r\n> Host: a\r\n", InputForm::Curl),
            ("HTTP/1.1 401 Unauthorized\n\n", InputForm::Http),
            ("GET /a HTTP/1.1\nHost: x\n\n", InputForm::Http),
            ("curl -H 'a: b' https://x/", InputForm::Command),
            ("await fetch(\"https://x/\", {});", InputForm::Command),
            (
                "{\"id\":\"1\",\"response\":{\"status\":401}}",
                InputForm::Records,
            ),
            (
                "{\"response_code\":401,\"path\":\"/a\",\"method\":\"GET\"}",
                InputForm::Log,
            ),
            ("{\"error\":\"invalid_token\"}", InputForm::Body),
            ("{\n \"message\": \"Bad credentials\"\n}", InputForm::Body),
            ("Bad credentials", InputForm::Body),
        ] {
            assert_eq!(sniff(text, false), form, "{text}");
        }
    }

    #[test]
    fn a_lone_status_or_header_is_read() {
        assert_eq!(
            exchanges("403").1[0]
                .response
                .as_ref()
                .and_then(|r| r.status),
            Some(403)
        );
        let header = exchanges("WWW-Authenticate: Bearer error=\"x\"").1;
        assert!(
            header[0]
                .response
                .as_ref()
                .is_some_and(|r| r.headers.has("www-authenticate"))
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_read(text in "\\PC{0,300}") {
            let _ = exchanges(&text);
        }

        #[test]
        fn any_transcript_can_be_read(text in "(> |< |\\* |=> |0000: |GET /|HTTP/1.1 |401|\n|\\{|curl |'|\"|\\$'){0,40}") {
            let _ = exchanges(&text);
        }
    }
}
