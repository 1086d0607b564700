//! Any text with a refused request in it, to exchanges: facts are gathered where they stand, then put together.

mod headers;
mod loose;
mod noise;
mod object;
mod parts;
mod product;
mod refusing;
mod region;
mod request;
mod scan;
mod sighting;
mod status;
mod undress;
mod voice;
mod wire;
mod works;

use super::form::{Form, ReadBy, Shape};
use super::{Item, skipped};
use crate::http::{Exchange, Request, Response};
pub(crate) use parts::{Part, parts};
use refusing::{is_refusal, nothing};
use scan::{MOST, Scan};
use sighting::Sighting;

pub(super) const FORM: Form = Form {
    name: "error body",
    shape: Shape::Body,
    looks_like: |_| true,
    read: ReadBy::Text,
};

/// The telling text that stands for a body is kept up to this many bytes.
const TOLD: usize = 64 * 1024;

/// Reads the text; every request that it tells of is one exchange.
pub(super) fn read(text: &str, name: &str, take: &mut dyn FnMut(Item)) {
    if text.trim().is_empty() {
        take(skipped(name, "it is empty"));
        return;
    }
    let clean = undress::undress(text);
    let scan = Scan::new(&clean, 0).run();
    let form = form(&scan);
    let provider = scan.names.words();
    let cut = scan.cut;
    if scan.full {
        take(skipped(
            name,
            format!("it holds more than {MOST} requests: only those were read"),
        ));
    }
    let mut found: Vec<Sighting> = scan.found.into_iter().filter(|s| !s.is_empty()).collect();
    settle(&mut found);
    let worked = hear_worked(&mut found, &clean);
    let many = found.len() > 1;
    let same = many && (worked || voice::says_same_credential(&clean));
    if !found.iter().any(|s| is_refusal(s, &clean)) {
        take(Item::Exchange(Box::new(nothing(&clean, name))));
        return;
    }
    for sighting in found {
        let place = if many {
            format!("{name} line {}", sighting.line + 1)
        } else {
            name.to_owned()
        };
        let mut exchange = exchange(sighting);
        exchange.place = place;
        exchange.read_as = Some(form.clone());
        exchange.provider.clone_from(&provider);
        exchange.given.same = same;
        if cut {
            exchange
                .remarks
                .push("the text breaks off: what is there was used".to_owned());
        }
        take(Item::Exchange(Box::new(exchange)));
    }
}

/// Adds the calls that a person says the token works on, beside one that was refused; whether there is one.
fn hear_worked(found: &mut Vec<Sighting>, text: &str) -> bool {
    if !found.iter().any(Sighting::has_request) {
        return false;
    }
    let origin = found.iter().find_map(Sighting::origin);
    let origin = origin.unwrap_or_default().to_owned();
    let base = found.iter().find_map(Sighting::base_of_version);
    let base = base.unwrap_or(&origin).to_owned();
    let sent = found.iter().find_map(Sighting::credential);
    let mut any = false;
    for (method, url) in works::worked(text) {
        let url = match (url.starts_with('/'), url.contains("://")) {
            (true, _) => format!("{origin}{url}"),
            (false, true) => url,
            (false, false) => format!("{base}/{url}"),
        };
        let known = found.iter().position(|own| own.names(&url));
        match known.map(|at| &mut found[at]) {
            Some(known) if known.status.is_some_and(|status| status >= 300) => continue,
            Some(known) => {
                known.works |= known.status.is_none();
                known.answered_with(200, 1);
            }
            None => {
                let mut own = Sighting::at(found.first().map_or(0, |first| first.line));
                own.asked(Some(method), &url, 3);
                own.answered_with(200, 1);
                own.works = true;
                // It is said of the token that was sent.
                own.sent.clone_from(&sent);
                found.push(own);
            }
        }
        any = true;
    }
    any
}

/// The object that stands at the start of a text, as JSON, whatever dialect it is printed in; and the bytes that it takes.
pub(crate) fn object(text: &str) -> Option<(serde_json::Value, usize)> {
    let mut fuel = 4 * text.len() + 4_096;
    let read = loose::read(text, 0, &mut fuel)?;
    Some((read.value.json(), read.end))
}

/// What the text was taken for, by what was found in it.
fn form(scan: &Scan<'_>) -> String {
    if let Some(exception) = &scan.names.exception {
        return exception.clone();
    }
    scan.form.unwrap_or("error text").to_owned()
}

/// Puts together what belongs together across the whole text, and drops what tells of no request.
fn settle(found: &mut Vec<Sighting>) {
    drop_what_was_not_sent(found);
    let requests = found.iter().filter(|s| s.has_request()).count();
    // Words without a request of their own belong to the only one there is.
    if requests == 1 && found.len() > 1 {
        let place = found.iter().position(Sighting::has_request).unwrap_or(0);
        let mut rest = std::mem::take(found);
        let mut main = rest.remove(place);
        let mut others = Vec::new();
        for (at, other) in rest.into_iter().enumerate() {
            let open =
                main.status.is_none() || other.status.is_none() || main.status == other.status;
            if open {
                let told = other.told.clone();
                let before = at < place;
                main.merge(other);
                if before && !told.is_empty() && main.told.len() >= told.len() {
                    // What stood before is read before.
                    main.told.rotate_right(told.len());
                }
            } else {
                others.push(other);
            }
        }
        found.push(main);
        found.extend(others);
    }
    let telling = |s: &Sighting| {
        s.has_request()
            && (s.status.is_some()
                || s.body.is_some()
                || s.failure.is_some()
                || s.sent.is_some()
                || !s.answered.is_empty())
            || s.status.is_some()
            || s.body.is_some()
            || !s.answered.is_empty()
            || s.failure.is_some()
            || s.sent.is_some()
            || s.has_request() && s.method.as_deref() == Some("OPTIONS")
    };
    if found.iter().any(telling) {
        found.retain(telling);
    }
}

/// Behind a preflight that was refused the browser sends nothing: what it then says of the call itself is no answer.
fn drop_what_was_not_sent(found: &mut Vec<Sighting>) {
    let told = found.iter().filter(|own| own.is_told_preflight());
    let urls: Vec<String> = told.filter_map(|own| own.url.clone()).collect();
    let failed = |own: &Sighting| own.has_failed() && urls.iter().any(|url| own.names(url));
    found.retain(|own| own.is_told_preflight() || !failed(own));
}

fn exchange(mut seen: Sighting) -> Exchange {
    let weak = seen.url_weight < 3 && seen.body_weight >= 2;
    let url = seen
        .url
        .take()
        .filter(|_| !weak && seen.url_weight >= 2)
        .map(|url| absolute(url, seen.base.as_deref(), seen.sent.as_ref()));
    let told = telling(&seen.told);
    let hearsay = told.is_empty()
        && seen.body.is_none()
        && seen.answered.is_empty()
        && !seen.hearsay.is_empty();
    let told = if hearsay {
        telling(&seen.hearsay)
    } else {
        told
    };
    let body = match (seen.body.take(), seen.body_weight) {
        (Some(body), 2..) => Some(body),
        (Some(body), _) if told.is_empty() => Some(body),
        _ => (!told.is_empty()).then_some(told),
    };
    // A browser that tells of a preflight had its answer, whatever the page then says of its call.
    let preflight = seen.method.as_deref() == Some("OPTIONS") && body.is_some();
    // What a browser says of it are not the server's words.
    let hearsay = hearsay || preflight && seen.status.is_none();
    let unsent = seen.failure.is_some() && seen.status.is_none() && !preflight;
    let only_asked = seen.sent.is_some() && seen.entry && seen.status.is_none();
    let kept_back = seen.status.is_none()
        && seen
            .failure
            .as_deref()
            .is_some_and(|why| why.starts_with("the client would not send"));
    let heard =
        !kept_back && (seen.status.is_some() || seen.body_weight >= 2 || !seen.answered.is_empty());
    let answered = heard || body.is_some() && !unsent && !only_asked;
    Exchange {
        request: Request {
            method: seen.method,
            url,
            selected: seen.sent.is_some() && !seen.sent_whole,
            variable: seen.variable,
            headers: seen.sent,
            body: seen.request_body,
        },
        response: answered.then_some(Response {
            status: seen.status,
            headers: seen.answered,
            body,
        }),
        at: seen.at,
        failure: seen.failure,
        remarks: seen.remarks,
        of_many: seen.access,
        hearsay: hearsay || seen.works,
        ..Exchange::default()
    }
}

/// The lines that say something, once each.
fn telling(lines: &[String]) -> String {
    let mut out = String::new();
    for line in lines {
        if out.len() + line.len() > TOLD || out.contains(line.as_str()) {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
    }
    out
}

/// The whole URL, where the host stands apart from the path.
fn absolute(url: String, base: Option<&str>, sent: Option<&crate::http::Headers>) -> String {
    if url.contains("://") {
        return url;
    }
    let base = base.or_else(|| sent?.get("host"));
    match base {
        Some(base) if base.contains("://") => format!(
            "{}/{}",
            base.trim_end_matches('/'),
            url.trim_start_matches('/')
        ),
        Some(host) => format!(
            "https://{}{}{url}",
            host.trim_end_matches('/'),
            if url.starts_with('/') { "" } else { "/" }
        ),
        None => url,
    }
}

#[cfg(test)]
mod tests {
    use crate::http::Carried;
    use crate::input::tests::exchanges;

    fn count(text: &str) -> usize {
        crate::work::of(|| {
            let _ = exchanges(text);
        })
    }

    #[test]
    fn eight_times_the_text_is_eight_times_the_work() {
        for piece in [
            "{",
            "{\"a\":'",
            "[a] => (",
            "Array\n(\n",
            "> x: y\n",
            "curl '\n",
            "GET /a HTTP/1.1\n",
            "https://a.example/b ",
            "{\\\"a",
            "x-a: b\n",
            "HTTP/1.1 401 x\n\n<",
            "x: {\n",
            "<- \"GET /a HTTP/1.1\\r\\n\"\n",
            "-> \"x\"\n",
            "#Fields: a b\nx y\n",
            "a=b'c ",
            "\"GET /a HTTP/1.1\" 401 ",
            "I get 401 `x` ",
            "Error: 401 {",
            "--> GET https://a.example/b\n",
        ] {
            let once = count(&piece.repeat(10_000 / piece.len()));
            let eight = count(&piece.repeat(80_000 / piece.len()));
            assert!(eight <= 10 * once, "{piece:?}: {once}, {eight}");
        }
    }

    #[test]
    fn a_command_and_its_answer_are_one_exchange() {
        let text = "$ curl -i https://a.example/b -H \"Authorization: Bearer $TOKEN\"\nHTTP/2 401 \ncontent-type: application/json\n\n{\"message\":\"no\"}\n\nAny idea?";
        let (_, found, _) = exchanges(text);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].status(), found[0].body()),
            (Some(401), "{\"message\":\"no\"}")
        );
        assert_eq!(found[0].request.credential(), Carried::NotRecorded);
    }

    #[test]
    fn several_requests_are_several_exchanges() {
        let text = "POST https://a.example/b returns 401 but GET https://a.example/c returns 200 with the same token.";
        let statuses: Vec<_> = exchanges(text)
            .1
            .iter()
            .map(crate::http::Exchange::status)
            .collect();
        assert_eq!(statuses, [Some(401), Some(200)]);
    }

    #[test]
    fn two_statuses_of_one_request_are_said() {
        let (_, found, _) =
            exchanges("GET https://a.example/b: 403 Forbidden\nserver said: HTTP status code 401");
        assert_eq!(found.len(), 1);
        assert!(
            found[0].remarks.iter().any(|r| r.contains("two statuses")),
            "{found:?}"
        );
    }

    #[test]
    fn a_text_without_a_refused_request_says_what_it_would_need() {
        let text = "Hello all, the meeting on Tuesday is moved to the big room because we are more people than we thought at first.";
        let (_, found, _) = exchanges(text);
        assert!(found[0].response.is_none());
        assert!(found[0].remarks[0].starts_with("nothing here says that a request was refused"));
    }

    #[test]
    fn what_nobody_recorded_is_not_absent() {
        for text in [
            "10.0.3.9 - - [25/Nov/2026:20:11:04 +0000] \"GET /a HTTP/1.1\" 403 231 \"-\" \"x/1\"",
            "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://a.example/b",
            "{\"error\":\"invalid_token\"}",
        ] {
            assert_eq!(
                exchanges(text).1[0].request.credential(),
                Carried::NotRecorded,
                "{text}"
            );
        }
        let raw = "> GET /a HTTP/1.1\n> Host: a.example\n>\n< HTTP/1.1 401 No\n<\n";
        assert_eq!(exchanges(raw).1[0].request.credential(), Carried::Absent);
    }

    proptest::proptest! {
        #[test]
        fn any_paste_can_be_read(text in "(> |< |\\* |GET |/a |https://a\\.example/b|HTTP/1\\.1 | 401 |\n|\\{|\\}|\\[|\\]|\"|'|: |=|status|curl |--> |<-- |Response Body|headers|  at a\\.b\\(c:1:2\\)|│ |é|```|\\\\){0,60}") {
            let _ = exchanges(&text);
        }
    }
}
