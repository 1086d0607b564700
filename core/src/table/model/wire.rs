//! The format `scope-table/1`: header fields and query parameters that a provider uses for credentials and refusals.

use serde::Deserialize;

/// Names in lower case. Those of every shipped table are known whoever is asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireNames {
    /// Request fields in which a credential travels besides `Authorization`.
    #[serde(default)]
    pub credential: Vec<String>,
    /// Query parameters in which a credential travels (RFC 6750 §2.3, API keys).
    #[serde(default)]
    pub query: Vec<String>,
    /// Query parameters by which a URL carries its own signature or token.
    #[serde(default)]
    pub signed: Vec<String>,
    /// Answer fields that speak of the refusal, beside the challenge.
    #[serde(default)]
    pub speaks: Vec<String>,
    /// Sentences of stock pages and standards that say no more than the status or code beside them; lower case, with
    /// single blanks.
    #[serde(default)]
    pub stock: Vec<String>,
}

impl WireNames {
    /// The first key with a name that is no field name (RFC 9110 §5.1) in lower case.
    pub(in crate::table) fn bad(&self) -> Option<&'static str> {
        let of_a_name =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
        let sound = |name: &String| !name.is_empty() && name.bytes().all(of_a_name);
        let lists = [
            ("credential", &self.credential),
            ("query", &self.query),
            ("signed", &self.signed),
            ("speaks", &self.speaks),
        ];
        let mut bad = lists
            .into_iter()
            .filter(|(_, names)| !names.iter().all(sound));
        bad.next().map(|(key, _)| key)
    }
}
