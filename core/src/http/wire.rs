//! Header fields and query parameters that some product uses for its credentials or its refusals, as the shipped tables
//! name them.

/// The names, each in lower case.
#[derive(Debug)]
pub(crate) struct Wire {
    /// Request fields in which a credential travels besides `Authorization`.
    pub(crate) credential: &'static [&'static str],
    /// Query parameters in which a credential travels.
    pub(crate) query: &'static [&'static str],
    /// Query parameters by which a URL carries its own signature or token.
    pub(crate) signed: &'static [&'static str],
    /// Answer fields that speak of the refusal, beside the challenge.
    pub(crate) speaks: &'static [&'static str],
    /// Answer fields with the id of a request, which a vendor's support asks for.
    pub(crate) correlation: &'static [&'static str],
    /// Sentences that say no more than the status or code beside them, with single blanks.
    pub(crate) stock: &'static [&'static str],
}

/// Everything that the shipped tables name.
pub(crate) static WIRE: Wire = include!(concat!(env!("OUT_DIR"), "/wire.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_in_lower_case() {
        let lists = [
            WIRE.credential,
            WIRE.query,
            WIRE.signed,
            WIRE.speaks,
            WIRE.stock,
        ];
        for list in lists.into_iter().chain([WIRE.correlation]) {
            assert!(!list.is_empty() && list.is_sorted());
            for name in list {
                assert_eq!(*name, name.to_ascii_lowercase());
            }
        }
    }
}
