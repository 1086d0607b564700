//! Texts without which a pattern cannot match. Shared with `build.rs`.

use super::literals::SHORTEST;
use super::plain::{self, Plain};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeSet;

/// So many alternatives of one pattern are looked for; one with more is always tried.
const MOST: usize = 64;

/// What is known of a pattern without compiling it.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Texts of which every match holds one, in lower case; `None` where there are none worth looking for: a short one is
    /// found too often to tell anything.
    pub(crate) needs: Option<Vec<String>>,
    /// What it is where it is only texts.
    pub(crate) plain: Option<Vec<Plain>>,
}

/// Reads a pattern.
///
/// # Errors
/// Where it is not a regular expression.
pub(crate) fn of(pattern: &str) -> Result<Read, String> {
    let mut parser = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build();
    let hir = parser.parse(pattern).map_err(|error| error.to_string())?;
    let plain = plain::of(&hir);
    let whole = plain.as_ref().and_then(|all| {
        let texts: BTreeSet<String> = all
            .iter()
            .map(|own| own.text.to_ascii_lowercase())
            .collect();
        worth(texts.into_iter().collect())
    });
    let needs = whole.or_else(|| required(&hir).filter(|found| found.len() <= MOST));
    Ok(Read { needs, plain })
}

/// Texts of which every match holds one.
fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => worth(vec![lower(&literal.0)?]),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => required(&repeated.sub),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(required(branch)?);
            }
            worth(all)
        }
        HirKind::Concat(parts) => of_sequence(parts),
        _ => None,
    }
}

/// Of a sequence, the part that is hardest to find by chance: the one whose shortest text is longest.
fn of_sequence(parts: &[Hir]) -> Option<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut run = String::new();
    for part in parts {
        if let Some(text) = fixed(part) {
            run.push_str(&text);
            continue;
        }
        found.extend(worth(vec![std::mem::take(&mut run)]));
        found.extend(required(part));
    }
    found.extend(worth(vec![run]));
    let shortest = |set: &Vec<String>| set.iter().map(String::len).min().unwrap_or_default();
    found
        .into_iter()
        .max_by_key(|set| (shortest(set), std::cmp::Reverse(set.len())))
}

/// The one text that a part matches, but for the case of its letters.
fn fixed(part: &Hir) -> Option<String> {
    match part.kind() {
        HirKind::Literal(literal) => lower(&literal.0),
        HirKind::Capture(capture) => fixed(&capture.sub),
        HirKind::Class(Class::Bytes(class)) => {
            let bytes: Vec<u8> = class
                .iter()
                .flat_map(|r| r.start()..=r.end())
                .take(3)
                .collect();
            match bytes.as_slice() {
                [upper, lower] if upper.to_ascii_lowercase() == *lower => {
                    Some(char::from(*lower).to_string())
                }
                _ => None,
            }
        }
        HirKind::Concat(parts) => parts.iter().map(fixed).collect(),
        _ => None,
    }
}

fn lower(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.to_ascii_lowercase())
}

fn worth(texts: Vec<String>) -> Option<Vec<String>> {
    let long = texts.iter().all(|text| text.len() >= SHORTEST);
    (long && !texts.is_empty()).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required_of(text: &str) -> Option<Vec<String>> {
        of(text).expect("a pattern").needs
    }

    #[test]
    fn every_match_holds_one_of_the_required_texts() {
        let of = |text: &str| required_of(text).unwrap_or_default();
        assert_eq!(
            of("(?i)token (has )?expired"),
            ["token expired", "token has expired"]
        );
        assert_eq!(
            of("invalid_(token|grant)"),
            ["invalid_grant", "invalid_token"]
        );
        assert_eq!(of("invalid_(token|grant).*"), ["invalid_"]);
        assert_eq!(of(r"(?i)(no such|unknown)\s+user"), ["no such", "unknown"]);
        assert_eq!(of("AADSTS(50011|700016)"), ["aadsts50011", "aadsts700016"]);
    }

    #[test]
    fn a_pattern_without_fixed_text_is_always_tried() {
        assert_eq!(required_of(r"\d+"), None);
        assert_eq!(required_of("a|long enough"), None);
        assert_eq!(required_of("(abc)?"), None);
    }
}
