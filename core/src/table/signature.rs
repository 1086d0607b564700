//! A provider's refusals: a wording is read and its patterns are compiled once an answer may have it.

use super::load::Table;
use super::model::{ErrorSignature, Source, StatedScopes, Values};
use super::pack::catalogue::Wording;
use super::pack::literals::{Literals, Seen};
use super::pack::required::{self, Way};
use super::pattern::Pattern;
use super::shipped;
use super::text::Text;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A signature with its patterns ready to match.
#[derive(Debug)]
pub struct Refusal {
    /// What was declared.
    pub signature: ErrorSignature,
    /// What tells first whether it may fit.
    pub brief: Brief,
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
            brief: Brief::of(&signature),
            signature,
        })
    }

    /// Of a shipped table, whose patterns the build has read.
    fn shipped(wording: &Wording) -> Option<Self> {
        let text = shipped::text(wording.whole);
        let signature: ErrorSignature = serde_json::from_str(text).ok()?;
        let plain = wording.plain.map(shipped::alternatives);
        let pattern = |text: &String| Pattern::sound(text);
        let patterns = |map: &BTreeMap<String, String>| {
            let patterns = map.iter().map(|(name, text)| (name.clone(), pattern(text)));
            patterns.collect()
        };
        Some(Self {
            re: signature
                .re
                .as_ref()
                .map(|text| Pattern::packed(text, plain)),
            header: patterns(&signature.header),
            sent: patterns(&signature.sent),
            url: signature.url.as_ref().map(pattern),
            brief: Brief::of(&signature),
            signature,
        })
    }

    /// Whether it goes by the status alone: such a signature yields to any that knows more.
    pub fn is_bare(&self) -> bool {
        self.brief.bare
    }
}

/// What is known of a wording before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Statuses it comes with; empty: any but success.
    pub status: Cow<'static, [u16]>,
    /// Whether it goes by the status alone.
    pub bare: bool,
    /// Whether it looks for codes in members or in header fields.
    pub coded: bool,
}

impl Brief {
    fn of(signature: &ErrorSignature) -> Self {
        let coded = !signature.json.is_empty() || !signature.header.is_empty();
        Self {
            status: Cow::Owned(signature.status.clone()),
            bare: signature.re.is_none() && signature.sent.is_empty() && !coded,
            coded,
        }
    }
}

/// A wording, read when it is first asked for.
#[derive(Debug)]
struct Listed {
    brief: Brief,
    /// The ways of which what was said has to take one, for the pattern and for members.
    needs: Option<Cow<'static, [u16]>>,
    members: Option<Cow<'static, [u16]>>,
    packed: Option<&'static Wording>,
    read: OnceLock<Option<Box<Refusal>>>,
}

impl Listed {
    fn shipped(wording: &'static Wording) -> Self {
        let packed = |ways| Cow::Borrowed(shipped::numbers(ways));
        Self {
            brief: Brief {
                status: Cow::Borrowed(shipped::numbers(wording.status)),
                bare: wording.bare,
                coded: wording.coded,
            },
            needs: wording.needs.map(packed),
            members: wording.members.map(packed),
            packed: Some(wording),
            read: OnceLock::new(),
        }
    }

    fn own(refusal: Refusal, ways: &Ways, literals: &Literals) -> Self {
        let numbers = |ways: &Option<Vec<Way>>| literals.numbers(ways.as_ref()?).map(Cow::Owned);
        Self {
            brief: refusal.brief.clone(),
            needs: numbers(&ways.needs),
            members: numbers(&ways.members),
            packed: None,
            read: OnceLock::from(Some(Box::new(refusal))),
        }
    }

    /// Whether nothing has to stand in what was said.
    fn is_free(&self) -> bool {
        self.needs.is_none() && self.members.is_none()
    }

    /// Whether what was said may have it.
    fn may_fit(&self, said: &Text, seen: &Seen) -> bool {
        let fits = |ways: &Option<Cow<'_, [u16]>>| ways.as_ref().is_none_or(|ways| seen.fits(ways));
        fits(&self.needs) && (!said.is_plain() || fits(&self.members))
    }

    fn refusal(&self) -> Option<&Refusal> {
        let read = || Refusal::shipped(self.packed?).map(Box::new);
        self.read.get_or_init(read).as_deref()
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
    /// Codes that stand before many reasons, in lower case without separators.
    pub umbrella: Vec<String>,
    /// Its signatures, the more telling first.
    list: Vec<Listed>,
    /// Their literals, where the table is not a shipped one.
    own: Option<Literals>,
    /// Headers in which it states scopes.
    pub stated: Vec<StatedScopes>,
    /// Which scope includes which.
    pub implies: Vec<crate::scope::Implication>,
    /// A response header with the id of the request, for a ticket.
    pub correlation: Vec<String>,
    sources: Vec<Source>,
}

impl Refusals {
    /// The signatures of a table, ready to match.
    pub fn of(table: &Table) -> Self {
        let provider = &table.provider;
        let (list, own) = match table.wordings() {
            Some(packed) => (packed.iter().map(Listed::shipped).collect(), None),
            None => {
                let (list, literals) = listed(table.signatures());
                (list, Some(literals))
            }
        };
        Self {
            id: provider.info.id.clone(),
            name: provider.info.name.clone(),
            general: provider.info.general,
            umbrella: bare_codes(&provider.info.umbrella),
            list,
            own,
            stated: provider.accepts_header.clone(),
            implies: provider.implies.clone(),
            correlation: provider.info.correlation.clone(),
            sources: provider.source.clone(),
        }
    }

    /// The signatures that may fit, of those that a first question leaves, in their order. One pass over what was said
    /// leaves out those whose patterns cannot match; there is none where no pattern is left to be tried.
    pub(crate) fn likely(&self, said: &Text, may: impl Fn(&Brief) -> bool) -> Vec<&Refusal> {
        let own = OnceCell::new();
        let seen = || match &self.own {
            Some(literals) => own.get_or_init(|| literals.seen(said)),
            None => said.seen(),
        };
        let likely = self.list.iter().filter(|listed| may(&listed.brief));
        let likely = likely.filter(|listed| listed.is_free() || listed.may_fit(said, seen()));
        likely.filter_map(Listed::refusal).collect()
    }

    /// The source of that id.
    pub fn source(&self, id: Option<&str>) -> Option<&Source> {
        let id = id.or_else(|| self.sources.first().map(|s| s.id.as_str()))?;
        self.sources.iter().find(|source| source.id == id)
    }
}

/// The ways of a wording that nobody packed.
struct Ways {
    needs: Option<Vec<Way>>,
    members: Option<Vec<Way>>,
}

impl Ways {
    fn of(refusal: &Refusal) -> Self {
        let read = |re: &Pattern| required::of(re.as_str()).ok()?.needs;
        let members = refusal.signature.json.values().map(Values::list);
        Self {
            needs: refusal.re.as_ref().and_then(read),
            members: required::of_members(
                members.map(|values| values.iter().map(String::as_str).collect()),
            ),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Way> {
        self.needs.iter().chain(&self.members).flatten()
    }
}

/// Signatures that nobody packed, with their literals. Where these are too many every one is tried.
fn listed(signatures: Vec<ErrorSignature>) -> (Vec<Listed>, Literals) {
    let read: Vec<Refusal> = signatures.into_iter().filter_map(Refusal::of).collect();
    let ways: Vec<Ways> = read.iter().map(Ways::of).collect();
    let texts = ways.iter().flat_map(Ways::all).flatten().cloned().collect();
    let literals = Literals::new(&texts).unwrap_or_default();
    let listed = read.into_iter().zip(&ways);
    let listed = listed.map(|(refusal, ways)| Listed::own(refusal, ways, &literals));
    (listed.collect(), literals)
}

/// A code without its markup and its separators, in lower case: `<Code>AccessDenied` and `access_denied` are one.
pub(crate) fn bare_code(code: &str) -> String {
    let code = code.rsplit('>').next().unwrap_or_default();
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn bare_codes(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| bare_code(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_signature_compiles_and_names_its_source() {
        for id in crate::table::names() {
            let table = shipped(id).expect("shipped").expect("sound");
            let declared = table.signatures();
            let refusals = Refusals::of(&table);
            for signature in &declared {
                let mut read = refusals.list.iter().filter_map(Listed::refusal);
                let ready = read.any(|read| read.signature.id == signature.id);
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
    fn what_is_packed_of_a_wording_is_what_its_table_says() {
        for id in crate::table::names() {
            let table = shipped(id).expect("shipped").expect("sound");
            let packed = table.wordings().expect("packed");
            let (own, literals) = listed(table.signatures());
            assert_eq!(packed.len(), own.len(), "{id}");
            for (packed, own) in packed.iter().map(Listed::shipped).zip(&own) {
                assert_eq!(packed.brief, own.brief, "{id}");
                let signature =
                    |listed: &Listed| format!("{:?}", listed.refusal().expect("read").signature);
                assert_eq!(signature(&packed), signature(own), "{id}");
                // What is a way for the one is a way for the other too.
                let ways = Ways::of(own.refusal().expect("read"));
                for (ways, packed, own) in [
                    (ways.needs, packed.needs, &own.needs),
                    (ways.members, packed.members, &own.members),
                ] {
                    assert_eq!(
                        (packed.is_some(), own.is_some()),
                        (ways.is_some(), ways.is_some()),
                        "{id}"
                    );
                    for way in ways.into_iter().flatten() {
                        let text = way.into_iter().collect::<Vec<_>>().join("\n");
                        assert!(
                            packed
                                .as_ref()
                                .is_some_and(|ways| shipped::seen(&text).fits(ways)),
                            "{id}: {text}"
                        );
                        assert!(
                            own.as_ref()
                                .is_some_and(|ways| literals.seen(&text).fits(ways)),
                            "{id}: {text}"
                        );
                        assert!(
                            packed
                                .as_ref()
                                .is_some_and(|ways| !shipped::seen("").fits(ways)),
                            "{id}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_code_in_escapes_or_behind_what_is_searched_is_read() {
        let table = Table::read(
            "format = \"scope-table/1\"\n[provider]\nid = \"mine\"\n[[error]]\nid = \"a\"\njson = { \"/code\" = [\"NoScope\", \"E77\"] }\nmeans = [\"scope.missing\"]\n",
            "",
        );
        let refusals = Refusals::of(&table.expect("a table"));
        let likely = |text: &str, plain: bool| {
            refusals
                .likely(&Text::new(text.to_owned(), plain), |_| true)
                .len()
        };
        assert_eq!(likely(r#"{"code":"noscope"}"#, true), 1);
        assert_eq!(likely(r#"{"code":"other"}"#, true), 0);
        assert_eq!(likely(r#"{"code":"other"}"#, false), 1);
    }

    #[test]
    fn names_whose_bracket_may_be_missing_end_with_their_text() {
        for id in crate::table::names() {
            let table = shipped(id).expect("shipped").expect("sound");
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
