//! What extensions and descriptions say beside `security`: permissions, roles, scopes in prose.

use crate::scope::{ListReading, Need};
use crate::table::import::{Options, strings};

use crate::table::model::{Extension, Gate, Partly, Prose, Rule};
use regex_lite::Regex;
use serde_json::{Map, Value};

/// What a source declares to be a requirement, made ready once for all operations.
#[derive(Debug, Default)]
pub(super) struct Statements<'a> {
    extensions: Vec<Extension>,
    sentences: Vec<(&'a Prose, Regex)>,
}

impl<'a> Statements<'a> {
    pub(super) fn of(options: &Options<'a>) -> Self {
        let Some(source) = options.source() else {
            return Self::default();
        };
        let ready = |prose: &'a Prose| Some((prose, Regex::new(&prose.re).ok()?));
        Self {
            extensions: source.extensions(),
            sentences: source.prose.iter().filter_map(ready).collect(),
        }
    }

    /// Whether an extension of this name is read.
    pub(super) fn reads(&self, name: &str) -> bool {
        self.extensions.iter().any(|own| own.name == name)
    }

    /// Adds what an operation states.
    pub(super) fn take(
        &self,
        options: &Options<'_>,
        operation: &Map<String, Value>,
        rule: &mut Rule,
    ) {
        for extension in &self.extensions {
            if extension.name.is_empty() {
                take_extension(options, extension, &Value::Object(operation.clone()), rule);
            } else if let Some(value) = operation.get(&extension.name) {
                take_extension(options, extension, value, rule);
            }
        }
        if let Some(text) = operation.get("description").and_then(Value::as_str) {
            take_prose(options, &self.sentences, text, rule);
        }
        rule.errors = errors(options, operation);
    }
}

fn take_extension(options: &Options<'_>, extension: &Extension, value: &Value, rule: &mut Rule) {
    let inside = extension
        .names
        .as_deref()
        .map_or(Some(value), |at| value.pointer(at));
    let word = inside.map(|inside| match inside {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    if word.is_some_and(|word| extension.closed.contains(&word)) {
        for kind in kinds(options, &extension.kinds, &extension.gate, rule) {
            rule.need.remove(&kind);
            rule.deny.push(kind);
        }
        return;
    }
    let parts: Vec<&Value> = match (extension.each, value) {
        (true, Value::Array(parts)) => parts.iter().collect(),
        _ => vec![value],
    };
    let mut need = Need::new();
    for part in parts {
        for set in alternatives(options, extension, part, rule) {
            if !need.contains(&set) {
                need.push(set);
            }
        }
        let state = extension
            .state
            .as_deref()
            .and_then(|at| part.pointer(at)?.as_str());
        rule.states.extend(
            state
                .filter(|s| !rule.states.iter().any(|own| own == s))
                .map(str::to_owned),
        );
    }
    if need.is_empty() || need.iter().any(Vec::is_empty) {
        return;
    }
    let none = options.provider.map_or(&[][..], |p| &p.scopes.none);
    if need.iter().flatten().all(|name| none.contains(name)) {
        for kind in kinds(options, &extension.kinds, &extension.gate, rule) {
            rule.need.entry(kind).or_default();
        }
        return;
    }
    add(options, &extension.kinds, &extension.gate, &need, rule);
}

fn alternatives(
    options: &Options<'_>,
    extension: &Extension,
    part: &Value,
    rule: &mut Rule,
) -> Need {
    let inside = extension
        .names
        .as_deref()
        .map_or(Some(part), |at| part.pointer(at));
    let mut names = match inside {
        Some(Value::String(text)) => match &extension.split {
            Some(by) => text
                .split(by.as_str())
                .map(|name| name.trim().to_owned())
                .collect(),
            None => vec![text.clone()],
        },
        Some(list) => strings(list),
        None => Vec::new(),
    };
    let level = extension
        .level
        .as_deref()
        .and_then(|at| part.pointer(at)?.as_str());
    if let Some(level) = level {
        names = names.iter().map(|name| format!("{name}:{level}")).collect();
    }
    if names.is_empty() {
        return Need::new();
    }
    let gate = options.provider.and_then(|p| p.gate(&extension.gate));
    rule.doubt.extend(doubts_of(&names, gate));
    let word = extension
        .operator
        .as_deref()
        .and_then(|at| part.pointer(at)?.as_str());
    let each = |names: Vec<String>| names.into_iter().map(|name| vec![name]).collect();
    match word.map(str::to_ascii_uppercase).as_deref() {
        Some("ALL" | "AND") => vec![names],
        Some("ANY" | "OR") => each(names),
        Some("OPEN" | "NONE") => Need::new(),
        _ => {
            if extension.operator.is_some() && names.len() > 1 {
                rule.doubt.push(format!(
                    "the document does not say whether any or all of its {}s are needed",
                    extension.gate
                ));
            }
            match extension.lists.unwrap_or(options.reading) {
                ListReading::Any | ListReading::When => each(names),
                ListReading::All | ListReading::Unclear => vec![names],
            }
        }
    }
}

/// The kinds that a statement speaks of, as far as the operation admits them.
fn kinds(options: &Options<'_>, named: &[String], gate: &str, rule: &Rule) -> Vec<String> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let meeting = options.kinds_with(gate);
    let admitted = meeting
        .iter()
        .filter(|kind| rule.need.contains_key(&kind.id));
    admitted.map(|kind| kind.id.clone()).collect()
}

fn add(options: &Options<'_>, named: &[String], gate: &str, need: &Need, rule: &mut Rule) {
    for kind in kinds(options, named, gate, rule) {
        rule.unknown = false;
        let stated = rule.need.entry(kind).or_default();
        let list = stated.entry(gate.to_owned()).or_default();
        // Stated twice they are alternatives: the classic list and the granular one.
        for set in need {
            if !list.contains(set) {
                list.push(set.clone());
            }
        }
    }
}

fn take_prose(options: &Options<'_>, sentences: &[(&Prose, Regex)], text: &str, rule: &mut Rule) {
    for (sentence, pattern) in sentences {
        let Some(found) = pattern.captures(text) else {
            continue;
        };
        let captured = found.iter().skip(1).flatten();
        let names: Vec<String> = captured
            .flat_map(|text| names_in(text.as_str(), sentence.split.as_deref()))
            .collect();
        if names.is_empty() {
            continue;
        }
        if let Some(only) = &sentence.only {
            rule.note = Some(format!(
                "needs {} `{}` where {only}",
                sentence.gate,
                names.join("` or `")
            ));
            return;
        }
        let (always, cases): (Vec<_>, Vec<_>) = names
            .into_iter()
            .enumerate()
            .partition(|(place, _)| sentence.when.get(*place).is_none_or(String::is_empty));
        rule.partly
            .extend(cases.into_iter().map(|(place, name)| Partly {
                has: vec![name],
                when: sentence.when[place].clone(),
                answers: None,
                kinds: sentence.kinds.clone(),
            }));
        let names: Vec<String> = always.into_iter().map(|(_, name)| name).collect();
        let need: Need = match sentence.lists.unwrap_or(options.reading) {
            ListReading::All => vec![names],
            _ => names.into_iter().map(|name| vec![name]).collect(),
        };
        add(options, &sentence.kinds, &sentence.gate, &need, rule);
        // The first sentence that fits speaks: they stand in the order of how much they say.
        return;
    }
}

/// The names of a captured text, without the dress of Markdown and HTML.
fn names_in(text: &str, split: Option<&str>) -> Vec<String> {
    let mut plain = String::new();
    for (place, part) in text.split('<').enumerate() {
        // What stands between `<` and `>` is a tag.
        let behind = part.split_once('>').filter(|_| place > 0);
        plain.push_str(behind.map_or(part, |(_, behind)| behind));
        plain.push(' ');
    }
    let dress =
        |c: char| c.is_whitespace() || matches!(c, '`' | '*' | '"' | '\'' | '.' | ',' | ':');
    let parts: Vec<&str> = match split {
        Some(by) => plain.split(|c| by.contains(c)).collect(),
        None => vec![plain.as_str()],
    };
    let names = parts.into_iter().map(|part| part.trim_matches(dress));
    names
        .filter(|name| !matches!(*name, "" | "or" | "and"))
        .map(str::to_owned)
        .collect()
}

fn doubts_of(names: &[String], gate: Option<&Gate>) -> Vec<String> {
    let grammar = gate.and_then(Gate::pattern);
    let what = gate.map_or("name", |gate| &gate.id);
    let mut doubts = Vec::new();
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            doubts.push(format!("the {what} `{name}` is listed twice"));
        }
        if grammar
            .as_ref()
            .is_some_and(|grammar| !grammar.is_match(name))
        {
            doubts.push(format!("`{name}` does not have the form of a {what}"));
        }
    }
    doubts
}

/// Declared error codes, as far as one of the provider's kinds is refused by them.
fn errors(options: &Options<'_>, operation: &Map<String, Value>) -> Vec<String> {
    let Some(extension) = options.source().and_then(|s| s.errors.as_deref()) else {
        return Vec::new();
    };
    let kinds = options.provider.map_or(&[][..], |p| &p.kind);
    let refusing: Vec<&String> = kinds.iter().flat_map(|k| &k.refused_by).collect();
    let responses = operation
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::values);
    let codes = responses
        .filter_map(|r| r.get(extension)?.as_object())
        .flat_map(Map::keys);
    codes
        .filter(|code| refusing.contains(code))
        .cloned()
        .collect()
}
