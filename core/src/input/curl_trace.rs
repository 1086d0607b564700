//! What clients print of their own traffic: `curl -v`, `--trace`, `--trace-ascii`, `wget -d`.

mod dump;
mod notes;

use super::Item;
use super::assemble::Assembler;
use super::form::{Form, ReadBy, Shape};
use super::spans::split_mark;
use super::words::{add_header, is_interim, request_line, status_line, without_time};
use crate::http::Headers;
pub use dump::untraced;
use dump::{from_ascii, from_hex, is_block, is_hex, is_piece};
use notes::{header_behind_mark, is_client_note, is_count, split_note};

pub(super) const FORM: Form = Form {
    name: "client transcript",
    shape: Shape::Messages,
    looks_like,
    read: ReadBy::Whole(read, |text| {
        untraced(text).is_some() || text.contains("---request begin---")
    }),
};

/// Whether the text is such a transcript.
pub(super) fn looks_like(text: &str) -> bool {
    text.lines().take(400).any(looks_like_line)
}

/// Whether a line is one that only such a transcript has.
pub(super) fn looks_like_line(line: &str) -> bool {
    let line = without_time(line);
    {
        line.strip_prefix("> ")
            .is_some_and(|rest| request_line(rest).is_some())
            || line
                .strip_prefix("< ")
                .is_some_and(|rest| status_line(rest).is_some())
            || [
                "== Info:",
                "=> Send header",
                "<= Recv header",
                "---request begin---",
            ]
            .iter()
            .any(|mark| line.starts_with(mark))
            || is_glued(line)
            || line.strip_prefix("* ").is_some_and(is_client_note)
            || line.starts_with("curl: (")
            || header_behind_mark(line)
    }
}

/// Reads a transcript.
pub(super) fn read(text: &str, name: &str, take: &mut dyn FnMut(Item)) {
    let mut transcript = Transcript::new(name);
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| without_time(line.strip_suffix('\r').unwrap_or(line)))
        .collect();
    if lines.iter().any(|line| is_block(line)) {
        transcript.trace(&lines);
    } else if lines.contains(&"---request begin---") {
        transcript.wget(&lines);
    } else {
        for line in lines {
            transcript.verbose(line);
        }
    }
    transcript.close();
    transcript.messages.finish(take);
}

/// Whether the progress meter shares the line of a request: `--:--:--     0> GET / HTTP/1.1`.
fn is_glued(line: &str) -> bool {
    let (mark, rest) = split_mark(line);
    mark.len() > 2 && mark.ends_with("> ") && request_line(rest).is_some()
}

struct Transcript<'n> {
    messages: Assembler<'n>,
    tls: bool,
    state: State,
}

/// The head that is being read.
enum State {
    None,
    Request(String, String, Headers),
    Response(u16, bool, Headers),
    Body,
}

impl<'n> Transcript<'n> {
    fn new(name: &'n str) -> Self {
        Self {
            messages: Assembler::new(name),
            // A paste without the client's own lines does not say: https is what APIs speak.
            tls: true,
            state: State::None,
        }
    }

    /// Hands the head that was being read to the messages.
    fn close(&mut self) {
        match std::mem::replace(&mut self.state, State::None) {
            State::Request(method, target, headers) => {
                self.messages.request(&method, &target, headers, self.tls);
            }
            State::Response(status, interim, headers) => {
                self.messages.response(status, interim, headers);
            }
            other => self.state = other,
        }
    }

    /// A line of a request's head.
    fn sent(&mut self, line: &str) {
        if let Some((method, target)) = request_line(line) {
            self.close();
            self.state = State::Request(method.to_owned(), target.to_owned(), Headers::default());
        } else if line.is_empty() {
            self.close();
            self.state = State::None;
        } else if let State::Request(_, _, headers) = &mut self.state {
            add_header(headers, line);
        } else if line.contains(": ") {
            // Headers without their request line: a part of a transcript was pasted.
            let mut headers = Headers::default();
            add_header(&mut headers, line);
            self.state = State::Request(String::new(), String::new(), headers);
        }
    }

    /// A line of an answer's head.
    fn received(&mut self, line: &str) {
        if let Some(status) = status_line(line) {
            self.close();
            self.state = State::Response(status, is_interim(line), Headers::default());
        } else if line.is_empty() {
            self.close();
            self.state = State::Body;
        } else if let State::Response(_, _, headers) = &mut self.state {
            add_header(headers, line);
        }
    }

    /// A line of the client's own.
    fn note(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with("SSL connection using") || line.starts_with("ALPN") {
            self.tls = true;
        } else if let Some((_, port)) = line
            .strip_prefix("Connected to ")
            .and_then(|l| l.split_once(" port "))
        {
            // TLS on another port is said in a later line.
            self.tls = port.split_whitespace().next() == Some("443");
        }
        let failed = [
            "Could not resolve host",
            "Couldn't resolve host",
            "Failed to connect",
            "Connection refused",
            "connect to ",
            "SSL certificate problem",
            "Operation timed out",
            "Connection timed out",
            "Recv failure",
            "Empty reply from server",
        ];
        if failed.iter().any(|start| line.starts_with(start)) {
            self.messages.failed(line);
        }
    }

    /// A line of `curl -v`.
    fn verbose(&mut self, line: &str) {
        let (mark, rest) = split_mark(line);
        match mark.trim_end().chars().next_back() {
            Some('>') => return self.sent(rest.trim_end()),
            Some('<') => return self.received(rest.trim_end()),
            Some('*') => return self.note(rest),
            _ => {}
        }
        if line.starts_with("curl: (") {
            self.messages.failed(line);
        } else if matches!(self.state, State::Body) && !is_count(line) {
            let (body, note) = split_note(line);
            if !body.is_empty() || note.is_none() {
                self.messages.response_body(body);
            }
            if let Some(note) = note {
                self.note(note);
            }
        } else if let Some((_, note)) = line.split_once("* ") {
            self.note(note);
        }
    }

    /// The blocks of `--trace` and `--trace-ascii`.
    fn trace(&mut self, lines: &[&str]) {
        let hex = is_hex(lines);
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            at += 1;
            if let Some(note) = line.strip_prefix("== Info:") {
                self.note(note);
            } else if is_block(line) {
                let end = at + lines[at..].iter().take_while(|line| is_piece(line)).count();
                let text = if hex {
                    from_hex(&lines[at..end])
                } else {
                    from_ascii(&lines[at..end])
                };
                at = end;
                self.block(line, &text);
            } else if line.starts_with("curl: (") {
                self.messages.failed(line);
            }
        }
    }

    fn block(&mut self, kind: &str, text: &str) {
        let lines = text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l));
        if kind.starts_with("=> Send header") {
            lines.for_each(|line| self.sent(line));
        } else if kind.starts_with("<= Recv header") {
            let text = text.trim_end_matches(['\r', '\n']);
            text.split('\n')
                .for_each(|line| self.received(line.trim_end_matches('\r')));
        } else if kind.starts_with("=> Send data") {
            lines.for_each(|line| self.messages.request_body(line));
        } else if kind.starts_with("<= Recv data") {
            lines.for_each(|line| self.messages.response_body(line));
        } else if kind.contains("SSL data") {
            self.tls = true;
        }
    }

    /// The marked blocks of `wget -d`.
    fn wget(&mut self, lines: &[&str]) {
        let mut part = "";
        for line in lines {
            match *line {
                "---request begin---" | "---response begin---" => part = line,
                "---request end---" | "---response end---" => {
                    self.close();
                    part = "";
                }
                line if part.starts_with("---request") && !line.is_empty() => self.sent(line),
                line if part.starts_with("---response") && !line.is_empty() => self.received(line),
                line if line.starts_with("--") && line.contains("  https://") => self.tls = true,
                line if line.starts_with("--") && line.contains("  http://") => self.tls = false,
                line => {
                    let quoted = line
                        .strip_prefix("Skipping ")
                        .and_then(|rest| rest.split_once(": ["))
                        .and_then(|(_, rest)| rest.rsplit_once(']'));
                    if let Some((body, _)) = quoted {
                        self.messages.response_body(body);
                    }
                    if line.contains("unable to resolve host")
                        || line.contains("Connection refused")
                    {
                        self.messages.failed(line);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::input::tests::exchanges;

    #[test]
    fn the_scheme_follows_the_port_and_the_tls_lines() {
        for (lines, scheme) in [
            ("* Connected to api (192.0.2.1) port 443", "https"),
            ("* Connected to api (192.0.2.1) port 443 (#0)", "https"),
            ("* Connected to api (192.0.2.1) port 4430", "http"),
            (
                "* Connected to api (192.0.2.1) port 4430\n* SSL connection using TLSv1.3",
                "https",
            ),
            (
                "* Re-using existing https: connection with host api",
                "https",
            ),
        ] {
            let text =
                format!("{lines}\n> GET /a HTTP/1.1\n> Host: api\n> \n< HTTP/1.1 403 no\n< \n");
            let (_, found, _) = exchanges(&text);
            let url = found[0].request.url.as_deref().expect("a URL");
            assert_eq!(url, format!("{scheme}://api/a"), "{lines}");
        }
    }

    #[test]
    fn interleaved_requests_are_paired_and_said_so() {
        let text = "> GET /a HTTP/1.1\n> Host: x\n> \n> GET /b HTTP/1.1\n> Host: x\n> \n< HTTP/1.1 401 no\n< \n< HTTP/1.1 200 OK\n< \n";
        let (_, found, _) = exchanges(text);
        assert_eq!(found.len(), 2);
        assert!(found[0].remarks[0].contains("interleaved"), "{found:?}");
        assert_eq!(found[1].response.as_ref().and_then(|r| r.status), Some(200));
    }

    #[test]
    fn a_transcript_without_an_answer_says_why() {
        let text = "*   Trying 10.0.0.1:443...\n* Could not resolve host: api.nowhere\ncurl: (6) Could not resolve host: api.nowhere\n";
        let (_, found, _) = exchanges(text);
        assert_eq!(
            found[0].failure.as_deref(),
            Some("Could not resolve host: api.nowhere")
        );
        assert!(found[0].response.is_none());
    }

    #[test]
    fn a_proxy_tunnel_is_not_the_call() {
        let text = "> CONNECT api:443 HTTP/1.1\n> Host: api:443\n> \n< HTTP/1.1 200 Connection established\n< \n* SSL connection using TLSv1.3\n> GET /a HTTP/1.1\n> Host: api\n> \n< HTTP/1.1 403 Forbidden\n< \nnope* Connection #0 to host api left intact\n";
        let (_, found, _) = exchanges(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].request.url.as_deref(), Some("https://api/a"));
        assert_eq!(
            found[0].response.as_ref().and_then(|r| r.body.as_deref()),
            Some("nope")
        );
    }
}
