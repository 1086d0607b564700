//! What sort of JWT this is: an access token, or one of the tokens people send in its place.

use super::media_type;
use serde_json::{Map, Value};

/// The sorts of JWT that differ in where they may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Says of itself that it is an access token (RFC 9068 `typ`, Keycloak `typ`, Cognito `token_use`).
    Access,
    /// An ID token: for the client that asked, never for an API (OpenID Connect Core §2).
    Id,
    /// A refresh token: for the token endpoint only.
    Refresh,
    /// A `DPoP` proof (RFC 9449 §4.2): belongs in the `DPoP` header.
    DpopProof,
    /// A logout or security event token (RFC 8417): a notice, not a credential.
    Event,
    /// A client assertion or JWT grant (RFC 7523): for the token endpoint only.
    Assertion,
    /// A key binding JWT (RFC 9901): proves possession of an SD-JWT's key.
    KeyBinding,
    /// No sign either way.
    Unmarked,
}

impl Sort {
    /// What it is, for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Access => "an access token",
            Self::Id => "an ID token: it tells the client who logged in, and no API may accept it",
            Self::Refresh => "a refresh token: it goes to the token endpoint, never to an API",
            Self::DpopProof => {
                "a DPoP proof: it belongs in the `DPoP` header, beside the token (RFC 9449 §4.2)"
            }
            Self::Event => {
                "a logout or security event token: a notice, not a credential (RFC 8417)"
            }
            Self::Assertion => {
                "a client assertion: it goes to the token endpoint, never to an API (RFC 7523)"
            }
            Self::KeyBinding => "a key binding JWT: it proves possession of a key (RFC 9901)",
            Self::Unmarked => "a JWT that does not say what kind it is",
        }
    }

    /// Whether an API may take it as an access token.
    pub fn is_for_apis(self) -> bool {
        matches!(self, Self::Access | Self::Unmarked)
    }
}

/// Tells the sort, and the sign that told it.
pub fn sort(header: &Map<String, Value>, claims: &Map<String, Value>) -> (Sort, String) {
    let typ = header
        .get("typ")
        .and_then(Value::as_str)
        .map(media_type)
        .unwrap_or_default();
    let by_typ = match typ.as_str() {
        "at+jwt" => Some(Sort::Access),
        "dpop+jwt" => Some(Sort::DpopProof),
        "logout+jwt" | "secevent+jwt" => Some(Sort::Event),
        "kb+jwt" => Some(Sort::KeyBinding),
        "client-authentication+jwt" => Some(Sort::Assertion),
        _ => None,
    };
    let said = explicit(claims);
    // A claim that rules APIs out is the stronger word: some issuers give every token the same header.
    if let Some(found) = said.as_ref().filter(|(sort, _)| !sort.is_for_apis()) {
        return found.clone();
    }
    if let Some(sort) = by_typ {
        return (sort, format!("header `typ` is `{typ}`"));
    }
    said.or_else(|| implied(claims))
        .unwrap_or((Sort::Unmarked, String::new()))
}

/// What `typ` (Keycloak) and `token_use` (Cognito) say outright.
fn explicit(claims: &Map<String, Value>) -> Option<(Sort, String)> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let said = |name: &str, sort| Some((sort, format!("claim `{name}` is `{}`", text(name))));
    match (text("typ"), text("token_use")) {
        ("Refresh" | "Offline", _) => said("typ", Sort::Refresh),
        ("ID", _) => said("typ", Sort::Id),
        ("Bearer", _) => said("typ", Sort::Access),
        (_, "id") => said("token_use", Sort::Id),
        (_, "access") => said("token_use", Sort::Access),
        _ => None,
    }
}

/// What other claims let conclude, where nothing says it outright.
fn implied(claims: &Map<String, Value>) -> Option<(Sort, String)> {
    let sign = ["at_hash", "c_hash", "nonce"]
        .into_iter()
        .find(|name| claims.contains_key(*name));
    if let Some(name) = sign {
        return Some((Sort::Id, format!("claim `{name}` belongs to ID tokens")));
    }
    if claims.contains_key("htm") && claims.contains_key("htu") {
        return Some((
            Sort::DpopProof,
            "claims `htm` and `htu` belong to DPoP proofs".into(),
        ));
    }
    claims
        .contains_key("events")
        .then(|| (Sort::Event, "claim `events` belongs to event tokens".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sort_of(header: &Value, claims: &Value) -> Sort {
        let object = |value: &Value| value.as_object().expect("object").clone();
        sort(&object(header), &object(claims)).0
    }

    #[test]
    fn marks_tell_tokens_that_no_api_takes() {
        let jwt = json!({"typ": "JWT"});
        assert_eq!(
            sort_of(&jwt, &json!({"nonce": "n", "aud": "client"})),
            Sort::Id
        );
        assert_eq!(
            sort_of(&jwt, &json!({"at_hash": "h", "scope": "a"})),
            Sort::Id
        );
        assert_eq!(
            sort_of(&json!({"typ": "at+jwt"}), &json!({"typ": "Refresh"})),
            Sort::Refresh
        );
        assert_eq!(
            sort_of(&json!({"typ": "dpop+JWT"}), &json!({})),
            Sort::DpopProof
        );
    }

    #[test]
    fn an_access_token_with_a_nonce_stays_one_where_it_says_so() {
        assert_eq!(
            sort_of(&json!({}), &json!({"typ": "Bearer", "nonce": "n"})),
            Sort::Access
        );
        assert_eq!(
            sort_of(
                &json!({"typ": "application/at+JWT"}),
                &json!({"nonce": "n"})
            ),
            Sort::Access
        );
        assert_eq!(sort_of(&json!({}), &json!({"scope": "a"})), Sort::Unmarked);
    }
}
