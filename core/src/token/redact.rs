//! Finds credentials in free text by their form, so that what a server or a person wrote can be shown.

use super::opaque::prefixes;

/// What stands where a credential was.
pub const MARK: &str = "<redacted>";

/// Names whose values are secret, compared without case and without `_`, `-` and blanks.
const NAMES: [&str; 27] = [
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "token",
    "clientsecret",
    "secret",
    "password",
    "passwd",
    "apikey",
    "authtoken",
    "code",
    "codeverifier",
    "assertion",
    "clientassertion",
    "samlresponse",
    "authorization",
    "sessionid",
    "session",
    "sid",
    "signature",
    "sig",
    "xamzsignature",
    "xamzsecuritytoken",
    "privatekey",
    "subjecttoken",
    "jwt",
    "devicecode",
];

/// A credential by a name's value is at least so long; shorter ones are words.
const SHORTEST: usize = 8;

/// Whether the value of such a name (parameter, JSON member) is a credential.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    NAMES.contains(&plain.as_str())
}

/// Whether a text stands for a credential that was taken out: `<redacted>`, `<jwt>`, `[REDACTED]`, `***`, `abc…`.
pub fn is_stand_in(text: &str) -> bool {
    let bare = text.trim_matches(['[', ']', '(', ')', '*', '_', '-']);
    let starred = text.len() > 2 && text.bytes().all(|b| matches!(b, b'*' | b'x' | b'X' | b'.'));
    text.starts_with('<') && text.ends_with('>')
        || starred
        || text.contains('…')
        || ["redacted", "removed", "hidden", "filtered", "masked"]
            .iter()
            .any(|word| bare.eq_ignore_ascii_case(word))
}

/// The text with every credential replaced that its form betrays: JWTs, known prefixes, what follows a scheme,
/// values of secret names, passwords in URLs.
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end) in secrets(text) {
        out.push_str(&text[at..start]);
        out.push_str(MARK);
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// Byte ranges of credentials, in order, not overlapping.
pub fn secrets(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_token_byte(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_token_byte(bytes[at]) {
            at += 1;
        }
        let word = &text[start..at];
        if let Some((from, to)) = secret_in(text, start, word) {
            found.push((from, to));
        }
    }
    found
}

fn is_token_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || b"-._~+/%".contains(&b)
        || b == b'='
        || b == b'$'
        || b == b'!'
        || b == b'*'
}

/// The secret part of a run of token characters, by its form or by what stands before it.
fn secret_in(text: &str, start: usize, word: &str) -> Option<(usize, usize)> {
    // `name=value` is one run in a query or form.
    if let Some((name, value)) = word
        .split_once('=')
        .filter(|(_, v)| !v.trim_matches('=').is_empty())
    {
        let from = start + name.len() + 1;
        let secret =
            is_secret_name(last_part(name)) && value.len() >= SHORTEST || looks_secret(value);
        return secret.then_some((from, start + word.len()));
    }
    if looks_secret(word) || named(text, start, word) || after_scheme(text, start, word) {
        return Some((start, start + word.len()));
    }
    password_in_url(text, start, word)
}

/// The name itself, where a path or dotted name stands before it.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '.', '?']).next().unwrap_or(name)
}

/// A JWT, a base64-encoded one, or a known prefix with enough behind it.
fn looks_secret(word: &str) -> bool {
    let jwt = word.starts_with("ey") && word.contains('.') && word.len() >= 20;
    let doubled = word.starts_with("ZXlK") && word.len() >= 40;
    jwt || doubled
        || prefixes()
            .any(|prefix| word.starts_with(prefix) && word.len() >= prefix.len() + SHORTEST)
}

/// Whether the value of a secret name stands here: `"access_token": "…"`, `client_secret = …`.
fn named(text: &str, start: usize, word: &str) -> bool {
    if word.len() < SHORTEST {
        return false;
    }
    let before = text[..start].trim_end_matches([' ', '\t', '"', '\'', '\\']);
    let Some(before) = before.strip_suffix([':', '=']) else {
        return false;
    };
    let before = before.trim_end_matches([' ', '\t', '"', '\'', '\\']);
    let edge = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-';
    let name = before.rsplit(edge).next().unwrap_or_default();
    // A word before a colon in a sentence is no member: a code and a plain word are kept.
    let plain = word
        .chars()
        .all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
    is_secret_name(name) && !plain
}

/// Whether a scheme stands before it: `Bearer …`.
fn after_scheme(text: &str, start: usize, word: &str) -> bool {
    let before = text[..start].trim_end_matches(' ');
    if before.len() == start {
        return false;
    }
    let scheme = before
        .rsplit(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    let known = ["bearer", "basic", "dpop", "token"]
        .iter()
        .any(|s| scheme.eq_ignore_ascii_case(s));
    let dense = word.bytes().any(|b| b.is_ascii_digit()) || word.len() >= 32;
    known && word.len() >= 12 && dense && !word.contains("//")
}

/// `user:password@` behind `://`.
fn password_in_url(text: &str, start: usize, word: &str) -> Option<(usize, usize)> {
    let head = &text[..start];
    let rest = &text[start + word.len()..];
    if word.starts_with("//")
        && head.ends_with(':')
        && (rest.starts_with('@') || rest.starts_with(':'))
    {
        return Some((start + 2, start + word.len())).filter(|(from, to)| from < to);
    }
    let behind = head.ends_with(':') && rest.starts_with('@');
    (behind && head.contains("://")).then_some((start, start + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_by_form_name_and_place() {
        for (text, secret) in [
            (
                "got eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl today",
                "eyJhbGciOiJub25lIn0",
            ),
            (
                "https://x/cb?state=1&access_token=abcDEF123456&x=1",
                "abcDEF123456",
            ),
            (
                "{\"refresh_token\": \"0123456789abcdef\"}",
                "0123456789abcdef",
            ),
            (
                "Authorization: Bearer 0123456789abcdefXYZ",
                "0123456789abcdefXYZ",
            ),
            (
                "the key ghp_0123456789abcdefABCDEF0123456789abcd was used",
                "ghp_0123",
            ),
            ("https://bob:hunter2xyz@host/path", "hunter2xyz"),
            ("client_secret = 'sEcret-0123456789'", "sEcret-0123456789"),
        ] {
            let shown = redact(text);
            assert!(!shown.contains(secret) && shown.contains(MARK), "{shown}");
        }
    }

    #[test]
    fn ordinary_words_are_kept() {
        for text in [
            "{\"error\":\"invalid_token\",\"code\":\"not.authorized\"}",
            "Token used before issued (*jwt.ValidationError)",
            "Bearer error=\"invalid_token\", error_description=\"The audience is invalid\"",
            "https://api.example/v1/things?limit=50&sort=name",
            "Only valid bearer authentication supported",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_redacted_and_again(text in "\\PC{0,120}") {
            let once = redact(&text);
            let _ = redact(&once);
        }
    }
}
