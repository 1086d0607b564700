//! The credential: read leniently from what people paste, never verified here, never printed.

mod clean;
mod flaw;
mod header_flaws;
pub mod json;
mod jwt;
mod opaque;
mod proof;
pub mod redact;
mod rights;
mod sd_jwt;
mod secret;
mod segment;
mod sort;
pub(crate) mod spelled;
mod time;
mod verify;

pub use clean::Wrapping;
pub use flaw::Flaw;
pub use jwt::{Damaged, Jose, Jws, Payload};
pub use opaque::{Opaque, known_prefix};
pub use proof::{Proof, ProofKey};
pub use rights::{Principal, Rights, principal, rights};
pub use secret::Secret;
pub use sort::{Sort, sort};
pub use spelled::Sought;
pub use time::{Date, LAST_DATE, Seconds, date};
pub use verify::{Keys, Signature, verify};

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// A header line longer than this many bytes is refused by many servers (431, 400) or cut.
pub const HEADER_LIMIT: usize = 8 * 1024;

/// What the credential is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// Nothing was given.
    Absent,
    /// Readable.
    Jws(Box<Jws>),
    /// Encrypted: only the header is readable.
    Jwe(Map<String, Value>),
    /// Nothing to read.
    Opaque(Opaque),
    /// A word a client sent in place of a token (`null`, `undefined`, `$TOKEN`).
    Literal(String),
    /// A JWT that lost something.
    Damaged(Damaged),
    /// Not one credential at all.
    Broken(&'static str),
    /// Only a claims set was given, already decoded.
    Claims(Map<String, Value>),
    /// There was one, and it was taken out of the evidence: `jwt`, `opaque` or `redacted`.
    Hidden(&'static str),
}

/// A credential, read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Token {
    /// What it is.
    pub form: Form,
    /// The authentication scheme that stood before it.
    pub scheme: Option<String>,
    /// What was stripped to read it.
    pub wrapping: Vec<Wrapping>,
    /// The `scope` of the token answer it was taken from (RFC 6749 §5.1).
    pub answered_scope: Option<String>,
    /// The cleaned credential.
    pub secret: Secret,
}

impl Token {
    /// Reads whatever people have. Never fails: what had to be forgiven is in `wrapping` and in the form.
    pub fn read(bytes: &[u8]) -> Self {
        let cleaned = clean::clean(bytes);
        let mut wrapping = cleaned.wrapping;
        let form = match cleaned.broken {
            Some(why) => Form::Broken(why),
            None => form_of(&cleaned.text, cleaned.scheme.as_deref(), &mut wrapping),
        };
        Self {
            form,
            scheme: cleaned.scheme,
            wrapping,
            answered_scope: cleaned.answered_scope,
            secret: Secret::new(cleaned.text),
        }
    }

    /// A claims set without its token.
    pub fn from_claims(claims: Map<String, Value>) -> Self {
        Self {
            form: Form::Claims(claims),
            ..Self::absent()
        }
    }

    /// A credential that was taken out of the evidence; `kind` is `jwt` or `opaque` where that is known.
    pub fn hidden(kind: Option<&str>) -> Self {
        let name = match kind {
            Some("jwt") => "jwt",
            Some("opaque") => "opaque",
            _ => "redacted",
        };
        Self {
            form: Form::Hidden(name),
            ..Self::absent()
        }
    }

    /// What a stand-in still tells: `<jwt>`, `<opaque>`, `<opaque;ghp_…>`, `<damaged;…>`, `<redacted>`.
    pub fn stand_in(text: &str) -> Self {
        let mut parts = text.trim_matches(['<', '>']).split(';');
        let kind = parts.next();
        let form = match kind {
            Some("damaged") => Some(Form::Damaged(Damaged {
                why: "its stand-in says so".to_owned(),
                header: None,
            })),
            Some("broken") => Some(Form::Broken("its stand-in says so")),
            Some("jwe") => Some(Form::Jwe(Map::new())),
            _ => None,
        };
        if let Some(form) = form {
            return Self {
                form,
                ..Self::absent()
            };
        }
        match parts.find_map(|part| part.strip_suffix('…')) {
            Some(prefix) => Self {
                form: Form::Opaque(opaque::read(prefix, None)),
                ..Self::absent()
            },
            None => Self::hidden(kind),
        }
    }

    /// No credential.
    pub fn absent() -> Self {
        Self {
            form: Form::Absent,
            scheme: None,
            wrapping: Vec::new(),
            answered_scope: None,
            secret: Secret::new(String::new()),
        }
    }

    /// The claims, where they can be read.
    pub fn claims(&self) -> Option<&Map<String, Value>> {
        match &self.form {
            Form::Jws(jws) => jws.claims(),
            Form::Claims(claims) => Some(claims),
            _ => None,
        }
    }

    /// The JOSE header, where there is one.
    pub fn header(&self) -> Option<&Map<String, Value>> {
        match &self.form {
            Form::Jws(jws) => Some(&jws.header),
            Form::Jwe(header) => Some(header),
            Form::Damaged(damaged) => damaged.header.as_ref(),
            _ => None,
        }
    }

    /// Whether the token itself can be read, by anyone.
    pub fn is_readable(&self) -> bool {
        self.claims().is_some()
    }

    /// The form's name in reports.
    pub fn form_name(&self) -> &'static str {
        match &self.form {
            Form::Absent => "absent",
            Form::Jws(jws) if jws.claims().is_some() => "jwt",
            Form::Jws(jws) if matches!(jws.payload, Payload::Broken(_) | Payload::NotObject(_)) => {
                "malformed"
            }
            Form::Jws(_) => "jws",
            Form::Jwe(_) => "jwe",
            Form::Opaque(opaque) => opaque.form,
            Form::Claims(_) => "claims",
            Form::Hidden(name) => name,
            Form::Literal(_) | Form::Damaged(_) | Form::Broken(_) => "malformed",
        }
    }

    /// Whether its signature was taken out: then the text is not the token.
    fn is_cleaned(&self) -> bool {
        let text = self.secret.expose();
        let signature = text.rsplit_once('.').map_or("", |(_, last)| last);
        matches!(self.form, Form::Jws(_)) && redact::tells_nothing(signature.trim_end_matches('-'))
    }

    /// The first 16 hex digits of SHA-256 of the cleaned credential: the same in every log, and not reversible
    /// for a token of full entropy. None where nothing secret is there.
    pub fn fingerprint(&self) -> Option<String> {
        if matches!(
            self.form,
            Form::Absent | Form::Literal(_) | Form::Claims(_) | Form::Broken(_) | Form::Hidden(_)
        ) || self.secret.expose().is_empty()
            || self.is_cleaned()
        {
            return None;
        }
        let digest = Sha256::digest(self.secret.expose().as_bytes());
        let hex: String = digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Some(format!("sha256:{hex}"))
    }
}

fn form_of(text: &str, scheme: Option<&str>, wrapping: &mut Vec<Wrapping>) -> Form {
    if text.is_empty() {
        return Form::Absent;
    }
    // A stand-in with its length and number, which `scrub` writes; a bare `<token>` is a placeholder of somebody's.
    if text.starts_with('<') && text.ends_with('>') && text.contains(";n") {
        return Token::stand_in(text).form;
    }
    if let Some(name) = literal(text) {
        return Form::Literal(name);
    }
    if let Some(inner) = jwt::wrapped_in_base64(text) {
        wrapping.push(Wrapping {
            text: "it was base64-encoded a second time (decoded once)".into(),
            harmful: true,
        });
        return form_of(&inner, scheme, wrapping);
    }
    let jose = if text.starts_with('{') {
        jwt::read_json(text)
    } else if text.contains('~') && text.starts_with("ey") {
        sd_jwt::read(text)
    } else {
        jwt::read_compact(text)
    };
    match jose {
        Some(Jose::Jws(jws)) => Form::Jws(jws),
        Some(Jose::Jwe(header)) => Form::Jwe(header),
        Some(Jose::Damaged(damaged)) => Form::Damaged(damaged),
        None => not_jose(text, scheme),
    }
}

fn not_jose(text: &str, scheme: Option<&str>) -> Form {
    if text.bytes().all(|b| b == b'.') {
        return Form::Damaged(Damaged {
            why: "it consists of dots only".into(),
            header: None,
        });
    }
    // A lone JOSE header is 'eyJ' + base64url of `…}`: a cut copy, not an opaque token.
    if text.starts_with("eyJ") && jwt::starts_like_jose(text) {
        return Form::Damaged(Damaged {
            why: "only the start of a JWT is there: the token was cut".into(),
            header: None,
        });
    }
    Form::Opaque(opaque::read(text, scheme))
}

/// A placeholder or a language's word for nothing; its name for the report.
fn literal(text: &str) -> Option<String> {
    const WORDS: [&str; 10] = [
        "null",
        "undefined",
        "none",
        "nil",
        "nan",
        "true",
        "false",
        "[object object]",
        "(null)",
        "redacted",
    ];
    let lower = text.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) {
        return Some(format!("the word `{text}`"));
    }
    // A page begins and ends like a placeholder, and has more of them.
    let wrapped = |open: &str, close: &str| {
        let inner = lower
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| !inner.contains(['<', '>']))
    };
    let placeholder = [
        ("<", ">"),
        ("{{", "}}"),
        ("${", "}"),
        ("[", "]"),
        ("%", "%"),
    ]
    .into_iter()
    .any(|(o, c)| wrapped(o, c));
    let variable = text
        .strip_prefix('$')
        .is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    let starred = text.len() >= 3
        && text.contains(['*', 'x', 'X'])
        && text.bytes().all(|b| matches!(b, b'*' | b'x' | b'X' | b'.'));
    (placeholder || variable || starred)
        .then(|| "a placeholder that was never filled in".to_owned())
}

/// A media type for comparing: lower case, `application/` dropped (RFC 7515 §4.1.9).
fn media_type(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    lower
        .strip_prefix("application/")
        .map(str::to_owned)
        .unwrap_or(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_jwt_is_not_opaque_and_an_opaque_token_is_not_damaged() {
        let form = |text: &str| Token::read(text.as_bytes()).form_name();
        assert_eq!(form("eyJhbGciOiJSUzI1NiJ9"), "malformed");
        assert_eq!(form("eyJhbGciOiJSUzI1NiJ9.e30.c2ln.x"), "malformed");
        assert_eq!(form("eyJhbGciOiJSUzI1NiJ9.{.c2ln"), "malformed");
        assert_eq!(form("eyJhbGciOiJSUzI1NiJ9.e30.c2ln"), "jwt");
        assert_eq!(form("a.b.c"), "opaque");
        assert_eq!(form("Hd83hd-83hd_oaue8"), "opaque");
        assert_eq!(form("undefined"), "malformed");
        assert_eq!(form("<your token>"), "malformed");
        assert_eq!(
            form("<!DOCTYPE html><html><body>Sign in</body></html>"),
            "text"
        );
        assert_eq!(form("Bearer "), "absent");
    }

    #[test]
    fn a_literal_has_no_fingerprint() {
        assert_eq!(Token::read(b"null").fingerprint(), None);
        assert_eq!(
            Token::read(b"abc").fingerprint().as_deref(),
            Some("sha256:ba7816bf8f01cfea")
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_read(text in "\\PC{0,200}") {
            let _ = Token::read(text.as_bytes());
        }

        #[test]
        fn any_compact_form_can_be_read(text in "[A-Za-z0-9_.~=-]{0,80}") {
            let _ = Token::read(format!("eyJ{text}").as_bytes());
        }
    }
}
