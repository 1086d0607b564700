//! Finding operations by words.

use super::names::{stem, stems};
use super::{Rule, Table};
use std::collections::BTreeSet;

/// How well an operation fits, the best first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Whether no report that fits has it as what is published in its place.
    unnamed: bool,
    reported: bool,
    /// Words that are no whole segment of its path and not its name.
    missed: usize,
    deprecated: bool,
    /// Segments of its path.
    deep: usize,
    /// Words of which it has another form.
    bent: usize,
    name: String,
}

/// The operations whose method, path, name, needs or provider have all the words, in this form or another (`messages` for
/// `messaging`), the best first.
pub fn search(table: &Table, words: &[String]) -> Vec<(Rank, Rule)> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let hits = table
        .rules()
        .filter_map(|rule| Some((rank(table, &rule, &words)?, rule)));
    let mut hits: Vec<(Rank, Rule)> = hits.collect();
    let instead: BTreeSet<String> = hits
        .iter()
        .filter(|(rank, _)| rank.reported)
        .flat_map(|(_, rule)| &rule.instead)
        .map(|own| format!("{} {}", own.method, own.path))
        .collect();
    for (rank, _) in &mut hits {
        rank.unnamed = !instead.contains(&rank.name);
    }
    hits.sort_by(|(one, _), (other, _)| one.cmp(other));
    hits
}

/// How well an operation fits; `None` where it lacks a word.
fn rank(table: &Table, rule: &Rule, words: &[String]) -> Option<Rank> {
    let path = rule.path.to_lowercase();
    let op = rule.op.as_deref().unwrap_or_default().to_lowercase();
    let provider = &table.provider.info.id;
    let text = format!("{} {op} {} {provider}", rule.name(), names(rule)).to_lowercase();
    let (mut missed, mut bent) = (0, 0);
    for word in words {
        let literal = text.contains(word.as_str());
        if !literal && !stems(&text).any(|own| own == stem(word)) {
            return None;
        }
        let is_word = |own: &str| own == word || stem(own) == stem(word);
        missed += usize::from(op != *word && !path.split('/').any(is_word));
        bent += usize::from(!literal);
    }
    Some(Rank {
        unnamed: true,
        reported: table.is_reported(rule),
        missed,
        deprecated: rule.deprecated,
        deep: rule.path.matches('/').count(),
        bent,
        name: rule.name(),
    })
}

/// The names that an operation asks for.
fn names(rule: &Rule) -> String {
    let gates = rule.need.values().flat_map(|gates| gates.values());
    let names: Vec<&str> = gates.flatten().flatten().map(String::as_str).collect();
    names.join(" ")
}
