//! What is held for a gate, as far as it counts for one call: a right may be held in a part of the tenant only.

use super::fill::values;
use super::load::Table;
use super::model::{HeldAnswer, Part, Rule, takes_in};
use crate::scope::ScopeSet;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Names, each with the parts in which it is held.
pub type InParts = BTreeMap<String, BTreeSet<String>>;

/// The names that are held for a gate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held {
    /// As they were told.
    pub told: ScopeSet,
    /// Those that count for this call.
    pub sure: ScopeSet,
    /// Those that count where the call is about one of these parts, which nothing tells.
    pub within: InParts,
    /// Those that are held in other parts than the call is about.
    pub elsewhere: InParts,
    /// Those that count, and open only what lies in these parts.
    pub filtered: InParts,
}

impl From<ScopeSet> for Held {
    fn from(names: ScopeSet) -> Self {
        Self {
            told: names.clone(),
            sure: names,
            ..Self::default()
        }
    }
}

/// Which part a call is about.
enum Called<'p> {
    /// The URL names it.
    Named(Vec<&'p str>),
    /// All of them.
    All,
    /// It answers with what lies in the parts where the right is held.
    Filtered,
    /// The part of its object, which nobody knows from the URL.
    Unknown,
}

impl Table {
    /// What is held for a gate, as far as it counts for this operation on this path (with its query).
    pub fn held(&self, gate: &str, told: &ScopeSet, row: Option<(&Rule, &str)>) -> Held {
        let part = self.provider.part(gate);
        let wildcard = self.provider.gate(gate).is_some_and(|gate| gate.wildcard);
        let mut held = Held {
            told: told.clone(),
            ..Held::default()
        };
        let called = part
            .zip(row)
            .map(|(part, (rule, path))| called(part, rule, path));
        let wanted: Vec<&str> = row.map(|(rule, _)| wanted(rule, gate)).unwrap_or_default();
        for name in told.iter() {
            let (name, place) = part.map_or((name, None), |part| part.split(name));
            let stands_for = |own: &&&str| takes_in(name, own);
            let mut names: Vec<&str> = vec![name];
            if wildcard && name.contains('*') {
                names.extend(wanted.iter().filter(stands_for));
            }
            for name in names {
                held.take(name, place, part.zip(called.as_ref()));
            }
        }
        let sure = held.sure.clone();
        for parted in [&mut held.within, &mut held.elsewhere, &mut held.filtered] {
            parted.retain(|name, _| !sure.contains(name));
        }
        let filtered: Vec<String> = held.filtered.keys().cloned().collect();
        for name in filtered {
            held.sure.insert(&name);
        }
        held
    }

    /// A held name without the part in which it is held.
    pub fn without_part<'n>(&self, name: &'n str) -> &'n str {
        let mut parts = self.provider.part.iter();
        let split = parts.find_map(|part| match part.split(name) {
            (name, Some(_)) => Some(name),
            _ => None,
        });
        split.unwrap_or(name)
    }

    /// The names that an answer of the vendor's own API says somebody holds, each written with its part; `None` where the
    /// document is none that the table can read.
    pub fn held_by_answer(&self, gate: &str, document: &Value) -> Option<ScopeSet> {
        let part = self.provider.part(gate)?;
        let names: ScopeSet = part
            .answer
            .iter()
            .flat_map(|answer| read(answer, document))
            .collect();
        (!names.is_empty()).then_some(names)
    }
}

impl Held {
    fn take(&mut self, name: &str, place: Option<&str>, call: Option<(&Part, &Called<'_>)>) {
        let Some((place, (part, called))) = place
            .zip(call)
            .filter(|(place, (part, _))| !part.is_all(place))
        else {
            self.sure.insert(name);
            return;
        };
        let same = |asked: &&str| asked.eq_ignore_ascii_case(place);
        let parted = match called {
            Called::Named(asked) if asked.iter().all(same) => {
                self.sure.insert(name);
                return;
            }
            Called::Filtered => &mut self.filtered,
            // Nobody says that the part matters for this name.
            Called::Named(_) | Called::All if !part.binds(name) => &mut self.within,
            Called::Named(_) | Called::All => &mut self.elsewhere,
            Called::Unknown => &mut self.within,
        };
        let places = parted.entry(name.to_owned()).or_default();
        places.insert(place.to_owned());
    }
}

/// The names of a gate that may open the operation, for any kind.
fn wanted<'r>(rule: &'r Rule, gate: &str) -> Vec<&'r str> {
    let needs = rule.need.values().filter_map(|gates| gates.get(gate));
    let partly = rule.partly.iter().flat_map(|part| &part.has);
    let names = needs.flatten().flatten().chain(partly);
    names.map(String::as_str).collect()
}

fn called<'p>(part: &Part, rule: &Rule, path: &'p str) -> Called<'p> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let bound = values(&rule.path, path).unwrap_or_default();
    let by_path = bound
        .into_iter()
        .find(|(variable, _)| part.variables.iter().any(|own| own == variable));
    if let Some((_, value)) = by_path {
        return Called::Named(vec![value]);
    }
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let by_query: Vec<&str> = pairs
        .filter(|(name, value)| part.queries.iter().any(|own| own == name) && !value.is_empty())
        .flat_map(|(_, value)| value.split(','))
        .collect();
    if !by_query.is_empty() && !by_query.iter().any(|asked| part.is_all(asked)) {
        Called::Named(by_query)
    } else if part.is_about_all(rule) {
        Called::All
    } else if part.filtered.contains(&rule.name()) {
        Called::Filtered
    } else {
        Called::Unknown
    }
}

fn read(answer: &HeldAnswer, document: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for grant in at(document, &answer.each) {
        let part = answer.part.as_ref().map(|pointer| at(grant, pointer));
        let part = part.map(|found| found.first().and_then(|value| value.as_str()));
        for holder in at(grant, &answer.within) {
            let mut names = vec![String::new()];
            for pointer in &answer.names {
                let found = at(holder, pointer);
                let texts = found.iter().filter_map(|value| value.as_str());
                let texts: Vec<&str> = texts.collect();
                names = names
                    .iter()
                    .flat_map(|start| {
                        texts.iter().map(move |text| match start.as_str() {
                            "" => (*text).to_owned(),
                            start => format!("{start}:{text}"),
                        })
                    })
                    .collect();
            }
            match part {
                // A grant that ought to say its part and does not is not read: it might open too much.
                Some(None) => {}
                Some(Some(part)) => out.extend(names.iter().map(|name| format!("{name}@{part}"))),
                None => out.extend(names),
            }
        }
    }
    out
}

/// The values at a JSON pointer (RFC 6901) in which `*` stands for every element.
fn at<'v>(value: &'v Value, pointer: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for step in pointer.split('/').skip(1) {
        found = match step {
            "*" => found
                .into_iter()
                .filter_map(Value::as_array)
                .flatten()
                .collect(),
            name => found
                .into_iter()
                .filter_map(|value| value.get(name))
                .collect(),
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Coverage;
    use crate::table::{Holdings, Match, Trust, judge};

    /// What the gate answers to names on a path: open, shut or undecided, and what that hangs on.
    fn answer(table: &Table, path: &str, names: &[&str]) -> (char, String) {
        let (plain, _) = path.split_once('?').unwrap_or((path, ""));
        let Match::Found(found) = table.find("GET", None, plain, Trust::C) else {
            panic!("{path} is in the table");
        };
        let told: ScopeSet = names.iter().copied().collect();
        let held = table.held("right", &told, Some((&found.rule, path)));
        let holdings = Holdings::from([("right".to_owned(), held)]);
        let judged = judge(table, &found.rule, "user", &holdings);
        match &judged.gates[0].answer {
            Coverage::Pass { .. } => ('+', String::new()),
            Coverage::Depends { on } => ('?', on.join("; ")),
            _ => ('-', String::new()),
        }
    }

    fn table(more: &str) -> Table {
        let file = format!(
            r#"format = "scope-table/1"
provider = {{ id = "p" }}
source = [{{ id = "s", denies = "always" }}]
gate = [{{ id = "right", wildcard = true }}]
kind = [{{ id = "user", gates = ["right"] }}]
[[part]]
gate = "right"
name = "area"
written = '^(?<name>[^@]+)(?:@(?<part>.+))?$'
example = "thing:view@AREA"
all = ["*"]
names = ["thing:*"]
variables = ["area"]
queries = ["area"]
{more}"#
        );
        let row = |path: &str, name: &str| {
            format!(
                "{{\"method\":\"GET\",\"path\":\"{path}\",\"need\":{{\"user\":{{\"right\":[[\"{name}\"]]}}}},\"src\":[\"s\"]}}\n"
            )
        };
        let rows = [
            row("/things", "thing:view"),
            row("/things/{id}", "thing:view"),
            row("/areas/{area}/things", "thing:view"),
            row("/others/{id}", "other:view"),
            row("/paths", "/paths:view"),
        ];
        Table::read(&file, &rows.concat()).expect("a table")
    }

    #[test]
    fn a_right_in_a_part_opens_what_lies_there() {
        let table = table("filtered = [\"GET /things\"]");
        let of = |path: &str, names: &[&str]| answer(&table, path, names).0;
        assert_eq!(of("/things/1", &["thing:view"]), '+');
        assert_eq!(of("/things/1", &["thing:view@*"]), '+');
        assert_eq!(of("/things/1", &["thing:view@north", "thing:view"]), '+');
        assert_eq!(
            of("/things", &["thing:view@north"]),
            '+',
            "it lists those of north"
        );
        assert_eq!(of("/things?area=North", &["thing:view@north"]), '+');
        assert_eq!(of("/things?area=north,south", &["thing:view@north"]), '-');
        assert_eq!(of("/areas/north/things", &["thing:view@north"]), '+');
        assert_eq!(of("/areas/south/things", &["thing:view@north"]), '-');
        assert_eq!(of("/areas/south/things", &["thing:*@south"]), '+');
        assert_eq!(of("/areas/south/things", &["other:*@south"]), '-');
        assert_eq!(of("/paths", &["*:*"]), '-', "a path is no resource");
        assert_eq!(of("/paths", &["/*:view"]), '+');
        let names = ["thing:view@north", "thing:view@south"];
        let (letter, on) = answer(&table, "/things/1", &names);
        assert_eq!(
            (letter, on.as_str()),
            ('?', "the object is in the area north or south")
        );
        let (letter, on) = answer(&table, "/others/1", &["other:view@north"]);
        assert_eq!(letter, '?');
        assert!(on.ends_with("or `other:view` does not go by areas"), "{on}");
    }

    #[test]
    fn a_call_that_names_no_part_is_about_all_where_the_table_says_so() {
        let table = table("unnamed_is_all = true");
        assert_eq!(answer(&table, "/things", &["thing:view@north"]).0, '-');
        assert_eq!(answer(&table, "/others/1", &["other:view@north"]).0, '?');
    }

    #[test]
    fn grants_of_an_answer_are_names_with_their_parts() {
        let table = table(
            "[[part.answer]]\neach = \"/grants/*\"\npart = \"/area/id\"\nwithin = \"/role/*\"\nnames = [\"/of\", \"/may/*\"]\n[[part.answer]]\nnames = [\"/rights/*\"]\n",
        );
        let read = |text: &str| {
            let document: Value = serde_json::from_str(text).expect("JSON");
            let names = table.held_by_answer("right", &document);
            names.map(|names| names.to_vec().join(" "))
        };
        let grants = r#"{"grants":[{"area":{"id":"north"},"role":[{"of":"thing","may":["view","edit"]}]},{"role":[{"of":"other","may":["view"]}]},7]}"#;
        assert_eq!(
            read(grants).as_deref(),
            Some("thing:edit@north thing:view@north"),
            "a grant without its part is left out"
        );
        let rights = r#"{"rights":["thing:view",7]}"#;
        assert_eq!(read(rights).as_deref(), Some("thing:view"));
        assert_eq!(read(r#"{"grants":"x","rights":{}}"#), None);
    }
}
