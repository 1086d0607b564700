//! Every rule and every phrase of `tables/language.toml` has a fixture: a sentence that is made of it, and is read as it
//! says. What no sentence can be made of is never read, and is none.

use super::lint::{document, parts, texts};
use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// Words that fill a slot, and whose phrase they are.
#[derive(Clone)]
struct Filling {
    concept: Option<String>,
    words: String,
}

/// A rule as slots to be filled.
struct Rule {
    cause: String,
    text: String,
    slots: Vec<Vec<Filling>>,
}

/// The alternatives of a slot: `a|'b c'`; inside quotes nothing parts.
fn alternatives(part: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut inside = false;
    for c in part.chars() {
        inside ^= c == '\'';
        match out.last_mut() {
            Some(last) if c != '|' || inside => last.push(c),
            _ => out.push(String::new()),
        }
    }
    out
}

/// A phrase without its marks: `x*` begins a word, `(x)` may be left out, `{x|y}` is one of them.
fn plain(phrase: &str) -> Vec<String> {
    if let Some((before, rest)) = phrase.split_once('{')
        && let Some((choice, after)) = rest.split_once('}')
    {
        let each = choice.split('|');
        return each
            .flat_map(|own| plain(&format!("{before}{own}{after}")))
            .collect();
    }
    if let Some((before, rest)) = phrase.split_once('(')
        && let Some((_, after)) = rest.split_once(')')
    {
        return plain(&format!("{before}{after}"));
    }
    vec![phrase.replace('*', "")]
}

fn fillings(part: &str, concepts: &BTreeMap<String, Vec<String>>) -> Vec<Filling> {
    let each = alternatives(part).into_iter();
    each.flat_map(|own| match own.strip_prefix('\'') {
        Some(quoted) => vec![Filling {
            concept: None,
            words: quoted.trim_end_matches('\'').to_owned(),
        }],
        None => {
            let phrases = concepts.get(&own).cloned().unwrap_or_default();
            let filling = |words| Filling {
                concept: Some(own.clone()),
                words,
            };
            phrases.into_iter().map(filling).collect()
        }
    })
    .collect()
}

fn concepts() -> BTreeMap<String, Vec<String>> {
    let document = document();
    let concepts = document["concept"].as_table().expect("concepts");
    let own = concepts.iter();
    own.map(|(name, phrases)| {
        let phrases = texts(phrases);
        (
            name.clone(),
            phrases.iter().flat_map(|own| plain(own)).collect(),
        )
    })
    .collect()
}

fn rules() -> Vec<Rule> {
    let (document, concepts) = (document(), concepts());
    let mut out = Vec::new();
    for (cause, by_strength) in document["reading"].as_table().expect("readings") {
        let rules = by_strength
            .as_table()
            .expect("strengths")
            .values()
            .flat_map(texts);
        for text in rules {
            let slots = parts(&text)
                .iter()
                .filter(|part| !part.starts_with('!') && *part != ">" && !part.is_empty())
                .map(|part| fillings(part, &concepts))
                .collect();
            out.push(Rule {
                cause: cause.clone(),
                text,
                slots,
            });
        }
    }
    out
}

impl Rule {
    /// Whether it is read in a sentence with these words in that slot. Beside it stands that something failed: some rules
    /// count only then.
    fn is_read(&self, at: usize, own: &Filling) -> bool {
        let words = |(number, slot): (usize, &Vec<Filling>)| match number == at {
            true => own.words.clone(),
            false => slot
                .first()
                .map_or_else(String::new, |own| own.words.clone()),
        };
        let words: Vec<String> = self.slots.iter().enumerate().map(words).collect();
        let sentence = words.join(" ").replace(" :", ":");
        let sentence = sentence.replace("<url>", "https://api.example.com/a");
        let sentence = sentence.replace("<ip>", "192.0.2.7");
        ["", "error "].iter().any(|before| {
            let mut clauses = Clauses::default();
            clauses.add("body", &format!("{before}{sentence}"));
            clauses.add("title", "failed");
            let reading = Vocabulary::shipped().read(&clauses);
            reading.senses.iter().any(|own| own.cause == self.cause)
        })
    }
}

#[test]
fn every_rule_is_read_in_words_of_its_own() {
    let wrong: Vec<String> = rules()
        .iter()
        .filter(|rule| {
            let slots = rule.slots.iter().enumerate();
            let mut all = slots.flat_map(|(at, slot)| slot.iter().map(move |own| (at, own)));
            !all.any(|(at, own)| rule.is_read(at, own))
        })
        .map(|rule| format!("{}: {}", rule.cause, rule.text))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} rules\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_phrase_of_a_rule_is_read() {
    let mut open: BTreeSet<(String, String)> = BTreeSet::new();
    let rules = rules();
    for own in rules.iter().flat_map(|rule| rule.slots.iter().flatten()) {
        open.extend(
            own.concept
                .clone()
                .map(|concept| (concept, own.words.clone())),
        );
    }
    let all = open.len();
    for rule in &rules {
        for (at, slot) in rule.slots.iter().enumerate() {
            for own in slot {
                let Some(concept) = own.concept.clone() else {
                    continue;
                };
                let phrase = (concept, own.words.clone());
                if open.contains(&phrase) && rule.is_read(at, own) {
                    open.remove(&phrase);
                }
            }
        }
    }
    assert!(open.is_empty(), "{} of {all}\n{open:?}", open.len());
}
