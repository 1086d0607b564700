//! Many requests: a table of what they came to, grouped by cause and by what is missing, the worst first.

use super::page::Page;
use crate::finding::{Certainty, Diagnosis, Report, Tally, TallyRow, Verdict, operation_path};
use crate::output::escape::terminal;
use crate::output::group::{self, Group, short, tally};
use crate::output::wrap::{cut_middle, wrap};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// Rows of the table, at most.
const ROWS: usize = 20;

/// From so many requests on, they are shown along the time.
const TIMED: usize = 50;

/// The counts, the time line and the table.
pub(super) fn overview(page: &mut Page<'_>, report: &Report) {
    let tally = tally(report);
    page.hung("", &group::summary(report, &tally));
    timeline(page, &tally);
    let rows: Vec<_> = told(&tally);
    if is_one_of_two(&tally, &rows) {
        return;
    }
    page.blank();
    let width = page.view.width;
    for line in lines(&rows, ROWS, width) {
        page.line(&line);
    }
}

/// The whole table, also of what is clear: for `--summary`.
pub(in crate::output) fn table(report: &Report, width: usize) -> String {
    let tally = tally(report);
    let mut out = format!("{}\n\n", terminal(&group::summary(report, &tally)));
    for line in lines(&tally.rows(), usize::MAX, width) {
        out.push_str(&line);
        out.push('\n');
    }
    if tally.hours().len() > 1 {
        out.push_str("\nhour (UTC)       denied undecided  clear\n");
        for (hour, [denied, unknown, clear]) in tally.hours() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{hour}:00Z {denied:9} {unknown:9} {clear:6}");
        }
    }
    out
}

/// Rows that tell something: what is clear is only counted, unless all is.
fn told(tally: &Tally) -> Vec<(&TallyRow, usize)> {
    let rows = tally.rows();
    let wrong: Vec<_> = rows
        .iter()
        .filter(|(row, _)| row.verdict() != Verdict::Clear)
        .copied()
        .collect();
    if wrong.is_empty() { rows } else { wrong }
}

/// Whether a table would say what the answer under it says: one request was refused, beside another that was not.
fn is_one_of_two(tally: &Tally, told: &[(&TallyRow, usize)]) -> bool {
    tally.total() == 2 && matches!(told, [(row, 1)] if row.verdict() != Verdict::Clear)
}

fn lines(rows: &[(&TallyRow, usize)], most: usize, width: usize) -> Vec<String> {
    let requests: Vec<String> = rows
        .iter()
        .take(most)
        .map(|(row, _)| request(row))
        .collect();
    let longest = requests.iter().map(|text| text.width()).max().unwrap_or(0);
    let column = longest.clamp(7, width.saturating_sub(15) / 2);
    let mut out = vec![format!("count  status  {:column$}  cause", "request")];
    for ((row, count), request) in rows.iter().zip(&requests) {
        let status = row.status.map_or_else(|| "–".to_owned(), |s| s.to_string());
        let request = cut_middle(request, column);
        let pad = column.saturating_sub(request.width());
        let head = format!("{count:5}  {status:>6}  {request}{:pad$}  ", "");
        out.extend(
            wrap(&head, &terminal(&cause(row)), width)
                .into_iter()
                .take(3),
        );
    }
    if rows.len() > most {
        let rest: usize = rows[most..].iter().map(|(_, count)| count).sum();
        let further = rows.len() - most;
        out.push(format!(
            "… {further} more rows, {rest} requests (--summary has them all)"
        ));
    }
    out
}

fn request(row: &TallyRow) -> String {
    let method = row.method.iter().map(String::as_str);
    let words: Vec<&str> = method.chain([row.operation.as_str()]).collect();
    terminal(&words.join(" "))
}

fn cause(row: &TallyRow) -> String {
    let Some((code, certainty)) = row.cause else {
        let word = match row.verdict() {
            // A refusal is clear where the call was made again, and succeeded.
            Verdict::Clear if row.status.is_some_and(|status| status >= 400) => "made again: clear",
            Verdict::Clear => "clear",
            _ => "undecided",
        };
        return word.to_owned();
    };
    // What the server states is inferred by nobody, so it needs no word.
    let sure = match certainty {
        Certainty::Stated => String::new(),
        _ => format!(" ({})", short(certainty)),
    };
    let missing = match row.missing.is_empty() {
        true => String::new(),
        false => format!(": {}", few(&row.missing)),
    };
    format!("{code}{sure}{missing}")
}

/// So many names stand in a row.
const NAMES: usize = 2;

/// The first names of a list, and how many others there are.
fn few(names: &[String]) -> String {
    match names.len().saturating_sub(NAMES) {
        0 | 1 => names.join(", "),
        more => format!("{} or {more} others", names[..NAMES].join(", ")),
    }
}

/// So many commands for further rows are offered.
const COMMANDS: usize = 5;

/// How to see the others in full: a command each.
pub(super) fn others(page: &mut Page<'_>, groups: &[Group<'_>]) {
    let Some(first) = groups.first() else { return };
    if let ([_], 0, []) = (groups, first.more(), &first.others[..]) {
        return;
    }
    page.blank();
    let alike = match first.more() {
        0 => String::new(),
        n => format!("{n} more like it. "),
    };
    let all = groups.iter();
    let all = all.flat_map(|group| std::iter::once(&group.first).chain(&group.others));
    let mut rows: Vec<(String, &Diagnosis)> = Vec::new();
    for diagnosis in all {
        let only = only(diagnosis);
        rows.extend(
            only.filter(|only| !rows.iter().any(|(own, _)| own == only))
                .map(|only| (only, *diagnosis)),
        );
    }
    let shown = only(first.first);
    rows.retain(|(only, _)| Some(only) != shown.as_ref());
    let said = match (rows.len(), groups.len()) {
        (0, _) => "Only the counts: --summary.".to_owned(),
        (_, 1) => "Each of them by itself:".to_owned(),
        (1, groups) => format!("That was the first of {groups} groups. The other one:"),
        (_, groups) => format!("That was the first of {groups} groups. The others:"),
    };
    page.hung("", &format!("{alike}{said}"));
    for (number, (only, diagnosis)) in rows.iter().take(COMMANDS).enumerate() {
        let subject = &diagnosis.subject;
        let command = page.view.given.with(subject, &[("--only", Some(only))]);
        let saved = page.view.given.saved(&command).join(" and ");
        if number == 0 && !saved.is_empty() {
            page.hung("  ", &format!("(with the piped input saved as {saved})"));
        }
        page.command(2, &command);
    }
    if rows.len() > COMMANDS {
        let rest = rows.len() - COMMANDS;
        page.line(&format!("  … and {rest} more (-v shows them all)"));
    }
}

/// What selects a diagnosis and those of the same operation: the method, and the path with its ids left open.
fn only(diagnosis: &Diagnosis) -> Option<String> {
    let subject = &diagnosis.subject;
    let path = operation_path(subject.url.as_deref()?);
    let method = subject.method.as_ref()?;
    (!path.is_empty()).then(|| format!("{method} {path}"))
}

/// Refusals along the time, a column a stretch of hours.
fn timeline(page: &mut Page<'_>, tally: &Tally) {
    const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let hours: Vec<(i64, usize)> = tally
        .hours()
        .filter_map(|(hour, [denied, unknown, _])| Some((number(hour)?, denied + unknown)))
        .collect();
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
        return;
    };
    let span = last.0 - first.0 + 1;
    if tally.total() <= TIMED || span < 2 {
        return;
    }
    let room = i64::try_from(page.view.width.saturating_sub(40).max(20)).unwrap_or(40);
    let step = (span + room - 1) / room;
    let columns = usize::try_from((span + step - 1) / step).unwrap_or(1);
    let mut counts = vec![0_usize; columns];
    for (hour, count) in &hours {
        let at = usize::try_from((hour - first.0) / step).unwrap_or(0);
        counts[at.min(columns - 1)] += count;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bars: String = counts
        .iter()
        .map(|count| BARS[(count * 8).div_ceil(most).min(8)])
        .collect();
    let ends: Vec<&str> = tally.hours().map(|(hour, _)| hour).collect();
    let (from, to) = (ends.first().unwrap_or(&""), ends.last().unwrap_or(&""));
    page.line(&format!("refused  {from}Z {bars} {to}Z"));
}

/// The hour as a number, from `2026-01-31T12`.
fn number(hour: &str) -> Option<i64> {
    let moment: jiff::Timestamp = format!("{hour}:00:00Z").parse().ok()?;
    Some(moment.as_second() / 3600)
}
