//! A gate's run for people: a line an endpoint, and the reason where it does not pass.

use super::{NOTHING, checked, says_nothing, summary, what_decides};
use crate::finding::{Entry, Fault, Gated, GatedApp, Judged, Outcome, Step};
use crate::output::View;
use crate::output::escape::terminal;
use crate::output::group;
use crate::output::step::advice;
use crate::output::style::Style;
use crate::output::wrap::wrap;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr as _;

/// Where names and reasons begin, behind the word for what an entry came to.
const INDENT: &str = "             ";
pub(super) fn gate(gated: &Gated, view: &View) -> String {
    let mut page = Page {
        text: String::new(),
        view,
    };
    page.flush(&format!("{}: {}", gated.manifest, summary(gated)));
    page.faults("the manifest", &gated.faults, gated.lint);
    for app in &gated.apps {
        page.faults(&app.name, &app.faults, gated.lint);
        if app.faults.is_empty() || gated.lint {
            page.app(app, gated);
        }
    }
    let code = gated.exit_code();
    page.line("");
    page.flush(&view.exit_code(code, ended(code, gated.lint)));
    page.text
}

/// What an exit code says of a run, or of a manifest that was only read.
fn ended(code: u8, lint: bool) -> &'static str {
    match (code, lint) {
        (0, false) => "clear: nothing fails, and nothing that counts is undecided",
        (1, _) => "denied: an endpoint or a rule fails",
        (2, false) => "cannot run: something could not be judged",
        (0, true) => "clear: nothing is wrong in the manifest",
        (2, true) => "cannot run: the manifest has faults",
        (_, false) => "unknown: nothing fails, and something is undecided",
        (_, true) => "unknown: something is not filled in, or not published",
    }
}

/// Lines of the view's width.
struct Page<'v> {
    text: String,
    view: &'v View,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A text from the margin on; continued lines are indented.
    fn flush(&mut self, text: &str) {
        let lines = wrap("", &terminal(text), self.view.width.saturating_sub(2));
        for (number, line) in lines.iter().enumerate() {
            let indent = if number == 0 { "" } else { "  " };
            self.line(&format!("{indent}{line}"));
        }
    }

    /// A text behind a head, which is painted; continued lines hang under what follows the head.
    fn hung(&mut self, head: &str, text: &str, paint: impl Fn(Style, &str) -> String) {
        let head = terminal(head);
        for (number, line) in wrap(&head, &terminal(text), self.view.width)
            .iter()
            .enumerate()
        {
            match line.strip_prefix(head.trim_end()) {
                Some(rest) if number == 0 => {
                    let painted = paint(self.view.style, head.trim_end());
                    self.line(&format!("{painted}{rest}"));
                }
                _ => self.line(line),
            }
        }
    }

    fn said(&mut self, head: &str, text: &str) {
        self.hung(head, text, |_, head| head.to_owned());
    }

    fn faults(&mut self, name: &str, faults: &[Fault], lint: bool) {
        if faults.is_empty() {
            return;
        }
        let word = match lint {
            true => "has faults",
            false => "cannot be judged",
        };
        self.line("");
        self.line(&format!(
            "{}: {}",
            terminal(name),
            self.view.style.bad(word)
        ));
        for fault in faults {
            self.said("  ", &fault.error.message);
            if let Some(hint) = &fault.error.hint {
                self.said("    ", hint);
            }
        }
    }

    fn app(&mut self, app: &GatedApp, gated: &Gated) {
        if app.entries().next().is_none() && app.notes.is_empty() {
            if app.faults.is_empty() {
                self.line("");
                self.flush(&format!("{}: nothing wrong in the manifest", app.name));
            }
            return;
        }
        if !gated.lint {
            self.line("");
            self.flush(&headline(app));
        } else if app.faults.is_empty() {
            self.line("");
            self.flush(&app.name);
        }
        for (gate, names) in &app.declared {
            let text = format!("{gate} {}", names.join(" "));
            self.said("  declared, not verified: ", &text);
        }
        self.entries(app);
        for note in &app.notes {
            let (code, line) = (note.finding.cause.code, note.line);
            let text = format!("{code} (line {line}): {}", note.finding.message);
            self.said("  ", &text);
        }
        if let Some(text) = what_decides(app) {
            self.hung("  to decide  ", &text, Style::unsure);
        }
        if let Some(text) = checked(app).filter(|_| !gated.lint) {
            self.said("  checked    ", &text);
        }
        if says_nothing(gated, app) {
            self.hung("  undecided  ", NOTHING, Style::unsure);
        }
    }

    fn entries(&mut self, app: &GatedApp) {
        let width = app.entries().map(|entry| terminal(&entry.name).width());
        let width = width.max().unwrap_or_default();
        let (mut before, mut unasked) = (None, None);
        let mut told = BTreeSet::new();
        let rules = app.checks.iter().map(|rule| (rule, true));
        let all = rules.chain(app.endpoints.iter().map(|endpoint| (endpoint, false)));
        for (own, rule) in all {
            self.entry(own, width, (rule, app.sure(own)));
            let judged = own.deciding();
            // One fault may meet every endpoint: a reason is given once.
            if own.outcome() != Outcome::Pass && before != Some(&judged.message) {
                self.why(own, judged, &mut told);
            }
            let online = own.online.as_ref().map(|online| &online.message);
            if online.is_none() || online != unasked {
                self.halves(own);
            }
            before = Some(&judged.message);
            unasked = online;
        }
    }

    fn entry(&mut self, entry: &Entry, width: usize, (rule, sure): (bool, &str)) {
        let word = match entry.word() {
            "cannot-tell" => "undecided",
            word => word,
        };
        let paint = |style: Style, text: &str| match entry.outcome() {
            _ if entry.is_skipped() => style.quiet(text),
            Outcome::Pass => style.good(text),
            Outcome::Fail => style.bad(text),
            Outcome::CannotTell | Outcome::NotAsked => style.unsure(text),
        };
        let head = format!("  {word:11}");
        let reason = self.reason(entry, rule, sure);
        let name = terminal(&entry.name);
        let gap = " ".repeat(width.saturating_sub(name.width()) + 2);
        let beside = format!("{name}{gap}{}", terminal(&reason));
        if INDENT.len() + beside.width() <= self.view.width {
            let line = format!("{}{}", paint(self.view.style, &head), beside.trim_end());
            self.line(&line);
            return;
        }
        self.hung(&head, &entry.name, paint);
        if !reason.is_empty() {
            self.said(INDENT, &reason);
        }
    }

    /// Why, beside the name. That nothing is in the way of an endpoint by token and table is what `pass` says.
    fn reason(&self, entry: &Entry, rule: bool, sure: &str) -> String {
        let judged = entry.deciding();
        let passes = entry.outcome() == Outcome::Pass;
        match judged.cause.filter(|_| !passes) {
            // A rule is a comparison: nothing is derived.
            Some((cause, _)) if rule && cause.is_note() => cause.code.to_owned(),
            Some((cause, _)) => format!("{} ({sure})", cause.code),
            None if passes && !entry.is_answered() && !rule && !self.view.whole => String::new(),
            None => judged.message.clone(),
        }
    }

    fn why(&mut self, entry: &Entry, judged: &Judged, told: &mut BTreeSet<String>) {
        if judged.cause.is_some() {
            self.said(INDENT, &judged.message);
        }
        for fact in judged.telling() {
            self.said(INDENT, &fact);
        }
        for (cause, message) in &judged.others {
            self.said(INDENT, &format!("or {}: {message}", cause.code));
        }
        if let Some(note) = &entry.note {
            self.said(INDENT, &format!("purpose: {note}"));
        }
        // What to do in one case is half of what to do.
        let most = match judged.next.first() {
            _ if self.view.whole => usize::MAX,
            Some(Step::Accept { .. }) => 2,
            _ => 1,
        };
        let steps = judged.next.iter().filter(|step| !is_declared(step));
        for step in steps.take(most) {
            let next = advice(step, &judged.subject, &self.view.given);
            // What is to be done for many endpoints is said once.
            if !told.insert(next.text.clone()) {
                continue;
            }
            self.said(&format!("{INDENT}next: "), &next.text);
            if let Some(command) = &next.command {
                self.line(&format!("{INDENT}  $ {}", terminal(command)));
            }
        }
    }

    /// The half that did not decide, where it says something else.
    fn halves(&mut self, entry: &Entry) {
        let Some(online) = &entry.online else {
            return;
        };
        if online.outcome == Outcome::NotAsked {
            self.said(INDENT, &format!("online: {}", online.message));
        } else if online.outcome != entry.offline.outcome {
            let offline = &entry.offline;
            let word = offline.outcome.word();
            self.said(INDENT, &format!("offline: {word}: {}", offline.message));
        }
    }
}

fn is_declared(step: &Step) -> bool {
    matches!(step, Step::Declare { .. })
}

fn headline(app: &GatedApp) -> String {
    let token = app.token.as_ref().filter(|token| token.form != "absent");
    let token = token.map(|token| group::credential(token).join(" · "));
    let asked = match (app.asked(), app.answered()) {
        (_, true) => "the server was asked",
        (true, false) => "nobody answered",
        (false, false) => "the server was not asked",
    };
    format!(
        "{} ({}): {}; {asked}",
        app.name,
        app.provider.as_deref().unwrap_or("no provider"),
        token.as_deref().unwrap_or("no token"),
    )
}
