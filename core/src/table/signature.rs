//! A provider's refusals, their patterns ready to match.

use super::load::Table;
use super::model::{ErrorSignature, Source, StatedScopes};
use super::pattern::Pattern;
use super::prefilter::Prefilter;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A signature with its patterns ready to match.
#[derive(Debug)]
pub struct Refusal {
    /// What was declared.
    pub signature: ErrorSignature,
    /// The pattern of what the server said.
    pub re: Option<Pattern>,
    /// Response headers and their patterns.
    pub header: Vec<(String, Pattern)>,
    /// Request headers and their patterns.
    pub sent: Vec<(String, Pattern)>,
    /// The pattern of the URL.
    pub url: Option<Pattern>,
}

impl Refusal {
    /// `None` where a pattern is not a regular expression: the lint names it.
    fn of(signature: ErrorSignature) -> Option<Self> {
        let pattern = |text: &Option<String>| match text {
            Some(text) => Pattern::new(text).ok().map(Some),
            None => Some(None),
        };
        let patterns = |map: &BTreeMap<String, String>| -> Option<Vec<(String, Pattern)>> {
            map.iter()
                .map(|(name, text)| Some((name.clone(), Pattern::new(text).ok()?)))
                .collect()
        };
        Some(Self {
            re: pattern(&signature.re)?,
            header: patterns(&signature.header)?,
            sent: patterns(&signature.sent)?,
            url: pattern(&signature.url)?,
            signature,
        })
    }

    /// Whether it goes by the status alone: such a signature yields to any that knows more.
    pub fn is_bare(&self) -> bool {
        self.re.is_none()
            && self.header.is_empty()
            && self.sent.is_empty()
            && self.signature.json.is_empty()
    }
}

/// How one provider refuses.
#[derive(Debug)]
pub struct Refusals {
    /// The provider's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is nobody's in particular: the standards' codes and what libraries share.
    pub general: bool,
    /// Codes that stand before many reasons, in lower case.
    pub umbrella: Vec<String>,
    /// Its signatures, the more telling first.
    pub list: Vec<Refusal>,
    /// Headers in which it states scopes.
    pub stated: Vec<StatedScopes>,
    /// Which scope includes which.
    pub implies: Vec<crate::scope::Implication>,
    /// A response header with the id of the request, for a ticket.
    pub correlation: Vec<String>,
    sources: Vec<Source>,
    prefilter: OnceLock<Prefilter>,
}

impl Refusals {
    /// The signatures of a table, ready to match.
    pub fn of(table: &Table) -> Self {
        let provider = &table.provider;
        Self {
            id: provider.info.id.clone(),
            name: provider.info.name.clone(),
            general: provider.info.general,
            umbrella: lower(&provider.info.umbrella),
            list: table
                .signatures()
                .into_iter()
                .filter_map(Refusal::of)
                .collect(),
            stated: provider.accepts_header.clone(),
            implies: provider.implies.clone(),
            correlation: provider.info.correlation.clone(),
            sources: provider.source.clone(),
            prefilter: OnceLock::new(),
        }
    }

    /// The signatures that may fit, of those that a first question leaves, in their order. One pass over what was said
    /// leaves out those whose patterns cannot match; there is none where no pattern is left to be tried.
    pub fn likely(&self, said: &str, may: impl Fn(&Refusal) -> bool) -> Vec<&Refusal> {
        let left: Vec<bool> = self.list.iter().map(may).collect();
        let pairs = || self.list.iter().zip(&left);
        let asked = pairs().any(|(refusal, left)| *left && refusal.re.is_some());
        let patterns = || Prefilter::of(self.list.iter().map(|refusal| refusal.re.as_ref()));
        let found = asked.then(|| self.prefilter.get_or_init(patterns).candidates(said));
        let matches = |number: usize| found.as_ref().is_none_or(|found| found[number]);
        let likely = pairs().enumerate();
        likely
            .filter(|(number, (_, left))| **left && matches(*number))
            .map(|(_, (refusal, _))| refusal)
            .collect()
    }

    /// The source of that id.
    pub fn source(&self, id: Option<&str>) -> Option<&Source> {
        let id = id.or_else(|| self.sources.first().map(|s| s.id.as_str()))?;
        self.sources.iter().find(|source| source.id == id)
    }
}

fn lower(names: &[String]) -> Vec<String> {
    names.iter().map(|name| name.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_signature_compiles_and_names_its_source() {
        for id in crate::table::names() {
            let table = crate::table::shipped(id).expect("shipped").expect("sound");
            let declared = table.signatures();
            let refusals = Refusals::of(&table);
            for signature in &declared {
                let ready = refusals.list.iter().any(|r| r.signature.id == signature.id);
                assert!(ready, "{id}: {} has a broken pattern", signature.id);
                let re = signature.re.as_deref().map(Pattern::new);
                let sound = re.is_none_or(|re| re.is_ok_and(|re| re.is_sound()));
                assert!(sound, "{id}: {} is too large", signature.id);
                let names = [&signature.need, &signature.have];
                let patterns = names.into_iter().flatten();
                for pattern in patterns.flat_map(|n| n.re.iter().chain(&n.item)) {
                    assert!(Pattern::new(pattern).is_ok(), "{id}: {}", signature.id);
                }
            }
            let mut ids: Vec<&str> = declared.iter().map(|s| s.id.as_str()).collect();
            ids.sort_unstable();
            let count = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), count, "{id}: an id occurs twice");
        }
    }

    #[test]
    fn names_whose_bracket_may_be_missing_end_with_their_text() {
        for id in crate::table::names() {
            let table = crate::table::shipped(id).expect("shipped").expect("sound");
            for signature in table.signatures() {
                let names = [&signature.need, &signature.have].into_iter().flatten();
                for pattern in names.filter_map(|n| n.re.as_deref()) {
                    // `[^]]*)]?` runs into the JSON behind the message where nobody wrote a bracket.
                    for (before, _) in pattern
                        .match_indices(r")\]?")
                        .map(|(at, _)| pattern.split_at(at))
                    {
                        let class = before.rfind("[^").map_or("", |at| &before[at..]);
                        let ends = !class.contains(r"\]") || class.contains('"');
                        assert!(ends, "{id}: {}: {pattern}", signature.id);
                    }
                }
            }
        }
    }
}
