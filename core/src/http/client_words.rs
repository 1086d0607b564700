//! What clients say of a status that they got: the sentences of their libraries, not the server's words.

use super::reason::is_reason;
use regex_lite::{Captures, Regex};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A longer text is nobody's sentence about a status.
const LONGEST: usize = 4 * 1024;

/// The sentences in which clients tell of a status: a sign that must stand in the line, and the whole of it. The first group
/// is what stands for the name of the status.
const SENTENCES: [(&str, &str); 24] = [
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
    // Ktor, Feign.
    (
        "request(",
        r"(?:Client|Server) (?:request|error)\([A-Z]+ \S+\)(?: invalid)?: \d{3} ([^.\n]{0,60})\.(?: Text:)?",
    ),
    (
        "] during [",
        r"\[\d{3}(?: ([^\]\n]{0,60}))?\] during \[[A-Z]+\] to \[\S+\] \[[^\]\n]*\]:?",
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

/// The text without the sentences of clients; nothing is left where it said no more than the status.
pub(crate) fn without_client_words(text: &str) -> Cow<'_, str> {
    // Each is compiled where its sign stands: most answers hold none.
    static FORMS: [OnceLock<Option<Regex>>; SENTENCES.len()] =
        [const { OnceLock::new() }; SENTENCES.len()];
    if text.len() > LONGEST {
        return Cow::Borrowed(text);
    }
    let mut out = Cow::Borrowed(text);
    for ((sign, form), compiled) in SENTENCES.iter().zip(&FORMS) {
        if !out.contains(sign) {
            continue;
        }
        if let Some(form) = compiled.get_or_init(|| Regex::new(form).ok()) {
            let cut = form.replace(&out, own_reason).into_owned();
            if cut.len() < out.len() {
                out = Cow::Owned(cut);
            }
        }
    }
    let cut = matches!(out, Cow::Owned(_));
    if cut && !speaks(&out) || is_client_words(&out) {
        return Cow::Owned(String::new());
    }
    out
}

/// What a server wrote in the place of a status's name (RFC 9112 §4): `403 Quota exceeded`. The name itself says nothing.
fn own_reason(found: &Captures<'_>) -> String {
    let reason = found.get(1).map_or("", |reason| reason.as_str());
    match is_reason(reason) {
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

/// Whether a text is made of what any client has to say of any status, or names the client alone: `AxiosError`,
/// `Unexpected status code: 401`, `HttpException: HTTP 403`.
fn is_client_words(text: &str) -> bool {
    let mut any = false;
    let mut words = text
        .split(|c: char| c.is_whitespace() || "()[]{}<>\"'`,;=|".contains(c))
        .map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()))
        .filter(|word| !word.is_empty());
    let counted = words.clone().any(is_status);
    words.all(|word| {
        any = true;
        tells_nothing(word, counted)
    }) && any
}

/// A status code (RFC 9110 §15).
fn is_status(word: &str) -> bool {
    word.len() == 3
        && word
            .parse()
            .is_ok_and(|code: u16| (100..600).contains(&code))
}

/// Whether a word tells nothing of the reason. `counted`: whether a status stands beside it, which its name repeats.
fn tells_nothing(word: &str, counted: bool) -> bool {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return is_status(word);
    }
    let time = word
        .bytes()
        .all(|b| b.is_ascii_digit() || b".:/-+TZ".contains(&b));
    if time || word.contains("://") {
        return true;
    }
    humps(class_of(word)).all(|hump| is_clients(&hump) || counted && is_status_word(&hump))
}

/// The class that a qualified name names: `HttpException` of `retrofit2.HttpException`. What is named otherwise is all of it:
/// of a key such as `auth.suspended.error` the parts before its last tell the reason.
fn class_of(name: &str) -> &str {
    let last = name.rsplit(['.', ':', '\\', '/']).next().unwrap_or(name);
    let path = &name[..name.len() - last.len()];
    let module = path.split(['.', ':', '\\', '/']).all(|part| {
        let mut letters = part.chars().skip(1);
        !part.contains('_') && !letters.any(char::is_uppercase)
    });
    match module && last.starts_with(char::is_uppercase) && last != "Error" && last != "Exception" {
        true => last,
        false => name,
    }
}

/// The words of a name in camel case, lower case.
fn humps(name: &str) -> impl Iterator<Item = String> {
    let mut found = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        let starts = !c.is_alphabetic() || c.is_uppercase() && small;
        if starts {
            found.push(String::new());
        }
        small = c.is_lowercase();
        if let (true, Some(last)) = (c.is_alphabetic(), found.last_mut()) {
            last.extend(c.to_lowercase());
        }
    }
    found.into_iter().filter(|hump| !hump.is_empty())
}

fn is_status_word(word: &str) -> bool {
    ["unauthorized", "unauthorised", "forbidden"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

fn is_clients(word: &str) -> bool {
    CLIENTS.split_ascii_whitespace().any(|own| own == word)
}

/// Words in which clients tell of any status, and what the clients are called.
const CLIENTS: &str = "
    a an and answer answered api at but by call caught client code during error errors exception expected expression failed
    failure fatal for from get got head http https in info instead is message no body of on or patch phrase post put delete
    promise reason received remote replied request requests req resp responded response rest result resulted returned
    returns server status statuscode text thrown to unacceptable uncaught undefined unexpected unhandled unsuccessful uri url
    warn warning was web with
    aiohttp alamofire axios curl dio faraday feign fetch flurl guzzle httparty httpoison httpx httperror hyper ktor ky okhttp
    reqwest retrofit superagent ureq urllib wget";

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
            ("urllib.error.HTTPError: HTTP Error 403: Forbidden", ""),
            (
                "Error: Request failed with status code 403: Token lacks scope",
                "Error: : Token lacks scope",
            ),
            ("token has no such scope", "token has no such scope"),
            (
                "io.ktor.client.plugins.ClientRequestException: Client request(GET https://a.example/b) invalid: 401 Unauthorized. Text: \"no such key\"",
                "io.ktor.client.plugins.ClientRequestException:  \"no such key\"",
            ),
        ] {
            assert_eq!(without_client_words(line), rest, "{line}");
        }
    }

    #[test]
    fn what_any_client_says_of_any_status_says_nothing() {
        for bare in [
            "AxiosError",
            "HttpErrorResponse",
            "Unexpected status code: 401",
            "retrofit2.HttpException: HTTP 403 ",
            "HTTP Error: 401",
            "[GET] \"https://a.example/v1/me\": 401 Unauthorized",
            "Http failure response for https://a.example/b: 401 Unauthorized",
            "org.springframework.web.client.HttpClientErrorException$Unauthorized: 401 Unauthorized: [no body]",
            "feign.FeignException$Unauthorized: [401 Unauthorized] during [GET] to [https://a.example/b] [Users#me()]: []",
            "2026-11-26 10:00:00 ERROR 401: Unauthorized.",
        ] {
            assert_eq!(without_client_words(bare), "", "{bare}");
        }
        for telling in [
            "Unauthorized",
            "InvalidTokenException: 401",
            "Received HTTP code 403 from proxy after CONNECT",
            "401 Unauthorized: token expired",
            "Error: 403 no access",
            "not authorized",
            "error code: 1020",
            "401 auth.account_suspended.error",
            "Acme::AccountSuspended::Error 403",
            "Acme.Suspended.Error: 403",
        ] {
            assert_eq!(without_client_words(telling), telling, "{telling}");
        }
    }
}
