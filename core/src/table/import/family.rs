//! What a vendor states once for many operations, written into their rows.

use crate::scope::Need;
use crate::table::model::{Family, Levels};
use crate::table::model::{Partly, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// Fills in what the rows do not say themselves; lines that are not of the form are named. Answers, for each row, the
/// kinds of which it is stated that they need nothing.
pub(super) fn fill(
    families: &[Family],
    levels: &Levels,
    rules: &mut [Rule],
    doubts: &mut Vec<(String, String)>,
) -> Vec<BTreeSet<String>> {
    let mut free = vec![BTreeSet::new(); rules.len()];
    for (number, family) in families.iter().enumerate() {
        let place = format!("provider.toml family {}", number + 1);
        let mut lines = Vec::new();
        for text in &family.lines {
            match Line::read(text, family) {
                Some(line) => lines.push(line),
                None => doubts.push((place.clone(), "has a line of another form".to_owned())),
            }
        }
        for (rule, free) in rules.iter_mut().zip(&mut free) {
            let line = lines.iter().find(|line| line.fits(rule));
            rule.doubt.extend(line.and(family.doubt.clone()));
            if let Some(Line {
                need: Some(need), ..
            }) = line
            {
                let need = match family.levels {
                    true => with_levels(need, levels, reads(&rule.method)),
                    false => need.clone(),
                };
                let cases = line.map_or(&[][..], |line| &line.cases);
                let kinds = take(family, &need, cases, rule);
                if need.is_empty() {
                    free.extend(kinds);
                }
            }
        }
    }
    free
}

fn reads(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

/// A kind of which the row says something already keeps that, with the alternatives of a family that adds.
fn take(family: &Family, need: &Need, cases: &[&Partly], rule: &mut Rule) -> Vec<String> {
    let fits = |kind: &&String| {
        let silent = rule.need.get(*kind).is_none_or(BTreeMap::is_empty);
        !rule.deny.contains(kind) && silent != family.adds
    };
    let kinds: Vec<String> = family.kinds.iter().filter(fits).cloned().collect();
    if kinds.is_empty() {
        return kinds;
    }
    for kind in &kinds {
        let gates = rule.need.entry(kind.clone()).or_default();
        if need.is_empty() {
            continue;
        }
        let stated = gates.entry(family.gate.clone()).or_default();
        let fresh: Need = need
            .iter()
            .filter(|set| !stated.contains(set))
            .cloned()
            .collect();
        stated.splice(0..0, fresh);
    }
    for case in cases {
        let same = |own: &&mut Partly| own.has == case.has && own.when == case.when;
        match rule.partly.iter_mut().find(same) {
            Some(own) => own.kinds.extend(kinds.iter().cloned()),
            None => rule.partly.push(Partly {
                kinds: kinds.clone(),
                ..(*case).clone()
            }),
        }
    }
    let known = |own: &String| Some(own) == family.src.as_ref();
    if !rule.src.iter().any(known) {
        rule.src.extend(family.src.clone());
    }
    kinds
}

fn with_levels(need: &Need, levels: &Levels, reads: bool) -> Need {
    let level = levels.order.get(usize::from(!reads));
    let full = |name: &String| match (name.contains(':'), level) {
        (false, Some(level)) => format!("{name}:{level}"),
        _ => name.clone(),
    };
    need.iter()
        .map(|set| set.iter().map(full).collect())
        .collect()
}

struct Line<'f> {
    methods: &'f str,
    path: &'f str,
    /// `None` where it is not known.
    need: Option<Need>,
    cases: Vec<&'f Partly>,
}

impl<'f> Line<'f> {
    fn read(text: &'f str, family: &'f Family) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (methods, path) = (words.next()?, words.next()?);
        let (cases, names): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('~'));
        let cases = cases
            .into_iter()
            .map(|word| family.case.get(&word[1..]))
            .collect::<Option<Vec<_>>>()?;
        let need = match names.as_slice() {
            [] => return None,
            ["?"] => None,
            ["-"] => Some(Need::new()),
            names => Some(
                names
                    .split(|name| *name == "|")
                    .map(|set| set.iter().map(ToString::to_string).collect())
                    .collect(),
            ),
        };
        path.starts_with('/').then_some(Self {
            methods,
            path,
            need,
            cases,
        })
    }

    fn fits(&self, rule: &Rule) -> bool {
        let method = match self.methods {
            "*" => true,
            "WRITE" => !reads(&rule.method),
            list => list.split(',').any(|own| own == rule.method),
        };
        method && path_fits(self.path, &rule.path)
    }
}

fn path_fits(pattern: &str, path: &str) -> bool {
    let mut own = pattern.split('/');
    let mut asked = path.split('/');
    loop {
        match (own.next(), asked.next()) {
            (Some("**"), _) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(own), Some(asked)) if own == asked => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::import::row;
    use crate::table::model::Needs;

    #[test]
    fn the_first_line_that_fits_fills_what_a_row_leaves_open() {
        let family: Family = toml::from_str(
            "gate = \"permission\"\nlevels = true\nkinds = [\"app\"]\ncase.public = { when = \"it is public\" }\nlines = [\"GET /r/*/secrets/** secrets\", \"* /r/*/issues/** issues | pulls ~public\", \"WRITE /r/** admin:write\", \"bad\"]",
        )
        .expect("a family");
        let levels = Levels {
            order: vec!["read".into(), "write".into()],
        };
        let rows = [
            ("GET", "/r/{id}/secrets"),
            ("POST", "/r/{id}/issues/{n}"),
            ("GET", "/r/{id}"),
        ];
        let mut rules: Vec<Rule> = rows
            .into_iter()
            .map(|(method, path)| row(method, path, Needs::new(), "spec"))
            .collect();
        let mut doubts = Vec::new();
        let free = fill(&[family], &levels, &mut rules, &mut doubts);
        assert!(free.iter().all(BTreeSet::is_empty));
        assert_eq!(rules[0].need["app"]["permission"], [["secrets:read"]]);
        assert_eq!(
            rules[1].need["app"]["permission"],
            [["issues:write"], ["pulls:write"]]
        );
        assert_eq!(rules[1].partly[0].when, "it is public");
        assert!(rules[2].need.is_empty());
        assert_eq!(doubts.len(), 1);
    }

    #[test]
    fn what_speaks_against_a_row_is_a_doubt_and_no_requirement() {
        let family: Family = toml::from_str(
            "gate = \"scope\"\nkinds = []\ndoubt = \"gone\"\nlines = [\"GET /old/{id} ?\"]",
        )
        .expect("a family");
        let mut rules = vec![
            row("GET", "/old/{id}", Needs::new(), "spec"),
            row("GET", "/new", Needs::new(), "spec"),
        ];
        fill(&[family], &Levels::default(), &mut rules, &mut Vec::new());
        assert_eq!(rules[0].doubt, ["gone"]);
        assert!(rules[0].need.is_empty() && rules[1].doubt.is_empty());
    }

    #[test]
    fn that_a_kind_needs_nothing_is_a_statement() {
        let family: Family = toml::from_str(
            "gate = \"scope\"\nkinds = [\"app\"]\nlines = [\"GET /zen -\", \"GET /a ?\"]",
        )
        .expect("a family");
        let mut rules = vec![
            row("GET", "/zen", Needs::new(), "spec"),
            row("GET", "/a", Needs::new(), "spec"),
        ];
        let free = fill(&[family], &Levels::default(), &mut rules, &mut Vec::new());
        assert_eq!(free, [BTreeSet::from(["app".to_owned()]), BTreeSet::new()]);
    }
}
