//! Any text with a refused request in it, to exchanges: facts are gathered where they stand, then put together.

mod headers;
mod loose;
mod noise;
mod object;
mod product;
mod region;
mod request;
mod scan;
mod sighting;
mod status;
mod undress;

use super::Item;
use crate::http::{Exchange, Request, Response};
use scan::Scan;
use sighting::Sighting;

/// The telling text that stands for a body is kept up to this many bytes.
const TOLD: usize = 64 * 1024;

/// Reads the text; every request that it tells of is one exchange.
pub(super) fn read(text: &str, name: &str, take: &mut dyn FnMut(Item)) {
    let clean = undress::undress(text);
    let scan = Scan::new(&clean, 0).run();
    let form = form(&scan);
    let provider = scan.names.words();
    let cut = scan.cut;
    let mut found: Vec<Sighting> = scan.found.into_iter().filter(|s| !s.is_empty()).collect();
    settle(&mut found);
    let many = found.len() > 1;
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
        if cut {
            exchange
                .remarks
                .push("the text breaks off: what is there was used".to_owned());
        }
        take(Item::Exchange(Box::new(exchange)));
    }
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
                if before && !told.is_empty() {
                    // What stood before is read before.
                    let tail = main.told.len() - told.len();
                    main.told.rotate_right(told.len());
                    let _ = tail;
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

fn exchange(mut seen: Sighting) -> Exchange {
    let weak = seen.url_weight < 3 && seen.body_weight >= 2;
    let url = seen
        .url
        .take()
        .filter(|_| !weak && seen.url_weight >= 2)
        .map(|url| absolute(url, seen.base.as_deref(), seen.sent.as_ref()));
    let told = telling(&seen.told);
    let body = match (seen.body.take(), seen.body_weight) {
        (Some(body), 2..) => Some(body),
        (Some(body), _) if told.is_empty() => Some(body),
        _ => (!told.is_empty()).then_some(told),
    };
    let unsent = seen.failure.is_some() && seen.status.is_none();
    let only_asked = seen.sent.is_some() && seen.entry && seen.status.is_none();
    let heard = seen.status.is_some() || seen.body_weight >= 2 || !seen.answered.is_empty();
    let answered = heard || body.is_some() && !unsent && !only_asked;
    Exchange {
        request: Request {
            method: seen.method,
            url,
            selected: seen.sent.is_some() && !seen.sent_whole,
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
