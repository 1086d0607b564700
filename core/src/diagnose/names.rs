//! Names that servers state: taken out of lists, compared with what is held.

use super::said::Said;
use crate::scope::{Follow, ScopeSet, close};
use crate::table::{Names, Pattern, Refusal, Refusals};

impl Said<'_> {
    /// The names that an answer states, and whether any of them is enough.
    pub(super) fn names(&self, from: &Names, refusal: &Refusal) -> Option<(Vec<String>, bool)> {
        let any = from.join.as_deref() == Some("any");
        let texts: Vec<String> = if let Some(pointer) = &from.json {
            self.body.at(pointer)
        } else if let Some(name) = &from.header {
            let response = self.response?;
            response.headers.all(name).map(str::to_owned).collect()
        } else if let Some(pattern) = &from.re {
            vec![Pattern::of_table(pattern)?.group(&self.text, 1)?]
        } else {
            let pattern = refusal.re.as_ref()?;
            vec![pattern.group(&self.text, from.group.unwrap_or(1))?]
        };
        let names: Vec<String> = match from.item.as_deref().map(Pattern::of_table) {
            Some(item) => items(&texts, item?.as_ref()),
            None => texts
                .iter()
                .flat_map(|t| split(t, from.split.as_deref()))
                .collect(),
        };
        (!names.is_empty()).then_some((names, any))
    }

    /// What the server states of scopes in its headers: accepted, granted, whether any is enough.
    pub(super) fn stated_scopes(
        &self,
        refusals: &Refusals,
    ) -> Option<(Vec<String>, ScopeSet, bool)> {
        let response = self.response?;
        refusals.stated.iter().find_map(|pair| {
            let list = |name: &str| {
                let value = response.headers.get(name)?;
                Some(split(value, pair.split.as_deref()).collect::<Vec<_>>())
            };
            let (accepted, granted) = (list(&pair.accepted)?, list(pair.granted.as_ref()?)?);
            let any = pair.join.as_deref() == Some("any");
            Some((accepted, granted.into_iter().collect(), any))
        })
    }
}

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
            let bare = name.trim_matches(|c: char| matches!(c, '"' | '\'' | '[' | ']' | '`' | '.'));
            // A quote that has its other half inside belongs to the name: `list resource "pods"`.
            match bare.matches('"').count() % 2 {
                0 => bare.to_owned(),
                _ => name.to_owned(),
            }
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
        let quoted: Vec<String> = split("list resource \"pods\"", Some("\n")).collect();
        assert_eq!(quoted, ["list resource \"pods\""]);
    }
}
