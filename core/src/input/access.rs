//! What access lines hold beside the quoted request line: statuses before it, the host and the reason behind it.

use crate::http::{Exchange, Request, Response};
use crate::input::record::moment;

/// The status that `HAProxy` writes behind its timers (`10/0/30/69/109 401`), in the text before the request line.
pub(super) fn timed_status(before: &str) -> Option<u16> {
    let timers = |word: &&str| {
        word.matches('/').count() == 4
            && word.split('/').all(|part| {
                part.trim_start_matches(['-', '+'])
                    .bytes()
                    .all(|b| b.is_ascii_digit())
            })
    };
    let mut words = before.split(' ');
    words.find(timers)?;
    words.next()?.parse().ok()
}

/// The origin that a client's log writes before the request line: `https://api.example:443 "GET /a HTTP/1.1" 401`.
pub(super) fn origin(before: &str) -> Option<&str> {
    let start = before.rfind("http")?;
    let origin = before[start..].strip_suffix(' ')?;
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"))?;
    let sound = !host.is_empty() && !host.contains(['/', ' ', '?']);
    sound.then_some(origin)
}

/// The host that Envoy writes behind the request's id, among the quoted parts behind the request line.
pub(super) fn authority<'p>(parts: &[&'p str]) -> Option<&'p str> {
    let id = |part: &&str| part.len() == 36 && part.bytes().filter(|b| *b == b'-').count() == 4;
    let place = parts.iter().position(id)?;
    let host = parts.get(place + 2)?;
    let sound = !host.is_empty() && *host != "-" && !host.contains([' ', '/']);
    sound.then_some(host)
}

/// Why Envoy itself answered (`%RESPONSE_CODE_DETAILS%`), in the text behind the status.
pub(super) fn details(after: &str) -> Option<&str> {
    let word = after.split_whitespace().find(|word| word.contains('_'))?;
    (word != "via_upstream" && word.starts_with(|c: char| c.is_ascii_lowercase())).then_some(word)
}

/// Reads the lines behind a `#Fields:` line (W3C Extended Log File Format), as IIS and `CloudFront` write them; hands over
/// each with its line, and returns the bytes read.
pub(super) fn extended(text: &str, take: &mut dyn FnMut(usize, Exchange)) -> Option<usize> {
    let (head, _) = text.split_once('\n')?;
    let names: Vec<&str> = head.strip_prefix("#Fields:")?.split_whitespace().collect();
    let mut end = head.len() + 1;
    for (number, line) in text[end..].split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        let values: Vec<&str> = match bare.contains('\t') {
            true => bare.split('\t').collect(),
            false => bare.split(' ').collect(),
        };
        if bare.starts_with('#') && !bare.starts_with("#Fields:") {
            end += line.len();
            continue;
        }
        if values.len() != names.len() {
            break;
        }
        let find = |name: &str| {
            let place = names
                .iter()
                .position(|own| own.eq_ignore_ascii_case(name))?;
            values.get(place).copied().filter(|value| *value != "-")
        };
        take(number + 1, fields(&find));
        end += line.len();
    }
    Some(end)
}

fn fields<'v>(find: &dyn Fn(&str) -> Option<&'v str>) -> Exchange {
    let host = find("x-host-header")
        .or_else(|| find("cs-host"))
        .or_else(|| find("cs(Host)"));
    let url = find("cs-uri-stem").map(|stem| {
        let query = find("cs-uri-query")
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let origin = host
            .map(|host| format!("https://{host}"))
            .unwrap_or_default();
        format!("{origin}{stem}{query}")
    });
    let at = find("date").zip(find("time"));
    Exchange {
        of_many: true,
        request: Request {
            selected: true,
            variable: None,
            method: find("cs-method").map(str::to_ascii_uppercase),
            url,
            ..Request::default()
        },
        response: Some(Response {
            status: find("sc-status").and_then(|code| code.parse().ok()),
            ..Response::default()
        }),
        at: at.and_then(|(day, time)| moment(&format!("{day}T{time}Z"))),
        ..Exchange::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_hosts_and_reasons_are_found_beside_the_request_line() {
        assert_eq!(
            timed_status("h[1]: 10.0.0.2:33 [t] in srv/s1 10/0/30/-1/109 401 27 "),
            Some(401)
        );
        assert_eq!(timed_status("10.0.0.2 - - [t] "), None);
        assert_eq!(
            origin("DEBUG:connectionpool:https://a.example:443 "),
            Some("https://a.example:443")
        );
        assert_eq!(origin("see https://a.example/b "), None);
        let parts = [
            "-",
            " ",
            "curl/8",
            " ",
            "85b8e8d0-3c22-4a8a-a6f3-7a0d5d5aa0ef",
            " ",
            "api:9080",
            " ",
        ];
        assert_eq!(authority(&parts), Some("api:9080"));
        assert_eq!(
            details(" 403 - rbac_access_denied_matched_policy[none] - "),
            Some("rbac_access_denied_matched_policy[none]")
        );
        assert_eq!(details(" 200 - via_upstream - "), None);
    }

    #[test]
    fn extended_logs_are_read_by_their_field_names() {
        let text = "#Fields: date time cs-method cs(Host) cs-uri-stem sc-status\n2026-03-05\t09:12:44\tGET\tcdn.example\t/a\t403\nend\n";
        let mut found = Vec::new();
        let length = extended(text, &mut |line, exchange| found.push((line, exchange)));
        assert_eq!(length, Some(text.len() - 4));
        let (line, exchange) = &found[0];
        assert_eq!((*line, exchange.status()), (1, Some(403)));
        assert_eq!(
            exchange.request.url.as_deref(),
            Some("https://cdn.example/a")
        );
        assert_eq!(exchange.at, Some(1_772_701_964));
    }
}
