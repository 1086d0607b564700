//! Where issuers put rights and what sort of principal they name; one reading of all the claim shapes.

use crate::scope::{ScopeFlaw, ScopeSet};
use serde_json::{Map, Value};

/// What the token says it may do. Absent and empty differ: `None` names no claim at all.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Rights {
    /// The scopes, from the one claim that was used.
    pub scopes: Option<ScopeSet>,
    /// `claim scope`, `claim scp` ...: where they came from.
    pub from: Option<String>,
    /// Flaws of the scope text (RFC 6749 §3.3).
    pub flaws: Vec<ScopeFlaw>,
    /// Wrong shapes, and claims that look like scopes and were not used.
    pub remarks: Vec<String>,
}

/// Claims that hold scopes, in the order in which they are taken.
const SCOPE_CLAIMS: [&str; 3] = ["scope", "scp", "scopes"];
/// Claims that hold rights of another vocabulary, used only where no scope claim is there.
const OTHER_CLAIMS: [&str; 3] = ["permissions", "roles", "authorities"];
/// Claims that are listed as seen, never used as scopes.
const LOOK_ALIKES: [&str; 6] = [
    "groups",
    "entitlements",
    "cognito:groups",
    "wids",
    "realm_access",
    "resource_access",
];

/// Reads the rights out of a claims set (who writes which claim: RFC 9068 §2.2.3, RFC 8693 §4.2, vendors' documents).
pub fn rights(claims: &Map<String, Value>) -> Rights {
    let mut out = Rights::default();
    for name in SCOPE_CLAIMS.into_iter().chain(OTHER_CLAIMS) {
        let Some(value) = claims.get(name) else {
            continue;
        };
        if out.from.is_none() {
            take(&mut out, name, value);
        } else {
            out.remarks.push(format!(
                "claim `{name}` is there too and was not used: {}",
                summary(value)
            ));
        }
    }
    for name in LOOK_ALIKES
        .into_iter()
        .filter(|name| claims.contains_key(*name))
    {
        out.remarks.push(format!(
            "claim `{name}` lists rights of another kind and was not read as scopes: {}",
            summary(&claims[name])
        ));
    }
    if claims.contains_key("_claim_names") || claims.get("hasgroups").is_some() {
        out.remarks.push(
            "the issuer left the groups out of the token (too many); they must be requested separately".into(),
        );
    }
    match claims.get("authorization_details") {
        Some(Value::Array(list)) => out.remarks.push(format!(
            "claim `authorization_details` has {} item(s) (RFC 9396): they can grant what no scope names",
            list.len()
        )),
        Some(_) => out.remarks.push("claim `authorization_details` is not a list (RFC 9396 §9.1)".into()),
        None => {}
    }
    out
}

fn take(out: &mut Rights, name: &str, value: &Value) {
    match value {
        Value::String(text) => {
            let (set, flaws) = ScopeSet::read(text);
            out.flaws = flaws;
            out.use_claim(name, set);
        }
        Value::Array(items) => {
            let words: Vec<&str> = items
                .iter()
                .filter_map(Value::as_str)
                .filter(|w| !w.is_empty())
                .collect();
            if words.len() < items.len() {
                out.remarks.push(format!(
                    "claim `{name}` lists {} item(s) that are not text; they were left out",
                    items.len() - words.len()
                ));
            }
            if name == "scope" {
                out.remarks.push("claim `scope` is a list; RFC 8693 §4.2 has one space-separated string, and some servers then see no scope".into());
            }
            let spaced = words.iter().filter(|w| w.contains(' ')).count();
            if spaced > 0 {
                out.remarks.push(format!("claim `{name}` has {spaced} element(s) with a space: kept whole here, split by other readers"));
            }
            out.flaws = words
                .iter()
                .flat_map(|w| crate::scope::flaws_of(w))
                .collect();
            // Spring writes a scope as an authority with this prefix.
            let bare = |w: &&str| {
                w.strip_prefix("SCOPE_")
                    .filter(|_| name == "authorities")
                    .unwrap_or(w)
                    .to_owned()
            };
            out.use_claim(name, words.iter().map(bare).collect());
        }
        _ => out.remarks.push(format!(
            "claim `{name}` is {}: no scope was read from it",
            type_name(value)
        )),
    }
}

impl Rights {
    fn use_claim(&mut self, name: &str, set: ScopeSet) {
        self.scopes = Some(set);
        self.from = Some(format!("claim {name}"));
    }
}

fn summary(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", shorten(text)),
        Value::Array(items) => {
            let words: Vec<String> = items
                .iter()
                .take(5)
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                .collect();
            let more = if items.len() > 5 {
                format!(" and {} more", items.len() - 5)
            } else {
                String::new()
            };
            format!("`{}`{more}", shorten(&words.join("` `")))
        }
        other => shorten(&other.to_string()),
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(160).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What sort of principal the token speaks for, as far as its claims show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Principal {
    /// A person; the sign that told.
    User(String),
    /// An application of its own right (client credentials); the sign that told.
    Application(String),
    /// No sign.
    Unknown,
}

/// Tells the principal from vendor-neutral marks (`idtyp`, `gty`, `scp` against `roles`, `sub` equal to the client).
pub fn principal(claims: &Map<String, Value>) -> Principal {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let grant = text("gty").or(text("grant_type")).or(text("grant"));
    match (text("idtyp"), grant) {
        (Some("app"), _) => return Principal::Application("claim `idtyp` is `app`".into()),
        (Some("user"), _) => return Principal::User("claim `idtyp` is `user`".into()),
        (_, Some(grant))
            if grant
                .replace('-', "_")
                .eq_ignore_ascii_case("client_credentials") =>
        {
            return Principal::Application("the claims name the client credentials grant".into());
        }
        _ => {}
    }
    let client = text("client_id")
        .or(text("azp"))
        .or(text("cid"))
        .or(text("appid"));
    if let (Some(sub), Some(client)) = (text("sub"), client)
        && sub == client
    {
        return Principal::Application("claim `sub` is the client itself (RFC 9068 §2.2)".into());
    }
    if text("preferred_username").is_some_and(|name| name.starts_with("service-account-")) {
        return Principal::Application("claim `preferred_username` names a service account".into());
    }
    if claims.contains_key("roles")
        && !claims.contains_key("scp")
        && text("appidacr").or(text("azpacr")).is_some()
    {
        return Principal::Application("claim `roles` without `scp`: an app-only token".into());
    }
    let person = ["uid", "preferred_username", "upn", "email", "unique_name"]
        .into_iter()
        .find(|n| claims.contains_key(*n));
    person.map_or(Principal::Unknown, |name| {
        Principal::User(format!("claim `{name}` names a person"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> Rights {
        rights(value.as_object().expect("object"))
    }

    #[test]
    fn absent_and_empty_differ() {
        assert_eq!(read(&json!({})).scopes, None);
        assert_eq!(
            read(&json!({"scope": ""})).scopes,
            Some(ScopeSet::default())
        );
    }

    #[test]
    fn the_used_claim_and_the_ignored_ones_are_named() {
        let both = read(&json!({"scope": "a b", "scp": ["c"], "groups": ["g"]}));
        assert_eq!(both.from.as_deref(), Some("claim scope"));
        assert_eq!(both.scopes.expect("scopes").to_vec(), ["a", "b"]);
        assert_eq!(both.remarks.len(), 2);
    }

    #[test]
    fn wrong_shapes_are_remarked_and_never_guessed() {
        for odd in [json!(null), json!(7), json!(true), json!({"a": 1})] {
            let read = read(&json!({ "scope": odd }));
            assert_eq!(read.scopes, None);
            assert_eq!(read.remarks.len(), 1);
        }
        let mixed = read(&json!({"scope": ["a", 1]}));
        assert_eq!(mixed.scopes.expect("scopes").to_vec(), ["a"]);
    }

    #[test]
    fn client_credentials_show_in_several_ways() {
        for claims in [
            json!({"idtyp": "app"}),
            json!({"gty": "client-credentials"}),
            json!({"sub": "c1", "client_id": "c1"}),
        ] {
            assert!(matches!(
                principal(claims.as_object().expect("object")),
                Principal::Application(_)
            ));
        }
        assert_eq!(
            principal(json!({"sub": "u"}).as_object().expect("object")),
            Principal::Unknown
        );
    }
}
