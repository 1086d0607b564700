//! Messages as on the wire: raw HTTP, `curl -i`, `curl -D`, `httpie -v`.

use super::Item;
use super::assemble::Assembler;
use super::words::{add_header, is_interim, request_line, status_line};
use crate::http::Headers;

/// Whether the text starts as an HTTP message does.
pub(super) fn looks_like(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    status_line(first).is_some() || request_line(first).is_some()
}

/// Reads every message; a request and the answer after it are one exchange.
pub(super) fn read(text: &str, name: &str, take: &mut dyn FnMut(Item)) {
    let mut messages = Assembler::new(name);
    let mut lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let mut in_request = false;
    while let Some(line) = lines.next() {
        if let Some((method, target)) = request_line(line) {
            messages.request(method, target, head(&mut lines), true);
            in_request = true;
        } else if let Some(status) = status_line(line) {
            messages.response(status, is_interim(line), head(&mut lines));
            in_request = false;
        } else if in_request {
            messages.request_body(line);
        } else {
            messages.response_body(line);
        }
    }
    messages.finish(take);
}

/// Header lines up to the blank one.
fn head<'t>(lines: &mut impl Iterator<Item = &'t str>) -> Headers {
    let mut headers = Headers::default();
    for line in lines.take_while(|line| !line.is_empty()) {
        add_header(&mut headers, line);
    }
    headers
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
