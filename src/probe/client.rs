//! Sends a round of requests side by side, each once, following nothing, and waits no longer than it may.

use super::door::{Door, Fault, reason};
use super::{NotSent, Origins, ProbeRequest, ProbeResult};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use why401_core::http::{Exchange, Headers, Request, Response};
use why401_core::token::{Proof, ProofKey, Secret};

/// What a round may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// For a connection, and for the whole answer.
    pub(crate) answer: Duration,
    /// When all of it is over, whatever is still under way.
    pub(crate) until: Instant,
    /// Bytes of a body that are looked at; the rest is not read.
    pub(crate) body: usize,
    /// Requests at once.
    pub(crate) at_once: usize,
    /// Told after each answer: how many came, of how many.
    pub(crate) progress: Option<fn(usize, usize)>,
}

impl Limits {
    /// So long for an answer, and for all of them together.
    pub(crate) fn new(answer: Duration, until: Instant) -> Self {
        Self {
            answer,
            until,
            body: 64 * 1024,
            at_once: 12,
            progress: None,
        }
    }

    /// What is left for one answer.
    fn left(&self) -> Duration {
        let whole = self.until.saturating_duration_since(Instant::now());
        self.answer.min(whole)
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

/// How long a request may outlive its time before it is cut off from outside.
const GRACE: Duration = Duration::from_millis(200);

/// Sends them side by side, each once, and waits for every answer or failure; after a 429 nothing more is sent.
///
/// # Errors
/// Where one of them may not be sent to its origin: then none is. Where the system gives no client.
pub(crate) fn send(
    requests: &[ProbeRequest],
    origins: &Origins,
    credential: &Arc<Credential>,
    limits: Limits,
) -> Result<Vec<ProbeResult>, NotSent> {
    for request in requests {
        origins.admit(&request.url)?;
    }
    let queue = Arc::new(Queue {
        requests: requests.to_vec(),
        results: Mutex::new(vec![None; requests.len()]),
        next: AtomicUsize::new(0),
        done: AtomicUsize::new(0),
        limited: AtomicBool::new(false),
        limits,
    });
    let (door, credential) = (Arc::new(Door::to(origins.clone())), Arc::clone(credential));
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let own = Arc::clone(&queue);
    // A thread of its own: a flood can keep the runtime from looking at its timers, and a look-up of a name cannot be
    // stopped. Neither is waited for any longer than the time allows.
    std::thread::spawn(move || {
        // Nobody listens any more where the time was over.
        let _ = tell.send(round(&own, &door, &credential));
    });
    let left = limits.until.saturating_duration_since(Instant::now());
    match told.recv_timeout(left + 2 * GRACE) {
        Ok(result) => result?,
        Err(RecvTimeoutError::Timeout) => {}
        Err(RecvTimeoutError::Disconnected) => {
            return Err(NotSent::System("the requests were cancelled".to_owned()));
        }
    }
    Ok(queue.results())
}

/// Works the queue off.
fn round(
    queue: &Arc<Queue>,
    door: &Arc<Door>,
    credential: &Arc<Credential>,
) -> Result<(), NotSent> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| NotSent::System(e.kind().to_string()))?;
    let outcome = runtime.block_on(async {
        let workers = queue.limits.at_once.min(queue.requests.len());
        let workers: Vec<_> = (0..workers)
            .map(|_| {
                let (door, credential) = (Arc::clone(door), Arc::clone(credential));
                tokio::spawn(work(Arc::clone(queue), door, credential))
            })
            .collect();
        for worker in workers {
            let broken = |_| NotSent::System("a request was cancelled".to_owned());
            worker.await.map_err(broken)??;
        }
        Ok(())
    });
    runtime.shutdown_background();
    outcome
}

/// Requests that wait to be sent, and what came of those that were.
struct Queue {
    requests: Vec<ProbeRequest>,
    results: Mutex<Vec<Option<ProbeResult>>>,
    next: AtomicUsize,
    done: AtomicUsize,
    /// Whether the server said 429.
    limited: AtomicBool,
    limits: Limits,
}

impl Queue {
    fn keep(&self, at: usize, result: ProbeResult) {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results[at] = Some(result);
    }

    /// What came of every request; what is still under way timed out.
    fn results(&self) -> Vec<ProbeResult> {
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        let both = results.iter().zip(&self.requests);
        both.map(|(result, request)| result.clone().unwrap_or_else(|| unsent(request, TIMED_OUT)))
            .collect()
    }
}

/// Sends one after the other of the queue until it is empty.
async fn work(
    queue: Arc<Queue>,
    door: Arc<Door>,
    credential: Arc<Credential>,
) -> Result<(), NotSent> {
    loop {
        let at = queue.next.fetch_add(1, Relaxed);
        let Some(request) = queue.requests.get(at) else {
            return Ok(());
        };
        let own = match (queue.limited.load(Relaxed), queue.limits.left()) {
            (true, _) => unsent(request, LIMITED),
            (false, Duration::ZERO) => unsent(request, OUT_OF_TIME),
            (false, left) => {
                one(&door, request.clone(), &credential, left, queue.limits.body).await?
            }
        };
        if own.status() == Some(429) {
            queue.limited.store(true, Relaxed);
        }
        queue.keep(at, own);
        let done = queue.done.fetch_add(1, Relaxed) + 1;
        if let Some(progress) = queue.limits.progress {
            progress(done, queue.requests.len());
        }
    }
}

/// The server asked for calm (RFC 6585 §4).
const LIMITED: &str = "not sent: an earlier answer said that the rate limit is reached (429)";

const OUT_OF_TIME: &str = "not sent: the time for all requests was used up";

const TIMED_OUT: &str = "timed out";

/// A request that was left out, or whose answer is not waited for any more.
fn unsent(request: &ProbeRequest, why: &str) -> ProbeResult {
    ProbeResult {
        exchange: exchange(request, None, Err(why.to_owned())),
        request: request.clone(),
    }
}

async fn one(
    door: &Door,
    request: ProbeRequest,
    credential: &Credential,
    left: Duration,
    body: usize,
) -> Result<ProbeResult, NotSent> {
    let mut sent = Headers::default();
    let outcome = match built(&request, credential, left, &mut sent) {
        Ok(built) => match tokio::time::timeout(left + GRACE, answer(door, built, body)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(Fault::Refused(why))) => return Err(NotSent::Refused(why)),
            Ok(Err(Fault::Network(why))) => Err(why),
            Err(_) => Err(TIMED_OUT.to_owned()),
        },
        Err(why) => Err(why),
    };
    Ok(ProbeResult {
        exchange: exchange(&request, Some(sent), outcome),
        request,
    })
}

fn exchange(
    request: &ProbeRequest,
    headers: Option<Headers>,
    outcome: Result<Response, String>,
) -> Exchange {
    let (response, failure) = match outcome {
        Ok(response) => (Some(response), None),
        Err(why) => (None, Some(why)),
    };
    Exchange {
        place: format!("probe {}", request.role.name()),
        request: Request {
            selected: false,
            variable: None,
            method: Some(request.method.clone()),
            url: Some(request.url.to_string()),
            headers,
            body: None,
        },
        response,
        failure,
        ..Exchange::default()
    }
}

/// The request as it goes out, with its credential; `sent` shows the headers without it.
fn built(
    ask: &ProbeRequest,
    credential: &Credential,
    left: Duration,
    sent: &mut Headers,
) -> Result<reqwest::Request, String> {
    let method = reqwest::Method::from_bytes(ask.method.as_bytes())
        .map_err(|_| "the method cannot be sent".to_owned())?;
    let mut request = reqwest::Request::new(method, ask.url.clone());
    *request.timeout_mut() = Some(left);
    let mut add = |name: &str, value: &str| add(request.headers_mut(), name, value);
    add("User-Agent", USER_AGENT)?;
    sent.push("User-Agent", USER_AGENT);
    if ask.token {
        let scheme = match credential.key {
            Some(_) => "DPoP",
            None => "Bearer",
        };
        add(
            "Authorization",
            &format!("{scheme} {}", credential.token.expose()),
        )
        .map_err(|_| "the token contains characters that no header can carry".to_owned())?;
        sent.push("Authorization", format!("{scheme} <redacted>"));
    }
    if let Some(key) = credential.key.as_ref().filter(|_| ask.takes_proof()) {
        add("DPoP", &proof(key, ask, credential)?)?;
        sent.push("DPoP", "<redacted>");
    }
    for (name, value) in &ask.headers {
        add(name, value)?;
        sent.push(name.clone(), shown(name, value));
    }
    if let Some(body) = &ask.body {
        let typed = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
        if !ask.headers.iter().any(typed) {
            add("Content-Type", "application/json")?;
        }
        *request.body_mut() = Some(body.clone().into());
    }
    Ok(request)
}

/// Adds a header that no log of the client library shows.
fn add(headers: &mut reqwest::header::HeaderMap, name: &str, value: &str) -> Result<(), String> {
    let read = reqwest::header::HeaderName::from_bytes(name.as_bytes()).ok();
    let read = read.zip(reqwest::header::HeaderValue::from_bytes(value.as_bytes()).ok());
    let (name, mut value) = read.ok_or_else(|| "a header cannot be sent".to_owned())?;
    value.set_sensitive(true);
    headers.append(name, value);
    Ok(())
}

fn proof(key: &ProofKey, ask: &ProbeRequest, credential: &Credential) -> Result<String, String> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|_| "the system provides no random numbers".to_owned())?;
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

async fn answer(door: &Door, request: reqwest::Request, most: usize) -> Result<Response, Fault> {
    let mut answer = door.send(request).await?;
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
    while body.len() < most {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => {
                cut = Some(reason(&error));
                break;
            }
        }
    }
    body.truncate(most);
    if let (Some(why), true) = (cut, body.is_empty() && status < 400) {
        return Err(Fault::Network(format!("the answer was cut off: {why}")));
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    Ok(Response {
        status: Some(status),
        headers,
        body: (!text.is_empty()).then_some(text),
    })
}
