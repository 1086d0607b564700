//! Status codes in text, by what stands around them: "returned a 403 (Forbidden)", "status code 401", "(401) Non autorisé".

mod words;

use super::loose::clip;
use crate::http::{METHODS, opens_with_reason};
use words::{LIKELY, NEGATED, SURE};

/// A status that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) code: u16,
    /// The first byte of the number.
    pub(super) at: usize,
    /// How sure it is that this is a status: 1 to 4.
    pub(super) weight: u8,
    /// Whether the request stands behind it: `401 on POST /a`.
    pub(super) ahead: bool,
}

/// The statuses that a line names, in their order.
pub(super) fn all(line: &str) -> Vec<Named> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at + 3 <= bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        if at - start != 3 {
            continue;
        }
        if let Some(weight) = weight(line, start, at)
            && let Ok(code) = line[start..at].parse::<u16>()
            && (100..600).contains(&code)
        {
            found.push(Named {
                code,
                at: start,
                weight,
                ahead: is_request(&line[at..]),
            });
        }
    }
    found
}

/// The status right behind a request: `GET https://a/b: 403 …`, `(GET https://a/b) 401`, `GET /a/b with 401`.
pub(super) fn behind(line: &str, at: usize) -> Option<Named> {
    let told = ["with", "gives", "returns", "answers", "is", "was"];
    let behind = line.get(at..)?;
    let word = behind
        .strip_prefix(' ')
        .and_then(|rest| rest.split_once(' '));
    let at = match word.filter(|(word, _)| told.contains(word)) {
        Some((word, _)) => at + 1 + word.len(),
        None => at,
    };
    let rest = line.get(at..)?;
    let bare = rest.trim_start_matches([' ', ':', ')', '"', '\'', '`', '-', '>', '[', '(']);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let code: u16 = bare[..digits].parse().ok().filter(|_| digits == 3)?;
    let ends =
        !bare[digits..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '_'));
    let near = rest.len() - bare.len() <= 4 && rest.len() > bare.len();
    ((200..600).contains(&code) && ends && near).then_some(Named {
        code,
        at: at + rest.len() - bare.len(),
        weight: 3,
        ahead: false,
    })
}

fn weight(line: &str, start: usize, end: usize) -> Option<u8> {
    let (before, after) = (near_before(line, start), clip(&line[end..], 60));
    if !stands_alone(before, after) || is_negated(before) {
        return None;
    }
    let word = word_before(before);
    let sure = SURE.iter().any(|mark| word.ends_with(mark))
        || before.ends_with("HTTP/1.1\" ")
        || before.ends_with("HTTP/1.0\" ")
        || before.ends_with("HTTP/2.0\" ")
        || before.ends_with("HTTP/2\" ");
    let reasoned = opens_with_reason(after);
    let likely = LIKELY.iter().any(|mark| ends_in_word(before, &word, mark));
    let called = ["Exception(", "Status(", "status(", "Code("]
        .iter()
        .any(|call| before.ends_with(call))
        || before.ends_with("Error(")
        || before.ends_with("<Response [");
    let bracketed = before.ends_with(['(', '[']) && after.starts_with([')', ']']);
    let raised =
        before.trim_end().ends_with(':') && after.trim_start().starts_with(['-', '{', ':', ',']);
    let code: u16 = line[start..end].parse().ok()?;
    let refused = (400..600).contains(&code);
    let opens = before.trim_matches([' ', '>', '*', '|']).is_empty()
        && [". ", " - ", ": "]
            .iter()
            .any(|mark| after.starts_with(mark));
    // Of auth alone: any other number may count things.
    let worded = matches!(code, 401 | 403 | 407 | 429)
        && before.trim_end().ends_with(':')
        && after
            .strip_prefix(' ')
            .is_some_and(|text| text.starts_with(|c: char| c.is_uppercase()));
    Some(match () {
        () if sure || reasoned && (likely || bracketed) => 4,
        () if refused && is_request(after) => 4,
        () if reasoned && (refused || after.trim_start().starts_with("OK")) || called => 3,
        () if likely && (refused || (200..400).contains(&code)) => 2,
        () if (bracketed || raised) && refused && before.len() > 2 => 2,
        () if refused && opens || worded => 2,
        () if refused && (line.trim().len() == 3 || is_error_start(before)) => 1,
        () => return None,
    })
}

/// `403 POST /a/b`: how Tornado and others log a request; `401 on POST https://x/a`: how people tell of one.
fn is_request(after: &str) -> bool {
    // A comma or a full stop ends what is said of the status.
    let Some(after) = after.strip_prefix(' ') else {
        return false;
    };
    let mut words = after.split(' ').peekable();
    let told = ["on", "for", "from", "at", "calling"];
    let told = words.next_if(|word| told.contains(word)).is_some();
    let method = words.next_if(|word| METHODS.contains(word)).is_some();
    let target = |word: &str| word.starts_with('/') || word.starts_with("http");
    (told || method) && words.next().is_some_and(target)
}

/// Whether the clause before the number says that it was not answered: "never returned 401 or 403".
fn is_negated(before: &str) -> bool {
    let clause = before.rsplit([',', ';', '.', ':']).next();
    let clause = clause.unwrap_or_default().to_ascii_lowercase();
    NEGATED.iter().any(|word| clause.contains(word))
}

/// `Error:`, `ApiException:` right before the number.
fn is_error_start(before: &str) -> bool {
    let text = before.trim_end_matches([' ', ':', '=', '-', '[', '(']);
    let name = text.rsplit([' ', '.']).next().unwrap_or_default();
    ["Error", "Exception", "error", "ERR", "ERR!", "Err"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Neither part of a longer number, name, date or path, nor a line number, port or size.
fn stands_alone(before: &str, after: &str) -> bool {
    let last = before.chars().next_back();
    let next = after.chars().next();
    let glued = |c: char| {
        c.is_alphanumeric() && c.is_ascii() || matches!(c, '_' | '/' | '#' | '$' | '%' | '+' | '@')
    };
    if last.is_some_and(|c| glued(c) || matches!(c, '.' | '-' | '\\')) && !before.ends_with("->")
        || next.is_some_and(glued)
    {
        return false;
    }
    // `12:401`, `10.401`, `.js:401:12`, `host:401`
    if last == Some(':') && before.len() > 1 {
        let previous = before[..before.len() - 1].chars().next_back();
        let label = [
            "status", "code", "Status", "Code", "STATUS", "error", "Error", "HTTP",
        ];
        if previous.is_some_and(|c| c.is_ascii_digit() || c == ']')
            || previous.is_some_and(char::is_alphanumeric)
                && !label
                    .iter()
                    .any(|l| before[..before.len() - 1].ends_with(l))
        {
            return false;
        }
    }
    let mut ahead = after.chars();
    let (a, b) = (ahead.next(), ahead.next());
    if matches!(a, Some('.' | ':' | '-')) && b.is_some_and(|c| c.is_ascii_digit()) {
        return false;
    }
    let unit = after.trim_start().to_ascii_lowercase();
    let units = [
        "ms", "bytes", "byte", "kb", "mb", "s ", "sec", "px", "times", "requests", "records",
        "items",
    ];
    let before_lower = before.to_ascii_lowercase();
    let lined = [
        "line ",
        "line:",
        "lines ",
        "port ",
        "length: ",
        "length\": ",
        "size: ",
    ]
    .iter()
    .any(|mark| before_lower.ends_with(mark));
    !units.iter().any(|u| unit.starts_with(u)) && !lined
}

fn near_before(line: &str, at: usize) -> &str {
    let mut from = at.saturating_sub(48);
    while !line.is_char_boundary(from) {
        from += 1;
    }
    &line[from..at]
}

/// The letters before a number without what separates them: `HTTP status code: "` is `httpstatuscode`.
fn word_before(before: &str) -> String {
    let text = before.trim_end_matches([
        ' ', ':', '=', '"', '\'', '(', '[', '{', '\t', '>', '`', '*', '-', '：',
    ]);
    text.chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether the last words are the mark, and the mark begins a word.
fn ends_in_word(before: &str, letters: &str, mark: &str) -> bool {
    if !letters.ends_with(mark) {
        return false;
    }
    let lower = before.to_lowercase();
    let ideographs = mark
        .chars()
        .next()
        .is_some_and(|c| !c.is_ascii() && c > 'ԯ');
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.is_empty())
        .collect();
    ideographs
        || (1..=3.min(words.len())).any(|n| words[words.len() - n..].concat() == mark)
        // `ApiException`, `GitlabHttpError`: the last part of a name.
        || words.last().is_some_and(|w| ["error", "exception", "code", "status", "http"].contains(&mark) && w.ends_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<u16> {
        all(text)
            .into_iter()
            .max_by_key(|n| (n.weight, std::cmp::Reverse(n.at)))
            .map(|n| n.code)
    }

    #[test]
    fn statuses_are_found_in_what_people_paste() {
        for (text, code) in [
            ("Request failed with status code 401", Some(401)),
            ("googleapi: Error 403: Not Authorized, forbidden", Some(403)),
            (
                "The remote server returned an error: (403) Forbidden.",
                Some(403),
            ),
            (
                "[HTTP 401] Unable to create record: Authenticate",
                Some(401),
            ),
            ("{\"status\":\"error\",\"code\":\"E403\"}", None),
            (
                "AADSTS50076: you must use multi-factor authentication",
                None,
            ),
            (
                "Le serveur distant a retourné une erreur : (401) Non autorisé.",
                Some(401),
            ),
            (
                "Der Remoteserver hat einen Fehler zurückgegeben: (403) Unzulässig.",
                Some(403),
            ),
            ("远程服务器返回错误: (401) 未经授权。", Some(401)),
            ("返回状态码: 400", Some(400)),
            (
                "github.GithubException.GithubException: 403 {\"message\": \"x\"}",
                Some(403),
            ),
            (
                "AuthorizationException(403, 'security_exception')",
                Some(403),
            ),
            ("Twitter API returned a 403 (Forbidden), You", Some(403)),
            ("my token fails with 401", Some(401)),
            (
                "403 on POST https://api.shop.example/a since today",
                Some(403),
            ),
            ("we sold 401 on Monday", None),
            (
                "Response status code does not indicate success: 401 (Unauthorized).",
                Some(401),
            ),
            ("error: API Error: 403 - Unable to perform", Some(403)),
            ("'Mastodon API returned error', 403, 'Forbidden'", Some(403)),
            (" statusCode = 403", Some(403)),
            ("Code: 403. Errors:", Some(403)),
            (
                "PureCloudPlatformClientV2.rest.ApiException: (403)",
                Some(403),
            ),
            ("at x (app.js:401:12)", None),
            ("File \"a.py\", line 401, in b", None),
            ("Content-Length: 401", None),
            ("12:00:01,403 INFO started", None),
            ("took 403 ms", None),
            ("10.0.0.1:443 and 2024-01-403", None),
            ("GET /a returns 200 with it", Some(200)),
            (
                "[W 09:12:44.100 App] 403 POST /notes/7 (127.0.0.1)",
                Some(403),
            ),
            ("> 403 - Your address is not on the list", Some(403)),
            (
                "cannot start the machine: 401 Permission check failed",
                Some(401),
            ),
            ("copied: 404 Files", None),
        ] {
            assert_eq!(first(text), code, "{text}");
        }
    }
}
