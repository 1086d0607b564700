//! Credentials with nothing to read: which are known by a prefix or a form, and which carry no sign at all.

use super::segment::decode_segment;
use crate::http::{Follows, Scheme};
use std::sync::LazyLock;

/// The known prefixes, as data: one line each.
const PREFIXES: &str = include_str!(concat!(env!("WHY401_TABLES"), "/credentials.tsv"));

/// The prefixes by which credentials are known, by their first byte: most words of a text begin with none of them.
static BY_START: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let mut all = vec![Vec::new(); 256];
    let lines = PREFIXES.lines().filter(|line| !line.starts_with('#'));
    let prefixes = lines.filter_map(|line| line.split('\t').next());
    for prefix in prefixes.filter(|prefix| !prefix.contains('?')) {
        if let Some(first) = prefix.as_bytes().first() {
            all[usize::from(*first)].push(prefix);
        }
    }
    all
});

/// The prefixes that a text can begin with.
pub(super) fn prefixes(text: &str) -> impl Iterator<Item = &'static str> {
    let first = text.as_bytes().first();
    let found = first.map(|first| BY_START[usize::from(*first)].iter());
    found.into_iter().flatten().copied()
}

/// Whether a credential begins as a line of the table says; `?` is any character, and stands only in forms without a
/// constant start, whose length is known.
fn begins(text: &str, start: &str, length: &str) -> bool {
    let fits = |(own, wanted): (u8, u8)| wanted == b'?' || own == wanted;
    let (least, most) = length.split_once('-').unwrap_or(("0", ""));
    let least = least.parse().unwrap_or_default();
    let most = most.parse().unwrap_or(usize::MAX);
    text.len() >= start.len()
        && text.bytes().zip(start.bytes()).all(fits)
        && (least..=most).contains(&text.len())
}

/// The known prefix that a credential carries; a public constant of its vendor.
pub fn known_prefix(text: &str) -> Option<&'static str> {
    prefixes(text)
        .filter(|prefix| text.starts_with(prefix))
        .max_by_key(|prefix| prefix.len())
}

/// A credential whose contents are hidden or meaningless to anyone but its issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opaque {
    /// `opaque`, or the format's name (`paseto`, `macaroon` ...).
    pub form: &'static str,
    /// What it is, where a sign tells.
    pub what: Option<String>,
    /// Who issues such credentials, where a sign tells.
    pub issuer: Option<String>,
    /// Why an API will not take it as an access token, where a sign tells.
    pub unfit: Option<String>,
}

impl Opaque {
    fn form(form: &'static str, what: &str) -> Self {
        Self {
            form,
            what: Some(what.to_owned()),
            issuer: None,
            unfit: None,
        }
    }

    fn unfit(form: &'static str, what: &str, unfit: &str) -> Self {
        Self {
            unfit: Some(unfit.to_owned()),
            ..Self::form(form, what)
        }
    }
}

/// Recognises a credential that is not JOSE. Never fails: without a sign it is an ordinary opaque token.
pub(super) fn read(text: &str, scheme: Option<&str>) -> Opaque {
    let scheme = scheme.and_then(Scheme::named);
    if scheme.is_some_and(|s| s.follows == Follows::Password) {
        return Opaque::unfit(
            "basic",
            "Basic credentials (a user name and password)",
            "Basic credentials are not a bearer token",
        );
    }
    structured(text)
        .or_else(|| by_prefix(text))
        .or_else(|| scheme.is_none().then(|| words(text)).flatten())
        .unwrap_or(Opaque {
            form: "opaque",
            what: None,
            issuer: None,
            unfit: None,
        })
}

/// A file or a sentence in the place of a token.
fn words(text: &str) -> Option<Opaque> {
    let foreign = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '<' | '>');
    let start: String = text.chars().take(16).collect();
    if ["<!doctype html", "<html"]
        .iter()
        .any(|page| start.to_ascii_lowercase().starts_with(page))
    {
        return Some(Opaque::unfit(
            "text",
            "an HTML page",
            "a page was saved in place of the token, such as that of a login or of an error; open it to see which",
        ));
    }
    if text.starts_with('{') && text.contains("\"error\"") {
        return Some(Opaque::unfit(
            "text",
            "an answer with an error",
            "no token was issued; its `error` says why, and `why401 explain` reads it",
        ));
    }
    text.contains(foreign).then(|| {
        Opaque::unfit(
            "text",
            "a text",
            "a bearer token has no blanks and no braces (RFC 6750 §2.1); see that the right file was given",
        )
    })
}

fn structured(text: &str) -> Option<Opaque> {
    if text.contains("-----BEGIN") {
        return Some(Opaque::unfit(
            "key",
            "a PEM block (a key or certificate)",
            "a key is never sent to an API; treat it as disclosed if it was",
        ));
    }
    if let Some(scheme) =
        Scheme::of(text).filter(|s| s.follows == Follows::Parameters && text.contains('='))
    {
        return Some(Opaque::unfit(
            "signature",
            &format!("the signature of one request (scheme `{}`)", scheme.name),
            "a request's signature is valid for that request only, and is not a token",
        ));
    }
    if is_saml(text) {
        return Some(Opaque::unfit(
            "saml",
            "a SAML assertion in base64",
            "a SAML assertion is exchanged at the token endpoint (RFC 7522), not sent to an API",
        ));
    }
    paseto(text)
        .or_else(|| macaroon(text))
        .or_else(|| branca(text))
}

fn is_saml(text: &str) -> bool {
    text.starts_with("PHNhbWw")
        || text.starts_with("PFNBTUw")
        || text.starts_with("PD94bWwg")
        || text.starts_with("<saml")
}

/// `v1.`–`v4.`, then `local.` (encrypted) or `public.` (signed, readable by its issuer's tools).
fn paseto(text: &str) -> Option<Opaque> {
    let rest = text.strip_prefix('v')?;
    let (version, rest) = rest.split_once('.')?;
    if !matches!(version, "1" | "2" | "3" | "4") {
        return None;
    }
    if rest.starts_with("public.") {
        return Some(Opaque::form(
            "paseto",
            "a PASETO public token: signed, not JOSE although it has dots",
        ));
    }
    rest.starts_with("local.").then(|| {
        Opaque::form(
            "paseto",
            "a PASETO local token: encrypted, only its issuer can read it",
        )
    })
}

/// Macaroon v1 is base64 of packets (`00NNlocation …`), v2 starts with byte 2 and a location or identifier field.
fn macaroon(text: &str) -> Option<Opaque> {
    let bytes = decode_segment(text, "token", &mut Vec::new()).ok()?;
    let packet = |b: &[u8]| {
        b.len() > 12
            && b[..4].iter().all(u8::is_ascii_hexdigit)
            && (b[4..].starts_with(b"location") || b[4..].starts_with(b"identifier"))
    };
    let inner = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|t| decode_segment(t.trim(), "token", &mut Vec::new()).ok());
    let v1 = packet(&bytes) || inner.is_some_and(|inner| packet(&inner));
    let v2 = bytes.len() > 16
        && bytes[0] == 2
        && matches!(bytes[1], 1 | 2)
        && usize::from(bytes[2]) < bytes.len();
    (v1 || v2).then(|| {
        Opaque::form(
            "macaroon",
            "a macaroon: its caveats restrict it, and only its issuer can verify it",
        )
    })
}

/// Branca is base62 of bytes that start with 0xBA; the shortest is 45 bytes.
fn branca(text: &str) -> Option<Opaque> {
    if !(60..=2048).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let bytes = base62(text);
    (bytes.len() >= 45 && bytes[0] == 0xBA).then(|| {
        Opaque::form(
            "branca",
            "possibly a Branca token: encrypted, only its issuer can read it",
        )
    })
}

fn base62(text: &str) -> Vec<u8> {
    // Little-endian big number: every digit multiplies what is there by 62 and adds itself.
    let mut number: Vec<u8> = Vec::new();
    for byte in text.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => byte - b'a' + 36,
        };
        let mut carry = u32::from(digit);
        for place in &mut number {
            carry += u32::from(*place) * 62;
            *place = (carry & 0xFF) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            number.push((carry & 0xFF) as u8);
            carry >>= 8;
        }
    }
    number.reverse();
    number
}

fn by_prefix(text: &str) -> Option<Opaque> {
    // Most lines begin with another character: they are not taken apart.
    let first = text.as_bytes().first().copied();
    let may = |line: &&str| match line.as_bytes().first() {
        Some(b'#') => false,
        Some(b'?') => true,
        start => start.copied() == first,
    };
    let rows = PREFIXES.lines().filter(may);
    let fields = rows.map(|line| line.split('\t').collect::<Vec<_>>());
    let found = fields
        .filter(|row| row.len() > 3 && begins(text, row[0], row.get(4).copied().unwrap_or("")))
        .max_by_key(|row| row[0].len())?;
    let [issuer, sort, what] = [found[1], found[2], found[3]];
    let unfit = match sort {
        "refresh" => Some("a refresh token goes to the token endpoint, never to an API"),
        "client-secret" => Some("a client secret goes to the token endpoint, never to an API"),
        _ => None,
    };
    Some(Opaque {
        form: "opaque",
        what: Some(what.to_owned()),
        issuer: Some(issuer.to_owned()),
        unfit: unfit.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_line_has_its_fields_and_is_recognised() {
        for line in PREFIXES.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!(matches!(fields.len(), 4 | 5), "{line}");
            let start = fields[0].replace('?', "a");
            let found = read(&format!("{start}{}", "A".repeat(30)), None);
            assert_eq!(found.issuer.as_deref(), Some(fields[1]), "{line}");
        }
    }

    #[test]
    fn a_file_or_a_sentence_is_no_token() {
        for text in [
            "GET https://a.example/b",
            "{\"log\":{\"entries\":[]}}",
            "my token\nand more",
        ] {
            assert_eq!(read(text, None).form, "text", "{text}");
        }
        // Behind a scheme, what a header holds is judged as a header.
        assert_eq!(
            read("token=\"a\", mail=\"b\"", Some("Token")).form,
            "opaque"
        );
    }

    #[test]
    fn without_a_sign_it_is_an_ordinary_token() {
        for text in [
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "deadbeefdeadbeefdeadbeefdeadbeef",
        ] {
            assert_eq!(
                read(text, None),
                Opaque {
                    form: "opaque",
                    what: None,
                    issuer: None,
                    unfit: None
                }
            );
        }
    }

    #[test]
    fn refresh_tokens_and_secrets_are_unfit() {
        assert!(read("ghr_AAAAAAAA", None).unfit.is_some());
        assert!(
            read("a3Q8Q~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", None)
                .unfit
                .is_some()
        );
        assert!(read("a3Q8Q~tooshort", None).unfit.is_none());
        assert_eq!(
            read("AWS4-HMAC-SHA256 Credential=a/b", None).form,
            "signature"
        );
        assert!(read("dXNlcjpwYXNz", Some("Basic")).unfit.is_some());
    }
}
