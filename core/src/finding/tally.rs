//! Requests counted by what they came to, without keeping their diagnoses.

use super::diagnosis::{Diagnosis, Verdict};
use super::finding::Certainty;
use crate::token::redact::{is_stand_in, is_uuid};
use std::collections::BTreeMap;

/// So many different rows and hours are told apart; further ones are counted together.
const MOST: usize = 10_000;

/// The operation of calls that were counted unread.
const ANY: &str = "*";

/// What is counted as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct TallyRow {
    /// The place of the verdict among the three, see [`Verdict::rank`].
    rank: usize,
    /// The provider's id.
    pub provider: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// The template of the operation, else the path, else the place.
    pub operation: String,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The code of the cause, and how sure it is.
    pub cause: Option<(&'static str, Certainty)>,
    /// What is missing, by name.
    pub missing: Vec<String>,
    /// What to do about it.
    pub fix: Option<String>,
}

/// What makes diagnoses alike, whichever operation they are of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AlikeKey {
    rank: usize,
    provider: Option<String>,
    cause: Option<(&'static str, Certainty)>,
    missing: Vec<String>,
    fix: Option<String>,
}

impl TallyRow {
    /// What it shares with diagnoses like it: verdict, provider, cause with its certainty, what is missing, what to do.
    pub fn alike(&self) -> AlikeKey {
        AlikeKey {
            rank: self.rank,
            provider: self.provider.clone(),
            cause: self.cause,
            missing: self.missing.clone(),
            fix: self.fix.clone(),
        }
    }

    /// What a diagnosis is counted as.
    pub fn of(diagnosis: &Diagnosis) -> Self {
        let subject = &diagnosis.subject;
        let path = subject.url.as_deref().map(operation_path);
        let operation = match (&subject.operation, path) {
            (Some(name), _) => name
                .split_once(' ')
                .map_or(name.as_str(), |(_, path)| path)
                .to_owned(),
            (None, Some(path)) => path,
            (None, None) => subject.place.clone().unwrap_or_default(),
        };
        Self {
            rank: diagnosis.verdict.rank(),
            provider: subject.provider.clone(),
            method: subject.method.clone(),
            operation,
            status: subject.status,
            cause: diagnosis.cause().map(|f| (f.cause.code, f.certainty)),
            missing: shown(diagnosis.missing()),
            fix: diagnosis.remedy().map(str::to_owned),
        }
    }

    /// What a status comes to of which nothing else is known.
    pub fn passed(status: u16) -> Self {
        let verdict = match status {
            300..=399 => Verdict::Unknown,
            _ => Verdict::Clear,
        };
        Self {
            rank: verdict.rank(),
            provider: None,
            method: None,
            operation: ANY.to_owned(),
            status: Some(status),
            cause: None,
            missing: Vec::new(),
            fix: None,
        }
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        match self.rank {
            0 => Verdict::Denied,
            1 => Verdict::Unknown,
            _ => Verdict::Clear,
        }
    }

    /// Whether it repeats a text.
    pub fn names(&self, text: &str) -> bool {
        let shown = self.missing.iter().chain(&self.fix);
        self.operation.contains(text) || shown.into_iter().any(|own| own.contains(text))
    }

    /// What rows of one group share: verdict, cause, what is missing and what to do.
    fn group(&self) -> Group<'_> {
        (self.rank, self.cause, &self.missing, self.fix.as_deref())
    }
}

/// Verdict, cause, what is missing, what to do.
type Group<'t> = (
    usize,
    Option<(&'static str, Certainty)>,
    &'t [String],
    Option<&'t str>,
);

/// `2026-01-31T12`; `None` beyond any date.
fn hour_name(hour: i64) -> Option<String> {
    let moment = jiff::Timestamp::from_second(hour.checked_mul(3_600)?).ok()?;
    Some(moment.to_string().get(..13)?.to_owned())
}

/// The path of a URL, without scheme, host and query.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let start = rest.find('/').unwrap_or(rest.len());
    rest[start..].split('?').next().unwrap_or_default()
}

/// Names without those that somebody took out of the evidence.
fn shown(mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| !is_stand_in(name));
    names
}

/// The path of a URL with what is plainly an id as `{id}`: calls of one operation belong together.
pub fn operation_path(url: &str) -> String {
    without_ids(path(url))
}

fn without_ids(path: &str) -> String {
    let is_id = |segment: &str| {
        let all = |of: fn(&u8) -> bool| segment.as_bytes().iter().all(of);
        let digits = segment.bytes().filter(u8::is_ascii_digit).count();
        is_uuid(segment)
            || is_stand_in(segment)
            || !segment.is_empty() && digits == segment.len()
            || segment.len() >= 16 && digits > 0 && all(u8::is_ascii_hexdigit)
    };
    let segments = path.split('/').enumerate();
    // A short number that stands first is the version of an API.
    let version = |place: usize, own: &str| place == 1 && own.len() < 4;
    let shown = segments.map(|(place, own)| match is_id(own) && !version(place, own) {
        true => "{id}",
        false => own,
    });
    shown.collect::<Vec<_>>().join("/")
}

/// Requests counted by row and by hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    rows: BTreeMap<TallyRow, usize>,
    hours: BTreeMap<String, [usize; 3]>,
    /// Requests that are counted in no row.
    pub more: usize,
}

impl Tally {
    /// Counts one.
    pub fn add(&mut self, diagnosis: &Diagnosis) {
        self.add_as(diagnosis, TallyRow::of(diagnosis));
    }

    /// Counts one whose row is known.
    pub fn add_as(&mut self, diagnosis: &Diagnosis, row: TallyRow) {
        let hour = diagnosis.subject.at.as_deref().and_then(|at| at.get(..13));
        if let Some(hour) = hour {
            self.count_hour(hour, row.rank, 1);
        }
        self.count(row, 1);
    }

    /// Counts requests that came to the same in one hour since 1970, where it is known.
    pub fn add_row(&mut self, row: TallyRow, hour: Option<i64>, count: usize) {
        if let Some(hour) = hour.and_then(hour_name) {
            self.count_hour(&hour, row.rank, count);
        }
        self.count(row, count);
    }

    /// Counts what another has counted.
    pub fn merge(&mut self, other: Self) {
        self.more += other.more;
        for (row, count) in other.rows {
            self.count(row, count);
        }
        for (hour, counts) in &other.hours {
            for (rank, count) in counts.iter().enumerate() {
                self.count_hour(hour, rank, *count);
            }
        }
    }

    fn count(&mut self, row: TallyRow, count: usize) {
        if self.rows.len() < MOST || self.rows.contains_key(&row) {
            *self.rows.entry(row).or_default() += count;
        } else {
            self.more += count;
        }
    }

    fn count_hour(&mut self, hour: &str, rank: usize, count: usize) {
        if let Some(counts) = self.hours.get_mut(hour) {
            counts[rank] += count;
        } else if self.hours.len() < MOST {
            self.hours.entry(hour.to_owned()).or_default()[rank] += count;
        }
    }

    /// Counts several.
    pub fn of<'d>(diagnoses: impl IntoIterator<Item = &'d Diagnosis>) -> Self {
        let mut out = Self::default();
        diagnoses.into_iter().for_each(|own| out.add(own));
        out
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many requests there were.
    pub fn total(&self) -> usize {
        self.rows.values().sum::<usize>() + self.more
    }

    /// Rows with their counts: the worse verdict first, in it what is sure, in that the larger group and in it the larger
    /// row.
    pub fn rows(&self) -> Vec<(&TallyRow, usize)> {
        let mut groups: BTreeMap<Group<'_>, usize> = BTreeMap::new();
        for (row, count) in &self.rows {
            *groups.entry(row.group()).or_default() += count;
        }
        let mut rows: Vec<(&TallyRow, usize)> =
            self.rows.iter().map(|(row, count)| (row, *count)).collect();
        rows.sort_by_key(|(row, count)| {
            let group = groups.get(&row.group()).copied().unwrap_or_default();
            let largest = usize::MAX - group;
            let unsure = row
                .cause
                .is_none_or(|(_, sure)| sure == Certainty::Possible);
            (
                row.rank,
                unsure,
                largest,
                row.cause,
                &row.missing,
                &row.fix,
                usize::MAX - count,
            )
        });
        rows
    }

    /// Hours (`2026-01-31T12`, UTC) with how many requests were denied, undecided and clear in each.
    pub fn hours(&self) -> impl ExactSizeIterator<Item = (&str, [usize; 3])> {
        let hours = self.hours.iter();
        hours.map(|(hour, counts)| (hour.as_str(), *counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, SCOPE_MISSING, Subject, TokenView};

    fn diagnosis(verdict: Verdict, url: &str, missing: Option<&str>) -> Diagnosis {
        let finding = missing.map(|name| {
            Finding::error(&SCOPE_MISSING, Certainty::Stated, "m").seen("named as needed", name)
        });
        Diagnosis {
            id: None,
            subject: Subject {
                method: Some("GET".into()),
                url: Some(url.into()),
                status: Some(403),
                at: Some("2026-01-31T12:59:00Z".into()),
                ..Subject::default()
            },
            read_as: None,
            token: TokenView::default(),
            verdict,
            findings: finding.into_iter().collect(),
            arguments: Vec::new(),
            counterarguments: Vec::new(),
            gates: Vec::new(),
            said: None,
            exchanges: Vec::new(),
            next: Vec::new(),
            living: None,
            ruled_out: Vec::new(),
            alike: 0,
        }
    }

    #[test]
    fn rows_are_grouped_by_what_is_missing_and_the_worst_come_first() {
        let tally = Tally::of(&[
            diagnosis(Verdict::Clear, "https://a/x", None),
            diagnosis(Verdict::Denied, "https://a/x?q=1", Some("a")),
            diagnosis(Verdict::Denied, "https://a/y", Some("b")),
            diagnosis(Verdict::Denied, "https://a/x?q=2", Some("b")),
        ]);
        let rows: Vec<(&str, &str, usize)> = tally
            .rows()
            .into_iter()
            .map(|(row, n)| {
                let missing = row.missing.first().map_or("", String::as_str);
                (row.operation.as_str(), missing, n)
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("/x", "b", 1),
                ("/y", "b", 1),
                ("/x", "a", 1),
                ("/x", "", 1)
            ]
        );
        assert_eq!(tally.total(), 4);
        assert_eq!(
            tally.hours().collect::<Vec<_>>(),
            [("2026-01-31T12", [3, 0, 1])]
        );
    }

    #[test]
    fn what_was_counted_apart_is_the_same_together() {
        let one = diagnosis(Verdict::Denied, "https://a/x", Some("b"));
        let mut together = Tally::of([&one, &one]);
        together.add_row(TallyRow::passed(200), Some(491_000), 5);
        let mut apart = Tally::of([&one]);
        let mut other = Tally::of([&one]);
        other.add_row(TallyRow::passed(200), Some(491_000), 5);
        apart.merge(other);
        assert_eq!(apart, together);
        assert_eq!(together.total(), 7);
        let passed = together.hours().find(|(hour, _)| *hour == "2026-01-05T08");
        assert_eq!(passed.map(|(_, counts)| counts), Some([0, 0, 5]));
    }
}
