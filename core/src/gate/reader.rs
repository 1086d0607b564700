//! Values of a TOML document with their lines; what does not fit is kept as a flaw and the reading goes on.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::manifest::{Flaw, Hint};

/// A value with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// Turns places into lines, and keeps what does not fit.
#[derive(Debug)]
pub(super) struct Reader {
    starts: Vec<usize>,
    pub(super) flaws: Vec<Flaw>,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(breaks).collect(),
            flaws: Vec::new(),
        }
    }

    /// The line of a place, counted from 1.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.starts.partition_point(|start| *start <= span.start)
    }

    pub(super) fn flaw(
        &mut self,
        line: usize,
        key: &str,
        text: impl Into<String>,
        hint: impl Into<Hint>,
    ) {
        self.flaws.push(Flaw {
            line,
            key: key.to_owned(),
            text: text.into(),
            hint: hint.into(),
        });
    }

    fn wrong(&mut self, key: &str, value: &Value<'_>, wanted: &str) {
        let line = self.line(&value.span());
        let found = value.get_ref().type_str();
        self.flaw(
            line,
            key,
            format!("`{key}` is {found}, and must be {wanted}"),
            "",
        );
    }

    pub(super) fn text(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str();
        match text {
            Some(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(_) => {
                let line = self.line(&value.span());
                self.flaw(
                    line,
                    key,
                    format!("`{key}` is empty"),
                    "fill it, or remove the key",
                );
                None
            }
            None => {
                self.wrong(key, value, "a string");
                None
            }
        }
    }

    pub(super) fn flag(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(key, value, "true or false");
        }
        flag
    }

    pub(super) fn count(&mut self, key: &str, value: &Value<'_>) -> Option<usize> {
        let number = value.get_ref().as_integer();
        let count = number.and_then(|n| usize::from_str_radix(n.as_str(), n.radix()).ok());
        if count.is_none() {
            self.wrong(key, value, "a number from 0");
        }
        count
    }

    /// A list of strings, or one string of names separated by blanks or commas.
    pub(super) fn names(&mut self, key: &str, value: &Value<'_>) -> Option<Vec<String>> {
        let placed = self.placed(key, value)?;
        Some(placed.into_iter().map(|(name, _)| name).collect())
    }

    /// The same, each with its line.
    pub(super) fn placed(&mut self, key: &str, value: &Value<'_>) -> Option<Vec<(String, usize)>> {
        if let Some(text) = value.get_ref().as_str() {
            let line = self.line(&value.span());
            let names = text.split(|c: char| c.is_whitespace() || c == ',');
            let names = names.filter(|name| !name.is_empty());
            return Some(names.map(|name| (name.to_owned(), line)).collect());
        }
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, value, "a list of strings");
            return None;
        };
        let own = list.iter().filter_map(|own| {
            let line = self.line(&own.span());
            Some((self.text(key, own)?, line))
        });
        Some(own.collect())
    }

    /// A span of time: seconds, or a number with s, m, h or d.
    pub(super) fn seconds(&mut self, key: &str, value: &Value<'_>) -> Option<i64> {
        let text = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::String(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        let (number, unit) = match text.char_indices().next_back() {
            Some((at, unit)) if !unit.is_ascii_digit() => (&text[..at], unit),
            _ => (text.as_str(), 's'),
        };
        let factor = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
        let factor = factor.iter().find(|(own, _)| *own == unit);
        let number: Option<u32> = number.trim().parse().ok();
        let seconds = number
            .zip(factor)
            .map(|(n, (_, factor))| i64::from(n) * factor);
        if seconds.is_none() {
            self.wrong(
                key,
                value,
                "a time such as \"15m\", \"2h\" or a number of seconds",
            );
        }
        seconds
    }

    /// The nearest of the known keys, where one is near.
    pub(super) fn unknown(&mut self, key: &str, line: usize, known: &[&str]) {
        let hint = match nearest(key, known.iter().copied()) {
            Some(own) => format!("did you mean `{own}`?"),
            None => format!("the keys are {}", known.join(", ")),
        };
        self.flaw(line, key, format!("the key `{key}` is not known"), hint);
    }
}

/// The known word that was probably meant by another: at most a third of its letters differ.
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let near = known.map(|own| (strsim::damerau_levenshtein(own, word), own));
    let near = near.min().filter(|(far, own)| far * 3 <= own.len());
    near.map(|(_, own)| own)
}

/// What to write in place of a word that is not known: all that there are, behind what they are, and before them the one
/// that was probably meant.
pub fn instead<'w>(word: &str, known: impl Iterator<Item = &'w str>, what: &str) -> String {
    let known: Vec<&str> = known.collect();
    let all = format!("{what}: {}", known.join(", "));
    match nearest(word, known.into_iter()) {
        Some(own) => format!("did you mean `{own}`? {all}"),
        None => all,
    }
}

/// The keys of a table in the order of their lines.
pub(super) fn in_order<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(&'t str, Range<usize>, &'t Value<'i>)> {
    let mut keys: Vec<_> = table
        .iter()
        .map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
        .collect();
    keys.sort_by_key(|(_, span, _)| span.start);
    keys
}
