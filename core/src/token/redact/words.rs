//! Words and codes told from random text: `InvalidAuthenticationToken` is a code, `kDhdKqhdoaueXyZ` is not.

/// For each letter, the letters that follow it in English words and in names that programs are written with, as bits
/// from `a`. Pairs that are left out occur in fewer than four of 7,000 such words.
const FOLLOWS: [u32; 26] = [
    0x3fe_fdff, 0x11e_fb1f, 0x19e_dddd, 0x17e_fbff, 0x1ff_ffff, 0x19e_593f, 0x01e_f9ff, 0x11e_f91b,
    0x2bf_fc7f, 0x054_4111, 0x11e_f93f, 0x17e_fdff, 0x15c_f93f, 0x17e_ffff, 0x3fe_ffff, 0x13e_fdff,
    0x012_0800, 0x17e_fdff, 0x17f_fdff, 0x17e_ffff, 0x20e_f97f, 0x004_c111, 0x00e_69d1, 0x198_c115,
    0x27e_f9df, 0x210_4111,
];

/// Codes that are words of the trade.
const TERMS: [&str; 57] = [
    "dpop",
    "auth0",
    "tlsv1",
    "sslv3",
    "python2",
    "python3",
    "x86",
    "x64",
    "win32",
    "win64",
    "amd64",
    "arm64",
    "neo4j",
    "oauth1",
    "oauth2",
    "oauth20",
    "base64",
    "base64url",
    "utf8",
    "utf16",
    "ipv4",
    "ipv6",
    "http1",
    "http2",
    "http3",
    "sha1",
    "sha256",
    "sha384",
    "sha512",
    "md5",
    "x509",
    "p256",
    "ed25519",
    "s3",
    "ec2",
    "h2",
    "h3",
    "i18n",
    "k8s",
    "oauth2client",
    "oauth2accesstoken",
    "jwt1",
    "saml2",
    "tls12",
    "tls13",
    "rs256",
    "rs384",
    "rs512",
    "es256",
    "es384",
    "es512",
    "hs256",
    "hs384",
    "hs512",
    "ps256",
    "eddsa25519",
    "log4j",
];

/// Words without a vowel that are joined with others.
const ACRONYMS: [&str; 30] = [
    "jwt", "jwks", "jws", "xml", "sql", "http", "https", "html", "css", "ssl", "tls", "mtls",
    "dns", "sdk", "npm", "smtp", "ldap", "ftp", "sts", "kms", "sns", "sqs", "crm", "cors", "csrf",
    "xsrf", "http", "grpc", "rpc", "sms",
];

/// How much a word may hold that is not plainly a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Digits stand behind letters as in numbered names: what a reader of a message wants to see.
    Lenient,
    /// Digits only in codes that are known to be such: what may be passed on.
    Strict,
}

/// Whether a segment of a path names one object: a number, or what is no word. `v2` and `oauth2` are words.
pub fn is_id(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let version = segment.starts_with(['v', 'V']) && segment.len() <= 8;
    let number = digits > 0 && digits == segment.len();
    number || digits > 0 && !version && !is_wordy(segment, Strictness::Strict)
}

/// Whether a text is made of words, codes and small numbers, joined by marks.
pub fn is_wordy(text: &str, strictness: Strictness) -> bool {
    let mut atoms = 0;
    let mut sound = true;
    for atom in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|atom| !atom.is_empty())
    {
        atoms += 1;
        sound &= is_atom(atom, strictness, atom.len() == text.len());
        if !sound {
            return false;
        }
    }
    atoms > 0
}

/// One run of letters and digits.
fn is_atom(atom: &str, strictness: Strictness, alone: bool) -> bool {
    if !atom.is_ascii() {
        // Another script than Latin, or letters with marks: no credential is written so.
        return !atom.bytes().any(|b| b.is_ascii_digit());
    }
    if atom.len() > 64 {
        return false;
    }
    let digits = atom.bytes().filter(u8::is_ascii_digit).count();
    match digits {
        0 => is_compound(atom) || TERMS.contains(&atom.to_ascii_lowercase().as_str()),
        _ if digits == atom.len() => {
            digits
                <= if strictness == Strictness::Strict && alone {
                    6
                } else {
                    5
                }
        }
        _ => is_numbered(atom, strictness),
    }
}

/// Letters with digits that are a code: `AADSTS50076`, `v2`, `OAuth2`, `2FA`.
fn is_numbered(atom: &str, strictness: Strictness) -> bool {
    if TERMS.contains(&atom.to_ascii_lowercase().as_str()) {
        return true;
    }
    let first = atom.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let letters = &atom[..first];
    let rest = &atom[first..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (number, tail) = rest.split_at(end);
    if tail.bytes().any(|b| b.is_ascii_digit()) {
        // `v2beta1`
        let stage = tail.trim_end_matches(|c: char| c.is_ascii_digit());
        return letters.eq_ignore_ascii_case("v")
            && ["alpha", "beta", "p"].contains(&stage)
            && atom.len() <= 10;
    }
    if letters.eq_ignore_ascii_case("rfc") {
        return tail.is_empty();
    }
    let capitals = letters.bytes().all(|b| b.is_ascii_uppercase());
    match (letters.is_empty(), tail.is_empty()) {
        // `2FA`, `90s`, `10MB`
        (true, _) => number.len() <= 3 && tail.len() <= 3,
        (false, true) if capitals => letters.len() <= 12 && number.len() <= 7 && atom.len() <= 14,
        (false, true) if letters.len() == 1 => number.len() <= 3,
        (false, true) => {
            strictness == Strictness::Lenient && number.len() <= 4 && is_compound(letters)
        }
        // `OAuth2Token`
        (false, false) => {
            letters.eq_ignore_ascii_case("v")
                && number.len() <= 2
                && ["alpha", "beta"].contains(&tail)
                || number.len() == 1
                    && letters.len() >= 3
                    && tail.len() >= 3
                    && strictness == Strictness::Lenient
                    && is_compound(letters)
                    && is_compound(tail)
                || TERMS
                    .iter()
                    .any(|term| atom.len() > term.len() && starts_with(atom, term))
                    && is_compound(tail)
        }
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// `MailboxNotEnabled`: capitals begin words, and the words can be spoken.
fn is_compound(atom: &str) -> bool {
    let parts = parts(atom);
    let short = parts.iter().filter(|part| part.len() <= 2).count();
    let capitals = parts
        .iter()
        .filter(|part| part.len() > 1 && part.bytes().all(|b| b.is_ascii_uppercase()))
        .count();
    let mute = |part: &&&str| {
        (3..=5).contains(&part.len())
            && !part.bytes().any(|b| b"aeiouyAEIOUY".contains(&b))
            && !ACRONYMS.contains(&part.to_ascii_lowercase().as_str())
    };
    if parts.len() > 1 && (capitals > 1 || parts.iter().filter(mute).count() > 0) {
        return false;
    }
    // In random text every fourth letter would begin a word.
    short <= 1 + atom.len() / 10
        && parts.len() * 3 <= atom.len() + 3
        && parts.iter().all(|part| is_spoken(part))
}

/// The words of a name in camel case.
pub(super) fn parts(atom: &str) -> Vec<&str> {
    let bytes = atom.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len() {
        let (before, here) = (bytes[at - 1], bytes[at]);
        let next_lower = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let begins = here.is_ascii_uppercase()
            && (before.is_ascii_lowercase() || next_lower && before.is_ascii_uppercase());
        let turns = here.is_ascii_digit() != before.is_ascii_digit();
        if begins || turns {
            out.push(&atom[start..at]);
            start = at;
        }
    }
    out.push(&atom[start..]);
    out
}

fn is_spoken(part: &str) -> bool {
    let bytes = part.as_bytes();
    if bytes.len() <= 3 || bytes.len() <= 6 && bytes.iter().all(u8::is_ascii_uppercase) {
        return true;
    }
    let odd = bytes
        .windows(2)
        .filter(|pair| !follows(pair[0], pair[1]))
        .count();
    let vowels = bytes.iter().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    if bytes.len() <= 7 {
        return odd <= 1 && (vowels > 0 || bytes.len() <= 5);
    }
    odd * 10 <= bytes.len() && vowels * 6 >= bytes.len() && bytes.len() <= 24
}

fn follows(first: u8, second: u8) -> bool {
    let letter = |b: u8| usize::from(b.to_ascii_lowercase().wrapping_sub(b'a'));
    FOLLOWS
        .get(letter(first))
        .is_some_and(|bits| bits >> letter(second).min(31) & 1 == 1)
}

/// Whether a long run of letters and digits is neither word nor code: a key, a token, a digest.
pub fn is_random(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    word.len() >= 24
        && letters >= 4
        && letters + digits + 4 >= word.len()
        && !is_uuid(word)
        && !is_wordy(word, Strictness::Lenient)
}

/// A UUID in its usual form (RFC 9562 §4).
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_words_in_a_path() {
        for id in ["7", "a81bc81b-dead-4e5d-abff-90865d1e13b1", "00u1ab2cd"] {
            assert!(is_id(id), "{id}");
        }
        for word in ["v2", "users", "oauth2", "s3", ""] {
            assert!(!is_id(word), "{word}");
        }
    }

    #[test]
    fn codes_of_errors_are_words() {
        for code in [
            "InvalidAuthenticationToken",
            "Authorization_RequestDenied",
            "ERR_BAD_REQUEST",
            "PermissionDenied",
            "UNAUTHORIZED",
            "AADSTS50076",
            "invalid_token",
            "MailboxNotEnabledForRESTAPI",
            "not.authorized",
            "AccessDeniedException",
            "E403",
            "OAuth2",
            "api.example.org",
            "SCOPE_NOT_PERMITTED",
            "TOKEN_REVOKED",
            "UnrecognizedClientException",
            "SignatureDoesNotMatch",
            "IDX10223",
            "insufficient-scope",
            "v2beta1",
            "https://api.example.org/v1/users",
            "org.springframework.security.access.AccessDeniedException",
        ] {
            assert!(is_wordy(code, Strictness::Strict), "{code}");
            assert!(!is_random(code), "{code}");
        }
    }

    #[test]
    fn random_text_is_no_word() {
        for secret in [
            "kDhdKqhdoaueXyZ",
            "kD83hdKq-83hd_oaue8XyZ0987",
            "0123456789abcdef0123456789abcdef",
            "hunter2",
            "c2lnbmF0dXJlLW9mLXRva2Vu",
            "wJalrXUtnFEMIK7MDENG",
            "12345678",
            "qxzjvkwpqrtnbvcxzlkj",
        ] {
            assert!(!is_wordy(secret, Strictness::Strict), "{secret}");
        }
    }
}
