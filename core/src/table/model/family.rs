//! Requirements that a vendor states once for many operations, by method and path.

use super::Partly;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What rows need of which their own source says nothing, for some kinds of token. The importer writes it into the
/// rows, so that a row shows all that it asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Family {
    /// The gate whose names the lines hold.
    pub gate: String,
    /// The kinds they speak of.
    pub kinds: Vec<String>,
    /// Whether the lines are further alternatives of rows that state something already; else they speak for those
    /// that do not.
    #[serde(default)]
    pub adds: bool,
    /// Whether a name without its level gets one: the lowest for GET and HEAD, the next for others.
    #[serde(default)]
    pub levels: bool,
    /// What speaks against the rows that a line fits, such as that a newer source has them no more.
    #[serde(default)]
    pub doubt: Option<String>,
    /// The id of the source that says so.
    #[serde(default)]
    pub src: Option<String>,
    /// Cases in which something else is enough, by the word that the lines use.
    #[serde(default)]
    pub case: BTreeMap<String, Partly>,
    /// `METHODS PATH NEED`, the first that fits a row speaks for it. METHODS: `*`, `WRITE` (all but GET and HEAD), or a
    /// list with commas. PATH: `*` is one segment, a final `**` any number. NEED: `|` between alternatives, blanks
    /// between names needed together, `-` for nothing, `?` for not known; `~word` adds a case.
    pub lines: Vec<String>,
}
