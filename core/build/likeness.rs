//! Reads the model of `tables/likeness.tsv`, and writes it as constants.

use crate::language::hash::{Lists, Texts};
use crate::language::likeness::Likeness;
use crate::vocabulary::{list, lists, texts};
use std::borrow::Cow;

/// The source of an expression.
pub(crate) fn source(model: &Likeness) -> String {
    format!(
        "Likeness {{ causes: {}, bias: {}, runs: {}, weights: {} }}",
        list(&model.causes),
        list(&model.bias),
        texts(&model.runs),
        lists(&model.weights)
    )
}

/// Reads the table; the error says which line is at fault.
pub(crate) fn compile(text: &str) -> Result<Likeness, String> {
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
    let (mut runs, mut weights) = (Vec::new(), Vec::new());
    for line in lines {
        let (run, cells) = line.split_once('\t').ok_or_else(|| line.to_owned())?;
        let cells = cells.split(' ').map(|cell| weight(cell, causes.len()));
        let cells = cells.collect::<Option<_>>();
        runs.push(run);
        weights.push(cells.ok_or_else(|| line.to_owned())?);
    }
    Ok(Likeness {
        causes: Cow::Owned(causes),
        bias: Cow::Owned(bias),
        runs: Texts::new(runs.into_iter()),
        weights: Lists::new(weights.into_iter()),
    })
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
