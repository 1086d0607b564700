//! What would be asked, and in which order: pure, so that it can be shown before anything is sent.

#[cfg(feature = "probe")]
mod second;

#[cfg(feature = "probe")]
pub(crate) use second::{nonced, second, settled};

use super::{ProbeRequest, ProbeResult, Refused, route};
use url::Url;
use why401_core::http::Role;
use why401_core::table::{Control, Match, Table, Trust};

/// Methods that change nothing (RFC 9110 §9.2.1), in the order in which they stand in for another.
const SAFE: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// What is to be found out, and with what.
#[derive(Debug)]
pub(crate) struct ProbeOptions<'a> {
    /// The method of the operation in question.
    pub(crate) method: String,
    /// Its URL.
    pub(crate) url: Url,
    /// The provider's table.
    pub(crate) table: Option<&'a Table>,
    /// The kind of token, where it is known.
    pub(crate) kind: Option<&'a str>,
    /// Whether there is a token to send.
    pub(crate) token: bool,
    /// Whether the token goes with a proof of its key (RFC 9449).
    #[cfg_attr(not(feature = "probe"), expect(dead_code, reason = "nothing is sent"))]
    pub(crate) proof: bool,
    /// A control endpoint of the user's own.
    pub(crate) control: Option<(String, Url)>,
    /// Whether a method that may change something may be sent.
    pub(crate) allow_unsafe: bool,
    /// Whether the real method goes to an invented path beside the target too.
    #[cfg_attr(not(feature = "probe"), expect(dead_code, reason = "nothing is sent"))]
    pub(crate) sibling: bool,
    /// The body for it.
    pub(crate) body: Option<Vec<u8>>,
    /// Further header lines.
    pub(crate) headers: Vec<(String, String)>,
    /// Whether requests without the token are made too.
    pub(crate) baseline: bool,
    /// Other regions to ask: name and origin.
    pub(crate) regions: Vec<(String, Url)>,
}

impl<'a> ProbeOptions<'a> {
    /// Nothing but one operation, with the token, by safe methods; the rest is added with `..`.
    pub(crate) fn safe(method: &str, url: Url, table: Option<&'a Table>) -> Self {
        Self {
            method: method.to_owned(),
            url,
            table,
            kind: None,
            token: true,
            proof: false,
            control: None,
            allow_unsafe: false,
            sibling: false,
            body: None,
            headers: Vec::new(),
            baseline: false,
            regions: Vec::new(),
        }
    }
}

/// Requests to make, and what is left out and why.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The requests, sent side by side.
    pub(crate) requests: Vec<ProbeRequest>,
    /// What a person should know of it.
    pub(crate) remarks: Vec<Remark>,
}

/// What a plan leaves out or replaces.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Remark {
    /// There is no endpoint to show that the token is valid.
    #[error(
        "no control endpoint is known: --control 'METHOD URL' names one that any valid token opens"
    )]
    NoControl,
    /// The method may change something, and no safe one can take its place.
    #[error(
        "{method} may change something and was not sent: every safe method on this path is an operation of its own. --allow-unsafe sends it, once"
    )]
    NotSent {
        /// The method.
        method: String,
    },
    /// A safe method takes its place.
    #[error(
        "{by} replaces {method}, which may change something: a 404 or 405 to it says nothing about {method}, a 401 or 403 does. --allow-unsafe sends the real method, once"
    )]
    StandIn {
        /// The method.
        method: String,
        /// The one in its place.
        by: &'static str,
    },
}

/// The first round: control and target, each with the token and without.
pub(crate) fn first(options: &ProbeOptions<'_>) -> Result<Plan, Refused> {
    let urls = options
        .regions
        .iter()
        .map(|(_, url)| url)
        .chain([&options.url]);
    for url in urls.chain(options.control.iter().map(|(_, url)| url)) {
        route(url)?;
    }
    let mut plan = Plan::default();
    let control = control(options);
    match &control {
        Some(ask) => plan.requests.push(ask.clone()),
        None => plan.remarks.push(Remark::NoControl),
    }
    plan.requests.extend(witness(options));
    if let Some(target) = target(options, &mut plan.remarks) {
        plan.requests.push(target);
    }
    // What is asked as the target is not asked twice.
    let beside = [Role::Control, Role::Witness];
    plan.requests
        .retain(|request| !(beside.contains(&request.role) && is_target(options, request)));
    if options.baseline && options.token {
        let bare: Vec<ProbeRequest> = plan.requests.iter().filter_map(without_token).collect();
        plan.requests.extend(bare);
    }
    Ok(plan)
}

/// The answer that decides, as an index: the target's own, else a stand-in's that speaks of the token, else the control's.
pub(crate) fn decisive(heard: &[&ProbeResult]) -> Option<usize> {
    let place = |role: Role| heard.iter().position(|h| h.request.role == role);
    let control = place(Role::Control);
    let accepted = |at: usize| matches!(heard[at].status(), Some(200..=299));
    let alive = place(Role::Witness).is_some_and(accepted);
    let control_dead = control.filter(|at| heard[*at].status() == Some(401) && !alive);
    let target = place(Role::Target);
    let Some(at) = target else {
        // Only a control that was refused, or that nobody answered, decides by itself.
        return control.filter(|at| !matches!(heard[*at].status(), Some(200..=399)));
    };
    let target = heard[at];
    let speaks = target.request.stands_for.is_none()
        || !matches!(target.status(), Some(200..=399 | 404 | 405 | 501));
    match (speaks, control_dead) {
        (true, None) => Some(at),
        (true, Some(_)) if target.status() != Some(401) => Some(at),
        (_, Some(control)) => Some(control),
        (false, None) => None,
    }
}

fn ask(options: &ProbeOptions<'_>, role: Role, method: &str, url: Url) -> ProbeRequest {
    ProbeRequest {
        role,
        method: method.to_owned(),
        url,
        token: options.token,
        headers: options.headers.clone(),
        body: None,
        stands_for: None,
        nonce: None,
    }
}

fn control(options: &ProbeOptions<'_>) -> Option<ProbeRequest> {
    if let Some((method, url)) = &options.control {
        return Some(ask(options, Role::Control, method, url.clone()));
    }
    let declared = declared_control(options)?;
    let url = at(&options.url, options.table?, declared)?;
    Some(ask(options, Role::Control, &declared.method, url))
}

/// An ordinary call beside the control, where the provider's table names one and the user named no control.
fn witness(options: &ProbeOptions<'_>) -> Option<ProbeRequest> {
    let declared = declared(options, true).filter(|_| options.control.is_none())?;
    let url = at(&options.url, options.table?, declared)?;
    Some(ask(options, Role::Witness, &declared.method, url))
}

/// The control that fits the kind of token; where the kind is not known, one that fits all.
fn declared_control<'a>(options: &ProbeOptions<'a>) -> Option<&'a Control> {
    declared(options, false)
}

fn declared<'a>(options: &ProbeOptions<'a>, witness: bool) -> Option<&'a Control> {
    let controls = &options.table?.provider.control;
    let safe = |control: &&Control| SAFE.contains(&control.method.as_str());
    let fits = |control: &&Control| match options.kind {
        Some(kind) => {
            let named = |list: &[String]| list.iter().any(|own| own == kind);
            (control.kinds.is_empty() || named(&control.kinds)) && !named(&control.never_for)
        }
        None => true,
    };
    let general = |control: &&Control| control.kinds.is_empty() && control.never_for.is_empty();
    let own = |control: &&Control| control.witness == witness;
    let fitting = || controls.iter().filter(own).filter(safe).filter(fits);
    fitting().find(general).or_else(|| fitting().next())
}

/// The control's URL beside another.
fn at(asked: &Url, table: &Table, control: &Control) -> Option<Url> {
    let mut url = asked.clone();
    url.set_path(&table.path_beside(asked.host_str(), asked.path(), &control.path));
    url.set_query(control.query.as_deref());
    url.set_fragment(None);
    url.host_str().is_some().then_some(url)
}

fn is_target(options: &ProbeOptions<'_>, control: &ProbeRequest) -> bool {
    control.method == options.method
        && control.url.path() == options.url.path()
        && control.url.origin() == options.url.origin()
}

/// The real request where it is safe or allowed, else a safe one on the same path that is no other operation.
fn target(options: &ProbeOptions<'_>, remarks: &mut Vec<Remark>) -> Option<ProbeRequest> {
    let mut real = ask(options, Role::Target, &options.method, options.url.clone());
    if SAFE.contains(&options.method.as_str()) {
        return Some(real);
    }
    if options.allow_unsafe {
        real.body = Some(options.body.clone().unwrap_or_default());
        return Some(real);
    }
    let free = |method: &&&str| !is_published(options, method);
    let Some(method) = SAFE.iter().find(free) else {
        remarks.push(Remark::NotSent {
            method: options.method.clone(),
        });
        return None;
    };
    remarks.push(Remark::StandIn {
        method: options.method.clone(),
        by: method,
    });
    (*method).clone_into(&mut real.method);
    real.stands_for = Some(options.method.clone());
    Some(real)
}

/// Whether this method on the path is an operation of the table, itself and not by way of another method.
fn is_published(options: &ProbeOptions<'_>, method: &str) -> bool {
    let Some(table) = options.table else {
        return false;
    };
    let found = table.find(method, options.url.host_str(), options.url.path(), Trust::B);
    matches!(found, Match::Found(_))
}

pub(crate) fn without_token(ask: &ProbeRequest) -> Option<ProbeRequest> {
    let role = match ask.role {
        Role::Control => Role::ControlBare,
        Role::Witness => Role::WitnessBare,
        // What may change something is sent once.
        Role::Target if ask.body.is_none() => Role::TargetBare,
        _ => return None,
    };
    Some(ProbeRequest {
        role,
        token: false,
        ..ask.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options<'a>(table: Option<&'a Table>, method: &str, url: &str) -> ProbeOptions<'a> {
        ProbeOptions {
            baseline: true,
            ..ProbeOptions::safe(method, Url::parse(url).expect("a URL"), table)
        }
    }

    fn lines(plan: &Plan) -> Vec<String> {
        let asks = plan.requests.iter();
        asks.map(|a| format!("{} {} {}", a.role.name(), a.method, a.url.path()))
            .collect()
    }

    #[test]
    fn an_unsafe_target_is_approached_by_a_method_that_is_no_other_operation() {
        let table = why401_core::table::shipped("genesys-cloud")
            .expect("there")
            .expect("sound");
        let url = "https://api.mypurecloud.com/api/v2/conversations/messaging";
        let plan = first(&options(Some(&table), "POST", url)).expect("a plan");
        assert_eq!(
            lines(&plan),
            [
                "control GET /api/v2/tokens/me",
                "everyday call GET /api/v2/users/me",
                "target OPTIONS /api/v2/conversations/messaging",
                "control without token GET /api/v2/tokens/me",
                "everyday call without token GET /api/v2/users/me",
                "baseline OPTIONS /api/v2/conversations/messaging",
            ]
        );
        assert!(plan.requests.iter().all(|ask| ask.body.is_none()));
        let allowed = ProbeOptions {
            allow_unsafe: true,
            ..options(Some(&table), "POST", url)
        };
        let plan = first(&allowed).expect("a plan");
        let posts = plan
            .requests
            .iter()
            .filter(|ask| ask.method == "POST")
            .count();
        assert_eq!(posts, 1, "once");
    }

    #[test]
    fn a_token_does_not_travel_unprotected() {
        let plan = |url: &str| first(&options(None, "GET", url)).map(|plan| plan.requests.len());
        assert_eq!(
            plan("http://api.example/a").unwrap_err(),
            Refused::PlainHttp
        );
        assert_eq!(
            plan("https://u:p@api.example/a").unwrap_err(),
            Refused::Userinfo
        );
        assert_eq!(plan("http://127.0.0.1:9/a"), Ok(2));
    }
}
