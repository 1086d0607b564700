//! A fault of a token, with the place where it was seen.

/// One deviation from the RFCs that was read over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where: the header, a claim ...
    pub place: String,
    /// What is wrong and what servers make of it.
    pub text: String,
    /// Whether servers that follow the RFC must refuse the token for it.
    pub fatal: bool,
}
