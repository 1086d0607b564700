//! Does this host take this kind of token?

use super::facts::{Facts, KindBy};
use crate::finding::{Certainty, Finding, REGION_MISMATCH};

pub(super) fn check(facts: &Facts<'_>) -> Option<Finding> {
    // An answer says itself what it is about.
    if facts.answered() || facts.nothing_given() {
        return None;
    }
    let (table, name) = (
        facts.case.table?,
        facts.case.target.as_ref()?.host.as_deref()?,
    );
    let host = table.host(name)?;
    let kind = facts
        .kind_id()
        .filter(|kind| host.closed_to.iter().any(|own| own == kind))?;
    let words = facts.kind_words(kind);
    let mut finding = match facts.kind.1 {
        KindBy::Assumed => {
            let text =
                format!("{name} does not take {words}, and it is not known whether this is one.");
            Finding::candidate(&REGION_MISMATCH, text)
        }
        _ => {
            let text = format!("{name} does not take {words}: it is taken at another host.");
            Finding::error(&REGION_MISMATCH, Certainty::Derived, text)
        }
    };
    finding = finding
        .seen("host", name)
        .from_source(facts.source(host.closed_src.as_deref()));
    Some(match &host.instead {
        Some(instead) => finding.fix(instead),
        None => finding,
    })
}
