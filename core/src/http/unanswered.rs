//! Why no answer came, read from what a client says of it: its library's words, not the server's.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// One line a wording.
const WORDINGS: &str = include_str!(concat!(env!("WHY401_TABLES"), "/unanswered.tsv"));

/// Why a request got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Unanswered {
    /// The host's name does not resolve.
    Name,
    /// A proxy on the way is not reached.
    Proxy,
    /// The client does not trust the server's certificate (RFC 9110 §4.3.4).
    Certificate,
    /// Client and server do not agree on TLS.
    Handshake,
    /// Nobody listens there.
    Refused,
    /// The connection was closed before an answer.
    Reset,
    /// No answer within the client's time.
    Silence,
    /// No way leads to the host.
    Route,
    /// The client does not say why.
    Other,
}

struct Wordings {
    words: AhoCorasick,
    /// For each of them: the reason, `None` where an answer came, and whether only who called says so.
    of: Vec<(Option<Unanswered>, bool)>,
}

impl Unanswered {
    /// The reason in a line of a client's words. A line that says it of a third party, as a server
    /// does of what it called itself to judge a token, has none.
    pub fn of(line: &str) -> Option<Self> {
        let wordings = wordings();
        let found = wordings
            .words
            .find_overlapping_iter(line)
            .map(|hit| wordings.of[hit.pattern().as_usize()]);
        let (mut told, mut hinted) = (None::<Self>, None::<Self>);
        for (reason, only_client) in found {
            let reason = reason?;
            let place = if only_client { &mut told } else { &mut hinted };
            *place = Some(place.map_or(reason, |other| other.min(reason)));
        }
        let reason = match (told, hinted) {
            (Some(Self::Other), Some(reason)) | (Some(reason), _) => Some(reason),
            (None, Some(reason)) if names_a_call(line) => Some(reason),
            _ => None,
        }?;
        (!is_of_a_third_party(line)).then_some(reason)
    }
}

/// Whether a line names the call that failed: its URL, or the exception of a library.
fn names_a_call(line: &str) -> bool {
    let exception = |word: &str| {
        let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        (word.ends_with("Exception") || word.ends_with("Error")) && word.len() > "Exception".len()
    };
    let dialled = line
        .trim_start_matches([' ', '\t', '│', '|'])
        .starts_with("dial tcp");
    dialled || line.contains("://") || line.split([' ', '\t', '(']).any(exception)
}

/// Whether a line speaks of fetching what a server needs to judge a token: keys, metadata, introspection.
fn is_of_a_third_party(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    // Registries of modules have discovery documents too.
    let issuer = ["openid", "oidc", "issuer"]
        .iter()
        .any(|word| lower.contains(word));
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        word.starts_with("jwk")
            || word.starts_with("pyjwk")
            || word.starts_with("introspect")
            || matches!(word, "keys" | "keyset" | "signing")
            || word == "discovery" && issuer
    }) || lower.contains("openid-configuration")
}

fn wordings() -> &'static Wordings {
    static ALL: OnceLock<Wordings> = OnceLock::new();
    ALL.get_or_init(|| {
        let rows: Vec<_> = WORDINGS.lines().filter_map(read).collect();
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(rows.iter().map(|(words, _)| words))
            .unwrap_or_else(|fault| unreachable!("tables/unanswered.tsv: {fault}"));
        Wordings {
            words,
            of: rows.into_iter().map(|(_, of)| of).collect(),
        }
    })
}

fn read(line: &'static str) -> Option<(&'static str, (Option<Unanswered>, bool))> {
    let mut cells = line.split('\t');
    let reason = match cells.next()? {
        "answered" => None,
        "name" => Some(Unanswered::Name),
        "proxy" => Some(Unanswered::Proxy),
        "certificate" => Some(Unanswered::Certificate),
        "handshake" => Some(Unanswered::Handshake),
        "refused" => Some(Unanswered::Refused),
        "reset" => Some(Unanswered::Reset),
        "silence" => Some(Unanswered::Silence),
        "route" => Some(Unanswered::Route),
        "other" => Some(Unanswered::Other),
        _ => return None,
    };
    let only_client = cells.next()? == "client";
    Some((cells.next()?, (reason, only_client)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        let rows = WORDINGS.lines().filter(|line| !line.starts_with('#'));
        let unread: Vec<_> = rows.filter(|line| read(line).is_none()).collect();
        assert!(unread.is_empty(), "{unread:?}");
        let shouted = WORDINGS
            .lines()
            .filter_map(read)
            .find(|(words, _)| words.chars().any(char::is_uppercase));
        assert!(shouted.is_none(), "{shouted:?}");
    }

    #[test]
    fn what_clients_say_names_the_reason() {
        let said = [
            (
                "java.net.UnknownHostException: api.shop.example",
                Unanswered::Name,
            ),
            (
                "<urlopen error [Errno -3] Temporary failure in name resolution>",
                Unanswered::Name,
            ),
            (
                "Get \"https://api.shop.example/v1/me\": dial tcp: lookup api.shop.example: no such host",
                Unanswered::Name,
            ),
            (
                "Post \"https://api.shop.example/v1\": dial tcp 10.1.2.3:443: connect: connection refused",
                Unanswered::Refused,
            ),
            (
                "Faraday::ConnectionFailed (Failed to open TCP connection to api.shop.example:443 (Connection refused - connect(2)))",
                Unanswered::Refused,
            ),
            (
                "requests.exceptions.ProxyError: HTTPSConnectionPool(host='a.example', port=443): Max retries exceeded with url: /v1 (Caused by ProxyError('Cannot connect to proxy.', ConnectionRefusedError(111, 'Connection refused')))",
                Unanswered::Proxy,
            ),
            (
                "cURL error 28: Operation timed out after 30001 milliseconds with 0 bytes received",
                Unanswered::Silence,
            ),
            (
                "Error: self-signed certificate in certificate chain",
                Unanswered::Certificate,
            ),
            (
                "The SSL connection could not be established, see inner exception.",
                Unanswered::Handshake,
            ),
            ("TypeError: fetch failed", Unanswered::Other),
            (
                "  dial tcp: lookup vault.shop.example on 127.0.0.53:53: no such host",
                Unanswered::Name,
            ),
            (
                "could not connect to modules.shop.example: failed to request discovery document: Get \"https://modules.shop.example/.well-known/terraform.json\": tls: failed to verify certificate: x509: certificate has expired",
                Unanswered::Certificate,
            ),
            (
                "reqwest::Error { kind: Request, url: \"https://a.example/\", source: hyper_util::client::legacy::Error(Connect, ConnectError(\"dns error\", Custom { kind: Uncategorized, error: \"failed to lookup address information: Name or service not known\" })) }",
                Unanswered::Name,
            ),
        ];
        for (line, reason) in said {
            assert_eq!(Unanswered::of(line), Some(reason), "{line}");
        }
    }

    #[test]
    fn what_servers_say_of_others_names_none() {
        let said = [
            "upstream connect error or disconnect/reset before headers. reset reason: connection timeout",
            "failed to verify signature: fetching keys: Get \"https://id.example/keys\": dial tcp: i/o timeout",
            "Unable to load the OpenID Connect discovery document: Connection refused: https://id.example",
            "The session timed out",
            "tlsv13 alert certificate required",
            "400 No required SSL certificate was sent",
            "Your request was refused",
            "Max retries exceeded with url: /v1/me (Caused by ResponseError('too many 429 error responses'))",
        ];
        for line in said {
            assert_eq!(Unanswered::of(line), None, "{line}");
        }
    }
}
