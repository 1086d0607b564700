//! Rows of many documents as one table: which row an operation has does not depend on the order in which documents are
//! read.

use super::super::model::{Host, Kind, Principal, Rule, Source};
use super::{Imported, Options, count, family, share};
use crate::scope::{ListReading, Need};
use std::collections::{BTreeMap, BTreeSet};

/// Path, method, host, query.
type Key = (String, String, Option<String>, Option<String>);

/// What is said of a row of which two documents speak differently.
const DIFFER: &str = "another document of this source asks for something else";

/// Rows as they are read, each with its place.
#[derive(Debug, Default)]
pub(super) struct Rows(Vec<(Rule, String)>);

impl Rows {
    pub(super) fn add(&mut self, rule: Rule, place: &str) {
        self.0.push((rule, place.to_owned()));
    }

    pub(super) fn finish(mut self, options: &Options<'_>, out: &mut Imported) {
        self.keep_telling_hosts(options, out);
        out.rules = self.joined(out);
        if out.rules.is_empty() && out.doubts.is_empty() {
            let why = "has no operation";
            out.doubts.push(("the input".to_owned(), why.to_owned()));
        }
        let mut free = vec![BTreeSet::new(); out.rules.len()];
        if let Some(provider) = options.provider {
            share(&provider.kind, &mut out.rules);
            free = family::fill(
                &provider.family,
                &provider.levels,
                &mut out.rules,
                &mut out.doubts,
            );
        }
        if options.source().is_some_and(Source::is_piecemeal) {
            let kinds = options.provider.map_or(&[][..], |p| &p.kind);
            for (rule, free) in out.rules.iter_mut().zip(&free) {
                let named = |kind: &Kind| {
                    kind.principal == Some(Principal::Nobody)
                        || rule.need.contains_key(&kind.id)
                        || rule.deny.contains(&kind.id)
                };
                let silent = rule.need.values().all(BTreeMap::is_empty);
                let bare =
                    rule.unknown && silent && !rule.need.keys().all(|own| free.contains(own));
                rule.unknown = bare || !kinds.iter().all(named);
            }
        }
        count(out);
    }

    /// A row names its host only where there are several, and where the provider's file does not know better: servers in
    /// documents are often examples.
    fn keep_telling_hosts(&mut self, options: &Options<'_>, out: &mut Imported) {
        let declared = options.provider.map_or(&[][..], |p| &p.host);
        let known =
            |host: &String| declared.is_empty() || declared.iter().any(|own| tells(own, host));
        for (rule, _) in &mut self.0 {
            rule.host = rule.host.take().filter(known);
        }
        let hosts = self.0.iter().filter_map(|(rule, _)| rule.host.clone());
        out.hosts = hosts.collect();
        if out.hosts.len() == 1 {
            for (rule, _) in &mut self.0 {
                rule.host = None;
            }
        }
    }

    /// One row an operation. A document without servers speaks of whatever host the operation has.
    fn joined(self, out: &mut Imported) -> Vec<Rule> {
        let mut rows: BTreeMap<Key, Vec<(Rule, String)>> = BTreeMap::new();
        let has_host = |(rule, _): &(Rule, String)| rule.host.is_some();
        let (hosted, hostless): (Vec<_>, Vec<_>) = self.0.into_iter().partition(has_host);
        for (rule, place) in hosted.into_iter().chain(hostless) {
            let own: Key = (
                rule.path.clone(),
                rule.method.clone(),
                rule.host.clone(),
                rule.query.clone(),
            );
            let elsewhere = match rule.host {
                Some(_) => None,
                None => first_of_any_host(&rows, &own),
            };
            let known = rows.entry(elsewhere.unwrap_or(own)).or_default();
            known.push((rule, place));
        }
        let rows = rows.into_values();
        rows.filter_map(|several| united(several, out)).collect()
    }
}

/// What several documents say of one operation, as one row; where they differ, the last of their places is named, in the
/// order of names.
fn united(mut several: Vec<(Rule, String)>, out: &mut Imported) -> Option<Rule> {
    let before = several.len();
    if before > 1 {
        leave_out_bare(&mut several);
    }
    let mut differ = several.len() < before;
    let place = several.iter().map(|(_, place)| place).max()?.clone();
    let mut rules = several.into_iter().map(|(rule, _)| rule);
    let mut first = rules.next()?;
    for other in rules {
        differ |= join(&mut first, other);
    }
    if differ {
        add(&mut first.doubt, vec![DIFFER.to_owned()]);
        let why =
            "is written several times, with different requirements; each is kept as an alternative";
        out.doubts.push((place, why.to_owned()));
    }
    Some(first)
}

/// A document that only admits kinds yields to those that ask one of them for something: it may have looked no further.
fn leave_out_bare(several: &mut Vec<(Rule, String)>) {
    let asks = |(_, need): &(&String, &BTreeMap<String, Need>)| !need.is_empty();
    let asking = |rule: &Rule| rule.need.iter().any(|own| asks(&own));
    let asked: BTreeSet<String> = several
        .iter()
        .flat_map(|(rule, _)| rule.need.iter().filter(asks).map(|(kind, _)| kind.clone()))
        .collect();
    several.retain(|(rule, _)| {
        let shares = rule.need.keys().any(|kind| asked.contains(kind));
        asking(rule) || rule.unknown || !shares
    });
}

/// Whether it tells operations apart that a row names this host. Below `*` lie the hosts of tenants, and a document names
/// one for all of them; but where each service has a host of its own, it tells.
fn tells(declared: &Host, host: &str) -> bool {
    let tenants = |name: &String| name.starts_with('*') && declared.regional.is_empty();
    declared.takes(host) && !declared.name.as_ref().is_some_and(tenants)
}

fn first_of_any_host(rows: &BTreeMap<Key, Vec<(Rule, String)>>, own: &Key) -> Option<Key> {
    let start = (own.0.clone(), own.1.clone(), None, None);
    let same_path = rows.range(start..).map(|(key, _)| key);
    let mut same = same_path.take_while(|key| key.0 == own.0 && key.1 == own.1);
    same.find(|key| key.3 == own.3).cloned()
}

/// Takes up what another document says of the same operation, and answers whether they differ. The outcome is the same
/// whichever was first: a kind of which one document tells nothing is as the other says; where both tell, the names of
/// either are enough, and a gate of which one speaks stays.
fn join(first: &mut Rule, mut other: Rule) -> bool {
    let tells = |rule: &Rule, kind: &str| rule.need.contains_key(kind) && !rule.is_silent_for(kind);
    let kinds: BTreeSet<String> = first
        .need
        .keys()
        .chain(other.need.keys())
        .cloned()
        .collect();
    let (mut differ, mut untold) = (false, false);
    for kind in kinds {
        let told = (tells(first, &kind), tells(&other, &kind));
        let theirs = other.need.remove(&kind).unwrap_or_default();
        let own = first.need.entry(kind).or_default();
        match told {
            (true, true) => differ |= widen(own, &theirs),
            (false, true) => *own = theirs,
            (true, false) => {}
            (false, false) => untold = true,
        }
    }
    first.unknown = first.unknown && other.unknown || untold;
    first.deprecated &= other.deprecated;
    first.op = least(first.op.take(), other.op);
    first.note = least(first.note.take(), other.note);
    if first.sem == ListReading::All {
        first.sem = other.sem;
    }
    add(&mut first.deny, other.deny);
    add(&mut first.errors, other.errors);
    add(&mut first.states, other.states);
    add(&mut first.partly, other.partly);
    add(&mut first.doubt, other.doubt);
    differ
}

/// Adds the alternatives of another document, and answers whether it has others. Their order is that of their names,
/// where the documents' orders differ.
fn widen(own: &mut BTreeMap<String, Need>, theirs: &BTreeMap<String, Need>) -> bool {
    let sorted = |gates: &BTreeMap<String, Need>| {
        let mut gates = gates.clone();
        for set in gates.values_mut().flatten() {
            set.sort();
        }
        for need in gates.values_mut() {
            need.sort();
        }
        gates
    };
    if own == theirs {
        return false;
    }
    let (known, theirs) = (sorted(own), sorted(theirs));
    own.clone_from(&known);
    for (gate, need) in &theirs {
        add(own.entry(gate.clone()).or_default(), need.clone());
    }
    known != theirs
}

fn least(one: Option<String>, other: Option<String>) -> Option<String> {
    one.into_iter().chain(other).min()
}

/// Adds what is new, and sorts only then: a list that several documents share stays as they wrote it.
fn add<T: Ord>(list: &mut Vec<T>, more: Vec<T>) {
    if *list != more {
        list.extend(more);
        list.sort();
        list.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::import::{Document, openapi};

    fn imported(documents: &[Document], provider: Option<&crate::table::Provider>) -> Imported {
        let options = Options {
            provider,
            source: "spec".to_owned(),
            reading: ListReading::All,
            find: &|_| None,
        };
        openapi(documents, &options)
    }

    fn document((at, text): (usize, &str)) -> Document {
        Document {
            name: format!("{at}.json"),
            text: format!("{{\"openapi\":\"3.0.0\",{text}}}"),
        }
    }

    /// Every order of the documents.
    fn orders(documents: &[Document]) -> Vec<Vec<Document>> {
        if documents.is_empty() {
            return vec![Vec::new()];
        }
        let mut out = Vec::new();
        for at in 0..documents.len() {
            let mut rest = documents.to_vec();
            let first = rest.remove(at);
            for mut order in orders(&rest) {
                order.insert(0, first.clone());
                out.push(order);
            }
        }
        out
    }

    #[test]
    fn rows_do_not_depend_on_the_order_of_the_documents() {
        let texts = [
            r#""paths":{"/a":{"get":{"operationId":"two","security":[{"o":["x"]},{"o":["y"]}]}},"/b":{"get":{"security":[{"o":["x"]}]}},"/c":{"get":{}}}"#,
            r#""paths":{"/a":{"get":{"operationId":"one","security":[{"o":["y"]},{"o":["x"]}]}},"/b":{"get":{"deprecated":true,"security":[{"o":["y"]}]}},"/c":{"get":{"security":[{"o":["x"]}]}}}"#,
            r#""servers":[{"url":"https://one.x.example"}],"paths":{"/b":{"get":{"security":[{"o":["x"]},{"p":[]}]}}}"#,
            r#""servers":[{"url":"https://two.x.example"}],"paths":{"/a":{"get":{"security":[{"o":["x"]},{"o":["y"]}]}}}"#,
        ];
        let documents: Vec<Document> = texts.into_iter().enumerate().map(document).collect();
        let as_given = imported(&documents, None);
        for order in orders(&documents) {
            let other = imported(&order, None);
            assert_eq!(as_given.rules, other.rules);
            assert_eq!(as_given.doubts.last(), other.doubts.last());
        }
        let [a, b, c] = as_given.rules.as_slice() else {
            panic!("three operations: {:?}", as_given.rules);
        };
        assert!(a.doubt.is_empty(), "the same alternatives: {a:?}");
        assert_eq!(a.need["o"]["scope"], [["x"], ["y"]]);
        assert_eq!(b.need["o"]["scope"], [["x"], ["y"]]);
        assert_eq!(b.doubt, [DIFFER]);
        assert!(b.need.contains_key("p") && !b.deprecated);
        assert!(!c.unknown && c.doubt.is_empty(), "one says nothing: {c:?}");
    }

    #[test]
    fn who_only_admits_yields_to_who_asks_for_something() {
        let texts = [
            r#""security":[{"o":[]},{"p":[]}],"paths":{"/a":{"get":{}},"/b":{"get":{}}}"#,
            r#""security":[{"p":[]}],"paths":{"/a":{"get":{}},"/b":{"get":{}}}"#,
            r#""paths":{"/a":{"get":{"security":[{"o":["x"]}]}},"/b":{"get":{"security":[{"q":["x"]}]}}}"#,
        ];
        let documents: Vec<Document> = texts.into_iter().enumerate().map(document).collect();
        for order in orders(&documents) {
            let rules = imported(&order, None).rules;
            let kinds: Vec<Vec<&String>> = rules.iter().map(|r| r.need.keys().collect()).collect();
            assert_eq!(kinds, [vec!["o", "p"], vec!["o", "p", "q"]]);
            assert_eq!(rules[0].doubt, [DIFFER]);
            assert!(rules[1].doubt.is_empty());
        }
    }

    #[test]
    fn hosts_of_tenants_are_kept_in_no_row() {
        let table = |regional: &str| {
            let file = format!(
                "format = \"scope-table/1\"\n[provider]\nid = \"p\"\n[[source]]\nid = \"spec\"\n[[host]]\nname = \"*.x.example\"\n{regional}"
            );
            crate::table::Table::read(&file, "").expect("a table")
        };
        let texts = [
            r#""servers":[{"url":"https://{org}","variables":{"org":{"default":"acme.x.example"}}}],"paths":{"/a":{"get":{"security":[]}}}"#,
            r#""servers":[{"url":"https://drapp.acme.x.example"}],"paths":{"/b":{"get":{"security":[]}}}"#,
        ];
        let documents: Vec<Document> = texts.into_iter().enumerate().map(document).collect();
        let hosts = |table: &crate::table::Table| -> Vec<bool> {
            let rows = imported(&documents, Some(&table.provider)).rules;
            rows.iter().map(|rule| rule.host.is_some()).collect()
        };
        assert_eq!(hosts(&table("")), [false, false]);
        let services = table("regional = [\"{region}-{service}.x.example\"]\n");
        assert_eq!(hosts(&services), [true, true]);
    }
}
