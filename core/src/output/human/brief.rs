//! One diagnosis in at most twelve lines: verdict, cause, what is missing, the facts that carry it, one thing to do.

use super::block::{Block, LABEL, fit};
use super::page::Page;
use crate::finding::{
    Attribute, Certainty, Diagnosis, ENDPOINT_UNKNOWN, Evidence, Finding, GateView, Meant,
    NOTE_ENFORCEMENT, NOTE_NO_ANSWER, NOTE_NOT_IN_TABLE, SeenExchange, Severity, Step, Verdict,
};
use crate::output::escape::terminal;
use crate::output::group;
use crate::output::wrap::{cut, cut_around, cut_middle, width_of, wrap};

/// So many words that were mistyped are told.
const MEANT: usize = 2;

/// So many further causes that are sure are told.
const BESIDES: usize = 2;

/// Writes the answer.
pub(super) fn brief(page: &mut Page<'_>, diagnosis: &Diagnosis, code: &str) {
    let width = page.view.width;
    let assumed = page.view.given.assumes_get();
    let decided = decided(diagnosis);
    let by = decided.as_ref().and_then(|own| own.by);
    let mut blocks = vec![headline(diagnosis, by, assumed, width)];
    let cause = diagnosis.cause();
    let gates = group::gates(diagnosis);
    blocks.extend(matched(diagnosis, width));
    let open = diagnosis.open_causes();
    match cause {
        Some(_) if !open.is_empty() => {
            let text = group::says_no_cause(diagnosis);
            blocks.push(Block::sentences("because", &text, width, 3));
            blocks.push(could_be(&open, width));
        }
        Some(finding) => blocks.push(because(finding, !gates.is_empty(), width)),
        None => blocks.extend(instead(diagnosis, width)),
    }
    blocks.extend(gates.iter().map(|gate| on_gate(diagnosis, gate, width)));
    let besides = group::besides(diagnosis).take(BESIDES);
    blocks.extend(besides.map(|own| besides_it(own, width)));
    blocks.extend(unsure(diagnosis, by, width));
    blocks.extend(
        cause
            .map(|finding| facts(diagnosis, finding, !gates.is_empty(), width))
            .unwrap_or_default(),
    );
    blocks.extend(asked(diagnosis, width));
    blocks.extend(living(diagnosis, width));
    blocks.extend(decided.as_ref().and_then(|own| own.block(width)));
    blocks.extend(qualified(diagnosis, by, width));
    blocks.extend(meant(diagnosis, width));
    blocks.extend(todo(page, diagnosis));
    let unpublished = unpublished(diagnosis, by);
    blocks.extend(unpublished.map(|own| or_else(own, width)));
    if open.is_empty() {
        blocks.extend(also(diagnosis, by.or(unpublished), width));
    }
    let end = format!("{code} With -v: evidence, sources, notes, what it is not.");
    blocks.push(Block::plain(wrap("", &end, width)));
    fit(&mut blocks, width);
    write(page, diagnosis.verdict, &blocks);
}

fn write(page: &mut Page<'_>, verdict: Verdict, blocks: &[Block]) {
    let style = page.style();
    let word = label(verdict);
    for (number, line) in blocks.iter().flat_map(|block| &block.lines).enumerate() {
        let painted = match verdict {
            Verdict::Denied => style.bad(word),
            Verdict::Unknown => style.unsure(word),
            Verdict::Clear => style.good(word),
        };
        match line.strip_prefix(word).filter(|_| number == 0) {
            Some(rest) => page.line(&format!("{painted}{rest}")),
            None => page.line(line),
        }
    }
}

fn label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Denied => "DENIED",
        Verdict::Unknown => "UNDECIDED",
        Verdict::Clear => "CLEAR",
    }
}

fn headline(diagnosis: &Diagnosis, by: Option<&Finding>, assumed: bool, width: usize) -> Block {
    let subject = group::answered(diagnosis);
    let subject = match subject.strip_prefix("GET ").filter(|_| assumed) {
        Some(url) => format!("GET (assumed) {url}"),
        None => subject,
    };
    let came = match (diagnosis.verdict, diagnosis.cause()) {
        _ if !diagnosis.open_causes().is_empty() => "the cause is undecided".to_owned(),
        (_, Some(f)) => {
            let or = by.map(|by| format!(", else {}", by.cause.code));
            let or = or.unwrap_or_default();
            format!("{}{or} ({})", f.cause.code, diagnosis.sure(f))
        }
        (Verdict::Clear, None) => "no problem found".to_owned(),
        (_, None) => group::undecided(diagnosis),
    };
    let room = width.saturating_sub(LABEL);
    let within = |room: usize| {
        let subject = match width_of(&subject) > room {
            true => cut_middle(&subject, room),
            false => subject.clone(),
        };
        format!("{subject}: {came}")
    };
    let mut block = Block::text(
        label(diagnosis.verdict),
        &within(room * 2 - 2),
        width,
        (1, 4),
        0,
    );
    block.least = block.lines.len();
    block.at_last(label(diagnosis.verdict), &within(room - 2), width);
    block
}

/// The reason. What is held there is shown by the check below too: it goes where room is short.
fn because(finding: &Finding, compared: bool, width: usize) -> Block {
    let mut block = Block::sentences("because", &finding.message, width, 3);
    let needs = finding.message.split_once("; the token has ");
    if let Some((needs, _)) = needs.filter(|_| compared) {
        block.at_last("because", &format!("{needs}."), width);
    }
    block
}

/// What a bare status may mean.
fn could_be(open: &[&Finding], width: usize) -> Block {
    let codes: Vec<&str> = open.iter().map(|f| f.cause.code).collect();
    Block::text("could be", &codes.join(", "), width, (1, 2), 1)
}

/// A further cause that is sure.
fn besides_it(finding: &Finding, width: usize) -> Block {
    let text = format!("{}: {}", finding.cause.code, finding.message);
    Block::sentences("also", &text, width, 3)
}

/// What stands in for a cause: what was looked at, or why nobody can say.
fn instead(diagnosis: &Diagnosis, width: usize) -> Vec<Block> {
    let mut out = Vec::new();
    let failure = diagnosis.exchanges.iter().find_map(|e| e.failure.as_ref());
    if let Some(why) = failure {
        out.push(Block::text(
            "because",
            &format!("no answer came: {why}"),
            width,
            (1, 4),
            2,
        ));
    }
    let token = &diagnosis.token;
    let given = token.form != "absent";
    if let Some(checked) = token.checked.as_ref().filter(|_| given) {
        out.push(Block::text(
            "token",
            &format!("{}; {checked}", token.form),
            width,
            (0, 2),
            5,
        ));
    }
    let notes = &diagnosis.findings;
    // What was mistyped has a line of its own, and so has a failure.
    let silent = failure.is_some();
    let told = |f: &&Finding| {
        let told = f.meant.is_some() || silent && f.cause == &NOTE_NO_ANSWER;
        f.severity == Severity::Warning && !told
    };
    let limits = notes
        .iter()
        .find(|f| told(f) && f.cause.is(Attribute::Limit));
    let warning = limits.or_else(|| notes.iter().find(told));
    // Nothing to compare with: that is the reason why nothing is decided.
    let bare = || {
        let open = diagnosis.verdict == Verdict::Unknown && diagnosis.gates.is_empty();
        notes
            .iter()
            .find(|f| open && f.cause == &NOTE_NOT_IN_TABLE && f.meant.is_none())
    };
    let note = warning.or_else(bare);
    out.extend(note.map(|f| Block::text("note", &f.message, width, (1, 3), 4)));
    out
}

/// The operation of the table, where the path fits it by its variables and no reason names it.
fn matched(diagnosis: &Diagnosis, width: usize) -> Option<Block> {
    let operation = diagnosis.subject.operation.as_deref()?;
    let named = |f: &Finding| f.message.contains(operation);
    let asked = diagnosis.subject.status.is_none() && operation.contains('{');
    let untold = asked && !diagnosis.cause().is_some_and(named);
    untold.then(|| Block::text("operation", operation, width, (0, 1), 6))
}

/// What was probably mistyped. What the remedy names too goes first where room is short.
fn meant(diagnosis: &Diagnosis, width: usize) -> Vec<Block> {
    let asked = diagnosis.findings.iter().filter_map(|f| f.meant.as_ref());
    let line = |own: &Meant| {
        let asked = format!("did you mean {}?", own.meant);
        let mut block = Block::text("note", &format!("{}: {asked}", own.typed), width, (1, 2), 4);
        block.shorter = vec![Block::text("note", &asked, width, (1, 1), 4).lines];
        if is_respelled(diagnosis, own) {
            block.shorter.clear();
            (block.least, block.spare) = (0, 7);
        }
        block
    };
    asked.take(MEANT).map(line).collect()
}

/// A list of names that is not longer than a line and a half.
fn listed(text: &str) -> String {
    names(text, 100)
}

/// So many names of a list as there is room for: each is shown whole or not at all.
fn names(text: &str, room: usize) -> String {
    if width_of(text) <= room {
        return text.to_owned();
    }
    let fits = |at: &usize| width_of(&text[..*at]) + 3 <= room;
    let ends = text.match_indices(", ").map(|(at, _)| at);
    match ends.take_while(fits).last() {
        Some(end) => format!("{}, …", &text[..end]),
        None => cut(text, room),
    }
}

fn on_gate(diagnosis: &Diagnosis, gate: &GateView, width: usize) -> Block {
    let need = group::alternatives(&gate.need);
    let have = match (gate.answer, gate.have.as_slice()) {
        // Whose word the requirement is must not fall off the line.
        ("cannot-see", _) if group::is_reported(diagnosis) => "not visible".to_owned(),
        ("cannot-see", _) => "not visible in the token".to_owned(),
        (_, []) => "have nothing".to_owned(),
        (_, list) => format!("have {}", listed(&list.join(", "))),
    };
    let whole = gate.need.concat() == gate.missing;
    let by = group::whose(diagnosis, gate);
    let need = format!("{}{by}", listed(&need));
    let text = match gate.missing.as_slice() {
        [] if !gate.on.is_empty() => format!("{have} · need {need} · {}", gate.on.join("; ")),
        [] => format!("{have} · need {need}"),
        _ if whole && !by.is_empty() => format!("{have} · need {need}"),
        _ if whole => format!("{have} · need {need} (missing)"),
        missing => {
            let any = gate.need.iter().all(|set| set.len() == 1) && missing.len() > 1;
            let of = if any { "one of " } else { "" };
            format!(
                "{have} · need {need} · missing {of}{}",
                listed(&missing.join(", "))
            )
        }
    };
    let label = cut(&gate.gate, LABEL - 1);
    let room = match unseen_beside_an_answer(diagnosis, gate) {
        true => (0, 1),
        false => (1, 1),
    };
    let mut block = Block::text(&label, &text, width, (room.0, 3), room.1);
    // Names that are longer than a line stand in the reason.
    let shown = |text: &str| gate.need.iter().flatten().any(|name| text.contains(name));
    let told = diagnosis.cause().is_some_and(|own| shown(&own.message));
    if told && block.lines.first().is_some_and(|first| !shown(first)) {
        let text = format!("{have} · need one of those above");
        block.shorter = vec![Block::text(&label, &text, width, (1, 1), 1).lines];
    }
    block
}

/// Whether a check that nobody can see stands beside the reason that the server gives.
fn unseen_beside_an_answer(diagnosis: &Diagnosis, gate: &GateView) -> bool {
    let by_answer = diagnosis.cause().is_some_and(|cause| cause.by_answer);
    by_answer && gate.answer == "cannot-see"
}

/// The one or two facts that carry the cause; what the check above says already is not said again.
fn facts(diagnosis: &Diagnosis, cause: &Finding, gates: bool, width: usize) -> Vec<Block> {
    let names = diagnosis.missing();
    let said = |fact: &&Evidence| {
        let of_gate = gates
            && (fact.place == "missing"
                || fact.place.starts_with("claim scope")
                || fact.place == "given by hand");
        let none = fact.place == "leeway" && fact.value == "0 s";
        !of_gate && !none && !cause.message.contains(&fact.value) && !names.contains(&fact.value)
    };
    let one = |fact: &Evidence| {
        let room = width.saturating_sub(LABEL);
        let text = terminal(&format!("{}: {}", fact.place, fact.value));
        let text = cut_around(&text, fact.focus.as_deref(), room);
        let mut block = Block::plain(vec![format!("{:LABEL$}{text}", "seen")]);
        block.least = 0;
        // What the server said carries what it may mean.
        block.spare = if cause.by_answer { 0 } else { 6 };
        block
    };
    let mut out: Vec<Block> = cause
        .evidence
        .iter()
        .filter(said)
        .take(2)
        .map(one)
        .collect();
    // One label for both.
    for block in out.iter_mut().skip(1) {
        for line in &mut block.lines {
            *line = line.replacen("seen", "    ", 1);
        }
    }
    out
}

fn todo(page: &Page<'_>, diagnosis: &Diagnosis) -> Vec<Block> {
    let width = page.view.width;
    // What helps against one of several causes is no remedy yet.
    let cause = diagnosis.cause();
    let cause = cause.filter(|_| diagnosis.open_causes().is_empty());
    let fix = cause.and_then(|f| f.fix.as_ref());
    let fix = fix.map(|fix| match fix.ways.len() {
        0 | 1 => Block::sentences("fix", &fix.text, width, 0),
        _ => Block::ways("fix", &fix.ways, width, 2),
    });
    let next = group::next(diagnosis, &page.view.given).map(|step| match &step.command {
        Some(command) => {
            let command = (command.as_str(), step.least.as_deref());
            let mut block = Block::step("next", &step.text, command, width, 2);
            if step.says_least {
                block.with_the_command_alone("next", command.0);
            }
            if let Some(added) = &step.added {
                block.at_last("next", &format!("the same command with {added}"), width);
            }
            block
        }
        None => Block::whole("next", &step.text, width),
    });
    fix.into_iter().chain(next).collect()
}

/// What the server was asked, and what it answered: the facts of a probe.
fn asked(diagnosis: &Diagnosis, width: usize) -> Option<Block> {
    if !diagnosis.was_asked() {
        return None;
    }
    let without = match diagnosis.token.fingerprint {
        Some(_) => "",
        None => "without a token, since none was given; ",
    };
    let asked = diagnosis.exchanges.iter();
    let answers: Vec<String> = asked
        .filter_map(|one| Some(format!("{} {}", group::role(&one.role), one.status?)))
        .collect();
    // Why none came is told where it is the reason.
    let told = match answers.is_empty() {
        true => "no answer came",
        false => &answers.join(", "),
    };
    let silent = diagnosis.cause().is_none() && answers.is_empty() && without.is_empty();
    let refused = |one: &SeenExchange| one.role == "control" && one.status == Some(401);
    let dead = without.is_empty() && diagnosis.exchanges.iter().any(refused);
    let dead = match dead && diagnosis.living.is_none() {
        true => "the token is not accepted here at all: ",
        false => "",
    };
    let text = format!("{without}{dead}{told}");
    (!silent).then(|| Block::text("asked", &text, width, (1, 2), 3))
}

/// What shows that the token is accepted here: much of what else comes to mind falls away by it.
fn living(diagnosis: &Diagnosis, width: usize) -> Option<Block> {
    let shown = diagnosis.living.as_ref()?;
    let text = format!("expired, unknown or of another region: {shown}");
    Some(Block::text("not", &text, width, (1, 2), 1))
}

/// Whether the remedy begins with this slip of the hand.
fn is_respelled(diagnosis: &Diagnosis, slip: &Meant) -> bool {
    let fix = diagnosis.cause().and_then(|cause| cause.fix.as_ref());
    let named = fix.is_some_and(|fix| fix.text.contains(&slip.meant));
    named && diagnosis.next.contains(&Step::Respell(slip.clone()))
}

/// What would have to be known to be sure: of the cause, and of what denies where that is another.
fn unsure(diagnosis: &Diagnosis, by: Option<&Finding>, width: usize) -> Option<Block> {
    let causes = diagnosis.cause().into_iter().chain(by);
    let possible = causes.filter(|f| f.certainty == Certainty::Possible);
    let open: Vec<&str> = possible
        .flat_map(|f| f.open.iter().map(String::as_str))
        .collect();
    let text = open.join("; ");
    let mut slips = diagnosis.findings.iter().filter_map(|f| f.meant.as_ref());
    // Beside an answer there is more to tell than what the table leaves open, and a slip is named by the remedy.
    let (least, spare) = match diagnosis.subject.status {
        None if !slips.any(|slip| is_respelled(diagnosis, slip)) => (1, 1),
        _ => (0, 4),
    };
    (!text.is_empty()).then(|| Block::text("not sure", &text, width, (least, 2), spare))
}

/// What limits the answer, beside a cause; without one every note has its place.
fn qualified(diagnosis: &Diagnosis, by: Option<&Finding>, width: usize) -> Option<Block> {
    let cause = diagnosis.cause()?;
    let mut notes = diagnosis.findings.iter();
    let note = notes.find(|f| f.cause.is(Attribute::Limit))?;
    let mut block = Block::sentences("note", &note.message, width, 5);
    // The line of what is not sure says it too, and beside another cause than a missing right it is about what else is
    // possible.
    let told = note.cause == &NOTE_ENFORCEMENT;
    let said = cause.conditional || by.is_some_and(|by| by.conditional);
    if told && (said || !cause.cause.is(Attribute::Right)) {
        block.least = 0;
    }
    Some(block)
}

/// Which fact the verdict rests on, where that is not the cause.
struct Decided<'d> {
    /// Why nothing is decided.
    text: Option<String>,
    /// The finding that denies.
    by: Option<&'d Finding>,
}

impl Decided<'_> {
    fn block(&self, width: usize) -> Option<Block> {
        let text = self.text.as_ref()?;
        // The headline says it too: where room is short, why it is not a denial is left to `-v`.
        Some(Block::text("verdict", text, width, (0, 1), 1))
    }
}

fn decided(diagnosis: &Diagnosis) -> Option<Decided<'_>> {
    let cause = diagnosis.cause().filter(|cause| !cause.denies)?;
    if diagnosis.subject.status.is_some() {
        return None;
    }
    let code = cause.cause.code;
    let errors = diagnosis.findings.iter();
    let by = errors
        .clone()
        .find(|f| f.severity == Severity::Error && f.denies);
    let text = match (diagnosis.verdict, by) {
        (Verdict::Denied, Some(_)) => None,
        (Verdict::Unknown, _) if diagnosis.token.form == "absent" => Some(format!(
            "undecided: {code} alone does not deny; no token was given"
        )),
        (Verdict::Unknown, _) => Some(format!("undecided: {code} alone does not deny")),
        _ => return None,
    };
    Some(Decided { text, by })
}

/// That nobody publishes the operation, where something else is likelier: whoever reads the answer has to know.
fn unpublished<'d>(diagnosis: &'d Diagnosis, named: Option<&Finding>) -> Option<&'d Finding> {
    let mut others = group::others(diagnosis).into_iter();
    others.find(|f| f.cause == &ENDPOINT_UNKNOWN && !f.by_answer && named.is_none())
}

fn or_else(finding: &Finding, width: usize) -> Block {
    let code = finding.cause.code;
    let text = format!("{code}: {}", finding.message);
    let mut block = Block::sentences("or", &text, width, 3);
    let short = format!("{code}: this operation is not published");
    let short = wrap(&format!("{:LABEL$}", "or"), &short, width);
    block.least = short.len();
    block.shorter.insert(0, short);
    block
}

/// Other causes that would explain it, in one line; one that is named already is left out.
fn also(diagnosis: &Diagnosis, named: Option<&Finding>, width: usize) -> Option<Block> {
    let known = |f: &&Finding| named.is_some_and(|own| own.cause == f.cause);
    let others = group::others(diagnosis).into_iter();
    let codes: Vec<&str> = others.filter(|f| !known(f)).map(|f| f.cause.code).collect();
    (!codes.is_empty()).then(|| {
        let line = format!("also possible: {}", codes.join(", "));
        Block::plain(vec![names(&line, width)])
    })
}
