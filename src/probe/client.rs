//! The only file that opens sockets: sends a round of requests side by side, each once, following nothing.

use super::{Ask, Heard};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use why401_core::http::{Exchange, Headers, Request, Response};
use why401_core::token::{Proof, ProofKey, Secret};

/// What an answer may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// For a connection, and for the whole answer.
    pub(crate) whole: Duration,
    /// Bytes of a body that are looked at; the rest is not read.
    pub(crate) body: usize,
    /// Requests at once.
    pub(crate) at_once: usize,
    /// Told after each answer: how many came, of how many.
    pub(crate) progress: Option<fn(usize, usize)>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            whole: Duration::from_secs(10),
            body: 64 * 1024,
            at_once: 12,
            progress: None,
        }
    }
}

/// What goes with the requests that carry a token.
#[derive(Debug)]
pub(crate) struct Credential {
    /// The token.
    pub(crate) token: Secret,
    /// The key that it is bound to, to make proofs with (RFC 9449).
    pub(crate) key: Option<ProofKey>,
    /// The moment of sending, in seconds since 1970.
    pub(crate) now: i64,
}

const USER_AGENT: &str = concat!(
    "why401/",
    env!("CARGO_PKG_VERSION"),
    " (+",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// Sends them side by side, each once, and waits for every answer or failure; after a 429 nothing more is sent.
///
/// # Errors
/// Where the system gives no client: no runtime, no certificates.
pub(crate) fn send(
    asks: &[Ask],
    credential: &Arc<Credential>,
    limits: Limits,
) -> Result<Vec<Heard>, String> {
    // An error says that another caller installed it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(USER_AGENT)
        .connect_timeout(limits.whole)
        .timeout(limits.whole)
        .retry(reqwest::retry::never())
        .build()
        .map_err(|e| reason(&e))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.kind().to_string())?;
    runtime.block_on(async {
        let queue = Arc::new(Queue {
            asks: asks.to_vec(),
            next: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            limited: AtomicBool::new(false),
            limits,
        });
        let workers: Vec<_> = (0..limits.at_once.min(asks.len()))
            .map(|_| {
                let (client, credential) = (client.clone(), Arc::clone(credential));
                tokio::spawn(work(Arc::clone(&queue), client, credential))
            })
            .collect();
        let mut heard = Vec::with_capacity(asks.len());
        for worker in workers {
            let own = worker.await;
            heard.extend(own.map_err(|_| "a request was broken off".to_owned())?);
        }
        heard.sort_by_key(|(at, _)| *at);
        Ok(heard.into_iter().map(|(_, heard)| heard).collect())
    })
}

/// Requests that wait to be sent.
struct Queue {
    asks: Vec<Ask>,
    next: AtomicUsize,
    done: AtomicUsize,
    /// Whether the server said 429.
    limited: AtomicBool,
    limits: Limits,
}

/// Sends one after the other of the queue until it is empty.
async fn work(
    queue: Arc<Queue>,
    client: reqwest::Client,
    credential: Arc<Credential>,
) -> Vec<(usize, Heard)> {
    let mut heard = Vec::new();
    loop {
        let at = queue.next.fetch_add(1, Relaxed);
        let Some(ask) = queue.asks.get(at) else {
            return heard;
        };
        let own = match queue.limited.load(Relaxed) {
            true => unsent(ask),
            false => one(&client, ask.clone(), &credential, queue.limits).await,
        };
        if own.status() == Some(429) {
            queue.limited.store(true, Relaxed);
        }
        heard.push((at, own));
        let done = queue.done.fetch_add(1, Relaxed) + 1;
        if let Some(progress) = queue.limits.progress {
            progress(done, queue.asks.len());
        }
    }
}

/// A request that was left out because the server asked for calm (RFC 6585 §4).
fn unsent(ask: &Ask) -> Heard {
    let request = Request {
        method: Some(ask.method.clone()),
        url: Some(ask.url.to_string()),
        ..Request::default()
    };
    Heard {
        ask: ask.clone(),
        exchange: Exchange {
            place: format!("probe {}", ask.role.name()),
            request,
            failure: Some(
                "not sent: an answer before it said that the limit of calls is reached (429)"
                    .to_owned(),
            ),
            ..Exchange::default()
        },
    }
}

async fn one(client: &reqwest::Client, ask: Ask, credential: &Credential, limits: Limits) -> Heard {
    let mut sent = Headers::default();
    let answer = match request(client, &ask, credential, &mut sent) {
        Ok(request) => answer(request, limits).await,
        Err(why) => Err(why),
    };
    let (response, failure) = match answer {
        Ok(response) => (Some(response), None),
        Err(why) => (None, Some(why)),
    };
    let exchange = Exchange {
        place: format!("probe {}", ask.role.name()),
        request: Request {
            method: Some(ask.method.clone()),
            url: Some(ask.url.to_string()),
            headers: Some(sent),
            body: None,
        },
        response,
        failure,
        ..Exchange::default()
    };
    Heard { ask, exchange }
}

fn request(
    client: &reqwest::Client,
    ask: &Ask,
    credential: &Credential,
    sent: &mut Headers,
) -> Result<reqwest::RequestBuilder, String> {
    let method = reqwest::Method::from_bytes(ask.method.as_bytes())
        .map_err(|_| "the method cannot be sent".to_owned())?;
    let mut request = client.request(method, ask.url.clone());
    sent.push("User-Agent", USER_AGENT);
    if ask.token {
        let scheme = if credential.key.is_some() {
            "DPoP"
        } else {
            "Bearer"
        };
        let value = format!("{scheme} {}", credential.token.expose());
        let mut value = reqwest::header::HeaderValue::from_str(&value)
            .map_err(|_| "the token holds characters that no header can carry".to_owned())?;
        value.set_sensitive(true);
        request = request.header(reqwest::header::AUTHORIZATION, value);
        sent.push("Authorization", format!("{scheme} <redacted>"));
    }
    if let Some(key) = credential.key.as_ref().filter(|_| ask.takes_proof()) {
        request = request.header("DPoP", proof(key, ask, credential)?);
        sent.push("DPoP", "<redacted>");
    }
    for (name, value) in &ask.headers {
        request = request.header(name, value);
        sent.push(name.clone(), shown(name, value));
    }
    if let Some(body) = &ask.body {
        if !ask
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            request = request.header(reqwest::header::CONTENT_TYPE, "application/json");
        }
        request = request.body(body.clone());
    }
    Ok(request)
}

fn proof(key: &ProofKey, ask: &Ask, credential: &Credential) -> Result<String, String> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|_| "the system gives no random numbers".to_owned())?;
    let made = key.sign(&Proof {
        method: &ask.method,
        url: &ask.url,
        token: ask.token.then(|| credential.token.expose()),
        nonce: ask.nonce.as_deref(),
        id: &random.map(|byte| format!("{byte:02x}")).concat(),
        now: credential.now,
    });
    made.map_err(str::to_owned)
}

/// A header value as the evidence may hold it.
fn shown(name: &str, value: &str) -> String {
    let plain = ["accept", "content-type"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own));
    match value.split_once(' ') {
        _ if plain => value.to_owned(),
        Some((scheme, _)) if name.eq_ignore_ascii_case("authorization") => {
            format!("{scheme} <redacted>")
        }
        _ => "<redacted>".to_owned(),
    }
}

async fn answer(request: reqwest::RequestBuilder, limits: Limits) -> Result<Response, String> {
    let mut answer = request.send().await.map_err(|e| reason(&e))?;
    let headers = answer.headers().iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let headers: Headers = headers.collect();
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    let mut cut = None;
    // Status and headers are worth having even where the body breaks off.
    while body.len() < limits.body {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => {
                cut = Some(reason(&error));
                break;
            }
        }
    }
    body.truncate(limits.body);
    if let (Some(why), true) = (cut, body.is_empty() && status < 400) {
        return Err(format!("the answer broke off: {why}"));
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    Ok(Response {
        status: Some(status),
        headers,
        body: (!text.is_empty()).then_some(text),
    })
}

/// Why no answer came, without the URL, whose query may be secret.
fn reason(error: &reqwest::Error) -> String {
    let mut parts = Vec::new();
    if error.is_timeout() {
        parts.push("timed out".to_owned());
    }
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        parts.push(inner.to_string());
        source = inner.source();
    }
    if parts.is_empty() {
        parts.push("the request failed".to_owned());
    }
    parts.dedup();
    parts.join(": ")
}
