//! A cause: one member of the closed list, a static of plain data bound to its page.

/// How a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A candidate cause of the refusal, also when only possible.
    Error,
    /// Worth knowing, and sometimes the reason behind another fault.
    Warning,
    /// For completeness.
    Info,
}

/// A reason for a refusal, or (`note.*`) something else worth saying.
#[derive(Debug, PartialEq, Eq)]
pub struct Cause {
    /// The stable code: `scope.missing`.
    pub code: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The page: what it means, how to tell it apart, how to fix it, examples.
    pub page: &'static str,
}

impl Cause {
    /// Whether this is a note: never the cause of a refusal.
    pub fn is_note(&self) -> bool {
        self.code.starts_with("note.")
    }
}
