//! Reads the model of `tables/likeness.tsv`, and writes it as constants.

use crate::language::Vocabulary;
use crate::language::hash::{Lists, Texts};
use crate::language::likeness::{CONCEPT, Likeness};
use crate::vocabulary::{list, lists, texts};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The source of an expression.
pub(crate) fn source(model: &Likeness) -> String {
    format!(
        "Likeness {{ causes: {}, bias: {}, marks: {}, weights: {} }}",
        list(&model.causes),
        list(&model.bias),
        texts(&model.marks),
        lists(&model.weights)
    )
}

/// Reads the table; the error says which line is at fault. Concepts that the vocabulary has no longer are left out.
pub(crate) fn compile(text: &str, vocabulary: &Vocabulary) -> Result<Likeness, String> {
    let mut numbers = BTreeMap::new();
    for concept in 0..vocabulary.quoted.len() {
        let concept = u16::try_from(concept).map_err(|e| e.to_string())?;
        numbers.insert(vocabulary.label(concept), concept);
    }
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut head = |name: &str| {
        let line = lines.next().and_then(|line| line.strip_prefix(name));
        let line = line.ok_or_else(|| format!("no line {name}"))?;
        Ok::<_, String>(line.trim_start_matches('\t').split('\t'))
    };
    let causes = head("causes")?.map(|code| match code {
        "none" => "",
        code => code.to_owned().leak(),
    });
    let causes: Vec<&'static str> = causes.collect();
    let bias = head("bias")?.map(|cell| cell.parse().map_err(|_| format!("bias {cell}")));
    let bias: Vec<i16> = bias.collect::<Result<_, String>>()?;
    if bias.len() != causes.len() || causes.len() > 255 {
        return Err("as many biases as causes, at most 255".to_owned());
    }
    let (mut marks, mut weights) = (Vec::new(), Vec::new());
    for line in lines {
        let (mark, cells) = line.split_once('\t').ok_or_else(|| line.to_owned())?;
        let cells = cells.split(' ').map(|cell| weight(cell, causes.len()));
        let cells = cells.collect::<Option<_>>();
        let cells = cells.ok_or_else(|| line.to_owned())?;
        if let Some(mark) = numbered(mark, &numbers) {
            marks.push(mark);
            weights.push(cells);
        }
    }
    Ok(Likeness {
        causes: Cow::Owned(causes),
        bias: Cow::Owned(bias),
        marks: Texts::new(marks.iter().map(String::as_str)),
        weights: Lists::new(weights.into_iter()),
    })
}

/// A mark with the numbers of its concepts instead of their names.
fn numbered(mark: &str, numbers: &BTreeMap<String, u16>) -> Option<String> {
    let Some(names) = mark.strip_prefix(CONCEPT) else {
        return Some(mark.to_owned());
    };
    let own = names.split(CONCEPT).map(|name| numbers.get(name).copied());
    let mut own: Vec<u16> = own.collect::<Option<_>>()?;
    own.sort_unstable();
    let own = own.iter().map(|number| format!("{CONCEPT}{number}"));
    Some(own.collect())
}

/// `12:-7`: a cause's place and a weight of -127 to 127.
fn weight(cell: &str, causes: usize) -> Option<u16> {
    let (place, weight) = cell.split_once(':')?;
    let place: u8 = place
        .parse()
        .ok()
        .filter(|place| usize::from(*place) < causes)?;
    let weight: i8 = weight.parse().ok()?;
    Some(u16::from_be_bytes([place, weight.cast_unsigned()]))
}
