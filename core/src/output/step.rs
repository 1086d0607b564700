//! Steps in words: what to do next, as a sentence and as a command that can be pasted.

use super::given::{Given, PIPED_TOKEN, shell};
use crate::finding::{Blank, Meant, Step, Subject, Unanswered};
use serde::Serialize;

/// A step in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Advice {
    /// In a sentence or two.
    pub(super) text: String,
    /// As a command that can be pasted.
    pub(super) command: Option<String>,
    /// What has to stand beside the command where there is no room for the text: what it may change, and where it reads a
    /// token that was not given yet.
    #[serde(skip)]
    pub(super) least: Option<String>,
    /// Whether the command itself says all of that: it names the variable.
    #[serde(skip)]
    pub(super) says_least: bool,
    /// What it adds to the command that was typed, where that is all: the short form of a long command.
    #[serde(skip)]
    pub(super) added: Option<String>,
    /// The same for a reader who has the evidence and not its credential.
    #[serde(skip)]
    pub(super) elsewhere: Option<&'static str>,
}

/// Where a suggested command reads the token.
const VARIABLE: &str = "the variable WHY401_TOKEN";
const FILE: &str = "the file token.txt";

const HIDDEN: &str = "The evidence hides the token. Whoever has it can compare its kind, audience, issuer and expiry with what the API expects.";

/// The steps of a diagnosis in words: without the network where it may not be asked.
pub(super) fn all(steps: &[Step], subject: &Subject, given: &Given) -> Vec<Advice> {
    let steps = steps
        .iter()
        .filter(|step| !(given.offline && needs_network(step)));
    steps.map(|step| advice(step, subject, given)).collect()
}

/// Whether a step asks a server.
fn needs_network(step: &Step) -> bool {
    match step {
        Step::Probe
        | Step::AskScopes { .. }
        | Step::NameControl
        | Step::CallSibling
        | Step::RealCall { .. }
        | Step::AskRegions { .. } => true,
        Step::NameTable
        | Step::Respell(_)
        | Step::CallHost { .. }
        | Step::GiveToken
        | Step::GiveHiddenToken
        | Step::AskOwner
        | Step::SayKind { .. }
        | Step::SayHeld { .. }
        | Step::Declare { .. }
        | Step::Accept { .. }
        | Step::Search { .. }
        | Step::TellApart(_)
        | Step::Reach(_)
        | Step::RecordWhole
        | Step::Remedy(_) => false,
    }
}

/// One step in words.
pub(super) fn advice(step: &Step, subject: &Subject, given: &Given) -> Advice {
    if given.manifest
        && let Some(text) = in_manifest(step)
    {
        return Advice {
            text,
            command: None,
            least: None,
            says_least: false,
            added: None,
            elsewhere: None,
        };
    }
    let (text, command) = in_words(step, subject, given);
    let reads = command.as_ref().and_then(|_| reads(step, given));
    let mut text = match reads {
        Some(place) => format!("{text} This command reads the token from {place}."),
        None => text,
    };
    let saved = command.as_deref().map(|command| given.saved(command));
    let saved = saved.filter(|files| !files.is_empty());
    let saved = saved.map(|files| format!("the piped input saved as {}", files.join(" and ")));
    if let Some(saved) = &saved {
        text = format!("{text} Run it with {saved}.");
    }
    let least = command.as_ref().and_then(|_| least(step, reads, saved));
    let variable = self::least(&Step::GiveToken, Some(VARIABLE), None);
    let added = command.as_ref();
    let added = added.and_then(|command| given.added(subject, command));
    Advice {
        text,
        command,
        says_least: least.is_some() && least == variable,
        least,
        added,
        elsewhere: matches!(step, Step::GiveHiddenToken).then_some(HIDDEN),
    }
}

/// A step as a sentence, and as a command where there is one.
fn in_words(step: &Step, subject: &Subject, given: &Given) -> (String, Option<String>) {
    match step {
        Step::CallHost { url } => (
            "Ask about the host that was probably meant.".to_owned(),
            Some(given.instead_of_url(subject, url)),
        ),
        Step::Respell(Meant { typed, meant }) => (
            format!("`{typed}` is probably meant to be `{meant}`: ask again with that."),
            given.respelled(subject, typed, meant),
        ),
        Step::NameTable if given.options.iter().any(|(name, _)| name == "--table") => (
            "The table that you gave has neither this host nor this path. Compare the path with it; --provider ID (the id of the table) judges by it all the same.".to_owned(),
            None,
        ),
        Step::NameTable => (
            "No table names this host. Name the provider (--provider ID), or bring a table of your own, such as the API's OpenAPI document (--table FILE).".to_owned(),
            None,
        ),
        Step::GiveToken => (
            "Give the token in a variable, in a file (--token-file) or on standard input, never as an argument.".to_owned(),
            Some(given.with(subject, &[("--token-env", Some("WHY401_TOKEN"))])),
        ),
        Step::GiveHiddenToken => (
            "The evidence hides the token. Give it, or its claims (--claims), to compare kind, audience, issuer and expiry.".to_owned(),
            Some(given.with(subject, &[("--token-file", Some(PIPED_TOKEN))])),
        ),
        Step::AskOwner => (HIDDEN.to_owned(), None),
        Step::SayKind { kinds } => (
            format!("Say which kind of token it is: {}.", kinds.join(", ")),
            Some(given.with(subject, &[("--token-kind", kinds.first().map(String::as_str))])),
        ),
        Step::SayHeld { gate, look, example } => held(gate, look.as_deref(), example, subject, given),
        Step::Probe => (
            "Ask the server: a control endpoint and this one, with the token and without it.".to_owned(),
            Some(given.asking(subject, &[("--probe", None)])),
        ),
        Step::AskScopes { method, path, member, url } => {
            let place = member.as_ref().map(|name| format!(" (member {name})"));
            let curl = url.as_ref().map(|url| curl(given, url));
            (
                format!("Ask the server which scopes the token has: {method} {path}{}, then give them with --scope.", place.unwrap_or_default()),
                curl,
            )
        }
        Step::NameControl => (
            "Name an endpoint that any valid token opens (--control 'METHOD URL'): if it accepts the token, and the answer here is still that of an invented path, the path does not exist.".to_owned(),
            None,
        ),
        Step::CallSibling => (
            "Ask the server, with a safe method: this path, and an invented one beside it. Or, if the token works on another call, describe both answers in a sentence: `why401 explain -` reads it.".to_owned(),
            Some(given.asking(subject, &[("--probe", None)])),
        ),
        Step::RealCall { method } => (
            format!("Only {method} itself decides. This sends it once (empty body, or --body FILE), and once to an invented path beside it; what it changes stays changed. If it answers 400 because of the body, the call is authorized."),
            Some(given.asking(subject, &[("--probe", None), ("--allow-unsafe", None), ("--sibling", None)])),
        ),
        Step::AskRegions { regions } => ask_regions(regions, subject, given),
        Step::Search { word, provider } => (
            "Search the published operations.".to_owned(),
            Some(given.over_tables(&["tables", "search", word, "--provider", provider])),
        ),
        Step::TellApart(question) => (format!("To tell them apart: {question}"), None),
        Step::Reach(why) => (reach(*why).to_owned(), None),
        Step::RecordWhole => (
            "Record the whole exchange (`curl -v`, or a HAR with sensitive data): headers and body of the answer say more than its status.".to_owned(),
            None,
        ),
        Step::Accept { check } => (
            format!("If that is the case, accept what stays undecided: `unknown = {{ {check} = \"pass\" }}` in the app."),
            None,
        ),
        Step::Declare { blanks, ask } => (declare(blanks, *ask), None),
        Step::Remedy(text) => (text.clone(), None),
    }
}

/// Which lines of a manifest to fill in, and which to add: with where their values can be looked up, which stands beside
/// a line that is there.
pub(super) fn declare(blanks: &[Blank], ask: bool) -> String {
    let there = blanks.iter().filter(|blank| blank.there);
    let there: Vec<String> = there
        .map(|blank| format!("line {} (`{}`)", blank.line, blank.key))
        .collect();
    let missing = blanks.iter();
    let missing = missing.filter(|blank| !blank.there && blank.endpoint.is_none());
    let missing = missing.map(|blank| {
        let look = blank.look.as_ref();
        let look = look.map(|look| format!(": {}", look.trim_end_matches('.')));
        let look = look.unwrap_or_default();
        format!(
            "Add `{}` to the app on line {}{look}.",
            blank.key, blank.line
        )
    });
    let fill = (!there.is_empty()).then(|| format!("Fill in {}.", there.join(", ")));
    let ask = ask.then(|| "Or ask the server: --online.".to_owned());
    let all = fill.into_iter().chain(missing).chain(of_endpoints(blanks));
    all.chain(ask).collect::<Vec<_>>().join(" ")
}

/// What endpoints lack of which nothing says what they need, with the first as it has to be written.
fn of_endpoints(blanks: &[Blank]) -> Option<String> {
    let own = |blank: &Blank| Some((blank.line, blank.endpoint.clone()?));
    let own: Vec<(usize, String)> = blanks.iter().filter_map(own).collect();
    let (_, first) = own.first()?;
    let mut lines: Vec<String> = own.iter().map(|(line, _)| line.to_string()).collect();
    lines.dedup();
    let (of, needs) = match (own.len(), lines.as_slice()) {
        (1, [line]) => (format!("the endpoint on line {line}"), "it needs"),
        (count, [line]) => (
            format!("the {count} endpoints on line {line}"),
            "each needs",
        ),
        (_, lines) => (
            format!("the endpoints on lines {}", lines.join(", ")),
            "each needs",
        ),
    };
    Some(format!(
        "Add `needs` to {of}: the scopes that {needs}, or none where any token will do: `{{ call = \"{first}\", needs = [] }}`."
    ))
}

/// Where the command of a step reads a token that was not given yet.
fn reads(step: &Step, given: &Given) -> Option<&'static str> {
    match step {
        Step::GiveToken => Some(VARIABLE),
        Step::GiveHiddenToken => Some(FILE),
        Step::AskScopes { .. } => (!given.has_token()).then_some(VARIABLE),
        Step::Probe | Step::CallSibling | Step::RealCall { .. } | Step::AskRegions { .. } => {
            given.lacks_token().then_some(VARIABLE)
        }
        _ => None,
    }
}

/// What stands beside a command in any case.
fn least(step: &Step, reads: Option<&str>, saved: Option<String>) -> Option<String> {
    let first = match step {
        Step::RealCall { method } => Some(format!(
            "sends {method} itself: what it changes stays changed"
        )),
        Step::AskRegions { regions } => regions.first().map(|first| in_place_of(first)),
        Step::AskScopes { .. } => Some("shows which scopes the token has".to_owned()),
        _ => None,
    };
    let reads = reads.map(|place| format!("the token in {place}"));
    let with: Vec<String> = reads.into_iter().chain(saved).collect();
    let with = (!with.is_empty()).then(|| format!("with {}", with.join(" and ")));
    let parts: Vec<String> = first.into_iter().chain(with).collect();
    (!parts.is_empty()).then(|| parts.join("; ") + ":")
}

fn in_place_of(region: &str) -> String {
    format!("replace {region} with your own region, if you know it")
}

/// What a step comes to where a manifest asked.
fn in_manifest(step: &Step) -> Option<String> {
    Some(match step {
        Step::Respell(Meant { typed, meant }) => {
            format!("`{typed}` is probably meant to be `{meant}`: correct the manifest.")
        }
        Step::GiveToken => "Name the token: token-env, token-file or a client.".to_owned(),
        Step::SayKind { kinds } => format!(
            "Say in the manifest which kind of token it is: kind = one of {}.",
            kinds.join(", ")
        ),
        Step::AskScopes { method, path, .. } => format!(
            "The token does not show its scopes: --online asks {method} {path}; or declare them: `scopes = [...]`."
        ),
        Step::Probe => "--online asks the server.".to_owned(),
        _ => return None,
    })
}

/// What to look at where no answer came.
const fn reach(why: Unanswered) -> &'static str {
    match why {
        Unanswered::Name => {
            "Check the host name in the URL, then name resolution on the machine that called: `nslookup HOST`. A container or VPN may use another resolver."
        }
        Unanswered::Proxy => {
            "Check `HTTPS_PROXY` and `NO_PROXY` of the program that called, and whether that proxy is reachable."
        }
        Unanswered::Certificate => {
            "The client does not trust the server's certificate. Behind a proxy that inspects TLS, give the client that proxy's CA (`SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS`, a truststore); do not switch verification off. Else check the host name and the chain: `openssl s_client -connect HOST:443 -servername HOST`."
        }
        Unanswered::Handshake => {
            "Client and server do not agree on TLS. Check `https` against `http`, the port, and which TLS versions the client can speak: `openssl s_client -connect HOST:443 -servername HOST`."
        }
        Unanswered::Refused => {
            "Nothing listens there. Check host and port, and whether a local proxy or service that the client is pointed at is running."
        }
        Unanswered::Reset | Unanswered::Silence | Unanswered::Route => {
            "Call again, then with `curl -v` from the same machine: a firewall, a proxy or an overloaded server may be in the way."
        }
        _ => {
            "Repeat the call with `curl -v` from the same machine: name resolution, a proxy, a certificate or a firewall may be in the way."
        }
    }
}

fn held(
    gate: &str,
    look: Option<&str>,
    example: &[String],
    subject: &Subject,
    given: &Given,
) -> (String, Option<String>) {
    let look = look.map(|look| format!(" Look them up: {look}."));
    let look = look.unwrap_or_default();
    let text = format!("No token shows the {gate}s of its principal.{look} Then give them.");
    if given.manifest {
        let names: Vec<String> = example.iter().map(|name| format!("{name:?}")).collect();
        let key = format!(
            "{text} In the manifest: `{gate}s = [{}]`.",
            names.join(", ")
        );
        return (key, None);
    }
    let names = example.join(",");
    let command = given.with(subject, &[("--permissions", Some(&names))]);
    (text, Some(command))
}

/// One region is asked: a command for all of them is unreadable, and each of them would get the token.
fn ask_regions(regions: &[String], subject: &Subject, given: &Given) -> (String, Option<String>) {
    let text = "Ask another region whether it knows the token, which is sent to that region's host";
    let text = match regions {
        [first, others @ ..] if !others.is_empty() => format!(
            "{text}: {}. The others (separate several with commas): {}.",
            in_place_of(first),
            others.join(", ")
        ),
        _ => format!("{text}."),
    };
    let first = regions.first().map(String::as_str);
    let command = given.asking(subject, &[("--probe", None), ("--regions", first)]);
    (text, Some(command))
}

fn curl(given: &Given, url: &str) -> String {
    let token = given.token();
    // A header that curl reads from its input is in no process's arguments: `printf` is a command of the shell itself.
    format!(
        "printf 'Authorization: Bearer %s' \"{token}\" | curl -sS -H @- {}",
        shell(url)
    )
}
