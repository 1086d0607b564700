//! Evidence in pieces: cut between lines or entries in one quick pass, then read, each piece by itself and on any thread.

use super::form::{ReadBy, ReadLine, Shape};
use super::{InputForm, InputOptions, Item};
use super::{decode, har, record, skipped, sniff};
use crate::http::{Exchange, Folded};
use crate::token::{Form, Token};
use std::io::{BufRead, Read};

/// So much is looked at to tell the form, in bytes.
pub(super) const HEAD: u64 = 64 * 1024;

/// Texts that are not read line by line or entry by entry end here, in bytes: 50 MB.
const WHOLE: u64 = 50_000_000;

/// A piece is handed over from so many bytes on.
const ENOUGH: usize = 64 * 1024;

/// A stretch of evidence, not read yet.
#[derive(Debug)]
pub struct Piece {
    form: InputForm,
    bytes: Vec<u8>,
    what: What,
}

/// A line that has not been read.
#[derive(Debug, Clone, Copy)]
pub struct Line<'l> {
    /// The line.
    pub text: &'l str,
    /// Whether it is an exchange record; else it is a log's.
    pub records: bool,
    /// Its number, from 1.
    pub number: usize,
}

impl Line<'_> {
    /// Where it is, in evidence of that name.
    pub fn place(name: &str, number: usize) -> String {
        format!("{name} line {number}")
    }
}

/// What a look at a line says.
#[derive(Debug)]
pub enum FirstLook {
    /// All that is wanted of it is known.
    Needless,
    /// It has to be read.
    Read,
    /// It has to be read, and this is what it is with ids and times folded.
    ReadAs(Box<Folded>),
}

#[derive(Debug)]
enum What {
    /// Whole lines, the first of which has that number, and what reads each.
    Lines(usize, ReadLine),
    /// Entries of a HAR.
    Entries(har::Entries),
    /// A text that is one whole.
    Text,
    /// Something that could not be read.
    Nothing(Item),
}

impl Piece {
    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing to read in it.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Reads it. What depends on earlier pieces is left to [`Order`].
    pub fn read(&self, how: InputOptions<'_>) -> Vec<Item> {
        self.read_some(how, &mut |_| FirstLook::Read)
    }

    /// The same, but for the lines that a look at their text makes needless to read.
    pub fn read_some(
        &self,
        how: InputOptions<'_>,
        look: &mut dyn FnMut(Line<'_>) -> FirstLook,
    ) -> Vec<Item> {
        crate::work::looked(self.bytes.len());
        let mut items = Vec::new();
        let take = &mut |item| items.push(self.named(item));
        match &self.what {
            What::Lines(first, read) => {
                lines(&self.bytes, *first, how.name, take, |text, number| {
                    let records = self.form.shape() == Shape::Records;
                    let line = Line {
                        text,
                        records,
                        number,
                    };
                    let folded = match look(line) {
                        FirstLook::Needless => return None,
                        FirstLook::Read => None,
                        FirstLook::ReadAs(folded) => Some(folded),
                    };
                    let read = read(text, &Line::place(how.name, number), how.fields);
                    Some(read.map(|exchange| Exchange { folded, ..exchange }))
                });
            }
            What::Entries(entries) => entries.read(&self.bytes, how.name, take),
            What::Text => self.form.read_text(&decode(&self.bytes), how, take),
            What::Nothing(item) => take(item.clone()),
        }
        items
    }

    fn named(&self, mut item: Item) -> Item {
        if let Item::Exchange(exchange) = &mut item {
            let name = || self.form.name().to_owned();
            exchange.read_as.get_or_insert_with(name);
        }
        item
    }
}

/// What an item owes to those before it: the items of one input go through it in their order.
#[derive(Debug, Default)]
pub struct Order {
    /// Whether an entry of the recording has shown a credential.
    shown: bool,
}

impl Order {
    /// The next item, as what came before it has it.
    pub fn next(&mut self, mut item: Item) -> Item {
        if let Item::Exchange(exchange) = &mut item
            && exchange.request.selected
            && exchange.read_as.as_deref() == Some(InputForm::Har.name())
        {
            let has = |name: &str| exchange.request.header(name).is_some();
            self.shown |= has("authorization") || has("cookie");
            exchange.request.selected = !self.shown;
        }
        item
    }
}

/// Why a token by itself is no evidence.
pub const A_TOKEN: &str = "it is a token, not a recorded request";

/// Whether a text is nothing but a token.
fn is_token(head: &[u8]) -> bool {
    let text = decode(head);
    let text = text.trim();
    let alone = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '{');
    alone
        && matches!(
            Token::read(text.as_bytes()).form,
            Form::Jws(_) | Form::Jwe(_)
        )
}

/// What a file that is not text is, by its first bytes, and what to do with it.
fn binary(head: &[u8]) -> &'static str {
    let starts = |with: &[u8]| head.starts_with(with);
    let image = starts(b"\x89PNG") || starts(b"\xff\xd8\xff") || starts(b"GIF8") || starts(b"RIFF");
    match (image, starts(b"\x1f\x8b") || starts(b"PK\x03\x04")) {
        (true, _) => "it is an image: copy the text that it shows, or record the request",
        (_, true) => "it is a compressed file: unpack it first",
        _ => "it is a binary file, not text",
    }
}

/// Cuts an input into pieces, in memory that does not grow with it. Returns the form.
pub fn pieces(
    mut reader: impl BufRead,
    how: InputOptions<'_>,
    take: &mut dyn FnMut(Piece),
) -> std::io::Result<InputForm> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head)?;
    let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let form = how
        .form
        .unwrap_or_else(|| sniff(&decode(&head), how.fields.is_some()));
    let mut give = |bytes: Vec<u8>, what| take(Piece { form, bytes, what });
    if head.contains(&0) && !utf16 {
        give(Vec::new(), What::Nothing(skipped(how.name, binary(&head))));
        return Ok(form);
    }
    if form == InputForm::Body && is_token(&head) {
        give(Vec::new(), What::Nothing(skipped(how.name, A_TOKEN)));
        return Ok(form);
    }
    let records = form.shape() == Shape::Records;
    let over_lines = records && record::is_over_lines(&decode(&head));
    let mut whole = std::io::Cursor::new(head).chain(reader);
    let by_piece = matches!(form.form().read, ReadBy::Entries | ReadBy::Lines(_));
    if by_piece && !utf16 && !over_lines {
        cut(whole, form, how.name, &mut give)?;
        return Ok(form);
    }
    let mut bytes = Vec::new();
    whole.by_ref().take(WHOLE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > WHOLE {
        let why = "only its first 50 MB were read";
        give(Vec::new(), What::Nothing(skipped(how.name, why)));
        bytes.truncate(usize::try_from(WHOLE).unwrap_or(usize::MAX));
    }
    if let (ReadBy::Lines(read), true) = (&form.form().read, over_lines) {
        let text = decode(&bytes);
        for (first, record) in record::in_one_line(text.trim_start_matches('\u{feff}')) {
            give(record.into_bytes(), What::Lines(first, *read));
        }
    } else if by_piece {
        cut(decode(&bytes).as_bytes(), form, how.name, &mut give)?;
    } else {
        give(bytes, What::Text);
    }
    Ok(form)
}

/// Cuts lines or entries.
fn cut(
    reader: impl Read,
    form: InputForm,
    name: &str,
    give: &mut dyn FnMut(Vec<u8>, What),
) -> std::io::Result<()> {
    if let ReadBy::Lines(read) = form.form().read {
        return cut_lines(reader, read, give);
    }
    har::cut(reader, name, &mut |cut| match cut {
        har::Cut::Entries(bytes, entries) => give(bytes, What::Entries(entries)),
        har::Cut::Unread(item) => give(Vec::new(), What::Nothing(item)),
    })
}

fn cut_lines(
    mut reader: impl Read,
    read: ReadLine,
    give: &mut dyn FnMut(Vec<u8>, What),
) -> std::io::Result<()> {
    let (mut bytes, mut first) = (Vec::new(), 1);
    loop {
        let got = reader
            .by_ref()
            .take(ENOUGH as u64)
            .read_to_end(&mut bytes)?;
        let end = match memchr::memrchr(b'\n', &bytes[bytes.len() - got..]) {
            _ if got == 0 => bytes.len(),
            Some(at) => bytes.len() - got + at + 1,
            None => {
                // Longer than any line that is read: its start is enough to say so.
                if bytes.len() > 2 * record::LINE {
                    bytes.truncate(record::LINE + 1);
                }
                continue;
            }
        };
        let rest = bytes.split_off(end);
        let count = memchr::memchr_iter(b'\n', &bytes).count();
        let whole = usize::from(!bytes.ends_with(b"\n"));
        if !bytes.is_empty() {
            give(
                std::mem::replace(&mut bytes, rest),
                What::Lines(first, read),
            );
        }
        first += count + whole;
        if got == 0 {
            return Ok(());
        }
    }
}

/// Reads text line by line; blank lines say nothing, and `read` may leave a line out.
fn lines(
    bytes: &[u8],
    first: usize,
    name: &str,
    take: &mut dyn FnMut(Item),
    mut read: impl FnMut(&str, usize) -> Option<Result<Exchange, String>>,
) {
    let mut line = |text: &str, number: usize| {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
        match (!text.is_empty()).then(|| read(text, number)).flatten() {
            Some(Ok(exchange)) => take(Item::Exchange(Box::new(exchange))),
            Some(Err(why)) => take(Item::Skipped {
                place: Line::place(name, number),
                why,
            }),
            None => {}
        }
    };
    // Nearly always all of it is sound, and no line has to be looked at for that.
    let whole = std::str::from_utf8(bytes).ok();
    let mut start = 0;
    for number in first.. {
        if start == bytes.len() {
            break;
        }
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at + 1);
        match whole {
            Some(text) => line(&text[start..end], number),
            None => line(&String::from_utf8_lossy(&bytes[start..end]), number),
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Passed, read};
    use proptest::prelude::*;

    const HOW: InputOptions<'_> = InputOptions {
        name: "x",
        form: None,
        fields: None,
    };

    fn all(text: &[u8], how: InputOptions<'_>) -> Vec<Item> {
        let mut items = Vec::new();
        read(text, how, &mut |item| items.push(item)).expect("a text in memory can be read");
        items
    }

    #[test]
    fn lines_keep_their_numbers_across_pieces() {
        let line = r#"{"id":"a","response":{"status":401,"body":"FILL"}}"#
            .replace("FILL", &"x".repeat(900));
        let text = format!("{line}\n\nnothing\n").repeat(400);
        let items = all(text.as_bytes(), HOW);
        let places: Vec<&str> = items
            .iter()
            .filter_map(|item| match item {
                Item::Exchange(exchange) => Some(exchange.place.as_str()),
                Item::Skipped { .. } => None,
            })
            .collect();
        assert_eq!(places.len(), 400);
        assert_eq!((places[0], places[399]), ("x line 1", "x line 1198"));
    }

    /// A line in one of the forms of logs, with its status.
    fn line() -> impl Strategy<Value = String> {
        let status = prop_oneof![100_u16..600, Just(200), Just(304), Just(401)];
        let extra = prop_oneof![
            Just(""),
            Just(r#","message":"token expired""#),
            Just(r#","message":"-""#),
            Just(r#","status":401"#),
            Just(r#","response":{"status":403}"#),
            Just(r#","authorization":"Bearer abc""#),
            Just(r#","timestamp":"2026-01-31T12:00:00Z""#),
            Just(r#","response":{"headers":{"content-type":"text/html"}}"#),
        ];
        (0..4, status, extra).prop_map(|(form, status, extra)| match form {
            0 => format!(
                r#"1.2.3.4 - - [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" {status} 1 "-" "c""#
            ),
            1 => format!(r#"{{"method":"GET","path":"/a","response_code":{status}{extra}}}"#),
            2 => format!(r#"{{"method":"GET","path":"/a"{extra},"status":"{status}"}}"#),
            _ => format!("no line of {status}"),
        })
    }

    proptest! {
        #[test]
        fn what_is_only_counted_was_not_refused_and_nothing_else_is_lost(lines in proptest::collection::vec(line(), 1..40)) {
            let text = lines.join("\n");
            let how = InputOptions { form: Some(InputForm::Log), ..HOW };
            let whole = all(text.as_bytes(), how);
            let (mut kept, mut passed) = (Vec::new(), 0);
            pieces(text.as_bytes(), how, &mut |piece| {
                let mut counted = Passed::default();
                let items = piece.read_some(how, &mut |line| match counted.takes(line.text, None) {
                    true => FirstLook::Needless,
                    false => FirstLook::Read,
                });
                passed += counted.counts().map(|(_, count)| count).sum::<usize>();
                assert!(counted.counts().all(|((status, _), _)| (200..400).contains(&status)));
                kept.extend(items);
            }).expect("a text in memory can be read");
            prop_assert_eq!(passed + kept.len(), whole.len());
            let mut left = whole.iter();
            for item in &kept {
                prop_assert!(left.any(|own| own == item));
            }
            let refused = |item: &&&Item| matches!(item, Item::Exchange(e) if e.status().is_none_or(|s| s >= 400));
            prop_assert_eq!(whole.iter().filter(|item| refused(&item)).count(), kept.iter().filter(|item| refused(&item)).count());
        }
    }
}
