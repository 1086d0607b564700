//! Evidence in whatever form people have it, to exchanges: sniffed or told, read as far as it goes.

mod access;
mod assemble;
mod credential;
mod curl_command;
mod curl_trace;
mod har;
mod http_text;
mod log;
mod passed;
mod piece;
mod record;
mod spans;
mod text;
pub(crate) mod words;

pub use credential::credential_in;
pub use curl_trace::untraced;
pub use log::Fields;
pub use passed::{Passed, PassedKey};
pub use piece::{FirstLook, Line, Order, Piece, pieces};
pub use record::written;
pub(crate) use spans::{Place, Sender, spans};
pub(crate) use text::{Part, object, parts};
pub use words::{http_date, resolves_to};

use crate::http::Exchange;
use std::borrow::Cow;
use std::io::BufRead;

/// What evidence comes as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputForm {
    /// HTTP Archive 1.1 to 1.3.
    Har,
    /// What `curl -v`, `--trace`, `--trace-ascii` or `wget -d` print.
    Curl,
    /// Messages as on the wire: `curl -i`, `-D`, `httpie -v`.
    Http,
    /// A pasted `curl` command, "copy as fetch", a PowerShell copy.
    Command,
    /// Exchange records, one JSON object a line.
    Records,
    /// Gateway or server log lines.
    Log,
    /// A bare error body or exception text.
    Body,
}

impl InputForm {
    /// Its name, for reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Har => "HAR",
            Self::Curl => "client transcript",
            Self::Http => "HTTP messages",
            Self::Command => "request command",
            Self::Records => "exchange records",
            Self::Log => "log lines",
            Self::Body => "error body",
        }
    }
}

impl InputForm {
    /// What a person may write for it, with what it means.
    pub const NAMES: [(&str, Self); 7] = [
        ("har", Self::Har),
        ("curl", Self::Curl),
        ("http", Self::Http),
        ("command", Self::Command),
        ("records", Self::Records),
        ("log", Self::Log),
        ("body", Self::Body),
    ];
}

impl std::str::FromStr for InputForm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut names = Self::NAMES.iter();
        let found = names.find(|(name, _)| name.eq_ignore_ascii_case(text));
        found
            .map(|(_, own)| *own)
            .ok_or_else(|| "not a form of evidence".to_owned())
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

fn read_text(text: &str, form: InputForm, how: InputOptions<'_>, take: &mut dyn FnMut(Item)) {
    let name = how.name;
    match form {
        // Told by a person, a form is the whole of it; found by its looks, anything may stand around it.
        InputForm::Curl
            if how.form.is_some()
                || untraced(text).is_some()
                || text.contains("---request begin---") =>
        {
            curl_trace::read(text, name, take);
        }
        InputForm::Http if how.form.is_some() => http_text::read(text, name, take),
        InputForm::Command if how.form.is_some() => curl_command::read(text, name, take),
        _ => text::read(text, name, take),
    }
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
    let head = crate::http::start_of(head, usize::try_from(piece::HEAD).unwrap_or(usize::MAX));
    let text = head.trim_start_matches('\u{feff}').trim_start();
    if fields_given {
        return InputForm::Log;
    }
    if text.starts_with('{') {
        return sniff_json(text);
    }
    if curl_command::looks_like(text) {
        return InputForm::Command;
    }
    if curl_trace::looks_like(text) {
        return InputForm::Curl;
    }
    if http_text::looks_like(text) {
        return InputForm::Http;
    }
    if is_log(text) {
        return InputForm::Log;
    }
    InputForm::Body
}

/// Whether the lines are access lines: all of the first, or nearly; what stands between them is read as text.
fn is_log(text: &str) -> bool {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(200)
        .collect();
    let known = lines
        .iter()
        .filter(|line| log::looks_like_text(line))
        .count();
    // The last line may be cut off where the head ends.
    known > 0
        && known + 1 >= lines.len()
        && log::looks_like_text(lines[0])
        && (known > 1 || lines.len() == 1)
}

fn sniff_json(text: &str) -> InputForm {
    let squeezed: String = text
        .chars()
        .take(4_096)
        .filter(|c| !c.is_whitespace())
        .collect();
    if squeezed.starts_with("{\"log\":{") || squeezed.contains("\"log\":{\"version\"") {
        return InputForm::Har;
    }
    let first = text.lines().next().unwrap_or_default();
    let Ok(serde_json::Value::Object(members)) = serde_json::from_str(first) else {
        // A record whose first line is broken or longer than what is looked at still stands on a line of its own.
        let starts = ["{\"id\":", "{\"request\":", "{\"provider\":"];
        return if starts.iter().any(|s| squeezed.starts_with(s))
            && squeezed.contains("\"request\":{")
        {
            InputForm::Records
        } else {
            InputForm::Body
        };
    };
    if record::looks_like(&members) {
        InputForm::Records
    } else if log::looks_like(&members) {
        InputForm::Log
    } else {
        InputForm::Body
    }
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
