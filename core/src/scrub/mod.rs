//! The same evidence without its secrets, so that it can be passed on and still be explained.
//!
//! What stays: schemes and the form of headers, error texts, names of cookies, parameters and claims, and of a JWT the
//! claims that a diagnosis compares (`iss`, `aud`, times, scopes). What goes: credentials wherever they stand, cookies'
//! values, passwords, and claims that name a person. The result is searched again for everything that was removed.

mod credential;
mod json;
mod known;
mod text;

use crate::input::InputForm;
use std::collections::BTreeMap;

/// Evidence without its secrets.
#[derive(Debug)]
pub struct Scrubbed {
    /// The text.
    pub text: String,
    /// What was removed, by kind of place, and how often.
    pub removed: BTreeMap<String, usize>,
}

/// A secret that was found survived: the text is not fit to be written. Says where it was seen, not what it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a credential found at {place} would survive in the result ({form})")]
pub struct Survived {
    /// The kind of place at which it was found first.
    pub place: String,
    /// In which form it survived.
    pub form: &'static str,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Work {
    removed: BTreeMap<String, usize>,
    /// Secrets with the place they were found at.
    known: Vec<(String, String)>,
    /// Further names whose values go, lower case.
    also: Vec<String>,
}

impl Work {
    /// Notes a removal and remembers the secret.
    fn remove(&mut self, place: &str, secret: &str) {
        *self.removed.entry(place.to_owned()).or_default() += 1;
        if secret.len() >= known::SHORTEST && !self.known.iter().any(|(own, _)| own == secret) {
            self.known.push((secret.to_owned(), place.to_owned()));
        }
    }

    fn is_also(&self, name: &str) -> bool {
        self.also.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// Takes the secrets out. `also` names headers and members whose values go as well.
pub fn scrub(text: &str, form: InputForm, also: &[String]) -> Result<Scrubbed, Survived> {
    let mut work = Work {
        also: also.iter().map(|name| name.to_ascii_lowercase()).collect(),
        ..Work::default()
    };
    let text = match form {
        InputForm::Har | InputForm::Body => json::document(text, &mut work),
        InputForm::Records | InputForm::Log => json::lines(text, &mut work),
        InputForm::Curl | InputForm::Http | InputForm::Command => text::transcript(text, &mut work),
    };
    let text = known::replace(text, &mut work);
    known::verify(&text, &work)?;
    Ok(Scrubbed {
        text,
        removed: work.removed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPAQUE: &str = "kD83hdKq-83hd_oaue8XyZ";

    fn clean(text: &str, form: InputForm) -> String {
        let out = scrub(text, form, &[]).expect("scrubbed");
        assert!(!out.text.contains(OPAQUE), "{}", out.text);
        assert!(!out.removed.is_empty(), "{}", out.text);
        out.text
    }

    #[test]
    fn headers_of_any_case_lose_their_credential_and_keep_their_form() {
        let text = format!(
            "> GET /?x=1 HTTP/1.1\n> aUTHORIZATION: Bearer  {OPAQUE} \n> Cookie: a={OPAQUE}; b=2\n> \n< HTTP/1.1 401 no\n< Set-Cookie: s={OPAQUE}; Path=/\n"
        );
        let out = clean(&text, InputForm::Curl);
        assert!(out.contains("aUTHORIZATION: Bearer  <opaque"), "{out}");
        assert!(
            out.contains("> Cookie: a=<redacted>; b=<redacted>"),
            "{out}"
        );
        assert!(out.contains("Set-Cookie: s=<redacted>; Path=/"), "{out}");
    }

    #[test]
    fn urls_bodies_and_commands_are_cleaned() {
        for text in [
            format!("curl -u bob:{OPAQUE} https://x/"),
            format!("curl 'https://bob:{OPAQUE}@x/a' -H 'X-Api-Key: {OPAQUE}'"),
            format!("curl https://x/ --oauth2-bearer {OPAQUE}"),
            format!("curl https://x/ -d 'grant_type=refresh_token&refresh_token={OPAQUE}'"),
        ] {
            clean(&text, InputForm::Command);
        }
        let body = format!(
            "{{\"access_token\":\"{OPAQUE}\",\"error\":\"invalid_token\",\"code\":\"not.authorized\"}}"
        );
        let out = clean(&body, InputForm::Body);
        assert!(
            out.contains("invalid_token") && out.contains("not.authorized"),
            "{out}"
        );
    }

    #[test]
    fn what_was_found_once_goes_everywhere_and_in_every_form() {
        use base64::Engine as _;
        let doubled = base64::engine::general_purpose::STANDARD.encode(format!("x:{OPAQUE}:y"));
        let odd = "a+b/c=d&e f-0123456789";
        let text = format!(
            "> GET /?cb={} HTTP/1.1\n> Authorization: Bearer {OPAQUE}\n> X-Api-Key: {odd}\n> X-Other: {doubled}\n> Note: {OPAQUE}\n",
            "a%2Bb%2Fc%3Dd%26e%20f-0123456789"
        );
        let out = clean(&text, InputForm::Curl);
        assert!(!out.contains(&doubled) && !out.contains("a%2Bb"), "{out}");
    }

    #[test]
    fn a_har_inside_a_har_and_base64_bodies_are_cleaned() {
        use base64::Engine as _;
        let inner = format!(
            "{{\"request\":{{\"headers\":[{{\"name\":\"authorization\",\"value\":\"Bearer {OPAQUE}\"}}]}}}}"
        );
        let body = base64::engine::general_purpose::STANDARD.encode(&inner);
        let har = serde_json::json!({"log": {"entries": [{
            "request": {"method": "GET", "url": format!("https://x/?access_token={OPAQUE}"), "headers": [{"name": "AUTHORIZATION", "value": format!("Bearer {OPAQUE}")}], "cookies": [{"name": "a", "value": OPAQUE}], "postData": {"text": inner}},
            "response": {"status": 401, "content": {"encoding": "base64", "text": body}}}]}});
        let out = clean(&har.to_string(), InputForm::Har);
        assert!(!out.contains(&body), "{out}");
        let again: serde_json::Value = serde_json::from_str(&out).expect("still JSON");
        assert_eq!(again["log"]["entries"][0]["response"]["status"], 401);
    }

    #[test]
    fn of_a_jwt_the_claims_that_are_compared_stay_readable() {
        let jwt = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2kiLCJhdWQiOiJhIiwic3ViIjoiYm9iQGV4YW1wbGUub3JnIiwiZXhwIjoxMzAwODE5MzgwLCJzY29wZSI6InIgdyJ9.c2lnbmF0dXJlLW9mLXRva2Vu";
        let out = scrub(
            &format!("> Authorization: Bearer {jwt}\n"),
            InputForm::Curl,
            &[],
        )
        .expect("scrubbed");
        assert!(!out.text.contains("c2lnbmF0dXJl"), "{}", out.text);
        let kept = out.text.trim().rsplit(' ').next().expect("a token");
        let token = crate::token::Token::read(kept.as_bytes());
        let claims = token.claims().expect("readable");
        assert_eq!(
            (claims["aud"].as_str(), claims["scope"].as_str()),
            (Some("a"), Some("r w"))
        );
        assert_ne!(claims["sub"].as_str(), Some("bob@example.org"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_scrubbed(text in "\\PC{0,200}") {
            for form in [InputForm::Har, InputForm::Curl, InputForm::Records, InputForm::Body] {
                let _ = scrub(&text, form, &[]);
            }
        }
    }
}
