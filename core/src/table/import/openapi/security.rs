//! `security`: who may call, with which scopes.

use crate::scope::{ListReading, Need};
use crate::table::import::{Imported, Options, strings};
use crate::table::model::Kind;
use crate::table::model::{Needs, Rule};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The security schemes of one document.
pub(super) struct Security<'a> {
    options: &'a Options<'a>,
    /// The scopes that each scheme declares.
    declared: BTreeMap<String, BTreeSet<String>>,
    /// How many operations use a scheme.
    used: BTreeMap<String, usize>,
    /// The scopes that operations name.
    named: BTreeMap<String, BTreeSet<String>>,
    /// Operations that inherit a list of every scope there is.
    blanket: usize,
}

impl<'a> Security<'a> {
    pub(super) fn of(root: &Map<String, Value>, options: &'a Options<'a>) -> Self {
        let schemes = root
            .get("securityDefinitions")
            .or_else(|| root.get("components")?.get("securitySchemes"))
            .and_then(Value::as_object);
        let declared = schemes.into_iter().flatten().map(|(name, scheme)| {
            let flows = scheme.get("flows").and_then(Value::as_object);
            let flows = flows.into_iter().flat_map(Map::values);
            let lists = flows
                .chain([scheme])
                .filter_map(|flow| flow.get("scopes")?.as_object());
            (name.clone(), lists.flat_map(Map::keys).cloned().collect())
        });
        Self {
            options,
            declared: declared.collect(),
            used: BTreeMap::new(),
            named: BTreeMap::new(),
            blanket: 0,
        }
    }

    /// What an operation's list, else the root's, says.
    pub(super) fn take(&mut self, own: Option<&Value>, root: Option<&Value>, rule: &mut Rule) {
        let inherited = own.is_none();
        let Some(list) = own.or(root).and_then(Value::as_array) else {
            let source = self.options.source();
            if source.and_then(|s| s.undeclared.as_deref()) == Some("anonymous") {
                rule.doubt.push("the document declares no security for it: no token is needed, or it travels elsewhere than in the header".to_owned());
                rule.need.insert("anonymous".to_owned(), BTreeMap::new());
            } else {
                rule.unknown = true;
            }
            return;
        };
        let source = self.options.source();
        if list.is_empty() && source.and_then(|s| s.empty.as_deref()) == Some("unknown") {
            rule.unknown = true;
            return;
        }
        rule.need = self.needs(list);
        if inherited && self.is_blanket(list) {
            self.blanket += 1;
            rule.sem = ListReading::Unclear;
        }
    }

    fn needs(&mut self, list: &[Value]) -> Needs {
        let mut needs = Needs::new();
        if list.is_empty() {
            needs.insert("anonymous".to_owned(), BTreeMap::new());
        }
        let unscoped = self.options.source().map_or(&[][..], |s| &s.unscoped);
        let speaks = |alternative: &&Map<String, Value>| {
            let silent = |scheme: &String| unscoped.contains(scheme);
            alternative.is_empty() || !alternative.keys().all(silent)
        };
        let alternatives = list.iter().filter_map(Value::as_object);
        for alternative in alternatives.filter(speaks) {
            if alternative.is_empty() {
                needs.insert("anonymous".to_owned(), BTreeMap::new());
                continue;
            }
            let none = self.options.provider.map_or(&[][..], |p| &p.scopes.none);
            let scopes = alternative.values().flat_map(strings);
            let mut scopes: Vec<String> = scopes.filter(|name| !none.contains(name)).collect();
            let mut seen = BTreeSet::new();
            scopes.retain(|scope| seen.insert(scope.clone()));
            for (scheme, names) in alternative {
                *self.used.entry(scheme.clone()).or_default() += 1;
                let named = self.named.entry(scheme.clone()).or_default();
                named.extend(strings(names));
            }
            for (kind, gates) in self.kinds_of(alternative) {
                let meets = gates.iter().any(|gate| gate == "scope") && !scopes.is_empty();
                let need = meets.then(|| ("scope".to_owned(), self.read(&scopes)));
                join(&mut needs, &kind, need.into_iter().collect());
            }
        }
        needs
    }

    /// Schemes in one object are needed together: the kinds declared for them, else one kind of that name.
    fn kinds_of(&self, alternative: &Map<String, Value>) -> BTreeMap<String, Vec<String>> {
        let kinds = self.options.provider.map_or(&[][..], |p| &p.kind);
        let means = |kind: &&Kind| kind.schemes.iter().any(|s| alternative.contains_key(s));
        let declared: BTreeMap<String, Vec<String>> = kinds
            .iter()
            .filter(means)
            .map(|kind| (kind.id.clone(), kind.gates.clone()))
            .collect();
        if !declared.is_empty() {
            return declared;
        }
        let names: Vec<String> = alternative.keys().map(|scheme| kind_id(scheme)).collect();
        BTreeMap::from([(names.join("+"), vec!["scope".to_owned()])])
    }

    fn read(&self, scopes: &[String]) -> Need {
        match self.options.reading {
            ListReading::Any | ListReading::When => {
                scopes.iter().map(|s| vec![s.clone()]).collect()
            }
            ListReading::All | ListReading::Unclear => vec![scopes.to_vec()],
        }
    }

    /// Whether a list names every scope that its scheme has: documentation of the API, no requirement of an operation.
    fn is_blanket(&self, list: &[Value]) -> bool {
        list.iter()
            .filter_map(Value::as_object)
            .flatten()
            .any(|(scheme, names)| {
                let names: BTreeSet<String> = strings(names).into_iter().collect();
                names.len() > 1
                    && self
                        .declared
                        .get(scheme)
                        .is_some_and(|all| all.is_subset(&names))
            })
    }

    /// Says what is odd about the document's schemes and scopes.
    pub(super) fn finish(self, document: &str, out: &mut Imported) {
        let mut doubt = |text: String| out.doubts.push((document.to_owned(), text));
        for scheme in self
            .named
            .keys()
            .filter(|s| !self.declared.contains_key(*s))
        {
            doubt(format!(
                "the security scheme `{scheme}` is used and not declared"
            ));
        }
        for (scheme, declared) in &self.declared {
            let empty = BTreeSet::new();
            let named = self.named.get(scheme).unwrap_or(&empty);
            let list = |names: Vec<&String>| {
                let shown: Vec<String> = names.iter().take(5).map(|n| format!("`{n}`")).collect();
                let rest = names.len().saturating_sub(shown.len());
                match rest {
                    0 => shown.join(", "),
                    rest => format!("{} and {rest} more", shown.join(", ")),
                }
            };
            let stray: Vec<&String> = named.difference(declared).collect();
            if !declared.is_empty() && !stray.is_empty() {
                doubt(format!(
                    "scheme `{scheme}`: used and not declared: {}",
                    list(stray)
                ));
            }
            let idle: Vec<&String> = declared.difference(named).collect();
            if !idle.is_empty() {
                doubt(format!(
                    "scheme `{scheme}`: declared, and no operation names them: {}",
                    list(idle)
                ));
            }
        }
        if self.blanket > 0 {
            doubt(format!(
                "{} operation(s) inherit a list of all scopes of the API: read as unclear",
                self.blanket
            ));
        }
        for (scheme, count) in self.used {
            *out.schemes.entry(scheme).or_default() += count;
        }
    }
}

/// Two alternatives of one kind: either is enough, so each gate takes both lists, equal sets once, and a gate that one
/// of them does not have is not needed.
fn join(needs: &mut Needs, kind: &str, gates: BTreeMap<String, Need>) {
    let Some(known) = needs.get_mut(kind) else {
        needs.insert(kind.to_owned(), gates);
        return;
    };
    known.retain(|gate, _| gates.contains_key(gate));
    for (gate, need) in gates {
        let Some(list) = known.get_mut(&gate) else {
            continue;
        };
        for set in need {
            if !list.contains(&set) {
                list.push(set);
            }
        }
    }
}

/// A scheme's name as the id of a kind: lower case, `_` between words.
fn kind_id(scheme: &str) -> String {
    let words: Vec<String> = scheme
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("_")
}
