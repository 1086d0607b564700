//! The report for people: one request in at most twelve lines, many as a table; everything else on demand.

mod block;
mod brief;
mod many;
mod page;
mod token;
mod whole;

use super::View;
use super::group::groups;
use crate::finding::{Report, Verdict};
use page::Page;

pub(super) use many::table;

/// The code that the process ends with, and its word.
fn code(report: &Report, view: &View) -> String {
    let code = report.exit_code();
    let mut codes = Verdict::EXIT_CODES.iter();
    let name = codes.find(|(own, ..)| *own == code);
    view.exit_code(code, name.map_or("", |(_, name, _)| name))
}

/// The whole report.
pub(super) fn report(report: &Report, view: &View) -> String {
    let mut page = Page::new(view);
    let groups = groups(report);
    let many = report.counted() > 1;
    if many {
        many::overview(&mut page, report);
    }
    for (number, group) in groups.iter().enumerate() {
        if number > 0 || many {
            page.blank();
        }
        match (view.whole, group.first.is_of_token()) {
            (true, _) => whole::group(&mut page, group),
            (false, true) => token::brief(&mut page, group.first),
            (false, false) => brief::brief(&mut page, group.first, &code(report, view)),
        }
        // Of many requests the worst group is told at once; the table says how to see the others.
        if many && !view.whole {
            many::others(&mut page, &groups);
            break;
        }
    }
    // The short answer ends with its code.
    if view.whole || groups.is_empty() {
        page.blank();
        page.line(&code(report, view));
    }
    if !report.skipped.is_empty() {
        page.blank();
    }
    for skipped in &report.skipped {
        page.hung("skipped: ", &format!("{}: {}", skipped.place, skipped.why));
    }
    if let Some(more) = report.more_skipped() {
        page.hung("not looked at: ", &more);
    }
    page.text
}
