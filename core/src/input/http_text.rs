//! Messages as on the wire: raw HTTP, `curl -i`, `curl -D`, `httpie -v`.

use super::Item;
use super::assemble::Assembler;
use super::form::{Form, ReadBy, Shape};
use super::spans::{Place, Sender, spans};
use super::words::{add_header, is_interim, request_line, status_line};
use crate::http::Headers;

pub(super) const FORM: Form = Form {
    name: "HTTP messages",
    shape: Shape::Messages,
    looks_like,
    read: ReadBy::Whole(read, |_| false),
};

/// Whether the text starts as an HTTP message does.
pub(super) fn looks_like(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    status_line(first).is_some() || request_line(first).is_some()
}

/// A head that is being read.
struct Head<'t> {
    first: First<'t>,
    headers: Headers,
}

/// Its first line.
enum First<'t> {
    Request(&'t str, &'t str),
    Status(u16, bool),
}

fn first(line: &str) -> Option<First<'_>> {
    match request_line(line) {
        Some((method, target)) => Some(First::Request(method, target)),
        None => status_line(line).map(|status| First::Status(status, is_interim(line))),
    }
}

/// Reads every message; a request and the answer after it are one exchange.
pub(super) fn read(text: &str, name: &str, take: &mut dyn FnMut(Item)) {
    let mut messages = Assembler::new(name);
    let mut open: Option<Head<'_>> = None;
    for span in spans(text, false) {
        match (span.place, first(span.text)) {
            (Place::Head(_), Some(first)) => {
                close(open.take(), &mut messages);
                open = Some(Head {
                    first,
                    headers: Headers::default(),
                });
            }
            (Place::Head(_), None) => {
                if let Some(head) = &mut open {
                    add_header(&mut head.headers, span.text);
                }
            }
            // The blank line between them belongs to neither.
            (Place::Body(_), _) if open.is_some() => close(open.take(), &mut messages),
            (Place::Body(Sender::Client), _) => messages.request_body(span.text),
            (Place::Body(Sender::Server), _) => messages.response_body(span.text),
            (Place::Outside, _) => {}
        }
    }
    close(open, &mut messages);
    messages.finish(take);
}

fn close(head: Option<Head<'_>>, messages: &mut Assembler<'_>) {
    let Some(Head { first, headers }) = head else {
        return;
    };
    match first {
        First::Request(method, target) => messages.request(method, target, headers, true),
        First::Status(status, interim) => messages.response(status, interim, headers),
    }
}

#[cfg(test)]
mod tests {
    use crate::input::tests::exchanges;

    #[test]
    fn a_request_and_its_answer_are_one_exchange() {
        let text = "POST /a?b HTTP/1.1\r\nHost: api.example\r\n\r\n{\"x\":1}\r\n\r\nHTTP/1.1 403 Forbidden\r\nA: b\r\n c\r\n\r\nno\r\n";
        let (_, found, _) = exchanges(text);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].request.url.as_deref(),
            Some("https://api.example/a?b")
        );
        assert_eq!(found[0].request.body.as_deref(), Some("{\"x\":1}"));
        let response = found[0].response.as_ref().expect("an answer");
        assert_eq!(
            (response.status, response.body.as_deref()),
            (Some(403), Some("no"))
        );
        assert_eq!(response.headers.get("a"), Some("b c"));
    }

    #[test]
    fn interim_answers_do_not_count() {
        let text =
            "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 Connection established\n\nHTTP/1.1 401 x\n\n";
        let (_, found, _) = exchanges(text);
        let statuses: Vec<_> = found
            .iter()
            .map(|e| e.response.as_ref().and_then(|r| r.status))
            .collect();
        assert_eq!(statuses, [Some(401)]);
    }
}
