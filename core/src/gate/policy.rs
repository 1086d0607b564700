//! The rules of a manifest: what its credential must keep.

use super::manifest::{App, Credential};
use crate::diagnose::span;
use crate::finding::{
    Diagnosis, Entry, Finding, Judged, NOTE_DIRT, NOTE_EXCESS_SCOPE, NOTE_LIFETIME,
    NOTE_SHORT_LIFE, Note, Outcome, Severity, Step, TOKEN_EXPIRED, TOKEN_TYPE,
};
use crate::scope::ScopeSet;

/// The name of the question whether the credential itself is sound.
pub const CREDENTIAL: &str = "credential";

/// The check of a path that no published row has.
pub const ENDPOINT: &str = "endpoint";

/// The key of what an app calls, and the name of the question whether it names anything.
const ENDPOINTS: &str = "endpoints";

/// The name of the question whether the token is of the declared kind, and of its key.
const KIND: &str = "kind";

/// The check of how long a token still lives.
pub const LIFETIME: &str = "lifetime";

/// What to do about a rule of lifetime that nothing can decide.
const FOR_LIFETIME: &str = "Let the gate request the token (`client-id` with its secret): the issuer then says how long it lives. Or remove `min-ttl`, or accept it: `unknown = { lifetime = \"pass\" }`.";

/// What is known of a credential when its rules are checked.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Whether there is one: else what is declared stands in for it.
    pub there: bool,
    /// What it says of itself.
    pub diagnosis: &'a Diagnosis,
    /// What is wrong with it as it is stored.
    pub stored: Option<&'a str>,
    /// The scopes that it holds or is said to hold.
    pub scopes: Option<&'a ScopeSet>,
    /// The kind that a sign in the token shows, where another one is declared: id, and whether the sign is its documented
    /// form.
    pub shown: Option<(&'a str, bool)>,
    /// When it ends, in seconds since 1970, where that is known.
    pub expires: Option<i64>,
    /// What else was noticed.
    pub notes: &'a [Note],
    /// The moment the gate began.
    pub began: i64,
    /// The moment the last answer came.
    pub ended: i64,
}

/// The credential itself, and the manifest's rules about it.
pub fn checks(app: &App, seen: &Seen<'_>) -> Vec<Entry> {
    let mut out = Vec::new();
    if seen.there {
        let line = app.line_of_credential();
        out.push(Entry::rule(CREDENTIAL, line, credential(seen)));
    }
    if let Some((kind, certain)) = seen.shown {
        out.push(Entry::rule(
            KIND,
            app.line_of(KIND),
            other_kind(kind, certain),
        ));
    }
    if let Some(least) = app.min_ttl {
        out.push(Entry::rule(
            "min-ttl",
            app.line_of("min-ttl"),
            life(
                least,
                seen,
                matches!(app.credential, Credential::Client(..)),
            ),
        ));
    }
    if let Some(most) = app.max_scopes {
        let held = seen.scopes.map(|scopes| scopes.iter().count());
        let judged = match held {
            Some(held) if held > most => Judged::because(
                Outcome::Fail,
                &NOTE_EXCESS_SCOPE,
                format!("the token has {held} scopes, and the manifest allows {most}"),
            ),
            Some(held) => Judged::plain(Outcome::Pass, format!("{held} scopes")),
            None => unseen(),
        };
        out.push(Entry::rule("max-scopes", app.line_of("max-scopes"), judged));
    }
    if !app.forbid_scopes.is_empty() {
        let line = app.line_of("forbid-scopes");
        out.push(Entry::rule("forbid-scopes", line, forbidden(app, seen)));
    }
    let failing = |note: &&Note| {
        app.fail_on
            .iter()
            .any(|code| code == note.finding.cause.code)
    };
    out.extend(nothing_called(app));
    out.extend(seen.notes.iter().filter(failing).map(|note| {
        let cause = note.finding.cause;
        let judged = Judged::because(Outcome::Fail, cause, note.finding.message.clone());
        Entry::rule(cause.code, note.line, judged)
    }));
    out
}

/// What is open where an app names nothing that it calls.
pub fn nothing_called(app: &App) -> Option<Entry> {
    let judged = Judged {
        next: vec![Step::Remedy(
            "List what the app calls: `endpoints = [\"GET /path\"]`.".to_owned(),
        )],
        ..Judged::plain(
            Outcome::CannotTell,
            "the app names no endpoint: nothing can be checked",
        )
    };
    let line = app.line_of(ENDPOINTS);
    let empty = app.endpoints.is_empty();
    empty.then(|| Entry::rule(ENDPOINTS, line, judged))
}

/// The name of the question whether anything is asked at the right place.
const BASE_URL: &str = "base-url";

/// Every path that was asked answered 404: one wrong base explains that better than as many missing paths.
pub fn nowhere(app: &App) -> Entry {
    let judged = Judged {
        undecided: vec![ENDPOINT.to_owned()],
        next: vec![Step::Remedy(
            "Compare host and base path with the API's: the region or the URLs of the app, and where its requests are sent.".to_owned(),
        )],
        ..Judged::plain(
            Outcome::CannotTell,
            "everything that was asked answered 404: a wrong host or base path is likelier than that no path exists",
        )
    };
    Entry::rule(BASE_URL, app.line, judged)
}

fn credential(seen: &Seen<'_>) -> Judged {
    let ended = seen
        .expires
        .is_some_and(|at| at > seen.began && at <= seen.ended);
    if ended {
        return Judged::because(
            Outcome::Fail,
            &TOKEN_EXPIRED,
            "the token expired while the gate ran: the last answers say nothing about the endpoints",
        );
    }
    let judged = Judged::of(seen.diagnosis);
    if judged.outcome == Outcome::Pass
        && let Some(text) = refused_as_stored(seen)
    {
        return open_credential(
            text,
            "Store it alone. Where the app strips this before it sends it",
        );
    }
    match judged.outcome {
        Outcome::Pass => Judged::plain(
            Outcome::Pass,
            match &seen.diagnosis.token.checked {
                Some(checked) => format!("no problem is visible ({checked})"),
                None => "no problem is visible".to_owned(),
            },
        ),
        _ => judged,
    }
}

/// What stands around the credential where it is stored, and is refused if an app sends it along.
fn refused_as_stored(seen: &Seen<'_>) -> Option<String> {
    let mut notes = seen.diagnosis.findings.iter();
    let dirt = |f: &&Finding| f.cause == &NOTE_DIRT && f.severity == Severity::Warning;
    let dirt = notes.find(dirt).map(|f| f.message.clone());
    dirt.or_else(|| seen.stored.map(str::to_owned))
}

/// The credential cannot be judged as it is stored; `unless` begins the sentence that says how to accept it.
pub fn open_credential(text: impl Into<String>, unless: &str) -> Judged {
    let accept = format!("{unless}: `unknown = {{ {CREDENTIAL} = \"pass\" }}` in the app.");
    Judged {
        undecided: vec![CREDENTIAL.to_owned()],
        next: vec![Step::Remedy(accept)],
        ..Judged::plain(Outcome::CannotTell, text)
    }
}

/// The token is of another kind than the manifest says.
fn other_kind(kind: &str, certain: bool) -> Judged {
    let outcome = match certain {
        true => Outcome::Fail,
        false => Outcome::CannotTell,
    };
    let text = format!("the token shows that it is of the kind `{kind}`, not of the declared one");
    Judged {
        undecided: vec![KIND.to_owned()],
        next: vec![Step::Remedy(format!(
            "Supply a token of the declared kind, or declare `kind = \"{kind}\"`."
        ))],
        ..Judged::because(outcome, &TOKEN_TYPE, text)
    }
}

fn unseen() -> Judged {
    Judged {
        undecided: vec!["scope".to_owned()],
        ..Judged::plain(
            Outcome::CannotTell,
            "the token is opaque: declare its scopes in the manifest, or ask online",
        )
    }
}

/// Whether the manifest lets an answer stay undecided: every open check is one that it names.
pub fn tolerates(app: &App, judged: &Judged) -> bool {
    let named = |check: &String| app.tolerated.contains(check);
    !judged.undecided.is_empty() && judged.undecided.iter().all(named)
}

fn life(least: i64, seen: &Seen<'_>, client: bool) -> Judged {
    if !seen.there {
        let text = match client {
            true => "there is no token yet: it is requested online",
            false => "there is no token to look at",
        };
        return Judged::plain(Outcome::NotAsked, text);
    }
    let Some(at) = seen.expires else {
        let text = "nothing in the token says when it expires";
        return Judged {
            undecided: vec![LIFETIME.to_owned()],
            next: vec![Step::Remedy(FOR_LIFETIME.to_owned())],
            ..Judged::because(Outcome::CannotTell, &NOTE_LIFETIME, text)
        };
    };
    let left = at - seen.ended;
    let text = format!("{} left, {} required", span(left.max(0)), span(least));
    match left {
        ..=0 => Judged::because(Outcome::Fail, &TOKEN_EXPIRED, text),
        left if left < least => Judged::because(Outcome::Fail, &NOTE_SHORT_LIFE, text),
        _ => Judged::plain(Outcome::Pass, text),
    }
}

fn forbidden(app: &App, seen: &Seen<'_>) -> Judged {
    let Some(scopes) = seen.scopes else {
        return unseen();
    };
    let fits = |scope: &str, pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => scope.starts_with(start),
        None => scope == pattern,
    };
    let held: Vec<&str> = scopes
        .iter()
        .filter(|scope| app.forbid_scopes.iter().any(|pattern| fits(scope, pattern)))
        .collect();
    match held.is_empty() {
        true => Judged::plain(Outcome::Pass, "none of them is granted"),
        false => Judged::because(
            Outcome::Fail,
            &NOTE_EXCESS_SCOPE,
            format!("granted and forbidden: {}", held.join(" ")),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::{Clock, Credential as Held};
    use crate::token::Token;
    use crate::triage::{Declared, Judge, Providers};

    fn words(app: &App, expires: Option<i64>, began: i64, ended: i64) -> Vec<(String, Outcome)> {
        let token = Token::read(b"an-opaque-token-0123456789");
        let declared = Declared {
            credential: Held::of(token),
            ..Declared::at(Clock::at(began))
        };
        let providers = Providers::shipped();
        let judge = Judge::new(&providers, &declared);
        let diagnosis = judge.question(None, None).expect("a diagnosis");
        let scopes: ScopeSet = ["users", "oauth:readonly"].into_iter().collect();
        let seen = Seen {
            there: true,
            diagnosis: &diagnosis,
            stored: None,
            scopes: Some(&scopes),
            shown: None,
            expires,
            notes: &[],
            began,
            ended,
        };
        let entries = checks(app, &seen);
        let word = |entry: Entry| (entry.name.clone(), entry.outcome());
        entries.into_iter().map(word).collect()
    }

    fn app() -> App {
        App {
            min_ttl: Some(60),
            max_scopes: Some(2),
            forbid_scopes: vec!["oauth*".to_owned()],
            ..App::default()
        }
    }

    #[test]
    fn a_token_that_ends_while_the_gate_runs_fails() {
        let outcome = |ended: i64| words(&app(), Some(100), 10, ended)[0].clone();
        assert_eq!(outcome(20), ("credential".to_owned(), Outcome::Pass));
        assert_eq!(outcome(100), ("credential".to_owned(), Outcome::Fail));
    }

    #[test]
    fn rules_are_exact_at_their_limits() {
        let of = |name: &str, expires: Option<i64>| {
            let words = words(&app(), expires, 10, 40);
            words
                .into_iter()
                .find(|(own, _)| own == name)
                .map(|(_, outcome)| outcome)
        };
        assert_eq!(of("min-ttl", Some(100)), Some(Outcome::Pass));
        assert_eq!(of("min-ttl", Some(99)), Some(Outcome::Fail));
        assert_eq!(of("min-ttl", None), Some(Outcome::CannotTell));
        assert_eq!(of("max-scopes", None), Some(Outcome::Pass));
        assert_eq!(of("forbid-scopes", None), Some(Outcome::Fail));
    }
}
