//! What must hold of every rule of `tables/language.toml`: near misses are made of each and read.

use super::*;
use crate::finding::{self, Attribute};
use std::collections::BTreeMap;

/// From here on a sense is clear, and so far ahead of the next that nothing else comes near.
const CLEAR: i32 = 40;
const AHEAD: i32 = 15;

/// Concepts that name a subject and what went wrong with it in one.
const TELLING: [&str; 7] = [
    "rate",
    "size",
    "op",
    "fetchfailed",
    "unapproved",
    "both",
    "unimplemented",
];

/// A rule that names one cause clearly, as a sentence of its own words.
struct Made {
    cause: String,
    rule: String,
    /// For each slot the words that fill it, and whether they only say that something went wrong.
    slots: Vec<(String, bool)>,
}

impl Made {
    fn sentence(&self) -> String {
        let words: Vec<&str> = self.slots.iter().map(|(words, _)| words.as_str()).collect();
        words.join(" ")
    }

    /// The sentence about something that is none of an API's business.
    fn of_another_subject(&self, at: usize) -> String {
        let words = self.slots.iter().enumerate();
        let words: Vec<&str> = words
            .map(|(number, (words, _))| if number == at { "zebra" } else { words })
            .collect();
        words.join(" ")
    }
}

pub(super) fn document() -> toml::Table {
    let text = include_str!(concat!(env!("WHY401_TABLES"), "/language.toml"));
    text.parse().expect("TOML")
}

pub(super) fn texts(value: &toml::Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(toml::Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// The parts of a rule: blanks part it, but not inside quotes.
pub(super) fn parts(rule: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut inside = false;
    for c in rule.chars() {
        inside ^= c == '\'';
        match out.last_mut() {
            Some(last) if c != ' ' || inside => last.push(c),
            _ => out.push(String::new()),
        }
    }
    out
}

fn made() -> Vec<Made> {
    let document = document();
    let mut trouble = texts(&document["trouble"]);
    trouble.retain(|name| !TELLING.contains(&name.as_str()));
    let concepts: BTreeMap<String, String> = document["concept"]
        .as_table()
        .expect("concepts")
        .iter()
        .filter_map(|(name, phrases)| Some((name.clone(), texts(phrases).into_iter().next()?)))
        .collect();
    let mut out = Vec::new();
    for (cause, by_strength) in document["reading"].as_table().expect("readings") {
        for (strength, rules) in by_strength.as_table().expect("strengths") {
            if strength.parse::<f64>().expect("a number") < 4.0 {
                continue;
            }
            for rule in texts(rules) {
                let words = |part: &String| match part.trim_start_matches('\'').len() {
                    own if own < part.len() => {
                        let text = part.split('\'').nth(1).unwrap_or_default();
                        (text.to_owned(), false)
                    }
                    _ => {
                        let name = part.split('|').next().unwrap_or_default();
                        let words = concepts.get(name).cloned().unwrap_or_default();
                        (words, trouble.iter().any(|own| own == name))
                    }
                };
                let slots = parts(&rule)
                    .iter()
                    .filter(|part| !part.starts_with('!') && *part != ">" && !part.is_empty())
                    .map(words)
                    .collect();
                out.push(Made {
                    cause: cause.clone(),
                    rule,
                    slots,
                });
            }
        }
    }
    out
}

fn senses(text: &str) -> Vec<Sense> {
    let mut clauses = Clauses::default();
    clauses.add("body", text);
    Vocabulary::shipped().read(&clauses).senses
}

/// Whether words alone would be taken to state the cause.
fn states(text: &str, cause: &str) -> bool {
    let senses = senses(text);
    let strength = |at: usize| senses.get(at).map_or(0, |sense| sense.strength);
    let blanket = finding::by_code(cause).is_some_and(|own| own.is(Attribute::Blanket));
    !blanket
        && senses.first().is_some_and(|first| first.cause == cause)
        && strength(0) >= CLEAR
        && strength(0) - strength(1) >= AHEAD
}

fn none_states(near_misses: impl Iterator<Item = (Made, String)>) {
    let wrong: Vec<String> = near_misses
        .filter(|(made, text)| states(text, &made.cause))
        .map(|(made, text)| format!("{}: {text:?} by {:?}", made.cause, made.rule))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of them\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_went_well_states_no_cause() {
    let all = made().into_iter().map(|made| {
        let text = format!("{} check passed", made.sentence());
        (made, text)
    });
    none_states(all);
}

#[test]
fn what_would_be_so_states_no_cause() {
    let all = made().into_iter().map(|made| {
        let text = format!("The call fails if {}", made.sentence());
        (made, text)
    });
    none_states(all);
}

#[test]
fn another_subject_states_no_cause() {
    let all = made().into_iter().filter_map(|made| {
        let subject = made.slots.iter().position(|(_, trouble)| !trouble)?;
        let rest = made.slots.iter().filter(|(_, trouble)| *trouble).count();
        let text = made.of_another_subject(subject);
        (made.slots.len() > 1 && rest + 1 == made.slots.len()).then_some((made, text))
    });
    none_states(all);
}

#[test]
fn one_word_alone_states_no_cause() {
    let alone = made().into_iter().filter(|made| {
        let [(words, _)] = made.slots.as_slice() else {
            return false;
        };
        words.bytes().all(|b| b.is_ascii_lowercase())
    });
    let all = alone.map(|made| {
        let text = format!("The {} is on the desk of the zebra", made.sentence());
        (made, text)
    });
    none_states(all);
}
