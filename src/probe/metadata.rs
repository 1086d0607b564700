//! What an authorization server or a resource says of itself (RFC 8414, OpenID Connect Discovery 1.0, RFC 9728).

use serde_json::Value;
use url::Url;

/// The endpoints of an authorization server that are used here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// Where tokens are issued.
    pub(crate) token_endpoint: Option<Url>,
    /// Where tokens are looked at (RFC 7662).
    pub(crate) introspection_endpoint: Option<Url>,
    /// Where its keys are.
    pub(crate) jwks_uri: Option<Url>,
}

/// Why a document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadMetadata {
    /// It is not a JSON object.
    #[error("is not a JSON object")]
    NotJson,
    /// It speaks for another issuer (RFC 8414 §3.3).
    #[error("names the issuer {0}, not the one given; they must be equal (RFC 8414 §3.3)")]
    OtherIssuer(String),
    /// It speaks for another resource (RFC 9728 §3.3).
    #[error("names the resource {0}, not the one given; they must be equal (RFC 9728 §3.3)")]
    OtherResource(String),
}

/// Where an issuer's metadata may be: RFC 8414 §3.1 puts the well-known part before the path, `OpenID` Connect behind it.
pub(crate) fn places(issuer: &Url) -> [Url; 2] {
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
pub(crate) fn read(issuer: &str, text: &str) -> Result<Metadata, BadMetadata> {
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

/// Where a resource's metadata is: the well-known part stands between host and path (RFC 9728 §3.1). The address of
/// such a document itself is taken as it stands.
pub(crate) fn resource_place(resource: &Url) -> Url {
    const PART: &str = "/.well-known/oauth-protected-resource";
    let mut url = resource.clone();
    if !url.path().contains(PART) {
        url.set_path(&format!("{PART}{}", resource.path().trim_end_matches('/')));
    }
    url
}

/// The issuers whose tokens a resource takes; its own name must be the one asked for, exactly (RFC 9728 §3.3).
///
/// # Errors
/// Where the document is none, or another resource's.
pub(crate) fn resource_issuers(resource: &Url, text: &str) -> Result<Vec<String>, BadMetadata> {
    let value: Value = serde_json::from_str(text).map_err(|_| BadMetadata::NotJson)?;
    let own = value
        .get("resource")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let same =
        Url::parse(own).is_ok_and(|own| &own == resource || resource_place(&own) == *resource);
    if !same {
        return Err(BadMetadata::OtherResource(own.to_owned()));
    }
    let servers = value.get("authorization_servers").and_then(Value::as_array);
    let names = servers.into_iter().flatten().filter_map(Value::as_str);
    Ok(names.map(str::to_owned).collect())
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
    fn a_resource_names_its_issuers_only_in_its_own_document() {
        let resource = Url::parse("https://api.example/v1").expect("a URL");
        let place = resource_place(&resource);
        assert_eq!(
            place.as_str(),
            "https://api.example/.well-known/oauth-protected-resource/v1"
        );
        assert_eq!(resource_place(&place), place);
        let text = "{\"resource\":\"https://api.example/v1\",\"authorization_servers\":[\"https://as.example\"]}";
        assert_eq!(
            resource_issuers(&resource, text),
            Ok(vec!["https://as.example".to_owned()])
        );
        assert_eq!(
            resource_issuers(&place, text),
            Ok(vec!["https://as.example".to_owned()])
        );
        let other = Url::parse("https://api.example/v2").expect("a URL");
        assert!(resource_issuers(&other, text).is_err());
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
