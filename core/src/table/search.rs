//! Finding operations by words.

use super::{Rule, Table};

/// How well an operation fits, the best first: whether it is only reported, words that are no whole segment of its path
/// and not its name, whether it is deprecated, segments of the path, name.
pub type Rank = (bool, usize, bool, usize, String);

/// The operations whose method, path, name, needs or provider have all the words, the best first.
pub fn search(table: &Table, words: &[String]) -> Vec<(Rank, Rule)> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let provider = &table.provider.info.id;
    let hits = table.rules().filter(|rule| {
        let op = rule.op.as_deref().unwrap_or_default();
        let text = format!("{} {op} {} {provider}", rule.name(), names(rule)).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    });
    let mut hits: Vec<(Rank, Rule)> = hits
        .map(|rule| (rank(table, &rule, &words), rule))
        .collect();
    hits.sort_by(|(one, _), (other, _)| one.cmp(other));
    hits
}

fn rank(table: &Table, rule: &Rule, words: &[String]) -> Rank {
    let path = rule.path.to_lowercase();
    let op = rule.op.as_deref().unwrap_or_default().to_lowercase();
    let whole = |word: &&String| {
        op == word.as_str() || path.split('/').any(|segment| segment == word.as_str())
    };
    let missed = words.len() - words.iter().filter(whole).count();
    let deep = rule.path.matches('/').count();
    (
        table.is_reported(rule),
        missed,
        rule.deprecated,
        deep,
        rule.name(),
    )
}

/// The names that an operation asks for.
fn names(rule: &Rule) -> String {
    let gates = rule.need.values().flat_map(|gates| gates.values());
    let names: Vec<&str> = gates.flatten().flatten().map(String::as_str).collect();
    names.join(" ")
}
