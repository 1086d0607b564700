//! SD-JWT (RFC 9901): the issuer's JWT, then disclosures that count only where a digest in the token covers them.

use super::jwt::{Jose, read_compact};
use super::segment::{decode_segment, encode_segment};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Reads an SD-JWT (RFC 9901): the issuer's JWT, then `~disclosure~…`.
pub(super) fn read(text: &str) -> Option<Jose> {
    let mut parts = text.split('~');
    let Jose::Jws(mut jws) = read_compact(parts.next()?)? else {
        return None;
    };
    let covered = digests(
        jws.claims()
            .map(|c| Value::Object(c.clone()))
            .unwrap_or_default(),
    );
    let mut all = covered;
    let disclosures: Vec<&str> = parts
        .filter(|part| !part.is_empty() && !part.contains('.'))
        .collect();
    let mut listed = Vec::new();
    for disclosure in disclosures {
        let digest = encode_segment(&Sha256::digest(disclosure.as_bytes()));
        let value = decode_segment(disclosure, "disclosure", &mut Vec::new())
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Vec<Value>>(&bytes).ok());
        let name = match value.as_deref() {
            Some([_, name, value]) => {
                all.extend(digests(value.clone()));
                name.as_str().unwrap_or("?").to_owned()
            }
            Some([_, _]) => "(array element)".to_owned(),
            _ => "(unreadable)".to_owned(),
        };
        listed.push((name, digest));
    }
    let known = |digest: &String| all.contains(digest);
    jws.disclosures = Some(
        listed
            .into_iter()
            .map(|(name, digest)| (name, known(&digest)))
            .collect(),
    );
    Some(Jose::Jws(jws))
}

fn digests(value: Value) -> Vec<String> {
    match value {
        Value::Object(object) => object
            .into_iter()
            .flat_map(|(name, value)| match (name.as_str(), value) {
                ("_sd", Value::Array(list)) => strings(list),
                ("...", Value::String(digest)) => vec![digest],
                (_, value) => digests(value),
            })
            .collect(),
        Value::Array(list) => list.into_iter().flat_map(digests).collect(),
        _ => Vec::new(),
    }
}

fn strings(list: Vec<Value>) -> Vec<String> {
    list.into_iter()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect()
}
