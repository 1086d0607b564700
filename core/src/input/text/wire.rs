//! What libraries log of the bytes on the wire: pieces in quotes, each behind a mark that says who sent it.

use super::headers::Side;
use crate::input::words::{request_line, status_line};

/// So many bytes of one line, and of one log, are put together.
const LONGEST: usize = 1024 * 1024;

/// Where the quoted pieces of a message begin, and whose they are: Ruby's `Net::HTTP`, Python's `http.client`, Apache's
/// `HttpClient`.
const MARKS: [(&str, Side, bool); 9] = [
    ("<- \"", Side::Request, true),
    ("-> \"", Side::Answer, true),
    ("send: b'", Side::Request, true),
    ("send: b\"", Side::Request, true),
    ("send: '", Side::Request, true),
    ("reply: '", Side::Answer, true),
    (">> \"", Side::Request, false),
    ("<< \"", Side::Answer, false),
    ("reply: \"", Side::Answer, true),
];

/// What a client says between the pieces.
const NOTES: [&str; 9] = [
    "opening connection",
    "opened",
    "starting SSL",
    "SSL established",
    "reading ",
    "read ",
    "Conn ",
    "connect: ",
    "connection closed",
];

/// The bytes that a line shows, and who sent them.
fn piece(line: &str) -> Option<(Side, String)> {
    crate::work::looked(line.len());
    let text = line.trim();
    if let Some(field) = text.strip_prefix("header: ") {
        return Some((Side::Answer, format!("{field}\n")));
    }
    let near = super::loose::clip(text, 200);
    let (mark, side, _) = MARKS.iter().find(|(mark, _, starts)| match starts {
        true => text.starts_with(mark),
        false => near.contains(mark),
    })?;
    let start = text.find(mark)? + mark.len();
    let quote = mark.chars().next_back()?;
    let inner = text[start..].strip_suffix(quote).unwrap_or(&text[start..]);
    Some((*side, unescaped(super::loose::clip(inner, LONGEST))))
}

/// The bytes as they were: `\r\n`, and what Apache writes in brackets for signs.
fn unescaped(text: &str) -> String {
    let text = text
        .replace("[\\r][\\n]", "\n")
        .replace("[\\n]", "\n")
        .replace("[\\r]", "");
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') | None => {}
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
            },
            _ => out.push(c),
        }
    }
    out
}

/// The messages of the wire log that begins with this line, as text, and the bytes that it took; `None` where no message does.
pub(super) fn messages(text: &str) -> Option<(String, usize)> {
    let (_, first) = piece(text.lines().next()?)?;
    let first = first.lines().next()?;
    if request_line(first).is_none() && status_line(first).is_none() {
        return None;
    }
    let (mut out, mut end, mut last) = (String::new(), 0, None);
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let note =
            NOTES.iter().any(|note| bare.starts_with(note)) || bare.contains("http-outgoing-");
        match piece(line) {
            Some((side, bytes)) if out.len() < LONGEST => {
                if last.is_some_and(|last| last != side) && !out.ends_with("\n\n") {
                    out.push_str("\n\n");
                }
                // The length of a chunk is no part of the body (RFC 9112 §7.1).
                let chunk = bytes.trim_end();
                if !(chunk.len() < 9
                    && bytes.ends_with('\n')
                    && !chunk.is_empty()
                    && chunk.bytes().all(|b| b.is_ascii_hexdigit()))
                {
                    out.push_str(&bytes);
                }
                last = Some(side);
            }
            None if note && last.is_some() => {}
            _ => break,
        }
        end += line.len();
    }
    Some((out, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_logs_of_libraries_are_messages() {
        let wanted = "GET /a HTTP/1.1\nHost: x\n\nHTTP/1.1 401 No\nA: b\n\n{\"e\":1}";
        for log in [
            "<- \"GET /a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n\"\n-> \"HTTP/1.1 401 No\\r\\n\"\n-> \"A: b\\r\\n\"\n-> \"\\r\\n\"\nreading 7 bytes...\n-> \"{\\\"e\\\":1}\"\n",
            "12:00 DEBUG wire - http-outgoing-0 >> \"GET /a HTTP/1.1[\\r][\\n]\"\nwire - http-outgoing-0 >> \"Host: x[\\r][\\n]\"\nwire - http-outgoing-0 >> \"[\\r][\\n]\"\nwire - http-outgoing-0 << \"HTTP/1.1 401 No[\\r][\\n]\"\nwire - http-outgoing-0 << \"A: b[\\r][\\n]\"\nwire - http-outgoing-0 << \"[\\r][\\n]\"\nwire - http-outgoing-0 << \"7[\\r][\\n]\"\nwire - http-outgoing-0 << \"{\\\"e\\\":1}\"\n",
        ] {
            let (text, end) = messages(log).expect("messages");
            assert_eq!((text.as_str(), end), (wanted, log.len()));
        }
        let python = "send: b'GET /a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'\nreply: 'HTTP/1.1 401 No\\r\\n'\nheader: A: b\nTraceback\n";
        let (text, end) = messages(python).expect("messages");
        assert_eq!(text, "GET /a HTTP/1.1\nHost: x\n\nHTTP/1.1 401 No\nA: b\n");
        assert_eq!(end, python.len() - "Traceback\n".len());
        assert_eq!(messages("<- \"hello\"\n"), None);
    }
}
