//! Servers on loopback that keep every byte they are sent: what reached them is what was sent.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A server and what it was told.
pub(crate) struct Wire {
    /// `127.0.0.2:4711`.
    pub(crate) address: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    /// Listens on a loopback address and answers every request by what is said of its text.
    pub(crate) fn at(ip: &str, answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((ip, 0)).expect("a loopback port");
        let address = listener.local_addr().expect("an address").to_string();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, answer) = (Arc::clone(&log), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Self { address, log }
    }

    /// One that answers 200 with an empty object.
    pub(crate) fn open(ip: &str) -> Self {
        Self::at(ip, |_| json("200 OK", "", "{}"))
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything it was sent, one text a connection.
    pub(crate) fn told(&self) -> Vec<String> {
        self.log.lock().expect("the log").clone()
    }
}

/// An answer with a JSON body; `head` are further lines, each with its end.
pub(crate) fn json(status: &str, head: &str, body: &str) -> String {
    answer(
        status,
        &format!("Content-Type: application/json\r\n{head}"),
        body,
    )
}

/// An answer.
pub(crate) fn answer(status: &str, head: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<String>>, answer: &dyn Fn(&str) -> String) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let at = {
        let mut log = log.lock().expect("the log");
        log.push(String::new());
        log.len() - 1
    };
    while !is_whole(&bytes) {
        match stream.read(&mut part) {
            Ok(read @ 1..) => bytes.extend_from_slice(&part[..read]),
            _ => break,
        }
        String::from_utf8_lossy(&bytes)
            .as_ref()
            .clone_into(&mut log.lock().expect("the log")[at]);
    }
    let _ = stream.write_all(answer(&String::from_utf8_lossy(&bytes)).as_bytes());
}

/// Whether a request's head is there, and its body as long as it says; what is no HTTP is whole at once.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return bytes
            .first()
            .is_some_and(|first| !first.is_ascii_uppercase());
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let length = name.eq_ignore_ascii_case("content-length");
        length.then(|| value.trim().parse().ok())?
    });
    body.len() >= length.unwrap_or(0)
}
