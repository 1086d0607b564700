//! Does a 404 speak of the object that the path names, and not of the path?

use super::facts::Facts;
use super::said::Ending;
use crate::finding::{Finding, RESOURCE_NOT_SHARED};
use crate::token::redact::{self, is_id};

/// The answer names the object: that is more precise than any words for "not found".
const NAMED: i32 = 56;

pub(super) fn check(facts: &Facts<'_>) -> Option<Finding> {
    let said = facts.said.as_ref()?;
    if said.ending != Ending::Refused || said.status != Some(404) || said.body.is_page() {
        return None;
    }
    let path = &facts.case.target.as_ref()?.path;
    let text = crate::http::cut(said.body.text, 4096).0;
    let id = path
        .trim_end_matches('/')
        .rsplit('/')
        .find(|part| is_id(part))?;
    quotes(text, id).then(|| {
        Finding::candidate(
            &RESOURCE_NOT_SHARED,
            "The answer names the object that the path asks for: it does not exist, or this token cannot see it.",
        )
        .seen("the answer", redact::excerpt(text))
        .weighing(NAMED)
        .fix("Check the id, and whether the object belongs to what this token may see.")
    })
}

/// Whether a text has the id as a word of its own, and not as a part of the path.
fn quotes(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + id.len()..].chars().next();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '/');
        edge(before) && edge(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_by_its_id_and_not_by_the_path() {
        assert!(quotes("Thing 7 not found", "7"));
        assert!(quotes("no item with id '7'", "7"));
        assert!(!quotes("Cannot GET /things/7", "7"));
        assert!(!quotes("error 17", "7"));
    }
}
