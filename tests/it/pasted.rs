//! Evidence as people paste it, of many clients: the request, status, body and credential state that each text holds.

use why401_core::http::{Carried, Exchange};
use why401_core::input::{InputOptions, Item};

/// What a text is known to hold; `-` stands for nothing.
struct Wanted<'t> {
    method: &'t str,
    url: &'t str,
    status: &'t str,
    credential: &'t str,
    said: &'t str,
}

fn exchanges(text: &str) -> Vec<Exchange> {
    let mut found = Vec::new();
    let how = InputOptions {
        name: "pasted",
        form: None,
        fields: None,
    };
    why401_core::input::read(text.as_bytes(), how, &mut |item| {
        if let Item::Exchange(exchange) = item {
            found.push(*exchange);
        }
    })
    .expect("a text in memory can be read");
    found
}

/// What an exchange lacks of what is wanted.
fn misses(exchange: &Exchange, wanted: &Wanted<'_>) -> Vec<String> {
    let url = exchange.request.url.as_deref().unwrap_or("-");
    let status = exchange.status().map_or("-".to_owned(), |s| s.to_string());
    let credential = match exchange.request.credential() {
        _ if exchange.failure.is_some() && wanted.credential == "malformed" => "malformed",
        Carried::Seen => "sent",
        Carried::Absent => "absent",
        Carried::NotRecorded => "unknown",
    };
    let method = exchange.request.method.as_deref().unwrap_or("-");
    let mut out = Vec::new();
    let mut differs = |what: &str, own: &str, fits: bool| {
        if !fits {
            out.push(format!("{what} {own}"));
        }
    };
    differs(
        "method",
        method,
        wanted.method == "-" || method == wanted.method,
    );
    differs(
        "url",
        url,
        if wanted.url == "-" {
            url == "-"
        } else {
            url.starts_with(wanted.url)
        },
    );
    differs("status", &status, status == wanted.status);
    differs("credential", credential, credential == wanted.credential);
    differs(
        "body",
        exchange.body(),
        wanted.said == "-" || exchange.body().contains(wanted.said),
    );
    out
}

/// Each text of a file: `=== name | METHOD URL status credential | words of the body`, then the text.
fn judge(file: &str) {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for part in file.split("=== ").filter(|part| part.contains(" | ")) {
        let (head, text) = part.split_once('\n').expect("a head and a text");
        let fields: Vec<&str> = head.splitn(3, " | ").collect();
        let facts: Vec<&str> = fields[1].split(' ').collect();
        let wanted = Wanted {
            method: facts[0],
            url: facts[1],
            status: facts[2],
            credential: facts[3],
            said: fields[2],
        };
        let found = exchanges(text);
        let best = found
            .iter()
            .map(|e| misses(e, &wanted))
            .min_by_key(Vec::len);
        match best {
            Some(misses) if misses.is_empty() => {}
            other => wrong.push(format!("{}: {other:?}", fields[0])),
        }
        seen += 1;
    }
    assert!(seen > 10, "the file holds texts");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_many_clients_print_is_read() {
    judge(include_str!("../../fixtures/pasted/sdks.txt"));
}

/// Recordings of real clients against a server that refuses; `tests/clients/record.sh` makes them anew.
#[test]
fn what_real_clients_recorded_is_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/recordings");
    let file = std::fs::read_to_string(folder.join("expected.json")).expect("what is right");
    let file: serde_json::Value = serde_json::from_str(&file).expect("JSON");
    let mut wrong = Vec::new();
    for (name, facts) in file.as_object().expect("an object") {
        let text =
            std::fs::read_to_string(folder.join(format!("{name}.txt"))).expect("a recording");
        let fact = |member: &str| facts[member].as_str().expect("a fact");
        let wanted = Wanted {
            method: fact("method"),
            url: fact("url"),
            status: fact("status"),
            credential: fact("credential"),
            said: fact("said"),
        };
        let best = exchanges(&text)
            .iter()
            .map(|e| misses(e, &wanted))
            .min_by_key(Vec::len);
        if best.as_ref().is_none_or(|misses| !misses.is_empty()) {
            wrong.push(format!("{name}: {best:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_long_hostile_text_takes_linear_time() {
    let pieces = [
        "{",
        "{\"a\":'",
        "> x: y\n",
        "curl '\n",
        "GET /a HTTP/1.1\n",
        "https://a /b ",
        "{\\\"a",
        "x-a: b\n",
        "HTTP/1.1 401 x\n\n<",
        "a\n",
        "x: {\n",
        "POST /a ",
    ];
    for piece in pieces {
        let text = piece.repeat(400_000 / piece.len());
        let started = std::time::Instant::now();
        let _ = exchanges(&text);
        assert!(
            started.elapsed().as_secs() < 60,
            "{piece:?}: {:?}",
            started.elapsed()
        );
    }
}
