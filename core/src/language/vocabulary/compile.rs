//! From the text of `tables/language.toml` to a vocabulary that can read.

use super::hash::{Lists, Steps, Texts};
use super::held::{ConceptId, Context, Modifiers, Part, Rule, Slot, Vocabulary};
use super::word;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

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
    /// Codes that say what the words beside them are about.
    #[serde(default)]
    context: Vec<CodeContext>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeContext {
    when: Vec<String>,
    becomes: String,
    instead_of: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Umbrella {
    when: Vec<String>,
    means: BTreeMap<String, f64>,
}

/// Words that only begin so are numbered from here while phrases are read.
const BEGINNING: u32 = 1 << 24;

/// Gives the one spelling of a cause's code, where there is such a cause.
pub(crate) type KnownCause = fn(&str) -> Option<&'static str>;

impl Vocabulary {
    /// Reads a vocabulary; the error says which rule is at fault.
    pub(crate) fn compile(text: &str, known: KnownCause) -> Result<Self, String> {
        compile(text, known)
    }
}

fn compile(text: &str, known: KnownCause) -> Result<Vocabulary, String> {
    let document: Document = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    let mut draft = Draft::new(known);
    for (name, phrases) in &document.concept {
        let concept = draft.add_concept(name, false);
        for phrase in phrases {
            draft.add_phrase(concept, phrase);
        }
    }
    for (code, by_strength) in &document.reading {
        for (strength, rules) in by_strength {
            let strength: f64 = strength
                .parse()
                .map_err(|_| format!("{code}: {strength} is no strength"))?;
            for rule in rules {
                let means = vec![draft.meaning(code, strength)?];
                draft.add_rule(rule, means)?;
            }
        }
    }
    for umbrella in &document.umbrella {
        for rule in &umbrella.when {
            let means = umbrella.means.iter();
            let means = means.map(|(code, strength)| draft.meaning(code, *strength));
            let means = means.collect::<Result<_, _>>()?;
            draft.add_rule(rule, means)?;
        }
    }
    for context in &document.context {
        draft.add_context(context)?;
    }
    let trouble = document.trouble.iter().map(|name| {
        let concept = draft.find(name);
        concept.ok_or_else(|| format!("trouble: `{name}` is no concept"))
    });
    let trouble: Vec<ConceptId> = trouble.collect::<Result<_, _>>()?;
    Ok(draft.done(trouble))
}

/// A vocabulary in the making.
struct Draft {
    known: KnownCause,
    words: Vec<String>,
    beginnings: Vec<String>,
    numbers: HashMap<String, u32>,
    /// By node and word; words that only begin so are counted from the other end.
    steps: BTreeMap<(u32, u32), u32>,
    ends: Vec<Vec<ConceptId>>,
    names: Vec<String>,
    quoted: Vec<bool>,
    rules: Vec<Rule>,
    contexts: Vec<Context>,
    slots: Vec<Slot>,
    concepts: Vec<ConceptId>,
    causes: Vec<&'static str>,
    means: Vec<(u8, i16)>,
    turns: Vec<(u8, u8)>,
    by_concept: Vec<Vec<u16>>,
}

/// Puts a list behind the others.
fn put<T>(all: &mut Vec<T>, own: Vec<T>) -> Part {
    let length = |all: &Vec<T>| u32::try_from(all.len()).unwrap_or(u32::MAX);
    let start = length(all);
    all.extend(own);
    Part(start, length(all))
}

impl Draft {
    fn new(known: KnownCause) -> Self {
        Self {
            known,
            words: Vec::new(),
            beginnings: Vec::new(),
            numbers: HashMap::new(),
            steps: BTreeMap::new(),
            ends: vec![Vec::new()],
            names: Vec::new(),
            quoted: Vec::new(),
            rules: Vec::new(),
            contexts: Vec::new(),
            slots: Vec::new(),
            concepts: Vec::new(),
            causes: Vec::new(),
            means: Vec::new(),
            turns: Vec::new(),
            by_concept: Vec::new(),
        }
    }

    fn done(self, trouble: Vec<ConceptId>) -> Vocabulary {
        let modifiers = Modifiers {
            good: self.find("good"),
            progress: self.find("progress"),
            advice: self.find("advice"),
            hedge: self.find("hedge"),
            condition: self.find("condition"),
            determiner: self.find("determiner"),
        };
        let offset = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        let number = |word: u32| match word.checked_sub(BEGINNING) {
            Some(beginning) => offset + beginning,
            None => word,
        };
        let steps = self.steps.iter();
        let steps: Vec<_> = steps
            .map(|((node, word), next)| (*node, number(*word), *next))
            .collect();
        Vocabulary {
            words: Texts::new(self.words.iter().map(String::as_str)),
            beginnings: Texts::new(self.beginnings.iter().map(String::as_str)),
            steps: Steps::new(steps.into_iter()),
            ends: Lists::new(self.ends.into_iter()),
            quoted: Cow::Owned(self.quoted),
            names: Texts::new(self.names.iter().map(String::as_str)),
            rules: Cow::Owned(self.rules),
            contexts: Cow::Owned(self.contexts),
            slots: Cow::Owned(self.slots),
            concepts: Cow::Owned(self.concepts),
            causes: Cow::Owned(self.causes),
            means: Cow::Owned(self.means),
            turns: Cow::Owned(self.turns),
            by_concept: Lists::new(self.by_concept.into_iter()),
            trouble: Cow::Owned(trouble),
            modifiers,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "strengths are small")]
    fn meaning(&mut self, code: &str, strength: f64) -> Result<(u8, i16), String> {
        Ok((self.cause(code)?, (strength * 10.0).round() as i16))
    }

    fn cause(&mut self, code: &str) -> Result<u8, String> {
        let code = (self.known)(code).ok_or_else(|| format!("{code} is no cause"))?;
        let known = self.causes.iter().position(|own| *own == code);
        let number = known.unwrap_or_else(|| {
            self.causes.push(code);
            self.causes.len() - 1
        });
        u8::try_from(number).map_err(|_| "too many causes".to_owned())
    }

    fn find(&self, name: &str) -> Option<ConceptId> {
        let own = |(at, own): (usize, &String)| own == name && !self.quoted[at];
        let at = self.names.iter().enumerate().position(own)?;
        ConceptId::try_from(at).ok()
    }

    fn add_concept(&mut self, name: &str, quoted: bool) -> ConceptId {
        self.names.push(name.to_owned());
        self.quoted.push(quoted);
        self.by_concept.push(Vec::new());
        ConceptId::try_from(self.names.len() - 1).unwrap_or(ConceptId::MAX)
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        let (list, first) = match word.strip_suffix('*') {
            Some(_) => (&mut self.beginnings, BEGINNING),
            None => (&mut self.words, 0),
        };
        let number = first + u32::try_from(list.len()).unwrap_or(u32::MAX);
        list.push(word.trim_end_matches('*').to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// A phrase is read as answers are: `*` at a word's end stands for any ending, `(…)` may be left out, `{a|b}` is one
    /// of them.
    fn add_phrase(&mut self, concept: ConceptId, phrase: &str) {
        if let (Some(open), Some(close)) = (phrase.find('{'), phrase.find('}')) {
            for one in phrase[open + 1..close].split('|') {
                let phrase = format!("{}{one}{}", &phrase[..open], &phrase[close + 1..]);
                self.add_phrase(concept, &phrase);
            }
            return;
        }
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
                let nodes = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
                let next = *self.steps.entry((node, number)).or_insert(nodes);
                if next == nodes {
                    self.ends.push(Vec::new());
                }
                node = next;
            }
        }
        let named = &mut self.ends[node as usize];
        if node != 0 && !named.contains(&concept) {
            named.push(concept);
        }
    }

    /// `token|session expired !csrf` · `'used before' issued` · `unknown > key`.
    fn add_rule(&mut self, text: &str, means: Vec<(u8, i16)>) -> Result<(), String> {
        let (mut slots, mut forbidden) = (Vec::<Slot>::new(), Vec::new());
        for part in parts(text) {
            if part == ">" {
                if let Some(last) = slots.last_mut() {
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
                true => forbidden.extend(any),
                false => slots.push(Slot {
                    any: put(&mut self.concepts, any),
                    before: false,
                }),
            }
        }
        let number = u16::try_from(self.rules.len()).map_err(|_| "too many rules".to_owned())?;
        let first = slots.first();
        let first = first.ok_or_else(|| format!("{text}: names no concept"))?;
        for concept in first.any.of(&self.concepts) {
            self.by_concept[usize::from(*concept)].push(number);
        }
        self.rules.push(Rule {
            slots: put(&mut self.slots, slots),
            never: put(&mut self.concepts, forbidden),
            means: put(&mut self.means, means),
        });
        Ok(())
    }

    fn add_context(&mut self, context: &CodeContext) -> Result<(), String> {
        let to = self.cause(&context.becomes)?;
        let mut when = Vec::new();
        for name in &context.when {
            let concept = self.named(name);
            when.push(concept.ok_or_else(|| format!("`{name}` is no concept"))?);
        }
        let from = context.instead_of.iter();
        let turns = from.map(|code| Ok((self.cause(code)?, to)));
        let turns: Vec<_> = turns.collect::<Result<_, String>>()?;
        self.contexts.push(Context {
            when: put(&mut self.concepts, when),
            turns: put(&mut self.turns, turns),
        });
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
