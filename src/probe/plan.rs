//! What would be asked, and in which order: pure, so that it can be shown before anything is sent.

use super::{Ask, Heard};
use url::Url;
use why401_core::http::Role;
use why401_core::table::{Control, Match, Table, Trust};

/// Methods that change nothing (RFC 9110 §9.2.1), in the order in which they stand in for another.
const SAFE: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// A path segment that no API has.
const INVENTED: &str = "why401-no-such-path";

/// Requests of both rounds together.
const MOST: usize = 10;

/// What is wished for.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
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
    pub(crate) proof: bool,
    /// A control endpoint of the user's own.
    pub(crate) control: Option<(String, Url)>,
    /// Whether a method that may change something may be sent.
    pub(crate) allow_unsafe: bool,
    /// The body for it.
    pub(crate) body: Option<Vec<u8>>,
    /// Further header lines.
    pub(crate) headers: Vec<(String, String)>,
    /// Whether requests without the token are made too.
    pub(crate) baseline: bool,
    /// Other regions to ask: name and origin.
    pub(crate) regions: Vec<(String, Url)>,
}

impl<'a> Wish<'a> {
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
            body: None,
            headers: Vec::new(),
            baseline: false,
            regions: Vec::new(),
        }
    }
}

/// Why nothing can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// A token would travel unprotected.
    #[error("a token is not sent over plain http, except to this machine")]
    PlainHttp,
    /// The URL names a user or password.
    #[error("the URL carries a user name or password")]
    Userinfo,
}

/// Requests to make, and what is left out and why.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The requests, sent side by side.
    pub(crate) asks: Vec<Ask>,
    /// What a person should know of it.
    pub(crate) remarks: Vec<String>,
}

/// The first round: control and target, each with the token and without.
pub(crate) fn first(wish: &Wish<'_>) -> Result<Plan, Refused> {
    let urls = wish.regions.iter().map(|(_, url)| url).chain([&wish.url]);
    for url in urls.chain(wish.control.iter().map(|(_, url)| url)) {
        allowed(url)?;
    }
    let mut plan = Plan::default();
    let control = control(wish);
    match &control {
        Some(ask) => plan.asks.push(ask.clone()),
        None => plan.remarks.push("no control endpoint is known: --control 'METHOD URL' names one that any living token opens".to_owned()),
    }
    if let Some(target) = target(wish, &mut plan.remarks) {
        plan.asks.push(target);
    }
    if control
        .as_ref()
        .is_some_and(|control| is_target(wish, control))
    {
        plan.asks.remove(0);
    }
    if wish.baseline && wish.token {
        let bare: Vec<Ask> = plan.asks.iter().filter_map(without_token).collect();
        plan.asks.extend(bare);
    }
    Ok(plan)
}

/// The requests that a server wants again with its nonce in the proof (RFC 9449 §8, §9).
pub(crate) fn nonced(heard: &[Heard]) -> Vec<Ask> {
    let again = |heard: &Heard| {
        let response = heard.exchange.response.as_ref()?;
        let nonce = response.headers.get("dpop-nonce")?;
        let challenges = response.headers.all("www-authenticate");
        let body = response.body.as_deref().unwrap_or_default();
        let mut said = challenges.chain([body]);
        let demanded = matches!(response.status, Some(400 | 401))
            && said.any(|text| text.contains("use_dpop_nonce"));
        let first = heard.ask.takes_proof() && heard.ask.nonce.is_none();
        (demanded && first).then(|| Ask {
            nonce: Some(nonce.to_owned()),
            ..heard.ask.clone()
        })
    };
    heard.iter().filter_map(again).collect()
}

/// Both rounds together; what was asked again with a nonce gives its role to the later answer.
pub(crate) fn settled(mut heard: Vec<Heard>, more: Vec<Heard>) -> Vec<Heard> {
    let again = |own: &Heard| {
        more.iter()
            .any(|m| m.ask.nonce.is_some() && m.ask.role == own.ask.role)
    };
    for own in heard.iter_mut().filter(|own| again(own)) {
        own.ask.role = Role::Nonce;
    }
    heard.extend(more);
    heard
}

/// The second round, as the first one's answers suggest.
pub(crate) fn second(wish: &Wish<'_>, heard: &[Heard]) -> Vec<Ask> {
    let with_nonce = match wish.proof {
        true => nonced(heard),
        false => Vec::new(),
    };
    if !with_nonce.is_empty() {
        return with_nonce;
    }
    let find = |role: Role| heard.iter().find(|h| h.ask.role == role);
    let mut asks = Vec::new();
    if let Some(target) = find(Role::Target) {
        let refused = matches!(target.status(), Some(401 | 403 | 404));
        if refused && !is_published(wish, &wish.method) {
            asks.extend(sibling(wish, &target.ask));
        }
        asks.extend(slash(target));
    }
    if find(Role::Control).and_then(Heard::status) == Some(401) {
        asks.extend(regions(wish));
    }
    asks.truncate(MOST.saturating_sub(heard.len()));
    asks
}

/// The answer that decides, as an index: the target's own, else a stand-in's that speaks of the token, else the control's.
pub(crate) fn decisive(heard: &[&Heard]) -> Option<usize> {
    let place = |role: Role| heard.iter().position(|h| h.ask.role == role);
    let control = place(Role::Control);
    let control_dead = control.filter(|at| heard[*at].status() == Some(401));
    let target = place(Role::Target);
    let Some(at) = target else {
        // Only a control that was refused, or that nobody answered, decides by itself.
        return control.filter(|at| !matches!(heard[*at].status(), Some(200..=399)));
    };
    let target = heard[at];
    let speaks = target.ask.stands_for.is_none()
        || !matches!(target.status(), Some(200..=399 | 404 | 405 | 501));
    match (speaks, control_dead) {
        (true, None) => Some(at),
        (true, Some(_)) if target.status() != Some(401) => Some(at),
        (_, Some(control)) => Some(control),
        (false, None) => None,
    }
}

/// Whether a credential may be sent there: by https, or to this machine; and no password in the URL.
///
/// # Errors
/// Where it may not.
pub(crate) fn allowed(url: &Url) -> Result<(), Refused> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Userinfo);
    }
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if url.scheme() == "https" || local {
        Ok(())
    } else {
        Err(Refused::PlainHttp)
    }
}

fn ask(wish: &Wish<'_>, role: Role, method: &str, url: Url) -> Ask {
    Ask {
        role,
        method: method.to_owned(),
        url,
        token: wish.token,
        headers: wish.headers.clone(),
        body: None,
        stands_for: None,
        nonce: None,
    }
}

fn control(wish: &Wish<'_>) -> Option<Ask> {
    if let Some((method, url)) = &wish.control {
        return Some(ask(wish, Role::Control, method, url.clone()));
    }
    let declared = declared_control(wish)?;
    let url = at(&wish.url, wish.table?, declared)?;
    Some(ask(wish, Role::Control, &declared.method, url))
}

/// The control that fits the kind of token; where the kind is not known, one that fits all.
fn declared_control<'a>(wish: &Wish<'a>) -> Option<&'a Control> {
    let controls = &wish.table?.provider.control;
    let safe = |control: &&Control| SAFE.contains(&control.method.as_str());
    let fits = |control: &&Control| match wish.kind {
        Some(kind) => {
            let named = |list: &[String]| list.iter().any(|own| own == kind);
            (control.kinds.is_empty() || named(&control.kinds)) && !named(&control.never_for)
        }
        None => true,
    };
    let general = |control: &&Control| control.kinds.is_empty() && control.never_for.is_empty();
    let fitting = || controls.iter().filter(safe).filter(fits);
    fitting().find(general).or_else(|| fitting().next())
}

/// The control's URL on the origin of another.
fn at(origin: &Url, table: &Table, control: &Control) -> Option<Url> {
    let base = origin
        .host_str()
        .and_then(|host| table.place(host))
        .map(|place| place.base);
    let mut url = origin.clone();
    url.set_path(&format!("{}{}", base.unwrap_or_default(), control.path));
    url.set_query(control.query.as_deref());
    url.set_fragment(None);
    url.host_str().is_some().then_some(url)
}

fn is_target(wish: &Wish<'_>, control: &Ask) -> bool {
    control.method == wish.method
        && control.url.path() == wish.url.path()
        && control.url.host_str() == wish.url.host_str()
}

/// The real request where it is safe or allowed, else a safe one on the same path that is no other operation.
fn target(wish: &Wish<'_>, remarks: &mut Vec<String>) -> Option<Ask> {
    let mut real = ask(wish, Role::Target, &wish.method, wish.url.clone());
    if SAFE.contains(&wish.method.as_str()) {
        return Some(real);
    }
    if wish.allow_unsafe {
        real.body = Some(wish.body.clone().unwrap_or_default());
        return Some(real);
    }
    let free = |method: &&&str| !is_published(wish, method);
    let Some(method) = SAFE.iter().find(free) else {
        remarks.push(format!("{} may change something and was not sent: every safe method on this path is an operation of its own. --allow-unsafe sends it, once", wish.method));
        return None;
    };
    remarks.push(format!("{method} stands in for {}, which may change something: a 404 or 405 says nothing about the right to {}, a 401 or 403 does. --allow-unsafe sends the real method, once", wish.method, wish.method));
    (*method).clone_into(&mut real.method);
    real.stands_for = Some(wish.method.clone());
    Some(real)
}

/// Whether this method on the path is an operation of the table, itself and not by way of another method.
fn is_published(wish: &Wish<'_>, method: &str) -> bool {
    let Some(table) = wish.table else {
        return false;
    };
    let found = table.find(method, wish.url.host_str(), wish.url.path(), Trust::B);
    matches!(found, Match::Found(_))
}

fn without_token(ask: &Ask) -> Option<Ask> {
    let role = match ask.role {
        Role::Control => Role::ControlBare,
        // What may change something is sent once.
        Role::Target if ask.body.is_none() => Role::TargetBare,
        _ => return None,
    };
    Some(Ask {
        role,
        token: false,
        ..ask.clone()
    })
}

fn sibling(wish: &Wish<'_>, target: &Ask) -> Option<Ask> {
    let (parent, _) = wish.url.path().trim_end_matches('/').rsplit_once('/')?;
    let mut url = wish.url.clone();
    url.set_path(&format!("{parent}/{INVENTED}"));
    url.set_query(None);
    let safe = SAFE.contains(&target.method.as_str());
    let method = if safe { &target.method } else { "OPTIONS" };
    Some(ask(wish, Role::Sibling, method, url))
}

/// The other spelling, where the server redirected to it.
fn slash(target: &Heard) -> Option<Ask> {
    let response = target.exchange.response.as_ref()?;
    let location = response.headers.get("location")?;
    let to = target.ask.url.join(location).ok()?;
    let same_host =
        to.host_str() == target.ask.url.host_str() && to.scheme() == target.ask.url.scheme();
    let only_slash = to.path().trim_end_matches('/') == target.ask.url.path().trim_end_matches('/');
    let wanted =
        response.status.is_some_and(|s| (300..400).contains(&s)) && same_host && only_slash;
    (wanted && target.ask.body.is_none()).then(|| Ask {
        role: Role::Slash,
        url: to,
        ..target.ask.clone()
    })
}

/// The control of every region that was named.
fn regions(wish: &Wish<'_>) -> Vec<Ask> {
    let Some((table, declared)) = wish.table.zip(declared_control(wish)) else {
        return Vec::new();
    };
    let elsewhere = wish.regions.iter().filter_map(|(region, origin)| {
        let url = at(origin, table, declared)?;
        Some(ask(
            wish,
            Role::Region(region.clone()),
            &declared.method,
            url,
        ))
    });
    elsewhere.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish<'a>(table: Option<&'a Table>, method: &str, url: &str) -> Wish<'a> {
        Wish {
            baseline: true,
            ..Wish::safe(method, Url::parse(url).expect("a URL"), table)
        }
    }

    fn lines(plan: &Plan) -> Vec<String> {
        let asks = plan.asks.iter();
        asks.map(|a| format!("{} {} {}", a.role.name(), a.method, a.url.path()))
            .collect()
    }

    #[test]
    fn an_unsafe_target_is_approached_by_a_method_that_is_no_other_operation() {
        let table = why401_core::table::shipped("genesys-cloud")
            .expect("there")
            .expect("sound");
        let url = "https://api.mypurecloud.com/api/v2/conversations/messaging";
        let plan = first(&wish(Some(&table), "POST", url)).expect("a plan");
        assert_eq!(
            lines(&plan),
            [
                "control HEAD /api/v2/tokens/me",
                "target OPTIONS /api/v2/conversations/messaging",
                "control without token HEAD /api/v2/tokens/me",
                "baseline OPTIONS /api/v2/conversations/messaging",
            ]
            .map(|line| line.replace(
                "HEAD /api/v2/tokens/me",
                &format!("{} /api/v2/tokens/me", plan.asks[0].method)
            ))
        );
        assert!(plan.asks.iter().all(|ask| ask.body.is_none()));
        let allowed = Wish {
            allow_unsafe: true,
            ..wish(Some(&table), "POST", url)
        };
        let plan = first(&allowed).expect("a plan");
        let posts = plan.asks.iter().filter(|ask| ask.method == "POST").count();
        assert_eq!(posts, 1, "once");
    }

    #[test]
    fn a_token_does_not_travel_unprotected() {
        let plan = |url: &str| first(&wish(None, "GET", url)).map(|plan| plan.asks.len());
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
