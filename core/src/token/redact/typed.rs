//! What a person typed, made fit to be repeated in a suggested command.

use url::Url;

/// A value as it was typed, without what may be secret in it: a URL without query and user, a text without what looks like a credential.
pub fn typed(text: &str) -> String {
    let url = Url::parse(text).ok().filter(Url::has_host);
    let Some(mut url) = url.filter(|_| text.contains("://")) else {
        let path = text.split('?').next().unwrap_or_default();
        return super::redact(if text.starts_with('/') { path } else { text });
    };
    url.set_query(None);
    url.set_fragment(None);
    // Only URLs that cannot have a user refuse this, and they have none.
    let _ = (url.set_username(""), url.set_password(None));
    let plain = super::redact(url.as_str());
    match text
        .trim_end_matches('/')
        .ends_with(url.host_str().unwrap_or_default())
    {
        true => plain.trim_end_matches('/').to_owned(),
        false => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn what_may_be_secret_is_not_repeated() {
        assert_eq!(
            typed("https://u:p@a.example/b?token=x#y"),
            "https://a.example/b"
        );
        assert_eq!(typed("/a?access_token=1"), "/a");
        assert_eq!(typed("https://a.example"), "https://a.example");
        assert_eq!(typed("users routing:readonly"), "users routing:readonly");
        assert!(!typed("Authorization: Bearer kD83hdKq83hdoaue8XyZ0987").contains("kD83"));
    }
}
