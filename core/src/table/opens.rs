//! Which operations a scope opens.

use super::load::Table;
use super::model::Rule;
use crate::scope::{Follow, ScopeSet, close};

/// An operation that names the scope, or one that the scope includes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Opened {
    /// The row.
    pub rule: Rule,
    /// The kinds of token of which it is asked.
    pub kinds: Vec<String>,
    /// Whether it is enough at its gate, with nothing beside it.
    pub alone: bool,
}

impl Table {
    /// The names of a gate that some operation asks for, sorted.
    pub fn published(&self, gate: &str) -> Vec<String> {
        let names = self.texts.iter().flat_map(|text| text.names_of(gate));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The operations that a scope or permission opens, for some kind of token.
    pub fn opened_by(&self, name: &str) -> Vec<Opened> {
        let name = self.provider.scopes.stripped(name);
        let name = ScopeSet::from_iter([name]);
        let (held, _) = close(&name, &self.provider.implies, &[], Follow::Known);
        let grammar = &self.provider.scopes;
        let is = |own: &String| held.iter().any(|held| grammar.is_same(own, held));
        let mut out = Vec::new();
        for rule in self.rules() {
            let mut kinds = Vec::new();
            let mut alone = false;
            for (kind, gates) in rule
                .need
                .iter()
                .filter(|(kind, _)| !rule.deny.contains(kind))
            {
                let mut sets = gates
                    .values()
                    .flatten()
                    .filter(|set| set.iter().any(is))
                    .peekable();
                if sets.peek().is_some() {
                    kinds.push(kind.clone());
                    alone |= sets.any(|set| set.iter().all(is));
                }
            }
            if !kinds.is_empty() {
                out.push(Opened { rule, kinds, alone });
            }
        }
        out
    }
}
