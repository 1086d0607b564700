//! The facts of a line of words: requests, statuses, pairs, why no answer came.

use super::Scan;
use crate::http::{Unanswered, without_client_words};
use crate::input::log;
use crate::input::plain_line::PlainLine;
use crate::input::text::request::Asked;
use crate::input::text::sighting::Sighting;
use crate::input::text::status::Named;
use crate::input::text::{loose, noise, request, status, voice, works};
use crate::input::words::request_line;

/// Of a line so many bytes are looked at for requests and statuses.
const LINE: usize = 64 * 1024;

/// How browsers say that the preflight was refused.
const PREFLIGHTS: [&str; 3] = ["reflight request", "reflight response", "reflight channel"];

impl Scan<'_> {
    /// Text before or after an object: its facts, its pairs, its words. `opened` is the same with the sign that opens the object.
    pub(super) fn prefix(&mut self, text: &str, opened: &str, sighting: &mut Sighting) {
        let bare = text.trim();
        if bare.is_empty() || bare.chars().all(|c| c.is_ascii_punctuation()) {
            return;
        }
        if noise::is_frame(bare) {
            // It ends with the sign that opens the error's members.
            self.names.frame(bare);
            return;
        }
        self.names.line(bare);
        self.facts(opened, sighting, true);
        self.pairs(text, sighting);
        if noise::is_quoted_program(bare) {
            return;
        }
        // A browser's reason is told; that it blocked the page is its own doing, not the server's.
        let said = bare
            .split_once("CORS policy: ")
            .map_or(bare, |(_, reason)| reason);
        // `# What stands here`: a heading, or a note beside a setting.
        let note = said.trim_start_matches('#').starts_with(' ') && said.starts_with('#');
        if self.depth == 0 && (note || voice::is_person(said) || works::is_told(said)) {
            let quoted = voice::quotations(said).into_iter().map(str::to_owned);
            sighting.told.extend(quoted);
            sighting.hearsay.push(said.to_owned());
            return;
        }
        // The line of a log is its writer's, with level and worker.
        if PlainLine::read(said).is_some() {
            return;
        }
        let said = without_client_words(said);
        if !said.is_empty() && !is_lead(&said) {
            sighting.told.push(said.into_owned());
        }
    }

    /// Requests and statuses of a line of text. Further requests of the line are pushed as they are found.
    pub(super) fn facts(&mut self, text: &str, sighting: &mut Sighting, own: bool) {
        let text = loose::clip(text, LINE);
        crate::work::looked(text.len());
        let asked = request::all(text);
        let mut named = status::all(text);
        for one in asked.iter().filter(|a| a.weight >= 4) {
            named.extend(status::behind(text, one.at.1));
        }
        let strong: Vec<_> = asked.iter().filter(|a| a.weight >= 4).collect();
        if let Some(failure) = failure_in(text) {
            sighting.failure = Some(failure);
        }
        if text.contains("CORS") && PREFLIGHTS.iter().any(|said| text.contains(said)) {
            // The browser says that the preflight was what the server refused.
            sighting.method = Some("OPTIONS".to_owned());
            sighting.entry = true;
            self.form.get_or_insert("browser console");
        }
        let access = is_access(text);
        if access && own {
            self.access(text, sighting);
        }
        if strong.len() > 1 && own && strong.windows(2).any(|pair| pair[0].url != pair[1].url) {
            self.several(&strong, &named, sighting);
            return;
        }
        if let Some(best) = asked
            .iter()
            .max_by_key(|a| (a.weight, std::cmp::Reverse(a.at.0)))
            .filter(|a| a.weight > 0)
        {
            let method =
                if sighting.method.as_deref() == Some("OPTIONS") && text.contains("preflight") {
                    None
                } else {
                    best.method.clone()
                };
            sighting.asked(method, &best.url, best.weight);
        }
        let asked_here = !strong.is_empty();
        let best = named
            .iter()
            .filter(|n| n.code >= 400 || asked_here && n.weight >= 2)
            .max_by_key(|n| (n.weight, n.code >= 400, std::cmp::Reverse(n.at)));
        if let Some(best) = best {
            sighting.answered_with(best.code, best.weight);
        }
    }

    /// Several requests of one line: each has the status that stands behind it, or right before it.
    fn several(&mut self, asked: &[&Asked], named: &[Named], sighting: &mut Sighting) {
        for (number, one) in asked.iter().enumerate() {
            let from = if number == 0 { 0 } else { one.at.0 };
            let to = asked.get(number + 1).map_or(usize::MAX, |next| next.at.0);
            let before = number.checked_sub(1).map_or(0, |last| asked[last].at.0);
            let own = |n: &&Named| match n.ahead {
                true => n.at >= before && n.at < one.at.0,
                false => n.at >= from && n.at < to,
            };
            let best = named.iter().filter(own).max_by_key(|n| n.weight);
            let mut part = Sighting::at(self.line);
            part.asked(one.method.clone(), &one.url, one.weight);
            part.entry = true;
            if let Some(best) = best {
                part.answered_with(best.code, best.weight);
            }
            if number + 1 == asked.len() {
                sighting.merge(part);
            } else {
                self.push(part);
            }
        }
    }

    /// An access line of a server: what its form says beside what any line says.
    fn access(&mut self, text: &str, sighting: &mut Sighting) {
        sighting.access = true;
        sighting.entry = true;
        self.form.get_or_insert("log lines");
        let Some(line) = log::text_line(text) else {
            return;
        };
        if let Some(url) = &line.request.url {
            sighting.asked(line.request.method.clone(), url, 4);
        }
        if let Some(status) = line.status() {
            sighting.answered_with(status, 4);
        }
        sighting.at = sighting.at.or(line.at);
        sighting.said(line.body().to_owned(), 3);
    }

    /// `status=403, url=https://…, text=b'…'`: pairs of a log line or an exception.
    pub(super) fn pairs(&mut self, text: &str, sighting: &mut Sighting) {
        let (mut method, mut words) = (None, Vec::new());
        for (at, _) in text.match_indices('=').take(200) {
            let name = name_before(&text[..at]);
            let rest = &text[at + 1..];
            if name.is_empty() || rest.starts_with(['=', '>', ' ']) {
                continue;
            }
            let value = pair_value(rest, &mut self.fuel);
            // Terraform's providers log `tf_http_req_uri=…`.
            let name = name.strip_prefix("tf").unwrap_or(&name);
            match name {
                _ if METHODS.contains(&name) => method = Some(value.to_ascii_uppercase()),
                _ if WORDS.contains(&name) && value.len() > 4 => {
                    let said = sentence(rest).map_or(value, str::to_owned);
                    if !words.contains(&said) {
                        words.push(said);
                    }
                }
                _ => self.pair(name, value, sighting),
            }
        }
        // A logger says what was tried, and beside it why that failed. What a client says of a call without an answer is no
        // answer.
        if words.iter().all(|said| failure_in(said).is_none()) {
            sighting.said(words.join("\n"), 2);
        }
        // nginx writes its error log's pairs with colons.
        if let Some((_, rest)) = text.split_once("host: \"") {
            sighting
                .base
                .get_or_insert(rest.split('"').next().unwrap_or_default().to_owned());
        }
        if let Some(method) = method.filter(|m| crate::http::METHODS.contains(&m.as_str())) {
            sighting.method.get_or_insert(method);
        }
    }

    /// One pair.
    fn pair(&mut self, name: &str, value: String, sighting: &mut Sighting) {
        match name {
            "url" | "uri" | "requesturl" | "requesturi" | "httprequesturi" | "httprequri"
            | "path" | "httppath"
                if request::is_target(&value) =>
            {
                sighting.asked(None, &value, if value.starts_with('/') { 4 } else { 5 });
            }
            "host" | "httprequesthost" | "authority" if !value.is_empty() => {
                sighting.base.get_or_insert(value);
            }
            "httpresstatuscode" | "status" | "statuscode" | "httpstatus" | "responsecode"
            | "httpresponsestatus" => {
                if let Some(code) = value.parse().ok().filter(|c| (100..600).contains(c)) {
                    sighting.answered_with(code, 4);
                }
            }
            "httpresbody" | "text" | "body" | "responsebody" | "content" | "response"
                if value.len() > 4 =>
            {
                sighting.said(value, 4);
            }
            "authorization" if !value.is_empty() => {
                sighting.sent_with([("Authorization", value)].into_iter().collect(), false);
            }
            "wwwauthenticate" => sighting.answered.push("www-authenticate", value),
            "useragent" | "httprequestuseragent" => self.names.agent(&value),
            _ => {}
        }
    }
}

/// Names of a request's method, letters and digits alone.
const METHODS: [&str; 5] = [
    "httpreqmethod",
    "method",
    "httprequestmethod",
    "requestmethod",
    "httpmethod",
];

/// Names of what a program says happened.
const WORDS: [&str; 5] = ["msg", "error", "err", "message", "reason"];

/// The name that ends a text, its letters and digits alone, lower case.
fn name_before(text: &str) -> String {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.-".contains(b);
    let length = text.bytes().rev().take_while(is_name).count();
    let name = text[text.len() - length..].chars();
    name.filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn pair_value(rest: &str, fuel: &mut usize) -> String {
    let quoted = rest.trim_start_matches(['b', 'u']).starts_with(['"', '\'']);
    if quoted && let Some(read) = loose::read_value(rest, 0, fuel) {
        return read.value.plain().unwrap_or_default().to_owned();
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | '}' | ']'))
        .unwrap_or(rest.len());
    rest[..end].trim_matches(['"', '\'']).to_owned()
}

/// A value without quotes that goes on for several words: to the next pair, or to the end.
fn sentence(rest: &str) -> Option<&str> {
    let line = rest.lines().next().unwrap_or_default();
    let next = line
        .match_indices('=')
        .map(|(at, _)| line[..at].rfind(' ').unwrap_or_default());
    let text = line[..next.min().unwrap_or(line.len())].trim_end();
    (text.contains(' ') && !text.contains(['"', '\'', '{', '['])).then_some(text)
}

/// A server's access line: the quoted request line, then a status; or the line of an application's log.
fn is_access(text: &str) -> bool {
    PlainLine::read(text).is_some()
        || text.split('"').any(|part| request_line(part).is_some())
            && text.matches('"').count() >= 2
            && !text.contains("http://")
        || text.contains("\" 40") && text.contains(" HTTP/") && text.contains("- - [")
}

/// A URL alone, or words that say what follows: `The request:`.
fn is_lead(text: &str) -> bool {
    let text = text.trim();
    let few = || text.split_whitespace().take(5).count() < 5;
    request::is_target(text)
        || text.ends_with(':') && !text[..text.len() - 1].contains(':') && few()
}

/// Why no answer came, in the words of clients.
fn failure_in(text: &str) -> Option<String> {
    let lower = loose::clip(text, 2_000).to_ascii_lowercase();
    let refused = REFUSED_HEADERS.iter().find(|mark| lower.contains(**mark));
    if let Some(mark) = refused {
        // The value itself is a credential: that it was refused is what is told.
        return Some(format!("the client would not send a header: {mark}"));
    }
    Unanswered::of(loose::clip(text, 2_000)).map(|_| loose::clip(text.trim(), 300).to_owned())
}

/// What clients say where a header's value holds signs that no header may have (RFC 9110 §5.5).
const REFUSED_HEADERS: [&str; 11] = [
    "invalid header field value",
    "invalid header value",
    "invalid character in header",
    "illegal header value",
    "invalid leading whitespace, reserved character",
    "is an invalid header value",
    "new-line characters are not allowed in header",
    "in authorization value",
    "invalid http header value",
    "failed to parse header value",
    "invalid value for header",
];
