//! Texts without which a pattern or a value in a member cannot match. Shared with `build.rs`.

use super::literals::SHORTEST;
use super::plain::{self, Plain};
use regex_syntax::hir::{Hir, HirKind};
use std::collections::BTreeSet;

/// A pattern with more ways to match is told by some of its texts, or always tried.
const MOST: usize = 64;

/// Texts in lower case that all stand where a pattern matches in one of its ways.
pub(crate) type Way = BTreeSet<String>;

/// What is known of a pattern without compiling it.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// The ways of which every match takes one; `None` where there are none worth looking for: a short text is found too
    /// often to tell anything.
    pub(crate) needs: Option<Vec<Way>>,
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
    Ok(Read {
        needs: ways(&hir),
        plain: plain::of(&hir),
    })
}

/// Of the values that members have to have, one of each member's, the texts of which one stands in any such answer, as long
/// as nothing in it is written in escapes.
pub(crate) fn of_members<'v, M>(members: M) -> Option<Vec<Way>>
where
    M: Iterator<Item = Vec<&'v str>>,
{
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-. ".contains(&b);
    let is_plain = |values: &Vec<&str>| values.iter().all(|own| own.bytes().all(plain));
    let members = members.filter(is_plain).filter_map(|values| worth(&values));
    members.max_by_key(|ways| telling(ways))
}

fn ways(hir: &Hir) -> Option<Vec<Way>> {
    if let Some(texts) = plain::texts(hir) {
        return worth(&texts);
    }
    match hir.kind() {
        HirKind::Capture(capture) => ways(&capture.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => ways(&repeated.sub),
        HirKind::Alternation(branches) => {
            let all: Option<Vec<Vec<Way>>> = branches.iter().map(ways).collect();
            all.map(|all| all.concat()).filter(|all| all.len() <= MOST)
        }
        HirKind::Concat(parts) => of_sequence(parts),
        _ => None,
    }
}

/// Of a sequence, what every part wants, as far as that is not too much: first the parts that are hardest to find by chance.
fn of_sequence(parts: &[Hir]) -> Option<Vec<Way>> {
    let mut found: Vec<Vec<Way>> = Vec::new();
    let mut run = vec![String::new()];
    for part in parts {
        match plain::texts(part) {
            Some(texts) => match joined(&run, &texts) {
                Some(longer) => run = longer,
                None => found.extend(worth(&std::mem::replace(&mut run, texts))),
            },
            None => {
                let longer = || worth(&joined(&run, &once(part)?)?);
                found.extend(worth(&run).or_else(longer));
                found.extend(ways(part));
                run = vec![String::new()];
            }
        }
    }
    found.extend(worth(&run));
    found.sort_by_key(|ways| std::cmp::Reverse(telling(ways)));
    found.into_iter().reduce(|all, next| {
        if all.len() * next.len() > MOST {
            return all;
        }
        let both = |way: &Way| next.iter().map(|other| way | other).collect::<Vec<_>>();
        all.iter().flat_map(both).collect()
    })
}

/// Each text with each of the next behind it, as far as these are not too many.
fn joined(texts: &[String], next: &[String]) -> Option<Vec<String>> {
    let few = texts.len() * next.len() <= MOST;
    let both = |text: &String| {
        next.iter()
            .map(move |next| format!("{text}{next}"))
            .collect::<Vec<_>>()
    };
    few.then(|| texts.iter().flat_map(both).collect())
}

/// The texts of what is repeated: one of them stands there once at least.
fn once(part: &Hir) -> Option<Vec<String>> {
    match part.kind() {
        HirKind::Repetition(repeated) if repeated.min > 0 => plain::texts(&repeated.sub),
        _ => None,
    }
}

/// How hard ways are to find by chance: the shortest text, then how few there are.
fn telling(ways: &[Way]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = ways.iter().flatten().map(String::len).min();
    (shortest.unwrap_or_default(), std::cmp::Reverse(ways.len()))
}

/// Texts as ways of their own, where each is long enough to tell something.
fn worth<T: AsRef<str>>(texts: &[T]) -> Option<Vec<Way>> {
    let texts = texts.iter().map(|text| text.as_ref().to_ascii_lowercase());
    let texts: BTreeSet<String> = texts.collect();
    let long = texts.iter().all(|text| text.len() >= SHORTEST);
    let ways = texts.into_iter().map(|text| Way::from([text]));
    long.then(|| ways.collect::<Vec<Way>>())
        .filter(|ways| !ways.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways_of(pattern: &str) -> Vec<String> {
        let ways = of(pattern).expect("a pattern").needs.unwrap_or_default();
        let joined = |way: &Way| way.iter().map(String::as_str).collect::<Vec<_>>().join("&");
        ways.iter().map(joined).collect()
    }

    #[test]
    fn every_match_holds_all_texts_of_one_way() {
        assert_eq!(
            ways_of("(?i)Token (has )?expired"),
            ["token expired", "token has expired"]
        );
        assert_eq!(
            ways_of("invalid_(token|grant).*"),
            ["invalid_grant", "invalid_token"]
        );
        assert_eq!(
            ways_of(r"(?i)(no such|unknown)\s+user"),
            ["no such&user", "unknown&user"]
        );
        assert_eq!(
            ways_of("AADSTS(50011|700016)"),
            ["aadsts50011", "aadsts700016"]
        );
        assert_eq!(
            ways_of("(key|token) .{0,30}revoked|gone"),
            ["key &revoked", "revoked&token ", "gone"]
        );
        assert_eq!(ways_of("(abc.*){2,}x*"), ["abc"]);
        assert_eq!(ways_of("ab[1-3]{7}c"), ["ab1", "ab2", "ab3"]);
    }

    #[test]
    fn a_pattern_without_fixed_text_is_always_tried() {
        for pattern in [r"\d+", "a|long enough", "(abc)?", "(abc.*)?", "a.*|abcdef"] {
            assert!(ways_of(pattern).is_empty(), "{pattern}");
        }
    }

    #[test]
    fn of_members_the_one_is_looked_for_that_tells_most() {
        let of = |members: &[&[&str]]| of_members(members.iter().map(|own| own.to_vec()));
        let ways = of(&[
            &["error"],
            &["AccessDenied", "NoAccess"],
            &["*"],
            &["a/long/path"],
        ]);
        let texts: Vec<String> = ways.into_iter().flatten().flatten().collect();
        assert_eq!(texts, ["accessdenied", "noaccess"]);
        assert!(of(&[&["*"], &["7"], &["true", "no"]]).is_none());
    }
}
