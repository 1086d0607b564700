//! From the text of `tables/language.toml` to a vocabulary that can read.

use super::vocabulary::{ConceptId, Rule, Slot, Vocabulary};
use super::word;
use crate::finding;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    /// Concepts that say that something went wrong.
    trouble: Vec<String>,
    /// Phrases by the concept that they name.
    concept: BTreeMap<String, Vec<String>>,
    /// Rules by cause and strength.
    reading: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Rules that mean several things.
    #[serde(default)]
    umbrella: Vec<Umbrella>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Umbrella {
    when: Vec<String>,
    means: BTreeMap<String, f64>,
}

pub(super) fn compile(text: &str) -> Result<Vocabulary, String> {
    let document: Document = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    let mut vocabulary = Vocabulary {
        nodes: 1,
        ..Vocabulary::default()
    };
    for (name, phrases) in &document.concept {
        let concept = vocabulary.add_concept(name, false);
        for phrase in phrases {
            vocabulary.add_phrase(concept, phrase);
        }
    }
    for (code, by_strength) in &document.reading {
        for (strength, rules) in by_strength {
            let strength: f64 = strength
                .parse()
                .map_err(|_| format!("{code}: {strength} is not a strength"))?;
            for rule in rules {
                vocabulary.add_rule(rule, vec![cause(code, strength)?])?;
            }
        }
    }
    for umbrella in &document.umbrella {
        for rule in &umbrella.when {
            let means = umbrella
                .means
                .iter()
                .map(|(code, strength)| cause(code, *strength));
            vocabulary.add_rule(rule, means.collect::<Result<_, _>>()?)?;
        }
    }
    for name in &document.trouble {
        let concept = vocabulary
            .find(name)
            .ok_or_else(|| format!("trouble: `{name}` is not a concept"))?;
        vocabulary.trouble.push(concept);
    }
    vocabulary.beginnings.sort();
    vocabulary.good = vocabulary.find("good");
    vocabulary.progress = vocabulary.find("progress");
    vocabulary.advice = vocabulary.find("advice");
    vocabulary.hedge = vocabulary.find("hedge");
    Ok(vocabulary)
}

#[expect(clippy::cast_possible_truncation, reason = "strengths are small")]
fn cause(code: &str, strength: f64) -> Result<(&'static str, i32), String> {
    let cause = finding::by_code(code).ok_or_else(|| format!("{code} is not a cause"))?;
    Ok((cause.code, (strength * 10.0).round() as i32))
}

impl Vocabulary {
    fn find(&self, name: &str) -> Option<ConceptId> {
        let at = self.names.iter().position(|own| own == name)?;
        (!self.quoted[at])
            .then(|| ConceptId::try_from(at).ok())
            .flatten()
    }

    fn add_concept(&mut self, name: &str, quoted: bool) -> ConceptId {
        self.names.push(name.to_owned());
        self.quoted.push(quoted);
        ConceptId::try_from(self.names.len() - 1).unwrap_or(ConceptId::MAX)
    }

    fn number(&mut self, word: &str) -> u32 {
        let next = u32::try_from(self.words.len() + self.beginnings.len()).unwrap_or(u32::MAX);
        if let Some(start) = word.strip_suffix('*') {
            if let Some((_, number)) = self.beginnings.iter().find(|(own, _)| own == start) {
                return *number;
            }
            self.beginnings.push((start.to_owned(), next));
            return next;
        }
        *self.words.entry(word.to_owned()).or_insert(next)
    }

    /// A phrase is read as answers are: `*` at a word's end stands for any ending, `(…)` may be left out.
    fn add_phrase(&mut self, concept: ConceptId, phrase: &str) {
        if let (Some(open), Some(close)) = (phrase.find('('), phrase.find(')')) {
            let with = format!(
                "{}{}{}",
                &phrase[..open],
                &phrase[open + 1..close],
                &phrase[close + 1..]
            );
            let without = format!("{}{}", &phrase[..open], &phrase[close + 1..]);
            self.add_phrase(concept, &with);
            self.add_phrase(concept, &without);
            return;
        }
        let mut node = 0;
        for chunk in phrase.split_whitespace() {
            let mut words = Vec::new();
            let special = chunk.starts_with('<') || matches!(chunk, ":" | ",");
            match chunk.strip_suffix('*') {
                _ if special => words.push(chunk.to_owned()),
                Some(start) => words.push(format!("{start}*")),
                None => word::push(chunk, true, &mut words),
            }
            for word in words {
                let number = self.number(&word);
                let nodes = self.nodes;
                let next = *self.steps.entry((node, number)).or_insert(nodes);
                if next == nodes {
                    self.nodes += 1;
                }
                node = next;
            }
        }
        if node != 0 {
            let named = self.ends.entry(node).or_default();
            if !named.contains(&concept) {
                named.push(concept);
            }
        }
    }

    /// `token|session expired !csrf` · `'used before' issued` · `unknown > key`.
    fn add_rule(&mut self, text: &str, means: Vec<(&'static str, i32)>) -> Result<(), String> {
        let mut rule = Rule {
            slots: Vec::new(),
            never: Vec::new(),
            means,
        };
        for part in parts(text) {
            if part == ">" {
                if let Some(last) = rule.slots.last_mut() {
                    last.before = true;
                }
                continue;
            }
            let (never, part) = match part.strip_prefix('!') {
                Some(part) => (true, part),
                None => (false, part.as_str()),
            };
            let mut any = Vec::new();
            for name in alternatives(part) {
                let quoted = if never {
                    format!("'{name}'")
                } else {
                    String::new()
                };
                let concept = self.named(&name).or_else(|| self.named(&quoted));
                any.push(concept.ok_or_else(|| format!("{text}: `{name}` is not a concept"))?);
            }
            match never {
                true => rule.never.extend(any),
                false => rule.slots.push(Slot { any, before: false }),
            }
        }
        let number = self.rules.len();
        let first = rule
            .slots
            .first()
            .ok_or_else(|| format!("{text}: names no concept"))?;
        for concept in first.any.clone() {
            self.by_concept.entry(concept).or_default().push(number);
        }
        self.rules.push(rule);
        Ok(())
    }

    fn named(&mut self, name: &str) -> Option<ConceptId> {
        let Some(phrase) = name.strip_prefix('\'').and_then(|n| n.strip_suffix('\'')) else {
            return self.find(name);
        };
        let known = self
            .names
            .iter()
            .zip(&self.quoted)
            .position(|(own, quoted)| *quoted && own == phrase);
        if let Some(at) = known {
            return ConceptId::try_from(at).ok();
        }
        let concept = self.add_concept(phrase, true);
        self.add_phrase(concept, phrase);
        Some(concept)
    }
}

/// Blanks part a rule, but not inside quotes.
fn parts(text: &str) -> Vec<String> {
    split(text, ' ')
}

fn alternatives(text: &str) -> Vec<String> {
    split(text, '|')
}

fn split(text: &str, at: char) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut inside = false;
    for c in text.chars() {
        inside ^= c == '\'';
        if c == at && !inside {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out.retain(|part| !part.is_empty());
    out
}
