//! What was found once is looked for everywhere: raw, percent-encoded, in base64.

use super::{Survived, Work};
use crate::token::redact::MARK;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Shorter secrets are not searched for: they would be found by chance. In characters.
pub(super) const SHORTEST: usize = 12;

impl Work {
    /// Remembers a part of a credential that is as secret as the whole: a signature.
    pub(super) fn remember_part(&mut self, part: &str, place: &str) {
        if part.len() >= SHORTEST && !self.known.iter().any(|(own, _)| own == part) {
            self.known.push((part.to_owned(), place.to_owned()));
        }
    }
}

/// The forms in which a secret can stand in a text.
fn forms(secret: &str) -> Vec<(String, &'static str)> {
    let mut out = vec![(secret.to_owned(), "raw")];
    let upper = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    // Encoders leave different marks alone: all encoded, or those of RFC 3986 §2.3 left.
    let usual = ["%2D", "%2E", "%5F", "%7E"]
        .iter()
        .zip(["-", ".", "_", "~"]);
    let common = usual.fold(upper.clone(), |text, (code, plain)| {
        text.replace(code, plain)
    });
    for encoded in [
        upper.clone(),
        common.clone(),
        common.to_ascii_lowercase(),
        common.replace("%20", "+"),
    ] {
        if encoded != secret && encoded.len() != secret.len() {
            out.push((encoded, "percent-encoded"));
        }
    }
    let escaped = secret.replace('\\', "\\\\").replace('"', "\\\"");
    out.push((escaped.clone(), "in JSON"));
    out.push((secret.replace('/', "\\/"), "in JSON"));
    for offset in 0..3 {
        for core in base64_cores(secret, offset) {
            out.push((core, "base64"));
        }
    }
    out.retain(|(text, _)| text.len() >= SHORTEST);
    out.dedup_by(|a, b| a.0 == b.0);
    out
}

/// The characters of base64 that depend on the secret alone, for its start at that offset of three bytes.
fn base64_cores(secret: &str, offset: usize) -> Vec<String> {
    let mut bytes = vec![0_u8; offset];
    bytes.extend_from_slice(secret.as_bytes());
    let start = (offset * 8).div_ceil(6);
    let end = bytes.len() * 8 / 6;
    [
        STANDARD_NO_PAD.encode(&bytes),
        URL_SAFE_NO_PAD.encode(&bytes),
    ]
    .into_iter()
    .filter_map(|text| text.get(start..end).map(str::to_owned))
    .collect()
}

/// Replaces every known secret wherever it still stands; in base64 the whole run goes.
pub(super) fn replace(mut text: String, work: &mut Work) -> String {
    let mut known = work.known.clone();
    // The longest first: a part must not leave the rest of the whole behind.
    known.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
    for (secret, place) in known {
        for (form, kind) in forms(&secret) {
            while let Some(at) = memchr::memmem::find(text.as_bytes(), form.as_bytes()) {
                let (start, end) = if kind == "base64" {
                    run_around(&text, at, form.len())
                } else {
                    (at, at + form.len())
                };
                text.replace_range(start..end, MARK);
                *work
                    .removed
                    .entry(format!("{place}, repeated elsewhere"))
                    .or_default() += 1;
            }
        }
    }
    text
}

/// The run of base64 characters around a place.
fn run_around(text: &str, at: usize, length: usize) -> (usize, usize) {
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(b);
    let bytes = text.as_bytes();
    let before = bytes[..at]
        .iter()
        .rev()
        .take_while(|b| is_base64(b))
        .count();
    let after = bytes[at + length..]
        .iter()
        .take_while(|b| is_base64(b))
        .count();
    (at - before, at + length + after)
}

/// Reads the result again: nothing that was found may be left.
pub(super) fn verify(text: &str, work: &Work) -> Result<(), Survived> {
    for (secret, place) in &work.known {
        for (form, kind) in forms(secret) {
            if memchr::memmem::find(text.as_bytes(), form.as_bytes()).is_some() {
                return Err(Survived {
                    place: place.clone(),
                    form: kind,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_base64_at_every_offset() {
        let secret = "kD83hdKq-83hd_oaue8XyZ";
        for before in ["", "a", "ab", "abc"] {
            let text =
                base64::engine::general_purpose::STANDARD.encode(format!("{before}{secret}zz"));
            assert!(
                forms(secret)
                    .iter()
                    .any(|(form, _)| text.contains(form.as_str())),
                "{before}"
            );
        }
    }

    #[test]
    fn what_survives_is_named_by_its_place() {
        let mut work = Work::default();
        work.remove("header authorization", "kD83hdKq-83hd_oaue8XyZ");
        let found = verify("x kD83hdKq-83hd_oaue8XyZ y", &work).unwrap_err();
        assert!(
            !found.to_string().contains("kD83")
                && found.to_string().contains("header authorization")
        );
    }
}
