//! Five hundred marked secrets in every kind of place that evidence has: none survives `scrub`, and none is printed by
//! `explain`, `check`, `token` or `gate`, in any format, with `-v` or without.

use crate::formats::FORMATS;
use crate::program::{run, run_with};
use crate::wire::{Wire, answer as answered};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use std::path::PathBuf;

/// Pseudo-random numbers (a 64-bit linear congruential generator), the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % below
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..length)
            .map(|_| letters[self.next(letters.len())])
            .collect()
    }
}

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A secret of one of the forms in which they are issued or chosen.
fn secret(numbers: &mut Numbers, form: usize) -> String {
    match form % 7 {
        0 => numbers.text(ALNUM, 40),
        1 => numbers.text("0123456789abcdef", 32),
        2 => format!(
            "{}-{}",
            numbers.text(ALNUM, 11),
            numbers.text("0123456789", 6)
        ),
        3 => numbers.text("0123456789", 10),
        4 => format!(
            "{}_{}",
            numbers.text("abcdefghijklmnopqrstuvwxyz", 6),
            numbers.text(ALNUM, 22)
        ),
        5 => format!(
            "{}{}",
            numbers.text("QXZJVKW", 6),
            numbers.text("0123456789", 8)
        ),
        _ => format!("ghp_{}", numbers.text(ALNUM, 36)),
    }
}

const NAMES: [&str; 16] = [
    "pwd",
    "pass",
    "otp",
    "access_key",
    "X-Auth-Key",
    "X-Functions-Key",
    "DD-APPLICATION-KEY",
    "CB-ACCESS-PASSPHRASE",
    "PHPSESSID",
    "oauth_token",
    "private_token",
    "secret_key",
    "sessionToken",
    "whatever",
    "x-colour",
    "refresh_token",
];

type Place = fn(&str, &str) -> String;

fn har(request: &serde_json::Value, response: &serde_json::Value) -> String {
    let mut entry = json!({
        "startedDateTime": "2026-01-01T00:00:00.000Z", "time": 1,
        "request": {"method": "GET", "url": "https://api.mypurecloud.com/api/v2/users/me", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "queryString": []},
        "response": {"status": 401, "statusText": "Unauthorized", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "content": {"mimeType": "application/json", "text": "{\"error\":\"invalid_token\"}"}},
    });
    for (part, more) in [("request", request), ("response", response)] {
        for (name, value) in more.as_object().into_iter().flatten() {
            entry[part][name] = value.clone();
        }
    }
    json!({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry]}})
        .to_string()
}

fn http(head: &str, body: &str) -> String {
    format!(
        "GET /api/v2/users/me HTTP/1.1\nHost: api.mypurecloud.com\n{head}\n\nHTTP/1.1 401 Unauthorized\n{head}\nContent-Type: text/plain\n\n{body}\n"
    )
}

fn answer(body: &str) -> String {
    har(
        &json!({}),
        &json!({"content": {"mimeType": "text/plain", "text": body}}),
    )
}

/// Every kind of place; `name` is one of [`NAMES`].
const PLACES: &[(&str, Place)] = &[
    ("header of a HAR", |n, s| {
        har(&json!({"headers": [{"name": n, "value": s}]}), &json!({}))
    }),
    ("answer's header of a HAR", |n, s| {
        har(&json!({}), &json!({"headers": [{"name": n, "value": s}]}))
    }),
    ("bearer of a HAR", |_, s| {
        har(
            &json!({"headers": [{"name": "Authorization", "value": format!("Bearer {s}")}]}),
            &json!({}),
        )
    }),
    ("cookie of a HAR", |n, s| {
        har(
            &json!({"cookies": [{"name": n, "value": s, "comment": s}]}),
            &json!({}),
        )
    }),
    ("query of a HAR", |n, s| {
        har(
            &json!({"url": format!("https://api.mypurecloud.com/api/v2/users?{n}={s}"), "queryString": [{"name": n, "value": s}]}),
            &json!({}),
        )
    }),
    ("posted form", |n, s| {
        har(
            &json!({"postData": {"mimeType": "application/x-www-form-urlencoded", "text": format!("a=1&{n}={s}"), "params": [{"name": n, "value": s}]}}),
            &json!({}),
        )
    }),
    ("posted JSON", |n, s| {
        har(
            &json!({"postData": {"mimeType": "application/json", "text": json!({n: s, "deep": {"list": [s]}}).to_string()}}),
            &json!({}),
        )
    }),
    ("answered JSON", |n, s| {
        answer(&json!({n: s, "error": "invalid_token", "deep": {"list": [s]}}).to_string())
    }),
    ("key of JSON", |_, s| answer(&json!({s: 1}).to_string())),
    ("JSON in a string of JSON", |n, s| {
        answer(&json!({"message": json!({n: s}).to_string()}).to_string())
    }),
    ("message", |_, s| {
        answer(&json!({"message": format!("the key {s} is not known")}).to_string())
    }),
    ("message with a name", |n, s| {
        answer(&json!({"message": format!("{n}: '{s}' was refused")}).to_string())
    }),
    ("base64 body", |n, s| {
        har(
            &json!({}),
            &json!({"content": {"encoding": "base64", "text": STANDARD.encode(json!({n: s}).to_string())}}),
        )
    }),
    ("base64 body of the other alphabet", |n, s| {
        har(
            &json!({}),
            &json!({"content": {"encoding": "base64", "text": URL_SAFE_NO_PAD.encode(json!({n: s}).to_string())}}),
        )
    }),
    ("page", |n, s| {
        answer(&format!(
            "<html><body><form><input name=\"{n}\" value=\"{s}\"></form><script>x('{s}')</script></body></html>"
        ))
    }),
    ("XML", |n, s| {
        answer(&format!(
            "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><{n}>{s}</{n}></Error>"
        ))
    }),
    ("own member of a HAR", |n, s| {
        har(&json!({format!("_{n}"): {"x": s}}), &json!({}))
    }),
    ("path", |_, s| {
        har(
            &json!({"url": format!("https://api.mypurecloud.com/api/v2/hooks/{s}/x")}),
            &json!({}),
        )
    }),
    ("path parameter", |_, s| {
        har(
            &json!({"url": format!("https://api.mypurecloud.com/api/v2/users;jsessionid={s}")}),
            &json!({}),
        )
    }),
    ("fragment", |n, s| {
        har(
            &json!({}),
            &json!({"headers": [{"name": "Location", "value": format!("https://app.example/cb#{n}={s}")}]}),
        )
    }),
    ("user information", |_, s| {
        har(
            &json!({"url": format!("https://bob:{s}@api.mypurecloud.com/api/v2/users/me")}),
            &json!({}),
        )
    }),
    ("nested URL", |n, s| {
        har(
            &json!({"url": format!("https://api.mypurecloud.com/api/v2/users?next=https%3A%2F%2Fx%2F%3F{n}%3D{s}")}),
            &json!({}),
        )
    }),
    ("header of a message", |n, s| {
        http(&format!("{n}: {s}"), "no")
    }),
    ("cookie of a message", |n, s| {
        http(&format!("Cookie: {n}={s}; a=b"), "no")
    }),
    ("joined Set-Cookie", |n, s| {
        http(&format!("Set-Cookie: a=1; Path=/, {n}={s}; Secure"), "no")
    }),
    ("folded header", |n, s| http(&format!("{n}: a\n {s}"), "no")),
    ("body of a message", |n, s| {
        http("Accept: */*", &format!("{n}={s}"))
    }),
    ("header of curl -v", |n, s| {
        format!(
            "> GET /api/v2/users/me HTTP/1.1\n> Host: api.mypurecloud.com\n> {n}: {s}\n> \n< HTTP/1.1 401 no\n< {n}: {s}\n< \n"
        )
    }),
    ("trace", |_, s| {
        format!(
            "=> Send header, 90 bytes (0x5a)\n0000: GET / HTTP/1.1\n0010: Authorization: Bearer {}\n0036: {}\n<= Recv header, 18 bytes (0x12)\n0000: HTTP/1.1 401 no\n",
            &s[..8],
            &s[8..]
        )
    }),
    ("header of a command", |n, s| {
        format!("curl https://api.mypurecloud.com/api/v2/users/me -H '{n}: {s}'")
    }),
    ("joined short options", |_, s| {
        format!("curl -sSu bob:{s} https://api.mypurecloud.com/api/v2/users/me")
    }),
    ("options of curl", |_, s| {
        format!(
            "curl --pass {s} --cert c:{s} --proxy-user a:{s} https://api.mypurecloud.com/api/v2/users/me"
        )
    }),
    ("data of a command", |n, s| {
        format!("curl https://api.mypurecloud.com/oauth/token -d '{n}={s}'")
    }),
    ("fetch", |n, s| {
        format!(
            "await fetch(\"https://api.mypurecloud.com/api/v2/users/me\", {{\"headers\": {{\"{n}\": \"{s}\"}}, \"body\": \"{s}\"}});"
        )
    }),
    ("PowerShell", |n, s| {
        format!(
            "Invoke-WebRequest -Uri \"https://api.mypurecloud.com/api/v2/users/me\" -Headers @{{\"{n}\"=\"{s}\"}} -Body \"{s}\""
        )
    }),
    ("HTTPie", |_, s| {
        format!("http -a bob:{s} GET https://api.mypurecloud.com/api/v2/users/me\n")
    }),
    ("claims of a record", |n, s| {
        json!({"token": {"kind": "jwt", "claims": {"iss": "https://i.example", n: s, "deep": {"x": [s]}}}, "request": {"method": "GET", "url": "https://api.mypurecloud.com/api/v2/users/me"}, "response": {"status": 401}}).to_string()
    }),
    ("value of a record", |_, s| {
        json!({"token": {"kind": "opaque", "value": s}, "response": {"status": 401, "body": format!("unknown: {s}")}}).to_string()
    }),
    ("header of a record", |n, s| {
        json!({"request": {"method": "GET", "url": "https://api.mypurecloud.com/api/v2/users/me", "headers": {n: s}}, "response": {"status": 401}}).to_string()
    }),
    ("log line", |n, s| {
        json!({"status": 401, "path": "/api/v2/users/me", "method": "GET", n: s, "nested": {"k": s}}).to_string()
    }),
    ("access log", |n, s| {
        format!(
            "203.0.113.7 - - [10/Oct/2026:13:55:36 +0000] \"GET /api/v2/users/me?{n}={s} HTTP/1.1\" 401 128 \"https://x.example/?{n}={s}\" \"curl/8\"\n"
        )
    }),
    ("exception", |n, s| {
        format!("HttpError: 401 Unauthorized\n    at request (app.js:10)\n    {n} = '{s}'\n")
    }),
    ("PEM", |_, s| {
        format!(
            "Error: 401\n-----BEGIN EC PRIVATE KEY-----\n{s}\n{s}\n-----END EC PRIVATE KEY-----\n"
        )
    }),
    ("JWT claim", |n, s| {
        http(
            &format!(
                "Authorization: Bearer {}.{}.c2ln",
                URL_SAFE_NO_PAD.encode("{\"alg\":\"RS256\"}"),
                URL_SAFE_NO_PAD.encode(json!({n: s, "exp": 1}).to_string())
            ),
            "no",
        )
    }),
    ("two places", |n, s| {
        har(
            &json!({"headers": [{"name": n, "value": s}]}),
            &json!({"content": {"text": json!({"message": format!("echo: {}", STANDARD.encode(format!("{{{s}}}")))}).to_string()}}),
        )
    }),
    ("cut HAR", |n, s| {
        let whole = har(&json!({"headers": [{"name": n, "value": s}]}), &json!({}));
        whole[..whole.len() - 4].to_owned()
    }),
];

/// Forms in which a secret would be as readable.
fn forms(secret: &str) -> Vec<String> {
    let mut out = vec![secret.to_owned()];
    for offset in 0..3 {
        let bytes = [&b"abc"[..offset], secret.as_bytes()].concat();
        for text in [STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            let end = bytes.len() * 8 / 6;
            out.push(text[(offset * 8).div_ceil(6)..end].to_owned());
        }
    }
    out
}

/// Notes where a secret survives, with what stands around it.
fn look(secret: &str, place: &str, output: &str, survived: &mut Vec<String>) {
    if let Some(at) = forms(secret)
        .iter()
        .find_map(|form| output.find(form.as_str()))
    {
        let around: String = output[..at]
            .chars()
            .rev()
            .take(60)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let behind: String = output[at..].chars().take(90).collect();
        survived.push(format!("{place}: {around}{behind}"));
    }
}

/// The place, the secret and the evidence, five hundred times and more.
fn planted() -> Vec<(String, String, String)> {
    let mut numbers = Numbers(7);
    let mut out = Vec::new();
    let mut form = 0;
    while out.len() < 500 {
        for (place, write) in PLACES {
            form += 1;
            let secret = secret(&mut numbers, form);
            let name = NAMES[numbers.next(NAMES.len())];
            out.push((
                format!("{place} ({name})"),
                secret.clone(),
                write(name, &secret),
            ));
        }
    }
    out
}

#[test]
fn no_planted_secret_survives_scrub() {
    assert!(PLACES.len() >= 40);
    let mut refused = 0;
    let mut survived = Vec::new();
    for (place, secret, input) in planted() {
        let run = run(&["scrub", "-"], Some(&input));
        look(&secret, &place, &run.out, &mut survived);
        look(&secret, &place, &run.err, &mut survived);
        assert!(run.code == 0 || run.out.is_empty(), "{place}: {}", run.err);
        refused += usize::from(run.code != 0);
    }
    assert!(
        survived.is_empty(),
        "{} survive:\n{}",
        survived.len(),
        survived.join("\n")
    );
    // A refusal is safe and useless: only what cannot be read at all may be refused.
    assert!(refused <= 20, "{refused}");
}

/// A folder of its own with every input in a file.
struct Files {
    folder: PathBuf,
    names: Vec<String>,
    planted: Vec<(String, String, String)>,
}

impl Files {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("why401-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let planted = planted();
        let file = |(number, (_, _, input)): (usize, &(String, String, String))| {
            let file = folder.join(format!("{number}.txt"));
            std::fs::write(&file, input).expect("written");
            file.to_str().expect("UTF-8").to_owned()
        };
        let names = planted.iter().enumerate().map(file).collect();
        Self {
            folder,
            names,
            planted,
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What a JWT says of itself is read, and said so in the security model.
fn is_shown(place: &str) -> bool {
    place.starts_with("JWT claim") || place.starts_with("claims of")
}

fn none(survived: &[String]) {
    assert!(
        survived.is_empty(),
        "{} printed:\n{}",
        survived.len(),
        survived.join("\n")
    );
}

#[test]
fn no_planted_secret_is_printed_by_a_judgement_in_any_format() {
    let files = Files::new("planted");
    let judged = |more: &[&str]| {
        let mut arguments = vec!["explain", "--offline"];
        arguments.extend(more);
        arguments.extend(files.names.iter().map(String::as_str));
        let run = run(&arguments, None);
        assert!(run.code <= 3 && !run.out.is_empty(), "{}", run.err);
        let mut survived = Vec::new();
        for (place, secret, _) in &files.planted {
            if !is_shown(place) {
                look(
                    secret,
                    &format!("{more:?} {place}"),
                    &run.out,
                    &mut survived,
                );
            }
            look(
                secret,
                &format!("{more:?} {place}"),
                &run.err,
                &mut survived,
            );
        }
        none(&survived);
    };
    std::thread::scope(|scope| {
        for format in FORMATS {
            scope.spawn(move || judged(&["-v", "--format", format]));
        }
        for format in ["human", "json", "jsonl"] {
            scope.spawn(move || judged(&["--summary", "--format", format]));
        }
    });
}

#[test]
fn no_planted_secret_is_printed_by_a_question_about_endpoints() {
    let files = Files::new("planted-endpoints");
    let mut survived = Vec::new();
    // Three of every place: each takes a run of its own.
    let some = files.planted.iter().take(3 * PLACES.len());
    for (number, (place, secret, input)) in some.enumerate() {
        let file = files.names[number].as_str();
        let format = FORMATS[number % 4];
        let mut runs = vec![
            run(
                &[
                    "needs",
                    "-f",
                    file,
                    "--provider",
                    "genesys-cloud",
                    "--format",
                    format,
                ],
                None,
            ),
            run(&["gate", "--init", file, "--format", format], None),
        ];
        if input.starts_with("curl ") {
            let format = FORMATS[number % FORMATS.len()];
            runs.push(run(
                &["check", input.trim(), "-v", "--format", format],
                None,
            ));
        }
        for run in runs {
            assert!(
                run.code <= 3 && !run.err.contains("panicked"),
                "{}",
                run.err
            );
            look(secret, place, &run.out, &mut survived);
            look(secret, place, &run.err, &mut survived);
        }
    }
    none(&survived);
}

/// The forms in which people have a token.
fn tokens(secret: &str) -> Vec<String> {
    let jwt = |claims: &str| {
        let head = URL_SAFE_NO_PAD.encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
        format!(
            "{head}.{}.{}",
            URL_SAFE_NO_PAD.encode(claims),
            URL_SAFE_NO_PAD.encode(secret)
        )
    };
    vec![
        secret.to_owned(),
        format!("Authorization: Bearer {secret}"),
        format!("Cookie: session={secret}"),
        json!({"access_token": secret, "refresh_token": secret, "expires_in": 60}).to_string(),
        format!("curl -u user:{secret} https://a.example/"),
        format!("https://a.example/cb#access_token={secret}&state={secret}"),
        format!("Basic {}", STANDARD.encode(format!("id:{secret}"))),
        STANDARD.encode(secret),
        jwt("{\"scope\":\"a\",\"exp\":1}"),
        jwt("not JSON"),
        format!("{}\n{}", &secret[..5], &secret[5..]),
    ]
}

#[test]
fn no_token_is_printed_by_the_commands_that_are_given_one() {
    let mut numbers = Numbers(11);
    let folder = std::env::temp_dir().join(format!("why401-given-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let manifest = folder.join("why401.toml");
    let app = |credential: &str| {
        format!(
            "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\n{credential}\nendpoints = ['GET /api/v2/users/me']\n"
        )
    };
    let url = "https://api.mypurecloud.com/api/v2/users/me";
    let mut survived = Vec::new();
    for (number, format) in FORMATS.iter().cycle().take(28).enumerate() {
        let secret = secret(&mut numbers, number);
        for token in tokens(&secret) {
            let file = folder.join("token");
            std::fs::write(&file, &token).expect("a file");
            let file = file.to_str().expect("UTF-8");
            let credential = [
                "token-env = 'T'",
                "token-file = 'token'",
                "client-id = 'a'\nclient-secret-env = 'T'",
            ];
            std::fs::write(&manifest, app(credential[number % 3])).expect("a file");
            let gate = manifest.to_str().expect("UTF-8");
            let commands: [&[&str]; 7] = [
                &["check", "GET", url, "-v", "--token-file", file],
                &[
                    "check",
                    "GET",
                    url,
                    "--probe",
                    "--dry-run",
                    "--token-env",
                    "T",
                    "--header",
                    "X-Api-Key: 1",
                ],
                &["token", "-v", "--token-env", "T"],
                &[
                    "token",
                    "--against",
                    file,
                    "--token-cmd",
                    "printf opaque-token-0123",
                ],
                &["needs", "GET", url, "--token-file", file],
                &[
                    "tables",
                    "open",
                    "me",
                    "--provider",
                    "genesys-cloud",
                    "--token-env",
                    "T",
                ],
                &["gate", gate, "-v"],
            ];
            let command = commands[number % commands.len()];
            let ci = matches!(*format, "sarif" | "junit" | "github")
                && matches!(command[0], "needs" | "tables");
            let format = if ci { "json" } else { format };
            let arguments = [command, &["--format", format][..]].concat();
            let run = run_with(&arguments, None, &[("T", &token)]);
            assert!(
                run.code <= 3 && !run.err.contains("panicked"),
                "{arguments:?} {}",
                run.err
            );
            look(
                &secret,
                &format!("{arguments:?} {token}"),
                &run.out,
                &mut survived,
            );
            look(
                &secret,
                &format!("{arguments:?} {token}"),
                &run.err,
                &mut survived,
            );
        }
    }
    std::fs::remove_dir_all(&folder).expect("removed");
    none(&survived);
}

#[test]
fn no_spelling_of_a_token_comes_back_from_a_server_that_echoes_it() {
    let mut numbers = Numbers(13);
    let mut survived = Vec::new();
    for (number, format) in FORMATS.iter().cycle().take(21).enumerate() {
        // A number of ten digits is too short to be told from other numbers, however it is spelled.
        let form = if number % 7 == 3 { 0 } else { number };
        let secret = secret(&mut numbers, form);
        let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
        let coded: String = secret.bytes().map(|b| format!("%{b:02X}")).collect();
        let unicode: String = secret.bytes().map(|b| format!("\\u{b:04x}")).collect();
        let split: Vec<String> = secret.chars().map(String::from).collect();
        let spelled = [
            secret.clone(),
            STANDARD.encode(&secret),
            URL_SAFE_NO_PAD.encode(format!("x:{secret}")),
            hex,
            coded,
            unicode,
            split.join("<b></b>"),
            split.join("\u{200b}"),
        ];
        let spelling = &spelled[number % spelled.len()];
        let body = format!(
            "{{\"error\":\"invalid_token\",\"message\":\"{spelling} is not valid\",\"scope\":\"{spelling}\"}}"
        );
        let challenge = format!(
            "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"{spelling}\", scope=\"{spelling}\""
        );
        let server = Wire::at("127.0.0.1", move |_| {
            let head = format!("Content-Type: application/json\r\n{challenge}\r\n");
            answered("401 Unauthorized", &head, &body)
        });
        let url = format!("{}/api/v2/users/me", server.origin());
        let arguments = [
            "check",
            "GET",
            &url,
            "--provider",
            "genesys-cloud",
            "--probe",
            "-v",
            "--timeout",
            "5",
            "--format",
            format,
        ];
        let run = run_with(&arguments, None, &[("WHY401_TOKEN", &secret)]);
        assert!(!server.told().is_empty(), "{}{}", run.out, run.err);
        for text in [&run.out, &run.err] {
            look(&secret, format, text, &mut survived);
            if text.contains(spelling.as_str()) {
                survived.push(format!("{format}: {spelling}"));
            }
        }
    }
    none(&survived);
}
