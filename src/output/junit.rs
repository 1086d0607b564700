//! JUnit's XML as Jenkins, GitLab and their kin read it: a suite a group, a case a question.

use super::item::{Item, State};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// Failures are `failure`, what cannot be told or judged is `error`, what is not counted is `skipped`.
pub(super) fn render(items: &[Item]) -> String {
    let mut report = Report::new("why401");
    let mut groups: Vec<&str> = Vec::new();
    for item in items {
        if !groups.contains(&item.group.as_str()) {
            groups.push(&item.group);
        }
    }
    for group in groups {
        let mut suite = TestSuite::new(group);
        let own = items.iter().filter(|item| item.group == group);
        suite.add_test_cases(own.map(case));
        report.add_test_suite(suite);
    }
    let text = report.to_string();
    // Only what XML cannot hold could keep it from being written, and the library drops that.
    text.unwrap_or_default()
}

fn case(item: &Item) -> TestCase {
    let mut status = match item.state {
        State::Pass => TestCaseStatus::success(),
        State::Skipped => TestCaseStatus::skipped(),
        State::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        State::Error | State::CannotTell => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if item.state != State::Pass {
        status.set_message(item.text.clone());
    }
    if matches!(item.state, State::Fail | State::Error | State::CannotTell) {
        let kind = match (item.cause, item.state) {
            (Some(cause), _) => cause.code,
            (None, State::Error) => "cannot-run",
            (None, _) => "cannot-tell",
        };
        status.set_type(kind);
        status.set_description(description(item));
    }
    let mut case = TestCase::new(item.name.clone(), status);
    case.set_classname(item.group.clone());
    case
}

fn description(item: &Item) -> String {
    let place = item.place.as_ref();
    let place = place.map(|(file, line)| format!("{file} line {line}"));
    let next = item.next.iter().map(|next| format!("Next: {next}"));
    let lines = place.into_iter().chain([item.text.clone()]);
    let lines = lines.chain(item.beside.clone()).chain(next);
    lines.collect::<Vec<_>>().join("\n")
}
