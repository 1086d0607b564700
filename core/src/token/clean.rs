//! From what people paste to the bare credential: strips the wrapping and names each piece of it.

use crate::http::{Follows, Scheme};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// One thing that was stripped, or found odd, on the way to the bare credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapping {
    /// What it was and what a server makes of it.
    pub text: String,
    /// Whether a server would refuse the credential as it was pasted.
    pub harmful: bool,
}

/// What the cleaning came to.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    /// The bare credential; empty where nothing is left.
    pub text: String,
    /// The authentication scheme that stood before it, as written.
    pub scheme: Option<String>,
    /// What was stripped.
    pub wrapping: Vec<Wrapping>,
    /// Why this cannot be one credential at all (not text, two tokens, a shortened copy ...).
    pub broken: Option<&'static str>,
    /// The `scope` member of a token answer the credential was taken from (RFC 6749 §5.1).
    pub answered_scope: Option<String>,
}

impl Cleaned {
    fn note(&mut self, text: impl Into<String>) {
        self.push(text.into(), false);
    }

    fn harm(&mut self, text: impl Into<String>) {
        self.push(text.into(), true);
    }

    fn push(&mut self, text: String, harmful: bool) {
        let wrapping = Wrapping { text, harmful };
        if !self.wrapping.contains(&wrapping) {
            self.wrapping.push(wrapping);
        }
    }
}

/// Wrappers may be nested (`-H "Authorization: Bearer \"…\""`); this many are taken off.
const ROUNDS: usize = 10;

/// Strips everything that is not the credential.
pub(super) fn clean(bytes: &[u8]) -> Cleaned {
    let mut out = Cleaned::default();
    out.text = decode(bytes, &mut out);
    if out.broken.is_some() {
        return out;
    }
    trim(&mut out);
    for _ in 0..ROUNDS {
        if !unwrap_once(&mut out) {
            break;
        }
    }
    strange_characters(&mut out);
    join_lines(&mut out);
    if out.text.contains('…') || (out.text.ends_with("...") && !out.text.starts_with('.')) {
        out.broken = Some("it was shortened for display (an ellipsis): the full value is needed");
    }
    out
}

fn decode(bytes: &[u8], out: &mut Cleaned) -> String {
    let utf16 = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|pair| read([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        out.harm("the text is UTF-16 (as PowerShell's `>` writes it); it was converted");
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        out.harm("the text is UTF-16; it was converted");
        return utf16(rest, u16::from_be_bytes);
    }
    let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if rest.len() < bytes.len() {
        out.harm("a byte order mark before it (many clients send it)");
    }
    if let Ok(text) = std::str::from_utf8(rest) {
        return text.to_owned();
    }
    out.broken = Some("it is not text (neither UTF-8 nor UTF-16)");
    String::new()
}

fn trim(out: &mut Cleaned) {
    out.text = out.text.trim_matches([' ', '\t', '\r', '\n']).to_owned();
}

fn replace(out: &mut Cleaned, text: &str) -> bool {
    text.trim_matches([' ', '\t', '\r', '\n'])
        .clone_into(&mut out.text);
    true
}

fn unwrap_once(out: &mut Cleaned) -> bool {
    let text = out.text.clone();
    if let Some(inner) = header_flag(&text) {
        out.note("a curl `-H` option around it");
        return replace(out, inner);
    }
    if let Some(inner) = strip_prefix_any_case(&text, "authorization:") {
        out.note("the header name `Authorization:` before it");
        return replace(out, inner);
    }
    if let Some(inner) = quoted(&text) {
        out.harm(if out.scheme.is_some() {
            "quotes inside the header value, after the scheme: not in the b64token set of RFC 6750 §2.1, servers answer 400 or 401"
        } else {
            "quotes around it"
        });
        return replace(out, inner);
    }
    scheme(out, &text) || carrier(out, &text) || percent(out, &text)
}

fn header_flag(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix("-H")
        .or_else(|| text.strip_prefix("--header"))?;
    rest.starts_with([' ', '"', '\'', '='])
        .then(|| rest.trim_start_matches([' ', '=']))
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

fn quoted(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 6] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('“', '”'),
        ('‘', '’'),
        ('«', '»'),
    ];
    PAIRS
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

fn scheme(out: &mut Cleaned, text: &str) -> bool {
    let word = text
        .split([' ', ':', '\u{a0}', '\t'])
        .next()
        .unwrap_or_default();
    let rest = &text[word.len()..];
    let Some(known) = Scheme::named(word).filter(|known| carries(known, rest)) else {
        return false;
    };
    if rest.is_empty() && !known.is_standard_token() {
        return false;
    }
    if rest.starts_with(':') {
        out.harm("a colon after the scheme: the form is `Bearer <token>` (RFC 6750 §2.1)");
    }
    if rest.starts_with('\u{a0}') {
        out.harm("a non-breaking space after the scheme, where a plain space belongs");
    }
    match &out.scheme {
        Some(first) if first.eq_ignore_ascii_case(word) => {
            out.harm("the scheme is written twice: a client that adds `Bearer ` to a value that already has it gets 401");
        }
        Some(_) => out.harm("two different schemes precede it"),
        None => {
            out.note(format!("the scheme `{word}` before it"));
            out.scheme = Some(word.to_owned());
        }
    }
    replace(out, rest.trim_start_matches([':', '\u{a0}', ' ']))
}

/// Whether the credential itself follows; behind a scheme with parameters only where no parameter does.
fn carries(scheme: &Scheme, rest: &str) -> bool {
    let named = || {
        let (name, value) = rest.trim().split_once('=')?;
        let name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
        (name && !value.trim_matches('=').is_empty()).then_some(())
    };
    match scheme.follows {
        Follows::Token | Follows::Key | Follows::Password => true,
        Follows::Parameters => !rest.is_empty() && named().is_none(),
        Follows::Handshake => false,
    }
}

/// A token answer, a cookie, a query or a fragment that carries the credential.
fn carrier(out: &mut Cleaned, text: &str) -> bool {
    if text.starts_with('{') && text.contains("\"access_token\"") {
        return token_answer(out, text);
    }
    let Some(at) = text.find("access_token=") else {
        return false;
    };
    let place = match text[..at].chars().last() {
        Some('#') => "the fragment of a redirect URL",
        Some('?' | '&') => "a URL's query (RFC 6750 §2.3 discourages that: URLs land in logs)",
        None if !text.contains('&') => "a cookie or form field `access_token`",
        _ => "a form body",
    };
    out.note(format!("it was taken from {place}"));
    let rest = &text[at + "access_token=".len()..];
    let value = rest
        .split(['&', ';', '#'])
        .next()
        .unwrap_or_default()
        .to_owned();
    replace(out, &value)
}

fn token_answer(out: &mut Cleaned, text: &str) -> bool {
    let Ok(Value::Object(answer)) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    let Some(token) = answer.get("access_token").and_then(Value::as_str) else {
        return false;
    };
    let mut names: Vec<&str> = ["id_token", "refresh_token"]
        .into_iter()
        .filter(|n| answer.contains_key(*n))
        .collect();
    names.sort_unstable();
    let beside = if names.is_empty() {
        String::new()
    } else {
        format!(
            "; `{}` beside it is not for APIs and was not used",
            names.join("`, `")
        )
    };
    out.note(format!(
        "a whole token answer: `access_token` was taken{beside}"
    ));
    out.answered_scope = answer
        .get("scope")
        .and_then(Value::as_str)
        .map(str::to_owned);
    replace(out, token)
}

fn percent(out: &mut Cleaned, text: &str) -> bool {
    const SIGNS: [&str; 7] = ["%2E", "%20", "%3D", "%2B", "%2F", "%22", "%7E"];
    let upper = text.to_ascii_uppercase();
    if upper.contains("%25") {
        out.harm("it is percent-encoded twice (`%25`): it was left as it is");
        out.broken = Some("it is percent-encoded twice");
        return false;
    }
    if text.contains(char::is_whitespace) || !SIGNS.iter().any(|sign| upper.contains(sign)) {
        return false;
    }
    let Ok(decoded) = percent_decode_str(text).decode_utf8() else {
        return false;
    };
    out.harm("it was percent-encoded (decoded once)");
    replace(out, &decoded)
}

fn strange_characters(out: &mut Cleaned) {
    const INVISIBLE: [char; 7] = [
        '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{a0}',
    ];
    let mut clean = String::with_capacity(out.text.len());
    for (place, c) in out.text.clone().char_indices() {
        let code = u32::from(c);
        match c {
            '\0' => out.harm(format!("a NUL byte at position {place} (removed)")),
            c if INVISIBLE.contains(&c) => {
                out.harm(format!(
                    "an invisible character U+{code:04X} at position {place} (removed)"
                ));
            }
            '\u{2024}' | '\u{ff0e}' => {
                out.harm(format!(
                    "U+{code:04X} at position {place} looks like a dot but is not one (read as one)"
                ));
                clean.push('.');
            }
            c => clean.push(c),
        }
    }
    out.text = clean;
    let foreign = out
        .text
        .char_indices()
        .find(|(_, c)| !c.is_ascii() && *c != '…');
    if let Some((place, c)) = foreign {
        out.broken = Some("it has a character outside ASCII, so it was altered on the way");
        out.harm(format!(
            "the character U+{:04X} at position {place} is outside ASCII; no credential can contain it (RFC 6749 App. A.12)",
            u32::from(c)
        ));
    }
}

fn join_lines(out: &mut Cleaned) {
    if out.text.starts_with('{')
        || out.text.contains("-----BEGIN")
        || !out.text.contains(char::is_whitespace)
    {
        return;
    }
    let words: Vec<&str> = out.text.split_whitespace().collect();
    if words.iter().filter(|word| looks_like_jwt(word)).count() > 1 {
        out.broken = Some("it contains two tokens: RFC 6750 §2 allows one");
        return;
    }
    let joined: String = words
        .iter()
        .map(|word| word.trim_end_matches('\\'))
        .collect();
    if joined.starts_with("ey")
        && joined
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.=+/~".contains(&b))
    {
        out.harm("line breaks or spaces inside it were removed; a server refuses it as it is (RFC 7515 §5.2)");
        out.text = joined;
    }
}

fn looks_like_jwt(word: &str) -> bool {
    word.starts_with("ey") && word.matches('.').count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.e30.";

    fn text(pasted: &str) -> String {
        clean(pasted.as_bytes()).text
    }

    #[test]
    fn wrappers_come_off_in_any_nesting() {
        for pasted in [
            "Bearer eyJhbGciOiJub25lIn0.e30.\n",
            "-H \"Authorization: Bearer eyJhbGciOiJub25lIn0.e30.\"",
            "Bearer Bearer eyJhbGciOiJub25lIn0.e30.",
            "Bearer%20eyJhbGciOiJub25lIn0.e30.",
            "\u{feff}eyJhbGciOiJub25lIn0.e30.",
            "'eyJhbGciOiJub\n  25lIn0.e30.'",
            "https://app.example/cb#access_token=eyJhbGciOiJub25lIn0.e30.&state=1",
            "{\"access_token\":\"eyJhbGciOiJub25lIn0.e30.\",\"token_type\":\"bearer\"}",
        ] {
            assert_eq!(text(pasted), JWT, "{pasted:?}");
        }
    }

    #[test]
    fn a_doubled_scheme_is_harmful_dirt() {
        let cleaned = clean(b"Bearer Bearer abc");
        assert!(
            cleaned
                .wrapping
                .iter()
                .any(|d| d.harmful && d.text.contains("twice"))
        );
        assert_eq!(cleaned.scheme.as_deref(), Some("Bearer"));
    }

    #[test]
    fn what_is_not_one_credential_is_broken() {
        assert!(clean(b"\xc3\x28").broken.is_some());
        assert!(clean(format!("{JWT} {JWT}").as_bytes()).broken.is_some());
        assert!(clean("eyJhbGciOi…x".as_bytes()).broken.is_some());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_can_be_cleaned(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = clean(&bytes);
        }
    }
}
