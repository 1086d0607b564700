//! Names that servers state: taken out of lists, compared with what is held.

use crate::scope::{Follow, ScopeSet, close};
use crate::table::{Pattern, Refusals};

/// The parts of texts that have the form of a name, each once.
pub(super) fn items(texts: &[String], form: &Pattern) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for found in texts.iter().flat_map(|text| form.all(text)) {
        if !names.contains(&found) {
            names.push(found);
        }
    }
    names
}

/// Names out of a list as servers write them: quotes, brackets and Python's `u'…'` are dress.
pub(super) fn split<'t>(
    text: &'t str,
    separator: Option<&'t str>,
) -> impl Iterator<Item = String> + 't {
    let separator = separator.unwrap_or(" ");
    let blanks = separator == " ";
    text.split(move |c: char| separator.contains(c) || blanks && c.is_whitespace())
        .map(|name| {
            let name = name.trim_matches(|c: char| matches!(c, ' ' | '\t' | '[' | ']' | '(' | ')'));
            let name = name.strip_prefix("u'").unwrap_or(name);
            name.trim_matches(|c: char| matches!(c, '"' | '\'' | '[' | ']' | '`' | '.'))
                .to_owned()
        })
        .filter(|name| !name.is_empty())
}

/// Whether what is granted meets what is accepted, by what a provider says of its scopes.
pub(super) fn meets(
    accepted: &[String],
    granted: &ScopeSet,
    any: bool,
    refusals: &Refusals,
) -> bool {
    let names: Vec<&str> = accepted.iter().map(String::as_str).collect();
    let (held, _) = close(granted, &refusals.implies, &names, Follow::Known);
    if any {
        accepted.iter().any(|name| held.contains(name))
    } else {
        accepted.iter().all(|name| held.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_as_servers_write_them() {
        let all: Vec<String> = split("[u'view_group', u'view_room']", Some(",")).collect();
        assert_eq!(all, ["view_group", "view_room"]);
        assert_eq!(split("a  b", None).count(), 2);
    }
}
