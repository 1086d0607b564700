//! Puts the requests and answers of a transcript together, in their order.

use super::{Item, skipped};
use crate::http::{Exchange, Headers, Request, Response};

/// Collects what a transcript shows.
#[derive(Debug)]
pub(super) struct Assembler<'n> {
    name: &'n str,
    exchanges: Vec<Seen>,
    /// The exchange whose answer came last: body lines belong to it.
    answered: Option<usize>,
    /// Why no answer came, where the client said so.
    failure: Option<String>,
}

#[derive(Debug, Default)]
struct Seen {
    exchange: Exchange,
    body: String,
    /// The answer seen so far is not the final one.
    interim: bool,
}

impl<'n> Assembler<'n> {
    pub(super) fn new(name: &'n str) -> Self {
        Self {
            name,
            exchanges: Vec::new(),
            answered: None,
            failure: None,
        }
    }

    /// A request line with its headers.
    pub(super) fn request(&mut self, method: &str, target: &str, headers: Headers, tls: bool) {
        let request = Request {
            selected: false,
            variable: None,
            method: (!method.is_empty()).then(|| method.to_ascii_uppercase()),
            url: (!target.is_empty()).then(|| absolute(target, &headers, tls)),
            headers: Some(headers),
            body: None,
        };
        let waiting = self.exchanges.iter().any(Seen::waits);
        self.exchanges.push(Seen {
            exchange: Exchange {
                request,
                ..Exchange::default()
            },
            ..Seen::default()
        });
        if waiting {
            let remark =
                "requests are interleaved here: answers are paired with them in their order";
            // Those before the last two were told when they came.
            let open = self.exchanges.iter_mut().rev();
            for seen in open.filter(|seen| seen.waits()).take(2) {
                seen.exchange.remarks = vec![remark.to_owned()];
            }
        }
    }

    /// A line of the last request's body.
    pub(super) fn request_body(&mut self, line: &str) {
        if let Some(seen) = self.exchanges.last_mut() {
            let body = seen.exchange.request.body.get_or_insert_default();
            append(body, line);
        }
    }

    /// A status line with its headers; an interim answer waits for the real one.
    pub(super) fn response(&mut self, status: u16, interim: bool, headers: Headers) {
        let waiting = self.exchanges.iter().position(Seen::waits);
        let place = waiting.unwrap_or_else(|| {
            self.exchanges.push(Seen::default());
            self.exchanges.len() - 1
        });
        let seen = &mut self.exchanges[place];
        // A tunnel that stands is the whole answer to CONNECT.
        seen.interim =
            interim && (status < 200 || seen.exchange.request.method.as_deref() != Some("CONNECT"));
        seen.exchange.response = Some(Response {
            status: Some(status),
            headers,
            body: None,
        });
        self.answered = Some(place);
    }

    /// A line of the last answer's body.
    pub(super) fn response_body(&mut self, line: &str) {
        if let Some(seen) = self
            .answered
            .and_then(|place| self.exchanges.get_mut(place))
        {
            append(&mut seen.body, line);
        }
    }

    /// The client's word for why there is no answer; the first one counts.
    pub(super) fn failed(&mut self, why: &str) {
        self.failure.get_or_insert_with(|| why.trim().to_owned());
    }

    /// Hands over every exchange, in order.
    pub(super) fn finish(mut self, take: &mut dyn FnMut(Item)) {
        if let Some(failure) = self.failure.take() {
            if self.exchanges.is_empty() {
                self.exchanges.push(Seen::default());
            }
            if let Some(seen) = self.exchanges.iter_mut().rev().find(|seen| seen.waits()) {
                seen.exchange.failure = Some(failure);
            }
        }
        self.exchanges.retain(|seen| !seen.is_tunnel());
        if self.exchanges.is_empty() {
            take(skipped(self.name, "no request and no answer is in it"));
        }
        let many = self.exchanges.len() > 1;
        for (number, seen) in self.exchanges.into_iter().enumerate() {
            let mut exchange = seen.exchange;
            exchange.place = if many {
                format!("{} request {}", self.name, number + 1)
            } else {
                self.name.to_owned()
            };
            let body = seen.body.trim_matches('\n');
            if let Some(response) = exchange
                .response
                .as_mut()
                .filter(|_| !body.trim().is_empty())
            {
                response.body = Some(body.to_owned());
            }
            if let Some(body) = &mut exchange.request.body {
                body.truncate(body.trim_end().len());
            }
            take(Item::Exchange(Box::new(exchange)));
        }
    }
}

impl Seen {
    fn waits(&self) -> bool {
        self.exchange.response.is_none() || self.interim
    }

    /// A tunnel through a proxy, not a call; refused by the proxy it is one worth telling.
    fn is_tunnel(&self) -> bool {
        let status = self.exchange.response.as_ref().and_then(|r| r.status);
        self.exchange.request.method.as_deref() == Some("CONNECT")
            && status.is_none_or(|code| code < 300)
    }
}

fn append(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// The whole URL of a request line: by its `Host` where only a path stands there.
fn absolute(target: &str, headers: &Headers, tls: bool) -> String {
    if !target.starts_with('/') {
        return target.to_owned();
    }
    match headers.get("host") {
        Some(host) => {
            let local = host.starts_with("127.0.0.1") || host.starts_with("localhost");
            let scheme = if tls && !local { "https" } else { "http" };
            format!("{scheme}://{host}{target}")
        }
        None => target.to_owned(),
    }
}
