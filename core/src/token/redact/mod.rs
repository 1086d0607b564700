//! Finds credentials in free text by their form and by what stands before them, so that what a server or a person wrote
//! can be shown. One reading for the excerpts of `explain` and for `scrub`; linear in the text.

mod names;
mod scan;
mod typed;
mod words;

use super::opaque::prefixes;
pub use names::{Weight, is_secret_name, weight};
pub use scan::secrets;
pub use typed::typed;
pub use words::{Strictness, is_id, is_random, is_uuid, is_wordy};

/// What stands where a credential was.
pub const MARK: &str = "<redacted>";

/// A credential by a weak name's value is at least so long; shorter ones are words.
const SHORTEST: usize = 8;

/// Whether a text stands for a value that somebody took out, such as `<opaque>`, `[REDACTED]`, `****`.
pub fn is_stand_in(text: &str) -> bool {
    text.starts_with('<') && text.ends_with('>') || text.contains('…') || tells_nothing(text)
}

/// Whether an id is a stand-in, one whose letters somebody overwrote (`xxxxxxxx-xxxx`), or the one of zeros.
pub fn is_hidden_id(text: &str) -> bool {
    is_stand_in(text) || is_made_of(text, "*xX.#0-")
}

fn is_made_of(text: &str, signs: &str) -> bool {
    text.len() > 2 && text.chars().all(|c| signs.contains(c))
}

/// Whether a stand-in leaves open what stood there: `[REDACTED]` may be a whole header, `<opaque>` is a token.
pub fn tells_nothing(stand_in: &str) -> bool {
    let bare = stand_in.trim_matches(['[', ']', '(', ')', '<', '>', '*', '_', '-']);
    let starred = is_made_of(stand_in, "*xX.");
    let words = ["redacted", "removed", "hidden", "filtered", "masked"];
    starred || words.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

/// Whether a stand-in tells which value it stands for, as those of `scrub` do: `<opaque;n1>` is the same value wherever
/// it stands in a text, and so is one with a digest.
pub fn is_one_value(stand_in: &str) -> bool {
    let numbered = stand_in.strip_suffix('>').and_then(|rest| {
        let (_, digits) = rest.rsplit_once(";n")?;
        (!digits.is_empty()).then(|| digits.bytes().all(|b| b.is_ascii_digit()))
    });
    numbered == Some(true) || stand_in.contains("sha256:")
}

/// The length of the numbered stand-in that a text starts with, as `scrub` writes them: `<uuid;n1>`,
/// `<opaque;up-to-64;n2>`.
pub fn numbered_at(text: &str) -> Option<usize> {
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'<') {
        return None;
    }
    let end = bytes.iter().take(LONGEST).position(|b| *b == b'>')?;
    let (inner, digits) = text[1..end].rsplit_once(";n")?;
    let word = |b: u8| b.is_ascii_alphanumeric() || b"-;_.".contains(&b) || !b.is_ascii();
    let numbered = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (numbered && !inner.is_empty() && inner.bytes().all(word)).then_some(end + 1)
}

/// Whether a numbered stand-in stands in a text: it was scrubbed.
pub fn has_numbered(text: &str) -> bool {
    let mut opened = memchr::memchr_iter(b'<', text.as_bytes());
    opened.any(|at| numbered_at(&text[at..]).is_some())
}

/// The text with every credential replaced that its form or its name betrays.
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

/// A URL as evidence may show it. The segment behind the name of a collection (`/users/00u1ab…`) is an object's id and
/// stays, unless it has the form of a credential; collections whose ids open something by themselves are no such.
pub fn url(text: &str) -> String {
    const OPENING: [&str; 9] = [
        "hook",
        "service",
        "token",
        "key",
        "secret",
        "session",
        "invit",
        "share",
        "credential",
    ];
    // Scheme and host are read together: `//` tells a host from other random text.
    let path = text.find("://").map_or(0, |at| {
        let host = at + 3;
        host + text[host..]
            .find(['/', '?', '#'])
            .unwrap_or(text.len() - host)
    });
    let (origin, path) = text.split_at(path);
    let mut before = "";
    let parts = path.split('/').map(|part| {
        let name = before.to_ascii_lowercase();
        let plural =
            name.ends_with('s') && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
        let is_id = plural && !OPENING.iter().any(|word| name.contains(word));
        before = part;
        let (id, rest) = part.split_at(part.find(['?', '#']).unwrap_or(part.len()));
        match is_id && !looks_secret(id) {
            true => id.to_owned() + &excerpt(rest),
            false => excerpt(part),
        }
    });
    excerpt(origin) + &parts.collect::<Vec<_>>().join("/")
}

/// The text as evidence may show it: beside credentials everything goes that is neither word nor code nor a small number.
pub fn excerpt(text: &str) -> String {
    let once = redact(text);
    let mut out = String::with_capacity(once.len());
    let edge = |c: char| c.is_whitespace() || "\"'`()[]{}<>,;|=&\\".contains(c);
    let mut rest = once.as_str();
    while let Some(first) = rest.chars().next() {
        let end = rest.find(edge).unwrap_or(rest.len());
        if end == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let word = &rest[..end];
        for piece in word.split_inclusive(['/', ':', '?', '#', '@', '%']) {
            let bare = piece.trim_end_matches(['/', ':', '?', '#', '@', '%']);
            let digits = bare.bytes().filter(u8::is_ascii_digit).count();
            let odd = bare.len() >= SHORTEST
                && !is_uuid(bare)
                && !is_wordy(bare, Strictness::Lenient)
                && (digits > 0 || bare.len() >= 12);
            let time = bare.len() <= 32
                && bare.as_bytes().get(4) == Some(&b'-')
                && bare.starts_with(|c: char| c.is_ascii_digit());
            let host = is_host(bare, out.ends_with("://"));
            out.push_str(if odd && !time && !host { MARK } else { bare });
            out.push_str(&piece[bare.len()..]);
        }
        rest = &rest[end..];
    }
    out
}

/// `d111.cdn.example.net`: labels in lower case, the last of letters; behind `://` also one label alone. A label in the
/// form of a credential is one.
fn is_host(text: &str, in_url: bool) -> bool {
    let top = text.rsplit('.').next().unwrap_or_default();
    let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
    let named = text.contains('.')
        && (2..=if in_url { 18 } else { 6 }).contains(&top.len())
        && top.bytes().all(|b| b.is_ascii_lowercase());
    let address = in_url && text.len() <= 20;
    (named || address) && text.bytes().all(sound) && !text.split('.').any(looks_secret)
}

/// A JWT, a base64-encoded one, or a known prefix with enough behind it.
pub fn looks_secret(word: &str) -> bool {
    let jwt = word.starts_with("ey")
        && word.contains('.')
        && word.len() >= 20
        && word.bytes().any(|b| b.is_ascii_uppercase())
        || word.starts_with("eyJ") && word.len() >= 16;
    let doubled = word.starts_with("ZXlK") && word.len() >= 40;
    jwt || doubled || prefixes(word).any(|prefix| carries(word, prefix))
}

/// A prefix that is a word or ends without a mark proves little: what follows must be no word.
fn carries(word: &str, prefix: &str) -> bool {
    let Some(rest) = word
        .strip_prefix(prefix)
        .filter(|rest| rest.len() >= SHORTEST)
    else {
        return false;
    };
    let bare = prefix.trim_end_matches(['_', '-']);
    let certain =
        bare.len() < prefix.len() && !(bare.len() > 4 && is_wordy(bare, Strictness::Strict));
    certain || !is_wordy(rest, Strictness::Strict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_objects_id_stays_in_a_url_and_what_opens_something_does_not() {
        let shown = "https://org.example/api/v1/users/00ub0oNGTSWTBKOLGLNR";
        assert_eq!(url(shown), shown);
        let id = "https://my.example/api/v2/users/auth0%7C5f7c8ec7c33c6c004bbafe82";
        assert_eq!(url(id), id);
        let hook = "https://my.example/hooks/00ub0oNGTSWTBKOLGLNRab12/x";
        assert!(!url(hook).contains("00ub0o"), "{}", url(hook));
        let token = "https://my.example/users/ghp_0123456789abcdefghij0123456789abcdef";
        assert!(!url(token).contains("0123456789abcdef"), "{}", url(token));
    }

    #[test]
    fn a_host_and_a_plus_stay_in_a_url_and_a_credential_in_their_place_does_not() {
        for shown in [
            "https://d111111abcdef8.cloudfront.net/v1/a+b/users",
            "https://dev-4xk2jf0q.eu.idp.example/api/v2/search/red+shoes+2024",
            "http://9f86d081884c:8080/v1/c++/x",
            "https://user-7f3k9q2w.api.example",
        ] {
            assert_eq!(url(shown), shown);
        }
        for (hidden, secret) in [
            (
                "https://ghp_0123456789abcdefghij0123456789abcdef.example/x",
                "0123456789abcdef",
            ),
            ("https://eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl/x", "eyJhbGci"),
            (
                "https://bob:hunter2-xyz@d111111abcdef8.cdn.example/x",
                "hunter2",
            ),
            (
                "https://api.example/v1/a+ghp_0123456789abcdefghij0123456789abcdef",
                "0123456789abcdef",
            ),
            (
                "https://api.example/a+b+Zk3mQ9xT7vLp2RsW8yBn/x",
                "Zk3mQ9xT7vLp2RsW8yBn",
            ),
            ("https://4f9c1e7a2b8d4c6e9f0a1b2c3d4e5f60/x", "4f9c1e7a"),
        ] {
            assert!(!url(hidden).contains(secret), "{}", url(hidden));
        }
    }

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
            ("{\"oauth_token\":\"abcd-efgh-word\"}", "abcd-efgh-word"),
            ("{\\\"private_token\\\": \\\"planted\\\"}", "planted"),
            ("secret_key=swordfish&x=1", "swordfish"),
            ("sessionToken: 'open sesame'", "sesame"),
            ("pwd='hunter2'", "hunter2"),
            (
                "-----BEGIN PRIVATE KEY-----\nabc\ndef\n-----END PRIVATE KEY-----",
                "abc",
            ),
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
            "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Access token has expired.\"}}",
            "{\"code\":\"Authorization_RequestDenied\",\"token\":\"expired\"}",
            "AxiosError ERR_BAD_REQUEST, code: 'ERR_BAD_REQUEST', PermissionDenied, code: UNAUTHORIZED",
            "connect to login.microsoftonline.com or https://api.mypurecloud.com/api/v2/users/me",
            "SignatureDoesNotMatch: the request signature we calculated does not match",
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
