//! A server on loopback that answers as Genesys Cloud documents it, from the shipped table, and keeps a log.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use why401_core::table::{Match, Table, Trust, shipped};

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) token: Option<String>,
    pub(crate) body: usize,
    /// The value of `Authorization: Basic`.
    basic: Option<String>,
}

/// How this organisation and its token are.
#[derive(Debug, Clone)]
pub(crate) struct Org {
    pub(crate) token: String,
    pub(crate) grant: &'static str,
    pub(crate) scopes: Vec<&'static str>,
    pub(crate) permissions: Vec<&'static str>,
    /// Whether scopes are enforced.
    pub(crate) enforced: bool,
    /// What an unpublished path answers.
    pub(crate) unpublished: u16,
    /// What OPTIONS answers on every path; else 204 on those that are published, word for word.
    pub(crate) options: Option<u16>,
    /// An object that does not exist.
    pub(crate) gone: Option<&'static str>,
    /// An answer to everything, in place of all rules.
    pub(crate) always: Option<u16>,
    /// How long an answer takes.
    pub(crate) delay: Duration,
    /// After so many answers the limit of calls is reached.
    pub(crate) limit: Option<usize>,
    /// Seconds that an issued token lives.
    pub(crate) lifetime: u32,
}

impl Default for Org {
    fn default() -> Self {
        Self {
            token: "sim-token-0123456789abcdef".to_owned(),
            grant: "CODE",
            scopes: vec!["user-basic-info", "conversations"],
            permissions: vec!["*"],
            enforced: true,
            unpublished: 404,
            options: None,
            gone: None,
            always: None,
            delay: Duration::ZERO,
            limit: None,
            lifetime: 86_400,
        }
    }
}

pub(crate) struct Simulator {
    pub(crate) origin: String,
    log: Arc<Mutex<Vec<Logged>>>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

/// The client that may request tokens, and its secret.
pub(crate) const CLIENT: (&str, &str) = ("example-client", "example-secret-0123456789");

impl Simulator {
    pub(crate) fn start(org: Org) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let log: Arc<Mutex<Vec<Logged>>> = Arc::default();
        let kept = Arc::clone(&log);
        let (now, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let counters = (Arc::clone(&now), Arc::clone(&most));
        let table = Arc::new(shipped("genesys-cloud").expect("there").expect("sound"));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (org, table, log) = (org.clone(), Arc::clone(&table), Arc::clone(&kept));
                let counters = counters.clone();
                std::thread::spawn(move || serve(&stream, &org, &table, &log, &counters));
            }
        });
        Self {
            origin,
            log,
            now,
            most,
        }
    }

    /// The most requests that were in work at the same time.
    pub(crate) fn most_at_once(&self) -> usize {
        assert_eq!(self.now.load(SeqCst), 0, "requests are still in work");
        self.most.load(SeqCst)
    }

    pub(crate) fn log(&self) -> Vec<Logged> {
        self.log.lock().expect("the log").clone()
    }
}

fn serve(
    stream: &TcpStream,
    org: &Org,
    table: &Table,
    log: &Mutex<Vec<Logged>>,
    (now, most): &(Arc<AtomicUsize>, Arc<AtomicUsize>),
) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let Some((request, head)) = read(&mut reader) else {
            return;
        };
        let count = {
            let mut log = log.lock().expect("the log");
            log.push(request.clone());
            log.len()
        };
        most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
        std::thread::sleep(org.delay);
        let limited = org.limit.is_some_and(|limit| count > limit);
        let (status, body) = match limited {
            true => limit_reached(),
            false => answer(&request, org, table),
        };
        now.fetch_sub(1, SeqCst);
        let text = body.to_string();
        let body = if request.method == "HEAD" { "" } else { &text };
        let mut stream = stream;
        let written = write!(
            stream,
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nININ-Correlation-Id: 00000000-0000-4000-8000-000000000001\r\n{}Content-Length: {}\r\n\r\n{body}",
            if status == 429 {
                "Retry-After: 30\r\n"
            } else {
                ""
            },
            text.len()
        );
        if written.is_err() || head.contains("connection: close") {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<(Logged, String)> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|n| *n > 0)?;
    let mut words = first.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut head = String::new();
    let (mut token, mut basic, mut length) = (None, None, 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.trim().split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "authorization" => {
                let scheme = |name| value.trim().strip_prefix(name).map(str::to_owned);
                (token, basic) = (scheme("Bearer "), scheme("Basic "));
            }
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
        head.push_str(&line.to_ascii_lowercase());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((
        Logged {
            method,
            path,
            token,
            body: length,
            basic,
        },
        head,
    ))
}

fn error(status: u16, code: &str, message: &str) -> (u16, serde_json::Value) {
    (
        status,
        json!({"message": message, "code": code, "status": status, "contextId": "00000000-0000-4000-8000-000000000001", "details": [], "errors": []}),
    )
}

fn limit_reached() -> (u16, serde_json::Value) {
    error(
        429,
        "too.many.requests",
        "Rate limit exceeded the maximum [300] requests within [60] seconds",
    )
}

/// The answer of the token endpoint.
fn issued(request: &Logged, org: &Org) -> (u16, serde_json::Value) {
    let good = STANDARD.encode(format!("{}:{}", CLIENT.0, CLIENT.1));
    if request.basic.as_ref() != Some(&good) {
        let why = "authentication failed";
        return (
            401,
            json!({"error": "invalid_client", "description": why, "error_description": why}),
        );
    }
    (
        200,
        json!({"access_token": org.token, "token_type": "bearer", "expires_in": org.lifetime}),
    )
}

/// The answer to everything.
fn always(status: u16) -> (u16, serde_json::Value) {
    match status {
        429 => limit_reached(),
        status => error(
            status,
            "internal.server.error",
            "The server encountered an unexpected condition",
        ),
    }
}

/// The answer of a path that is not published.
fn unpublished(org: &Org) -> (u16, serde_json::Value) {
    match org.unpublished {
        401 => error(401, "bad.credentials", "Invalid login credentials."),
        405 => error(405, "method.not.allowed", "HTTP 405 Method Not Allowed"),
        _ => error(404, "not.found", "The requested resource was not found."),
    }
}

fn answer(request: &Logged, org: &Org, table: &Table) -> (u16, serde_json::Value) {
    if let Some(answer) = org.always.map(always) {
        return answer;
    }
    if request.path == "/oauth/token" {
        return issued(request, org);
    }
    let path = request.path.split('?').next().unwrap_or_default();
    if let ("OPTIONS", Some(status)) = (request.method.as_str(), org.options) {
        return (status, json!({}));
    }
    let Some(token) = &request.token else {
        return error(
            401,
            "authentication.required",
            "No authentication bearer token specified in authorization header.",
        );
    };
    if *token != org.token {
        return error(401, "bad.credentials", "Invalid login credentials.");
    }
    let published = table.find(&request.method, None, path, Trust::B);
    if let ("OPTIONS", Match::MethodUnknown { path: own, .. }) =
        (request.method.as_str(), &published)
        && own == path
    {
        return (204, json!({}));
    }
    if org.gone == Some(path) {
        return error(404, "not.found", "The requested resource was not found.");
    }
    let Match::Found(found) = published else {
        return unpublished(org);
    };
    let user = org.grant != "CLIENT-CREDENTIALS";
    let kind = if user { "user" } else { "client_credentials" };
    let Some(gates) = found
        .rule
        .need
        .get(kind)
        .filter(|_| !found.rule.deny.iter().any(|d| d == kind))
    else {
        return error(
            400,
            "not.a.user",
            "This request requires a user context. Client credentials cannot be used for requests to this resource.",
        );
    };
    let names = |gate: &str| -> Vec<String> {
        gates
            .get(gate)
            .into_iter()
            .flatten()
            .flatten()
            .cloned()
            .collect()
    };
    let scopes = names("scope");
    if user
        && org.enforced
        && !scopes.is_empty()
        && !scopes.iter().any(|s| org.scopes.contains(&s.as_str()))
    {
        return error(
            403,
            "app.not.authorized.for.scope",
            &format!("App not authorized to use scope [{}]", scopes.join(", ")),
        );
    }
    let permissions = names("permission");
    let all = org.permissions.contains(&"*");
    if !all
        && !permissions.is_empty()
        && !permissions
            .iter()
            .any(|p| org.permissions.contains(&p.as_str()))
    {
        return error(
            403,
            "missing.any.permissions",
            &format!(
                "Unable to perform the requested action. You must have at least one of the following permissions assigned: [{}]",
                permissions.join(", ")
            ),
        );
    }
    if path == "/api/v2/tokens/me" {
        return (
            200,
            json!({"organization": {"id": "o"}, "authorizedScope": org.scopes, "OAuthClient": {"authorizedGrantType": org.grant, "name": "sim"}}),
        );
    }
    (200, json!({}))
}
