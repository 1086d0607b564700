//! Is there such an operation: path, method, host, and how good is the row that says so?

use super::facts::Facts;
use super::said::Ending;
use super::words;
use crate::finding::{
    ENDPOINT_UNKNOWN, Finding, NOTE_DEPRECATED, NOTE_DOUBT, NOTE_NOT_IN_TABLE, NOTE_OTHER_PROVIDER,
    NOTE_PATH, NOTE_STALE_TABLE,
};
use crate::table::{self, Instead, Match, Near, Rule, Table};

/// So many near operations are named.
const NEAR: usize = 5;

/// A table older than this many seconds is called old.
const OLD: i64 = 365 * 86_400;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(table), Some(target)) = (facts.case.table, &facts.case.target) else {
        return mistyped_host(facts).into_iter().collect();
    };
    let other = of_another(facts, table).or_else(|| mistyped_host(facts));
    let mut out: Vec<Finding> = other.into_iter().collect();
    if facts.place.as_ref().is_some_and(|place| place.login) {
        out.push(token_endpoint(facts, table).unwrap_or_else(|| login_host(facts, table)));
    } else if facts.row.is_none()
        && target.method == "POST"
        && table.provider.paths.takes_many(facts.path())
    {
        out.push(
            Finding::warning(
                &NOTE_PATH,
                "This path takes many requests in one body. Check each of them by itself.",
            )
            .from_source(facts.published_source()),
        );
    } else if let Some(partial) = not_covered(facts, table) {
        out.push(partial);
    } else if target.method != "OPTIONS" {
        match &facts.published {
            Match::Found(_) => {}
            Match::Unknown => out.push(unknown(facts, table, "")),
            Match::MethodUnknown { path, methods } => out.push(unknown(
                facts,
                table,
                &format!(
                    " The path fits {path} only, which has {}.",
                    methods.join(", ")
                ),
            )),
        }
    }
    out.extend(row_notes(facts));
    out.extend(stale(facts, table));
    out
}

/// A host that is known as another provider's than the one whose table judges, since that one was named.
fn of_another(facts: &Facts<'_>, table: &Table) -> Option<Finding> {
    let host = facts.case.target.as_ref()?.host.as_deref()?;
    let named = &table.provider.info.id;
    let other = table::by_host(host).filter(|id| id != named && table.place(host).is_none())?;
    let text = format!(
        "{host} is a host of `{other}`, and this answer is by the table of `{named}`, which was named."
    );
    let finding = Finding::warning(&NOTE_OTHER_PROVIDER, text);
    Some(finding.fix(format!("Name no provider, or `{other}`.")))
}

/// A host that no table names, where one that is a typing error away is known; an answer shows that the host exists.
fn mistyped_host(facts: &Facts<'_>) -> Option<Finding> {
    let host = facts.case.target.as_ref()?.host.as_deref()?;
    let known = facts.place.is_some() || table::by_host(host).is_some();
    if known || facts.answered() && facts.ending() != Some(Ending::NoAnswer) {
        return None;
    }
    let near = table::host_near(host)?;
    let finding = Finding::warning(&NOTE_NOT_IN_TABLE, "No table names this host.");
    Some(finding.meant(host, Some(near)))
}

/// Where the table leaves operations out, one that it lacks proves nothing.
fn not_covered(facts: &Facts<'_>, table: &Table) -> Option<Finding> {
    if facts.row.is_some() {
        return None;
    }
    let elsewhere = facts
        .place
        .as_ref()
        .is_some_and(|place| place.refusals_only);
    let partial = table.provider.info.partial_at(facts.path());
    let why = match partial {
        Some(partial) => format!("The table {partial}."),
        None if elsewhere => "Its operations on this host are not in the table.".to_owned(),
        None => return None,
    };
    let text = format!(
        "The table of {} has no row for {}. {why}",
        facts.provider_name(),
        facts.shown_path()
    );
    Some(Finding::info(&NOTE_NOT_IN_TABLE, text).from_source(facts.published_source()))
}

/// The token endpoint of a login host (RFC 6749 §3.2): published, and no operation that a bearer token opens.
fn token_endpoint(facts: &Facts<'_>, table: &Table) -> Option<Finding> {
    let target = facts.case.target.as_ref()?;
    let (_, path) = table.token_endpoint(target.host.as_deref()?)?;
    (target.method == "POST" && target.path == path).then(|| {
        let text = "This is the token endpoint: it takes the client's credentials (Basic, or `client_id` and `client_secret` in the form), not a bearer token.";
        Finding::info(&NOTE_NOT_IN_TABLE, text).from_source(facts.published_source())
    })
}

fn login_host(facts: &Facts<'_>, table: &Table) -> Finding {
    let api = facts.place.as_ref().and_then(|place| {
        let same = |p: &table::Place| !p.login && p.region == place.region;
        table
            .places()
            .into_iter()
            .find(|(_, p)| same(p))
            .map(|(host, _)| host)
    });
    let api = api.unwrap_or_else(|| "the API host".to_owned());
    Finding::candidate(&ENDPOINT_UNKNOWN, format!("This is a login host: it issues tokens and has no API paths. The API of this region is on {api}."))
        .seen("host", facts.case.target.as_ref().and_then(|t| t.host.clone()).unwrap_or_default())
        .from_source(facts.published_source())
        .fix(format!("Call https://{api}{}", facts.path()))
}

fn unknown(facts: &Facts<'_>, table: &Table, remark: &str) -> Finding {
    let method = facts.case.target.as_ref().map_or("", |t| t.method.as_str());
    let near = table.near(method, facts.path(), NEAR);
    let date = table
        .date()
        .map(|date| format!(" (table of {date})"))
        .unwrap_or_default();
    let mut finding = Finding::candidate(
        &ENDPOINT_UNKNOWN,
        format!(
            "{} does not publish {}{date}.{remark}",
            facts.vendor_name(),
            shown(facts, method)
        ),
    )
    .open("whether the server has the path")
    .from_source(facts.published_source());
    if let Some(other) = table
        .provider
        .elsewhere
        .iter()
        .find(|other| other.path == facts.path().trim_end_matches('/'))
    {
        finding = finding.seen("published elsewhere", other.text.clone());
    }
    let instead = facts
        .row
        .as_ref()
        .map(|row| row.rule.instead.as_slice())
        .unwrap_or_default();
    finding = beside(table, instead, &near, finding);
    if !instead.is_empty() {
        return finding.fix_by(ways(&open_to_kind(facts, table, instead)));
    }
    if let Some(whole) = with_lead(facts, table, method) {
        let lacks = format!(" The published path is `{whole}`.");
        finding.message.push_str(&lacks);
        let host = facts.case.target.as_ref().and_then(|t| t.host.as_ref());
        let host = host.map(|host| format!("https://{host}"));
        return finding.fix(format!("Call {}{whole}", host.unwrap_or_default()));
    }
    let near = near
        .iter()
        .find(|near| admits(facts, table, &near.method, &near.path))
        .or(near.first());
    finding.fix(match near {
        Some(near) => format!(
            "Compare path, method and version. The most similar published operation is {} {}.",
            near.method, near.path
        ),
        None => "Compare path, method and version with the published operations.".to_owned(),
    })
}

/// The path with the beginning that published paths have and this one lacks, or has otherwise.
fn with_lead(facts: &Facts<'_>, table: &Table, method: &str) -> Option<String> {
    let target = facts.case.target.as_ref()?;
    let host = target.host.as_deref();
    let mut forms = table.with_lead(&target.path).into_iter();
    forms.find(|path| {
        matches!(
            table.find(method, host, path, table::Trust::B),
            Match::Found(_)
        )
    })
}

/// The operation as it was asked for, where a reader does not have it before him in the same words.
fn shown(facts: &Facts<'_>, method: &str) -> String {
    let asked = facts.case.target.as_ref().map(|target| &target.path);
    match asked.is_some_and(|path| path == facts.path()) {
        true => "this operation".to_owned(),
        false => format!("{method} {}", facts.shown_path()),
    }
}

/// The operations that the kind of token can call, where it is told; all of them, where it can call none.
fn open_to_kind<'i>(facts: &Facts<'_>, table: &Table, instead: &'i [Instead]) -> Vec<&'i Instead> {
    let kind = facts.kind_told();
    let meant = |other: &&Instead| {
        let listed = |kind| other.kinds.is_empty() || other.kinds.iter().any(|own| own == kind);
        kind.is_none_or(listed) && admits(facts, table, &other.method, &other.path)
    };
    let open: Vec<&Instead> = instead.iter().filter(meant).collect();
    match open.is_empty() {
        true => instead.iter().collect(),
        false => open,
    }
}

/// Whether an operation may be called with the kind of token that is told; where none is told, with any.
fn admits(facts: &Facts<'_>, table: &Table, method: &str, path: &str) -> bool {
    let Some(kind) = facts.kind_told() else {
        return true;
    };
    let rule = table.rule_named(method, path);
    rule.is_some_and(|rule| {
        rule.kinds().any(|own| own == kind) && !rule.deny.iter().any(|own| own == kind)
    })
}

/// What is published in place of an operation: each whole, so that it can be copied, with who uses it.
fn ways(instead: &[&Instead]) -> Vec<String> {
    let way = |other: &&Instead| {
        let by = other.used_by.split([':', ';', ',', '(']).next();
        let by = by.unwrap_or_default().trim_end();
        format!("{} {} ({by})", other.method, other.path)
    };
    instead.iter().map(way).collect()
}

/// The operation with what is published in its place, and what is called like it.
fn beside(table: &Table, instead: &[Instead], near: &[Near], mut finding: Finding) -> Finding {
    for other in instead {
        finding = finding.seen(
            "published",
            format!(
                "{} {}: {}. {}",
                other.method,
                other.path,
                other.used_by,
                requirement(table, &other.method, &other.path)
            ),
        );
    }
    let listed = |n: &&Near| {
        !instead
            .iter()
            .any(|other| other.method == n.method && other.path == n.path)
    };
    for other in near
        .iter()
        .filter(listed)
        .take(NEAR.saturating_sub(instead.len().min(3)))
    {
        finding = finding.seen(
            "published, similar",
            format!(
                "{} {}. {}",
                other.method,
                other.path,
                requirement(table, &other.method, &other.path)
            ),
        );
    }
    finding
}

/// A row's requirement in one line, scopes and permissions shown apart.
fn requirement(table: &Table, method: &str, path: &str) -> String {
    let Some(rule) = table.rule_named(method, path) else {
        return String::new();
    };
    let mut parts = Vec::new();
    for gate in table.provider.gate.iter().map(|gate| &gate.id) {
        if let Some(need) = rule.need.values().find_map(|gates| gates.get(gate)) {
            parts.push(format!("{gate}: {}", words::alternatives(need)));
        }
    }
    if parts.is_empty() {
        let kinds: Vec<&str> = rule.kinds().collect();
        parts.push(format!("for {}", kinds.join(", ")));
    }
    parts.join("; ")
}

/// A row that is there, and of which no source says what it needs.
fn not_told(facts: &Facts<'_>, rule: &Rule) -> Option<Finding> {
    let told = rule.need.values().any(|gates| !gates.is_empty());
    let note = rule.note.as_deref().map(|note| format!(": {note}"));
    (rule.unknown && !told && !facts.answered()).then(|| {
        Finding::info(
            &NOTE_NOT_IN_TABLE,
            format!(
                "{} is known, and no source says what it needs{}.",
                rule.name(),
                note.unwrap_or_default().trim_end_matches('.')
            ),
        )
        .from_source(facts.row_source())
    })
}

fn row_notes(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(row) = &facts.row else {
        return Vec::new();
    };
    let mut out = Vec::new();
    out.extend(not_told(facts, &row.rule));
    if row.rule.deprecated {
        out.push(
            Finding::warning(
                &NOTE_DEPRECATED,
                format!(
                    "{} is deprecated: newer versions may not have it.",
                    row.rule.name()
                ),
            )
            .from_source(facts.row_source()),
        );
    }
    for doubt in &row.rule.doubt {
        out.push(
            Finding::warning(
                &NOTE_DOUBT,
                format!("The published row is doubtful: {doubt}."),
            )
            .from_source(facts.row_source()),
        );
    }
    if let Some(rival) = &row.rival {
        out.push(
            Finding::warning(
                &NOTE_DOUBT,
                format!(
                    "{} fits this URL too, and needs something else.",
                    rival.name()
                ),
            )
            .from_source(facts.row_source()),
        );
    }
    if !facts.answered()
        && row.rule.path.contains('{')
        && let Some(table) = facts.case.table
        && let Some(near) = table.mistyped(&row.rule, facts.path())
    {
        let text = format!("The path is read as {}.", row.rule.name());
        let meant = format!("{} {}", near.method, near.path);
        out.push(Finding::warning(&NOTE_PATH, text).meant(facts.shown_path(), Some(meant)));
    }
    for remark in &row.remarks {
        out.push(Finding::info(
            &NOTE_PATH,
            format!("Matched with a difference: {remark}."),
        ));
    }
    out
}

fn stale(facts: &Facts<'_>, table: &Table) -> Option<Finding> {
    let date = table.date()?;
    let at = format!("{date}T00:00:00Z")
        .parse::<jiff::Timestamp>()
        .ok()?
        .as_second();
    (facts.case.clock.now.saturating_sub(at) > OLD).then(|| {
        Finding::warning(
            &NOTE_STALE_TABLE,
            format!("The requirement table is from {date}, more than a year old."),
        )
        .from_source(facts.published_source())
    })
}
