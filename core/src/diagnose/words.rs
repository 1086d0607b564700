//! Words that several questions use: times, lists, alternatives.

use crate::finding::{Cause, Meant};
use crate::token::{LAST_DATE, Seconds};
use std::fmt;

/// A moment as RFC 3339 in UTC; `None` beyond any date.
pub(crate) fn rfc3339(at: Seconds) -> Option<String> {
    if at > LAST_DATE {
        return None;
    }
    jiff::Timestamp::from_second(at).ok().map(|t| t.to_string())
}

/// A moment with its distance from now: `2026-01-01T00:00:00Z (3 h 10 min ago)`.
pub(super) fn moment(at: Seconds, now: Seconds) -> String {
    let Some(date) = rfc3339(at) else {
        return "a time beyond any date".to_owned();
    };
    format!("{date} ({})", distance(at, now))
}

/// How far a moment is from now: `3 h 10 min ago`, `in 2 d`.
pub(crate) fn distance(at: Seconds, now: Seconds) -> Distance {
    Distance {
        past: at <= now,
        span: span(at.saturating_sub(now).saturating_abs()),
    }
}

/// How far a moment is: two that are as far are told in the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Distance {
    past: bool,
    span: Span,
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.past {
            true => write!(f, "{} ago", self.span),
            false => write!(f, "in {}", self.span),
        }
    }
}

/// A length of time in its two largest units: `3 h 10 min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span([(Seconds, &'static str); 2]);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(count, unit), (more, smaller)] = self.0;
        write!(f, "{count} {unit}")?;
        match more {
            0 => Ok(()),
            _ => write!(f, " {more} {smaller}"),
        }
    }
}

/// A span in its two largest units that are not zero.
pub(crate) fn span(seconds: Seconds) -> Span {
    const UNITS: [(Seconds, &str); 5] = [
        (365 * 86_400, "y"),
        (86_400, "d"),
        (3_600, "h"),
        (60, "min"),
        (1, "s"),
    ];
    let mut rest = seconds;
    let counts = UNITS.map(|(length, unit)| {
        let count = rest / length;
        rest %= length;
        (count, unit)
    });
    let mut counts = counts.into_iter().filter(|(count, _)| *count > 0);
    Span([
        counts.next().unwrap_or((0, "s")),
        counts.next().unwrap_or_default(),
    ])
}

/// So many alternatives are named in a sentence; the gates hold them all.
const NAMED: usize = 4;
/// And so many letters of their names.
const LETTERS: usize = 120;

/// Names in code marks: `a`, `b`.
pub(super) fn names<S: AsRef<str>>(list: impl IntoIterator<Item = S>) -> String {
    list.into_iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// How many names of alternatives are told: a few, and of long ones fewer.
fn told(need: &[Vec<String>]) -> usize {
    let mut letters = 0;
    let fitting = need.iter().flatten().take(NAMED).take_while(|name| {
        letters += name.len();
        letters <= LETTERS
    });
    fitting.count().max(1)
}

/// Alternatives as a sentence: one of `a`, `b`; or all of `c` and `d`.
pub(super) fn alternatives(need: &[Vec<String>]) -> String {
    let single = need.iter().all(|set| set.len() == 1);
    let told = told(need);
    match need {
        [] => "nothing".to_owned(),
        [set] if set.len() == 1 => format!("`{}`", set[0]),
        [set] => format!("all of {}", names(set)),
        _ if single && need.len() > told + 1 => format!(
            "one of {} or {} others",
            names(need.iter().take(told).flatten()),
            need.len() - told
        ),
        _ if single => format!("one of {}", names(need.iter().flatten())),
        _ => {
            let sets: Vec<String> = need
                .iter()
                .map(|set| {
                    set.iter()
                        .map(|n| format!("`{n}`"))
                        .collect::<Vec<_>>()
                        .join(" and ")
                })
                .collect();
            sets.join(", or ")
        }
    }
}

/// What to do, with what to ask for in place of `{missing}`: the first of what would do.
pub(super) fn filled(fix: &str, missing: &[Vec<String>]) -> String {
    let first = &missing[..missing.len().min(1)];
    fix.replace("{missing}", &alternatives(first))
}

/// What is missing, shortest way first: every single name that would do alone, else the smallest set.
pub(super) fn smallest(missing: &[Vec<String>]) -> Vec<String> {
    let least = missing.iter().map(Vec::len).min().unwrap_or(0);
    if least == 1 {
        return missing
            .iter()
            .filter(|set| set.len() == 1)
            .flatten()
            .cloned()
            .collect();
    }
    missing.first().cloned().unwrap_or_default()
}

/// The summary of a cause as part of a sentence: what follows "that".
pub(super) fn clause(cause: &Cause) -> String {
    let mut chars = cause.summary.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// A text with its first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect());
    first.unwrap_or_default()
}

/// A remedy behind the slip that may make it needless.
pub(super) fn spelled_first(meant: &Meant, fix: &str) -> String {
    let meant = &meant.meant;
    let mut chars = fix.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    let rest: String = first.chain(chars).collect();
    format!("Correct the spelling: `{meant}`. If that one is missing too, {rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_absolute_and_relative() {
        assert_eq!(
            moment(1_700_000_000, 1_700_003_661),
            "2023-11-14T22:13:20Z (1 h 1 min ago)"
        );
        assert_eq!(
            moment(1_700_000_090, 1_700_000_000),
            "2023-11-14T22:14:50Z (in 1 min 30 s)"
        );
        assert_eq!(moment(i64::MAX, 0), "a time beyond any date");
        assert!(
            moment(i64::MIN, 0).contains("beyond any date") || moment(i64::MIN, 0).contains("ago")
        );
    }

    #[test]
    fn any_of_is_never_a_shopping_list() {
        let need = |sets: &[&[&str]]| {
            sets.iter()
                .map(|s| s.iter().map(ToString::to_string).collect())
                .collect::<crate::scope::Need>()
        };
        assert_eq!(alternatives(&need(&[&["a"], &["b"]])), "one of `a`, `b`");
        assert_eq!(alternatives(&need(&[&["a", "b"]])), "all of `a`, `b`");
        assert_eq!(
            alternatives(&need(&[&["a", "b"], &["c"]])),
            "`a` and `b`, or `c`"
        );
    }
}
