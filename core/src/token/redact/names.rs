//! Names whose values are secret: judged by their words, so that no list of products is needed.

/// How sure it is that the value of a name is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The value is often a word: an error's `code`, a `token` that is "expired".
    Weak,
    /// The value is the secret.
    Strong,
}

/// Words that make a name secret by themselves.
const STRONG: [&str; 33] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "apikey",
    "otp",
    "totp",
    "pin",
    "cvv",
    "cvc",
    "credential",
    "credentials",
    "assertion",
    "samlresponse",
    "samlrequest",
    "privatekey",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "clientsecret",
    "sessionid",
    "phpsessid",
    "jsessionid",
    "authorization",
    "mfacode",
    "verifier",
    "subjecttoken",
    "devicecode",
    "accesskey",
    "mnemonic",
];

/// Words whose value may as well be a word.
const WEAK: [&str; 14] = [
    "token",
    "code",
    "session",
    "sid",
    "sig",
    "signature",
    "pass",
    "jwt",
    "cookie",
    "key",
    "auth",
    "csrf",
    "xsrf",
    "hmac",
];

/// Words before a weak one that make it strong: `api_key`, `private_token`.
const QUALIFIES: [&str; 38] = [
    "access",
    "refresh",
    "id",
    "oauth",
    "private",
    "secret",
    "session",
    "api",
    "auth",
    "bearer",
    "client",
    "csrf",
    "xsrf",
    "signing",
    "encryption",
    "shared",
    "account",
    "master",
    "subscription",
    "function",
    "functions",
    "application",
    "app",
    "deploy",
    "job",
    "security",
    "user",
    "personal",
    "bot",
    "jwt",
    "device",
    "verification",
    "recovery",
    "backup",
    "license",
    "webhook",
    "storage",
    "service",
];

/// Words before a weak one that say what is wrong with it, or what it is used for: `invalid_token`, `token_type`.
const SAYS: [&str; 20] = [
    "invalid",
    "missing",
    "expired",
    "bad",
    "no",
    "unsupported",
    "revoked",
    "error",
    "status",
    "unknown",
    "public",
    "country",
    "postal",
    "zip",
    "currency",
    "language",
    "response",
    "result",
    "reason",
    "primary",
];

/// Words written together at the end of a longer one: there they tell.
const ENDS: [&str; 7] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "sessid",
    "passphrase",
];

/// The last two letters of all that is secret: by the last one, which stand before it.
const LAST_TWO: [u32; 26] = {
    let mut out = [0; 26];
    add(&STRONG, &mut out);
    add(&WEAK, &mut out);
    add(&ENDS, &mut out);
    out
};

const fn add(words: &[&str], out: &mut [u32; 26]) {
    let mut at = 0;
    while at < words.len() {
        let word = words[at].as_bytes();
        let (before, last) = (word[word.len() - 2], word[word.len() - 1]);
        out[(last - b'a') as usize] |= 1 << (before - b'a');
        at += 1;
    }
}

/// Whether a name ends like something secret, in the singular or the plural; most do not.
fn may_be_secret(name: &str) -> bool {
    let letters = name.bytes().rev().filter(u8::is_ascii_alphanumeric);
    let mut letters = letters.map(|b| usize::from(b.to_ascii_lowercase().wrapping_sub(b'a')));
    let mut next = || letters.next().unwrap_or(usize::MAX);
    let (last, before, third) = (next(), next(), next());
    let ends = |before: usize, last: usize| {
        let known = LAST_TWO.get(last).copied().unwrap_or_default();
        before < 26 && known >> before & 1 == 1
    };
    ends(before, last) || last == usize::from(b's' - b'a') && ends(third, before)
}

/// Whether and how surely the value of such a name (parameter, JSON member, header, variable) is a credential.
pub fn weight(name: &str) -> Option<Weight> {
    if !may_be_secret(name) || name.len() > 80 || !name.is_ascii() {
        return None;
    }
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|atom| !atom.is_empty())
        .flat_map(super::words::parts)
        .map(str::to_ascii_lowercase)
        .collect();
    let last = words.last()?.as_str();
    let singular = last.strip_suffix('s').unwrap_or(last);
    let before = words.len().checked_sub(2).map(|at| words[at].as_str());
    let says = words.iter().any(|word| SAYS.contains(&word.as_str()));
    let whole: String = words.concat();
    if says && !STRONG.contains(&last) {
        return None;
    }
    if says {
        return Some(Weight::Weak);
    }
    let strong = |word: &str| STRONG.contains(&word);
    if strong(last)
        || strong(singular)
        || strong(&whole)
        || before.is_some_and(|b| strong(&format!("{b}{last}")))
    {
        return Some(Weight::Strong);
    }
    if !WEAK.contains(&last) {
        return ends_in_secret(last);
    }
    Some(match before {
        Some(before) if QUALIFIES.contains(&before) => Weight::Strong,
        _ => Weight::Weak,
    })
}

/// `APIKEY`, `usertoken`, `dbpassword`: written together, the end tells.
fn ends_in_secret(word: &str) -> Option<Weight> {
    ENDS.iter()
        .any(|end| word.len() > end.len() && word.ends_with(end))
        .then_some(Weight::Strong)
}

/// Whether the value of such a name is a credential.
pub fn is_secret_name(name: &str) -> bool {
    weight(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_secret_is_looked_at() {
        for word in STRONG.iter().chain(&WEAK).chain(&ENDS) {
            for name in [
                (*word).to_owned(),
                word.to_ascii_uppercase(),
                format!("x-{word}"),
                format!("{word}s"),
                format!("my{word}_"),
            ] {
                assert!(may_be_secret(&name), "{name}");
            }
        }
        let mut alone = STRONG.iter().chain(&WEAK);
        assert!(alone.all(|word| weight(word).is_some()));
        assert!(!may_be_secret("message") && !may_be_secret("s") && !may_be_secret(""));
    }

    #[test]
    fn names_are_judged_by_their_words() {
        for name in [
            "oauth_token",
            "private_token",
            "secret_key",
            "sessionToken",
            "pwd",
            "otp",
            "access_key",
            "PHPSESSID",
            "X-Auth-Key",
            "X-Functions-Key",
            "DD-APPLICATION-KEY",
            "CB-ACCESS-PASSPHRASE",
            "client_secret",
            "API_KEY",
            "userPassword",
            "AWSSecretAccessKey",
            "apiKey",
            "dbpassword",
        ] {
            assert_eq!(weight(name), Some(Weight::Strong), "{name}");
        }
        for name in ["code", "token", "key", "pass", "session"] {
            assert_eq!(weight(name), Some(Weight::Weak), "{name}");
        }
        for name in [
            "error",
            "error_code",
            "status_code",
            "invalid_token",
            "scope",
            "keyword",
            "zip_code",
            "author",
            "message",
        ] {
            assert_eq!(weight(name), None, "{name}");
        }
    }
}
