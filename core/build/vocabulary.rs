//! Writes the vocabulary of `tables/language.toml` as constants.

use crate::language::Vocabulary;
use crate::language::hash::{Lists, Texts};
use std::fmt::{self, Write};

/// The source of an expression.
pub(crate) fn source(vocabulary: &Vocabulary) -> Result<String, fmt::Error> {
    let mut out = String::from("Vocabulary {\n");
    writeln!(out, "words: {},", texts(&vocabulary.words))?;
    writeln!(out, "beginnings: {},", texts(&vocabulary.beginnings))?;
    writeln!(
        out,
        "steps: Steps {{ slots: {} }},",
        list(&vocabulary.steps.slots)
    )?;
    writeln!(out, "ends: {},", lists(&vocabulary.ends))?;
    writeln!(out, "quoted: {},", list(&vocabulary.quoted))?;
    writeln!(out, "names: {},", texts(&vocabulary.names))?;
    writeln!(out, "rules: {},", list(&vocabulary.rules))?;
    writeln!(out, "contexts: {},", list(&vocabulary.contexts))?;
    writeln!(out, "slots: {},", list(&vocabulary.slots))?;
    writeln!(out, "concepts: {},", list(&vocabulary.concepts))?;
    writeln!(out, "causes: {},", list(&vocabulary.causes))?;
    writeln!(out, "means: {},", list(&vocabulary.means))?;
    writeln!(out, "turns: {},", list(&vocabulary.turns))?;
    writeln!(out, "by_concept: {},", lists(&vocabulary.by_concept))?;
    writeln!(
        out,
        "trouble: {},\nmodifiers: {:?},\n}}",
        list(&vocabulary.trouble),
        vocabulary.modifiers
    )?;
    Ok(out)
}

pub(crate) fn list<T: fmt::Debug>(items: &[T]) -> String {
    format!("Cow::Borrowed(&{items:?})")
}

pub(crate) fn texts(texts: &Texts) -> String {
    format!(
        "Texts {{ pool: Cow::Borrowed({:?}), ends: {}, slots: {}, lengths: {} }}",
        texts.pool,
        list(&texts.ends),
        list(&texts.slots),
        texts.lengths
    )
}

pub(crate) fn lists(lists: &Lists) -> String {
    format!(
        "Lists {{ ends: {}, all: {} }}",
        list(&lists.ends),
        list(&lists.all)
    )
}
