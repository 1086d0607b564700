//! Whose words a line holds: what a client says of a status is not what the server said, and what a person tells is neither.

use super::status;
use crate::input::plain_line::PlainLine;
use regex_lite::{Captures, Regex};
use std::borrow::Cow;
use std::sync::OnceLock;

/// The sentences in which clients tell of a status: a sign that must stand in the line, and the whole of it. The first group
/// is what stands for the name of the status.
const FRAMES: [(&str, &str); 22] = [
    (
        " Error: ",
        r"\b\d{3} (?:Client|Server) Error: ([^:\n]{0,60}) for url: \S+",
    ),
    (
        " Error. (",
        r"\b\d{3} (?:Client|Server) Error\. \([^)\n]{0,80}\)",
    ),
    (
        "' for url '",
        r"(?:Client|Server) error '\d{3} ([^'\n]{0,60})' for url '[^'\n]*'",
    ),
    (
        "` resulted in a `",
        r"(?:Client|Server) error: `[A-Z]+ [^`\n]*` resulted in a `\d{3} ([^`\n]{0,60})` response:?",
    ),
    (
        "ailed with status",
        r"(?:API )?[Rr]equest failed with status(?: code)?:? \d{3}",
    ),
    (
        "does not indicate success",
        r"Response status code does not indicate success: \d{3} \(([^)\n]{0,60})\)\.?",
    ),
    (
        " error (",
        r"HTTP status (?:client|server) error \(\d{3} ([^)\n]{0,60})\) for url \(\S+\)",
    ),
    (
        "reqwest::Error {",
        r"called `Result::unwrap\(\)` on an `Err` value: reqwest::Error \{[^}\n]*\}",
    ),
    (
        "HTTP request failed! ",
        r"\w+\([^)\n]*\): [Ff]ailed to open stream: HTTP request failed! HTTP/[0-9.]+ \d{3}[^\n]*",
    ),
    (".rb:", r"^\S+\.rb:\d+:in [`'][^`'\n]*': "),
    ("HTTP Error ", r"HTTP Error \d{3}: ([A-Z][A-Za-z ]{2,40})$"),
    (
        "the server responded with",
        r"(?:Failed to load resource: )?the server responded with (?:a )?status(?: of| code)? \d{3}(?: for [A-Z]+ \S+)?(?: \([A-Za-z ]{2,40}\))?",
    ),
    (
        "remote server returned",
        r"[Tt]he remote server returned an error: \(\d{3}\)(?: ([A-Z][A-Za-z ]{2,40}))?\.?",
    ),
    // The same in the languages of .NET.
    (
        " (",
        r"^[^\n]*(?:[Ss]ervidor remoto|serveur distant|Remoteserver|[Ss]erver remoto|远程服务器|遠端伺服器|リモート ?サーバー|원격 서버|[Уу]дал[её]нный сервер|[Zz]dalny serwer|externe server|[Uu]zak sunucu)[^\n(]*\(\d{3}\)(?: ?([^\n]{2,40}))?$",
    ),
    (
        "validateStatus",
        r"This exception was thrown because the response has a status code of \d{3}[^\n]*",
    ),
    (
        "has the following meaning",
        r"The status code of \d{3} has the following meaning:[^\n]*",
    ),
    (
        "for URL: ",
        r"Server returned HTTP response code: \d{3} for URL: \S+",
    ),
    (
        "URL returned error",
        r"(?:curl: \(22\) )?The requested URL returned error: \d{3}(?: ([A-Z][A-Za-z ]{2,40})$)?",
    ),
    // A browser's console, behind the place in the script.
    (
        "://",
        r"^(?:\S+:\d+ +)?[A-Z]{3,7} https?://\S+ \d{3} \(([A-Za-z ]{0,40})\)$",
    ),
    ("esponse code ", r"Response code \d{3} \(([^)\n]{0,60})\)"),
    (
        "ore about status codes",
        r"[Rr]ead more about status codes at \S+",
    ),
    (
        "For more information check: ",
        r"For more information check: \S+",
    ),
];

/// The line without the sentences of clients; nothing is left where it said no more.
pub(super) fn without_frame(line: &str) -> Cow<'_, str> {
    static FORMS: OnceLock<Vec<Option<Regex>>> = OnceLock::new();
    // The line of a log is its writer's, with level and worker.
    if PlainLine::read(line).is_some() {
        return Cow::Borrowed("");
    }
    let forms = FORMS.get_or_init(|| {
        let forms = FRAMES.iter().map(|(_, form)| Regex::new(form).ok());
        forms.collect()
    });
    let mut out = Cow::Borrowed(line);
    for ((sign, _), form) in FRAMES.iter().zip(forms) {
        if let Some(form) = form.as_ref().filter(|_| out.contains(sign)) {
            let cut = form.replace(&out, own_reason).into_owned();
            if cut.len() < out.len() {
                out = Cow::Owned(cut);
            }
        }
    }
    if matches!(out, Cow::Owned(_)) && !speaks(&out) {
        return Cow::Borrowed("");
    }
    out
}

/// What a server wrote in the place of a status's name (RFC 9112 §4): `403 Quota exceeded`. The name itself says nothing.
fn own_reason(found: &Captures<'_>) -> String {
    let reason = found.get(1).map_or("", |reason| reason.as_str());
    match status::is_name(reason) {
        true => String::new(),
        false => reason.to_owned(),
    }
}

/// Whether more than the name of an exception is left.
fn speaks(rest: &str) -> bool {
    let bare = rest.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    let word = |w: &&str| w.chars().filter(|c| c.is_alphabetic()).count() > 2;
    let last = |w: &str| w.ends_with("Error") || w.ends_with("Exception");
    let words: Vec<&str> = bare
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']'))
        .map(|w| w.trim_matches(|c: char| c.is_ascii_punctuation()))
        .filter(word)
        .collect();
    !words
        .iter()
        .all(|w| last(w) || w.contains(['.', '/', '\\']))
}

/// Words of which one shows that a person speaks of what happened to them.
const PERSONS: [&str; 55] = [
    " user said ",
    " user says ",
    " customer said ",
    " customer says ",
    " customer reports ",
    " he said ",
    " she said ",
    " they said ",
    " colleague ",
    " fehler 401 bei ",
    " i ",
    " i'm ",
    " i've ",
    " i'd ",
    " my ",
    " we get ",
    " we got ",
    " we are ",
    " we're ",
    " we've ",
    " we have ",
    " we use ",
    " we call ",
    " we see ",
    " we tried ",
    " we need ",
    " we receive ",
    " our side ",
    " our admin ",
    " our integration ",
    " our app ",
    " our application ",
    " our code ",
    " our system ",
    " our customer ",
    " this morning ",
    " yesterday ",
    " all of a sudden ",
    " any idea",
    " any help ",
    " anyone ",
    " anybody ",
    " regards",
    " thanks ",
    " hi ",
    " hello ",
    " ich ",
    " wir ",
    " unser",
    " nous avons ",
    " notre ",
    " nuestr",
    " estamos ",
    " nosso",
    " мы ",
];

/// Whether a person tells in this line, in their own words.
pub(super) fn is_person(line: &str) -> bool {
    let near = super::loose::clip(line, 2_000).to_lowercase();
    let words: String = near
        .chars()
        .map(|c| {
            if matches!(c, ',' | '.' | '!' | '?' | ';' | ':' | '(' | ')' | '"') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let padded = format!(" {} ", words.trim());
    near.split_whitespace().take(4).count() > 3 && PERSONS.iter().any(|word| padded.contains(word))
}

/// Whether a person says that calls were made with one credential: "with the same token".
pub(super) fn says_same_credential(text: &str) -> bool {
    static FORM: OnceLock<Option<Regex>> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        Regex::new(r"(?i)(\bnot\s+)?\b(?:with|using|uses?|and)\s+(?:the\s+|this\s+)?(?:very\s+|exact\s+)?same\s+(?:access |bearer |oauth2? |api |jwt )?(?:tokens?|credentials?|keys?|authorization)\b").ok()
    });
    let mut found = form.iter().flat_map(|form| form.captures_iter(text));
    found.any(|found| found.get(1).is_none())
}

/// What a person quotes in their line: in backticks, or a phrase in quotation marks.
pub(super) fn quotations(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for quote in ['`', '"'] {
        let parts: Vec<&str> = line.split(quote).collect();
        // Without its other half a sign opens nothing.
        let pairs = parts.len().saturating_sub(1) / 2;
        let quoted = parts.iter().skip(1).step_by(2).take(pairs);
        found.extend(quoted.filter(|part| part.split_whitespace().count() > 2));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_sentence_about_a_status_is_not_the_servers() {
        for (line, rest) in [
            (
                "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://a.example/b",
                "",
            ),
            (
                "httpx.HTTPStatusError: Client error '401 Unauthorized' for url 'https://a.example/b'",
                "",
            ),
            ("AxiosError: Request failed with status code 401", ""),
            (
                "El servidor remoto devolvió un error: (401) No autorizado.",
                "",
            ),
            (
                "System.Net.WebException: Der Remoteserver hat einen Fehler zurückgegeben: (401) Nicht autorisiert.",
                "",
            ),
            ("远程服务器返回错误: (403) 已禁止。", ""),
            (
                "2026-11-26T10:00:00Z INFO worker-1 GET https://a.example/x -> 500 120ms",
                "",
            ),
            ("urllib.error.HTTPError: HTTP Error 403: Forbidden", ""),
            (
                "Error: Request failed with status code 403: Token lacks scope",
                "Error: : Token lacks scope",
            ),
            ("token has no such scope", "token has no such scope"),
        ] {
            assert_eq!(without_frame(line), rest, "{line}");
        }
    }

    #[test]
    fn one_credential_for_several_calls_is_said_and_not_guessed() {
        for said in [
            "GET /b returns 200 with the same token.",
            "works using the exact same access token",
        ] {
            assert!(says_same_credential(said), "{said}");
        }
        for unsaid in [
            "GET /b returns 200 with another token",
            "not with the same token",
            "the same error",
        ] {
            assert!(!says_same_credential(unsaid), "{unsaid}");
        }
    }

    #[test]
    fn a_person_is_told_from_a_server() {
        assert!(is_person(
            "Hi, our integration stopped and we get 401 on every call."
        ));
        assert!(is_person(
            "I keep getting this error `Missing the permission a:b:c`"
        ));
        assert!(!is_person("We could not verify your token."));
        assert!(!is_person(
            "You do not have permission to view this project."
        ));
        assert_eq!(
            quotations("I keep getting `Missing the permission a:b:c` from `GET`"),
            ["Missing the permission a:b:c"]
        );
    }
}
