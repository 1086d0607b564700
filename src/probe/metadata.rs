//! What an authorization server or a resource says of itself (RFC 8414, OpenID Connect Discovery 1.0, RFC 9728).

use serde_json::Value;
use url::Url;

/// The endpoints of an authorization server that are used here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Where tokens are issued.
    pub token_endpoint: Option<Url>,
    /// Where tokens are looked at (RFC 7662).
    pub introspection_endpoint: Option<Url>,
    /// Where its keys are.
    pub jwks_uri: Option<Url>,
}

/// Why a document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMetadata {
    /// It is no JSON object.
    #[error("is no JSON object")]
    NotJson,
    /// It speaks for another issuer (RFC 8414 §3.3).
    #[error(
        "speaks for the issuer {0}, which is not the one asked for; it must be equal (RFC 8414 §3.3)"
    )]
    OtherIssuer(String),
}

/// Where an issuer's metadata may be: RFC 8414 §3.1 puts the well-known part before the path, `OpenID` Connect behind it.
pub fn places(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        url
    };
    [
        at(format!("{path}/.well-known/openid-configuration")),
        at(format!("/.well-known/oauth-authorization-server{path}")),
    ]
}

/// Reads an issuer's metadata; the issuer that it names must be the one asked for, exactly.
///
/// # Errors
/// Where it is none, or another's.
pub fn read(issuer: &str, text: &str) -> Result<Metadata, BadMetadata> {
    let value: Value = serde_json::from_str(text).map_err(|_| BadMetadata::NotJson)?;
    let own = value
        .get("issuer")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !value.is_object() {
        return Err(BadMetadata::NotJson);
    }
    if own != issuer {
        return Err(BadMetadata::OtherIssuer(own.to_owned()));
    }
    let url = |name: &str| Url::parse(value.get(name)?.as_str()?).ok();
    Ok(Metadata {
        token_endpoint: url("token_endpoint"),
        introspection_endpoint: url("introspection_endpoint"),
        jwks_uri: url("jwks_uri"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_well_known_part_goes_before_or_behind_the_path() {
        let issuer = Url::parse("https://as.example/tenant/").expect("a URL");
        let places = places(&issuer).map(|url| url.to_string());
        assert_eq!(
            places[0],
            "https://as.example/tenant/.well-known/openid-configuration"
        );
        assert_eq!(
            places[1],
            "https://as.example/.well-known/oauth-authorization-server/tenant"
        );
    }

    #[test]
    fn metadata_of_another_issuer_is_discarded() {
        let text = "{\"issuer\":\"https://a.example\",\"token_endpoint\":\"https://a.example/t\"}";
        let parsed = |issuer: &str| read(issuer, text);
        assert!(
            parsed("https://a.example")
                .expect("metadata")
                .token_endpoint
                .is_some()
        );
        assert!(matches!(
            parsed("https://a.example/"),
            Err(BadMetadata::OtherIssuer(_))
        ));
        assert_eq!(read("x", "[1]"), Err(BadMetadata::NotJson));
    }
}
