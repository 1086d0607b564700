//! What a scope opens, and what a token opens.

use super::listing;
use crate::finding::{Certainty, Verdict};
use crate::output::Format;
use crate::output::sheet::{Sheet, counted};
use crate::table::{Opened, Rule, Table};
use serde_json::json;
use std::collections::BTreeMap;

/// What a name opens, by provider.
pub fn who(opened: &[(&Table, Vec<Opened>)], format: Format) -> String {
    let mut rows = Vec::new();
    let mut out = Sheet::new(0);
    for (table, opened) in opened {
        let info = &table.provider.info;
        let count = counted(opened.len(), "operation");
        out.title(format!("{}: {count}", info.name));
        for found in opened {
            let beside = match found.alone {
                true => "",
                false => "  together with others",
            };
            let reported = table.is_reported(&found.rule);
            let by = if reported {
                "  (reported, not published)"
            } else {
                ""
            };
            let kinds = found.kinds.join(", ");
            out.item(format!("{}  ({kinds}){beside}{by}", found.rule.name()));
            rows.push(json!({ "provider": info.id, "method": found.rule.method, "path": found.rule.path, "kinds": found.kinds, "alone": found.alone, "reported": reported }));
        }
    }
    if rows.is_empty() {
        out.text("no operation in the tables needs it");
    }
    listing("opened", &rows, format, || out)
}

/// An operation, and what a token comes to there.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The operation.
    pub rule: Rule,
    /// Whether the token opens it.
    pub verdict: Verdict,
    /// The cause that decides, or the check that nobody can see.
    pub why: String,
    /// How sure that cause is.
    pub certainty: Option<Certainty>,
    /// The condition under which it denies, as the end of a sentence, where it does not always.
    pub when: Option<String>,
}

/// Which operations are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Those that the token opens.
    Allowed,
    /// And those of which that is not decided.
    NotDenied,
    /// All.
    All,
}

/// What a token opens, and as it is asked for what it does not.
pub fn opened(judged: &[Judged], listed: Listed, format: Format) -> String {
    let is_listed = |own: &&Judged| match listed {
        Listed::Allowed => own.verdict == Verdict::Clear,
        Listed::NotDenied => own.verdict != Verdict::Denied,
        Listed::All => true,
    };
    let shown = || judged.iter().filter(is_listed);
    let word = |own: &Judged| match own.verdict {
        Verdict::Clear => "allowed",
        Verdict::Denied => "denied",
        Verdict::Unknown => "cannot tell",
    };
    let row = |own: &Judged| json!({ "method": own.rule.method, "path": own.rule.path, "answer": word(own), "why": own.why, "when": own.when });
    let rows: Vec<_> = shown().map(row).collect();
    listing("open", &rows, format, || {
        let mut out = Sheet::new(0);
        let mut sorted: Vec<&Judged> = shown().collect();
        sorted.sort_by_key(|own| match own.verdict {
            Verdict::Clear => 0,
            Verdict::Unknown => 1,
            Verdict::Denied => 2,
        });
        for own in sorted {
            let said = match own.verdict {
                Verdict::Unknown => "undecided",
                _ => word(own),
            };
            let sure = own.certainty.filter(|own| *own == Certainty::Possible);
            let sure = sure.map_or("", |_| " (possible)");
            out.row(format!("{said:12} {}  {}{sure}", own.rule.name(), own.why));
        }
        let of = |verdict| judged.iter().filter(|own| own.verdict == verdict).count();
        let denied = of(Verdict::Denied);
        let hidden = match listed == Listed::NotDenied && denied > 0 {
            true => " (-v lists them)",
            false => "",
        };
        out.text(format!(
            "{} allowed, {denied} denied{hidden}, {} undecided; token and table only, the server was not asked",
            of(Verdict::Clear),
            of(Verdict::Unknown)
        ));
        for (when, count) in conditions(judged) {
            out.text(match count == denied {
                true => format!("denied only {when}"),
                false => format!("{count} of those are denied only {when}"),
            });
        }
        out
    })
}

/// The conditions under which operations are denied, each with how many.
fn conditions(judged: &[Judged]) -> BTreeMap<&str, usize> {
    let denied = judged.iter().filter(|own| own.verdict == Verdict::Denied);
    let mut out = BTreeMap::new();
    for when in denied.filter_map(|own| own.when.as_deref()) {
        *out.entry(when).or_default() += 1;
    }
    out
}
