//! Lines that speak of refusals and are no answer: notes of a program that runs, the text of manuals, sources and tests.
//! What they say counts only where something else tells that a request was refused.

/// What a line is that is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aside {
    /// What a program notes while all is well, a heading, a question: a status or a URL in it is still one that was seen.
    Note,
    /// It tells of refusals in general, or of a program's source: nothing in it happened.
    General,
}

impl Aside {
    /// What a line is, where it is no answer.
    pub(crate) fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        let end = line.char_indices().nth(LOOKED_AT);
        let line = &line[..end.map_or(line.len(), |(end, _)| end)];
        let lower = line.to_lowercase();
        if is_definition(&lower) || is_source(line) || is_report(line, &lower) || is_setting(line) {
            return Some(Self::General);
        }
        (is_heading(line) || is_question(&lower) || is_calm(line, &lower)).then_some(Self::Note)
    }
}

/// So many characters of a line are looked at.
const LOOKED_AT: usize = 4_096;

/// What a status, a code or an exception stands for, as manuals say it.
fn is_definition(lower: &str) -> bool {
    let verbs = [
        " means ",
        " indicates ",
        " signifies ",
        " is returned when ",
        " is returned if ",
        " is thrown when ",
        " is thrown if ",
        " is raised when ",
        " is raised if ",
        " returned when ",
        " returned if ",
    ];
    // A person tells of their own call so too, and a client of what it was answered.
    let persons = ["i", "my", "we", "our"];
    let happened = ["respond", "answer", "got", "receiv", "fail", "call"];
    let tells =
        |word: &str| persons.contains(&word) || happened.iter().any(|own| word.starts_with(own));
    if lower.split_whitespace().any(tells) {
        return false;
    }
    let Some((before, behind)) = verbs.iter().find_map(|verb| lower.split_once(verb)) else {
        return false;
    };
    let cut = |c: char| !c.is_ascii_alphanumeric();
    let named = |part: &str| {
        has_status(part)
            || ["status code", "response code", "error code"]
                .iter()
                .any(|own| part.contains(own))
            || part.contains("exception")
            || part
                .split(cut)
                .any(|word| word.starts_with("err") && word.len() > 5)
    };
    named(before)
        || named(behind.split([',', ';']).next().unwrap_or_default()) && !before.contains(':')
}

/// Whether a status of a refusal stands there: `401`, `4xx`.
fn has_status(text: &str) -> bool {
    let cut = |c: char| !c.is_ascii_alphanumeric();
    text.split(cut).any(|word| {
        let status = word.len() == 3 && word.starts_with(['4', '5']);
        status && word[1..].bytes().all(|b| b.is_ascii_digit() || b == b'x')
    })
}

/// A comment, a statement, an entry of a change log.
fn is_source(line: &str) -> bool {
    let comments = [
        "// ", "/// ", "//! ", "/* ", "/** ", "-- ", "* @", "@throws", "@return", "@raise",
        "@param", ":raise", ":return", ":param", "<!-- ", "TODO", "FIXME",
    ];
    let calls = [
        "throw ", "raise ", "return ", "rescue ", "except ", "catch (", "} catch",
    ];
    let makes = [" = errors.New(", " = fmt.Errorf(", " = new Error("];
    let called = line
        .as_bytes()
        .windows(2)
        .any(|pair| pair[0].is_ascii_alphanumeric() && pair[1] == b'(');
    comments.iter().any(|own| line.starts_with(own))
        || calls.iter().any(|own| line.starts_with(own)) && called
        || makes.iter().any(|own| line.contains(own))
        || is_commit(line)
}

/// `fix(auth): …`, `Bump x from 1 to 2`.
fn is_commit(line: &str) -> bool {
    const KINDS: [&str; 10] = [
        "feat", "fix", "docs", "chore", "refactor", "test", "perf", "build", "ci", "style",
    ];
    let kind = line
        .split_once(": ")
        .map(|(head, _)| head.trim_end_matches('!'));
    let kind = kind.map(
        |head| match head.strip_suffix(')').and_then(|own| own.split_once('(')) {
            Some((kind, _)) => kind,
            None => head,
        },
    );
    let bumped = line.starts_with("Bump ") && line.contains(" from ") && line.contains(" to ");
    bumped || kind.is_some_and(|kind| KINDS.contains(&kind))
}

/// What the runner of tests reports, a sample of a metric, how a command is called.
fn is_report(line: &str, lower: &str) -> bool {
    let ends = [" ... ok", " ... passed", " [ok]"];
    // `12 passed`, `tests/a.py::test_b PASSED`: what a sentence ends with is its own.
    let counted = lower.ends_with(" passed") && line.split_whitespace().count() == 2;
    let numbered = lower
        .strip_prefix("ok ")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let starts = ["usage: ", "options: "];
    let plain = !line.contains(['\'', '"']) && !line.contains("://");
    let option = line
        .strip_prefix("--")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    ends.iter().any(|own| lower.ends_with(own))
        || starts.iter().any(|own| lower.starts_with(own))
        || counted
        || numbered
        || option && plain
        || is_passed(line)
        || is_metric(line)
}

/// `requests_total{code="401"} 7`.
pub(crate) fn is_metric(line: &str) -> bool {
    let Some((name, number)) = line.rsplit_once(' ') else {
        return false;
    };
    let bare = name.split('{').next().unwrap_or_default();
    let sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b':');
    let ends = [
        "_total",
        "_count",
        "_sum",
        "_bucket",
        "_seconds",
        "_bytes",
        "_capacity",
        "_info",
    ];
    let named = name.contains('{') || ends.iter().any(|end| bare.ends_with(end));
    named && bare.contains('_') && bare.bytes().all(sign) && number.parse::<f64>().is_ok()
}

/// A test that passed, in the words of its runner; the name of one in a program.
pub(crate) fn is_passed(line: &str) -> bool {
    let starts = [
        "✔ ",
        "✓ ",
        "=== TEST ",
        "=== RUN ",
        "--- PASS",
        "PASS ",
        "PASSED ",
        "test \"",
        "test(",
        "it(\"",
        "it('",
        "it \"",
        "describe(",
        "t.Run(",
    ];
    starts.iter().any(|start| line.starts_with(start))
}

/// `require_mfa: true`, `AUTH_DISABLED=1`: one name and what it is set to.
fn is_setting(line: &str) -> bool {
    let Some((name, value)) = line.split_once([':', '=']) else {
        return false;
    };
    let sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let value = value.trim().trim_end_matches(',').to_ascii_lowercase();
    let switch = [
        "true", "false", "on", "off", "yes", "no", "enabled", "disabled",
    ];
    let name = name.trim().trim_matches('"');
    let parted = name.contains(['_', '.', '-']) || name.bytes().any(|b| b.is_ascii_uppercase());
    parted && name.bytes().all(sign) && switch.contains(&value.as_str())
}

/// `## 401 Unauthorized`, `= Expired token`, ``- `401` ``, `* **403**`: headings and terms of lists that explain.
fn is_heading(line: &str) -> bool {
    let marks = line.bytes().take_while(|b| *b == b'#').count();
    let equals = line.bytes().take_while(|b| *b == b'=').count();
    let term = line.strip_prefix(['-', '*']).is_some_and(|rest| {
        let bold = rest.strip_prefix(" **");
        // `* ** ERROR ** *` is a program's mark.
        rest.starts_with(" `") || bold.is_some_and(|rest| !rest.starts_with(' '))
    });
    let headed = |count: usize| (1..=6).contains(&count) && line[count..].starts_with(' ');
    headed(marks) || headed(equals) || term || line.starts_with("| ") && line.ends_with('|')
}

/// What is asked is not said.
fn is_question(lower: &str) -> bool {
    let words = ["why ", "how ", "what ", "when ", "where ", "which ", "who "];
    let pointers = [
        "see the ",
        "see also ",
        "learn how ",
        "learn more ",
        "read more ",
        "troubleshooting",
    ];
    lower.ends_with('?') && words.iter().any(|own| lower.starts_with(own))
        || pointers.iter().any(|own| lower.starts_with(own))
}

/// Whether an entry of a log notes that all is well, and tells of no refusal: by the names and texts of its members.
pub(crate) fn is_calm_entry<'t>(members: impl Iterator<Item = (&'t str, &'t str)>) -> bool {
    const LEVELS: [&str; 5] = ["level", "severity", "lvl", "loglevel", "levelname"];
    const SAID: [&str; 3] = ["msg", "message", "event"];
    let (mut level, mut said) = (None, None);
    for (name, text) in members {
        let is = |list: &[&str]| list.iter().any(|own| own.eq_ignore_ascii_case(name));
        if is(&LEVELS) {
            level.get_or_insert(text);
        } else if is(&SAID) {
            said.get_or_insert(text);
        }
    }
    let calm = |said: &str| !tells_of_refusal(&said.to_lowercase());
    level.is_some_and(is_low) && said.is_some_and(calm)
}

/// Whether it is the name of a log's level at which no failure is noted.
fn is_low(level: &str) -> bool {
    let level = level.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    ["info", "debug", "trace", "notice", "verbose"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(level))
}

/// Whether a line of a log, in lower case, tells that something was refused: that is noted at any level.
fn tells_of_refusal(lower: &str) -> bool {
    const EVENTS: [&str; 24] = [
        "denied",
        "fail",
        "reject",
        "refus",
        "unauthorized",
        "forbidden",
        "invalid",
        "error",
        "wrong",
        "unknown",
        "mismatch",
        "not allowed",
        "too many",
        "exceeded",
        "verweigert",
        "abgelehnt",
        "interdit",
        "negado",
        "denegado",
        "拒绝",
        "拒否",
        "权限",
        "запрещ",
        "отказ",
    ];
    has_status(lower) || EVENTS.iter().any(|event| lower.contains(event))
}

/// What a log has at the level of information and below.
fn is_calm(line: &str, lower: &str) -> bool {
    let named = lower
        .find("level=")
        .is_some_and(|at| lower[at + 6..].split([' ', ',']).next().is_some_and(is_low));
    // klog: `I0301 08:00:00.000001 1 auth.go:42] …`.
    let klog = line.starts_with(['I', 'D'])
        && line
            .get(1..5)
            .is_some_and(|own| own.bytes().all(|b| b.is_ascii_digit()));
    // Behind the time: `2025-03-01 08:00:00 INFO …`, `[info] …`, `DEBUG: …`.
    let dated =
        |word: &&str| !word.contains(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'T' | 'Z'));
    let first = line.split_whitespace().find(|word| !dated(word));
    let shouted = first.is_some_and(|word| {
        let marked = word.starts_with('[')
            || word.ends_with(':')
            || !word.bytes().any(|b| b.is_ascii_lowercase());
        marked && is_low(word)
    });
    (named || klog || shouted) && !tells_of_refusal(lower)
}

#[cfg(test)]
mod tests {
    use super::Aside;

    #[test]
    fn notes_and_manuals_are_told_from_answers() {
        for (line, what) in [
            ("level=info msg=\"OIDC login disabled\"", Aside::Note),
            (
                "2026-03-01 08:00:00 INFO  Registration is disabled",
                Aside::Note,
            ),
            (
                "I0301 08:00:00.000001       1 auth.go:42] session expired, renewing",
                Aside::Note,
            ),
            ("[info] two factor authentication is disabled", Aside::Note),
            ("## 401 Unauthorized", Aside::Note),
            ("Why does my token expire?", Aside::Note),
            (
                "The 401 status code means that no valid credentials were sent.",
                Aside::General,
            ),
            (
                "ErrExpired is returned when the token is past its end.",
                Aside::General,
            ),
            ("// Reject requests without a token", Aside::General),
            (
                "throw new UnauthorizedException(\"Invalid token\");",
                Aside::General,
            ),
            (
                "feat(auth): reject tokens without an audience",
                Aside::General,
            ),
            ("test_expired_token_is_rejected PASSED", Aside::General),
            ("requests_total{reason=\"token_expired\"} 3", Aside::General),
            ("require_mfa: true", Aside::General),
        ] {
            assert_eq!(Aside::of(line), Some(what), "{line}");
        }
    }

    #[test]
    fn answers_are_none_whatever_they_are_like() {
        for line in [
            "level=info msg=\"authentication failed\" user=ana",
            "2026-03-01 08:00:00 INFO request denied: token expired",
            "error: invalid_token",
            "expired: token",
            "This means that your session has expired.",
            "Error: token expired",
            "unauthorized: authentication required",
            "Information about your account is missing",
            "Forbidden: you must be an owner",
            "login_required",
            "Did you forget to sign in?",
            "GET https://api.example/x -> 401: no access token was passed",
            "Server responded with 401, which indicates that the token expired",
            "INFO Zugriff verweigert",
            "* ** ERROR ** * the API answered 403: invalid credential",
            "",
        ] {
            assert_eq!(Aside::of(line), None, "{line}");
        }
    }
}
