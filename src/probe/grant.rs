//! Token requests (RFC 6749 §4.4) and introspection (RFC 7662 §2): what is sent, and what comes back.

use super::{ProbeRequest, Refused, route};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::Url;
use why401_core::http::Role;
use why401_core::token::Secret;

/// A client's own credentials.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// Its id.
    pub(crate) id: String,
    /// Its secret.
    pub(crate) secret: Secret,
}

/// How a client shows who it is (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// HTTP Basic.
    Basic,
    /// Members of the form.
    Form,
}

/// A request for a token by client credentials.
///
/// # Errors
/// Where the endpoint may not be asked.
pub(crate) fn token(
    endpoint: &Url,
    client: &Client,
    scope: Option<&str>,
    by: By,
) -> Result<ProbeRequest, Refused> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if let Some(scope) = scope {
        form.append_pair("scope", scope);
    }
    let ask = post(endpoint, client, form, by)?;
    Ok(ProbeRequest {
        role: Role::Grant,
        ..ask
    })
}

/// A question about a token.
///
/// # Errors
/// Where the endpoint may not be asked.
pub(crate) fn introspection(
    endpoint: &Url,
    client: &Client,
    token: &Secret,
    by: By,
) -> Result<ProbeRequest, Refused> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose());
    post(endpoint, client, form, by)
}

fn post(
    endpoint: &Url,
    client: &Client,
    mut form: url::form_urlencoded::Serializer<'_, String>,
    by: By,
) -> Result<ProbeRequest, Refused> {
    route(endpoint)?;
    let mut headers = vec![
        ("Accept".to_owned(), "application/json".to_owned()),
        (
            "Content-Type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        ),
    ];
    match by {
        By::Basic => {
            // Id and secret are form-encoded before they are joined (RFC 6749 §2.3.1).
            let coded = |text: &str| {
                url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
            };
            let pair = format!("{}:{}", coded(&client.id), coded(client.secret.expose()));
            headers.push((
                "Authorization".to_owned(),
                format!("Basic {}", STANDARD.encode(pair)),
            ));
        }
        By::Form => {
            form.append_pair("client_id", &client.id);
            form.append_pair("client_secret", client.secret.expose());
        }
    }
    Ok(ProbeRequest {
        role: Role::Document,
        method: "POST".to_owned(),
        url: endpoint.clone(),
        token: false,
        headers,
        body: Some(form.finish().into_bytes()),
        stands_for: None,
        nonce: None,
    })
}

/// A token endpoint's answer (RFC 6749 §5.1).
#[derive(Debug)]
pub(crate) struct Granted {
    /// The token.
    pub(crate) token: Secret,
    /// What was granted, where it differs from what was asked.
    pub(crate) scope: Option<String>,
    /// How many seconds it lives, where that was told (`expires_in`).
    pub(crate) lifetime: Option<i64>,
}

/// Reads a token answer; `None` where it holds no token.
pub(crate) fn granted(body: &str) -> Option<Granted> {
    let value: Value = serde_json::from_str(body).ok()?;
    Some(Granted {
        token: Secret::new(value.get("access_token")?.as_str()?.to_owned()),
        scope: value
            .get("scope")
            .and_then(Value::as_str)
            .map(str::to_owned),
        lifetime: value.get("expires_in").and_then(Value::as_i64),
    })
}

/// What introspection told (RFC 7662 §2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Introspected {
    /// Whether the token is active.
    pub(crate) active: bool,
    /// Its scopes, where they were told.
    pub(crate) scope: Option<String>,
}

/// Reads an introspection answer; `None` where it is none.
pub(crate) fn introspected(body: &str) -> Option<Introspected> {
    let value: Value = serde_json::from_str(body).ok()?;
    Some(Introspected {
        active: value.get("active")?.as_bool()?,
        scope: value
            .get("scope")
            .and_then(Value::as_str)
            .map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_secret_are_encoded_before_they_are_joined() {
        let client = Client {
            id: "a:b".to_owned(),
            secret: Secret::new("s p%".to_owned()),
        };
        let endpoint = Url::parse("https://as.example/token").expect("a URL");
        let ask = token(&endpoint, &client, Some("a b"), By::Basic).expect("a request");
        let basic = ask.headers.iter().find(|(name, _)| name == "Authorization");
        let basic = basic
            .and_then(|(_, value)| value.strip_prefix("Basic "))
            .expect("Basic");
        assert_eq!(STANDARD.decode(basic).expect("base64"), b"a%3Ab:s+p%25");
        assert_eq!(
            ask.body.as_deref(),
            Some(&b"grant_type=client_credentials&scope=a+b"[..])
        );
        assert!(!format!("{ask:?}").contains("s+p"), "{ask:?}");
        let form = token(&endpoint, &client, None, By::Form).expect("a request");
        assert!(form.headers.iter().all(|(name, _)| name != "Authorization"));
    }
}
