//! For any manifest, table, settings file, redirect, metadata and proxy: a credential's bytes reach only origins that were
//! named. Cases are drawn from lists of hostile parts by a fixed generator; a failure prints its case.

use crate::origins::{HEADER, folder, holds_a_credential, run, table};
use crate::wire::{Wire, answer, json};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many cases are drawn, as far as the time allows.
const CASES: u64 = 160;

/// So many are drawn however slow the machine is.
const LEAST: u64 = 24;

/// How long cases are drawn beyond these.
const TIME: Duration = Duration::from_secs(12);

/// Numbers that look random and are the same in every run (Steele, Lea, Flood: splitmix).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        let at = self.next() % list.len() as u64;
        list[usize::try_from(at).expect("small")]
    }

    fn one_in(&mut self, number: u64) -> bool {
        self.next().is_multiple_of(number)
    }
}

/// `GOOD` and `EVIL` stand for addresses with ports, `HOST` for the good one's host.
const PATHS: [&str; 16] = [
    "/x",
    "/\\EVIL/x",
    "/\\/EVIL/x",
    "http://GOOD//EVIL/x",
    "http://GOOD/\\EVIL/x",
    "http://EVIL/x",
    "https://EVIL/x",
    "http://GOOD@EVIL/x",
    "http://EVIL#@GOOD/x",
    "http://EVIL\\@GOOD/x",
    "/..//EVIL/x",
    "/%2F%2FEVIL/x",
    "/x?next=//EVIL/",
    "https://api.mypurecloud.ie//EVIL/x",
    "https://api.mypurecloud.ie/\\EVIL/x",
    "https://api.mypurecloud.ie:8443/x",
];

const HOSTS: [&str; 8] = [
    "name = \"HOST\"",
    "name = \"GOOD\"",
    "name = \"EVIL\"",
    "name = \"HOST\"\nbase = \"//EVIL/v1\"",
    "name = \"HOST\"\nbase = \"http://EVIL/v1\"",
    "name = \"HOST\"\nlogin = \"EVIL\"\ntoken_path = \"/token\"",
    "name = \"HOST\"\nlogin = \"HOST\"\ntoken_path = \"http://EVIL/token\"",
    "pattern = \"{domain}\"\nlogin = \"EVIL\"\ntoken_path = \"//EVIL/token\"\n[host.domain]\nhere = \"HOST\"\neu-west-1 = \"EVIL\"",
];

const LOCATIONS: [&str; 7] = [
    "http://EVIL/x",
    "http://EVIL/x/",
    "//EVIL/x/",
    "/\\EVIL/x/",
    "https://GOOD/x/",
    "/x/",
    "http://GOOD@EVIL/x/",
];

const STATUSES: [&str; 5] = [
    "200 OK",
    "401 Unauthorized",
    "302 Found",
    "308 Permanent Redirect",
    "404 Not Found",
];

/// The servers of all cases.
struct Net {
    good: Wire,
    evil: [Wire; 3],
    proxy: Wire,
}

/// What the good server answers, by the query of the case that asks it: it is told in the request itself.
fn answers(evil: &str) -> impl Fn(&str) -> String + Send + Sync + 'static {
    let evil = evil.to_owned();
    move |request: &str| {
        let host = request.lines().find_map(|line| line.strip_prefix("host: "));
        let good = host.unwrap_or_default().to_owned();
        let place = |text: &str| text.replace("GOOD", &good).replace("EVIL", &evil);
        // The answer depends on the request's own bytes, so that no state is shared between cases.
        let sum = request.bytes().map(u64::from).sum::<u64>();
        let mut draw = Draw(sum);
        let status = draw.of(&STATUSES);
        let location = place(draw.of(&LOCATIONS));
        let head = format!(
            "Location: {location}\r\nDPoP-Nonce: n\r\nWWW-Authenticate: DPoP error=\"use_dpop_nonce\", Bearer resource_metadata=\"http://{evil}/m\", realm=\"http://{evil}/\"\r\n"
        );
        if request.contains("/.well-known/") {
            let own = |evil_one: bool| if evil_one { &evil } else { &good };
            let body = serde_json::json!({
                "issuer": format!("http://{good}"),
                "resource": format!("http://{good}/r"),
                "authorization_servers": [format!("http://{evil}")],
                "token_endpoint": format!("http://{}/token", own(draw.one_in(2))),
                "introspection_endpoint": format!("http://{}/introspect", own(draw.one_in(2))),
                "jwks_uri": format!("http://{}/jwks", own(draw.one_in(2))),
            });
            return json("200 OK", "", &body.to_string());
        }
        json(
            status,
            &head,
            "{\"error\":\"use_dpop_nonce\",\"access_token\":\"issued-0123456789abcdef\"}",
        )
    }
}

fn net() -> Net {
    let evil = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map(Wire::open);
    let good = Wire::at("127.0.0.1", answers(&evil[1].address));
    let proxy = Wire::at("127.0.0.4", |_| answer("502 Bad Gateway", "", ""));
    Net { good, evil, proxy }
}

/// One case: arguments, and the files of its folder.
fn case(draw: &mut Draw, net: &Net, key: &str) -> (Vec<String>, Vec<(&'static str, String)>) {
    let evil = &net.evil[usize::try_from(draw.next() % 3).expect("small")].address;
    let (good, host) = (&net.good.address, "127.0.0.1");
    let place = |text: &str| {
        text.replace("GOOD", good)
            .replace("EVIL", evil)
            .replace("HOST", host)
    };
    let own = place(&table(draw.of(&HOSTS)));
    let provider = draw.of(&["own", "genesys-cloud"]);
    let settings = format!("provider = \"{provider}\"\ntable = [\"table.toml\"]\n");
    let credential = draw.of(&[
        "token-env = 'T'",
        "client-id = 'app'\nclient-secret-env = 'S'",
    ]);
    let region = draw.of(&["", "region = 'eu-west-1'\n"]);
    let endpoints: Vec<String> = (0..3)
        .map(|_| format!("'GET {}'", place(draw.of(&PATHS))))
        .collect();
    let manifest = format!(
        "[[app]]\nname = 'a'\nprovider = '{provider}'\n{region}tables = ['table.toml']\n{credential}\nendpoints = [{}]\n",
        endpoints.join(", ")
    );
    let target = format!(
        "http://{}/x",
        draw.of(&[
            good.as_str(),
            &format!("localhost:{}", good.rsplit_once(':').expect("a port").1)
        ])
    );
    let issuer = format!("http://{good}");
    let client = ["--client-id", "app", "--client-secret-env", "S"];
    let (to, header) = (format!("a=http://{good}"), format!("X-Api-Key: {HEADER}"));
    let probe = [
        "check",
        draw.of(&["GET", "POST"]),
        &target,
        "--probe",
        "--timeout",
        "1",
    ];
    let gate = ["gate", "--online", "--timeout", "1"];
    let mut arguments: Vec<&str> = match draw.next() % 7 {
        0 => [&probe[..], &["--header", &header]].concat(),
        1 => [&probe[..], &["--regions", "eu-west-1"]].concat(),
        2 => [&probe[..], &["--issuer", &issuer], &client].concat(),
        3 => [&probe[..], &["--dpop-key", key]].concat(),
        4 => [&["token", "--request", "--issuer", &issuer][..], &client].concat(),
        5 => [&gate[..], &["--send-to", &to]].concat(),
        // Without a name of the user's it is the shipped hosts, by way of the proxy.
        _ => gate.to_vec(),
    };
    if draw.one_in(3) && arguments[0] != "gate" {
        arguments.extend(["--table", "table.toml"]);
    }
    let files = vec![
        (".why401.toml", settings),
        ("table.toml", own),
        ("why401.toml", manifest),
    ];
    (arguments.into_iter().map(str::to_owned).collect(), files)
}

/// The environment's proxy. Shipped hosts are outside this machine: https always goes to the proxy here.
fn proxies<'p>(draw: &mut Draw, proxy: &'p str) -> Vec<(&'static str, &'p str)> {
    let mut set = vec![("HTTPS_PROXY", proxy)];
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "https_proxy"] {
        if draw.one_in(2) {
            set.push((name, proxy));
        }
    }
    set
}

fn dpop_key(folder: &Path) -> String {
    let key = rcgen::KeyPair::generate().expect("a key");
    let path = folder.join("key.pem");
    std::fs::write(&path, key.serialize_pem()).expect("the key is written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_credential_reaches_only_origins_that_were_named() {
    let net = Arc::new(net());
    let key = dpop_key(&folder("key", &[]));
    let proxy = net.proxy.origin();
    let began = Instant::now();
    let (mut drawn, mut sent) = (0, 0);
    for seed in 0..CASES {
        if seed >= LEAST && began.elapsed() > TIME {
            break;
        }
        let mut draw = Draw(seed);
        let (arguments, files) = case(&mut draw, &net, &key);
        let environment = proxies(&mut draw, &proxy);
        let folder = folder("any", &files);
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let before = net.good.told().len();
        let run = run(&folder, &words, &environment);
        let shown = format!(
            "case {seed}: {arguments:?}\n{files:?}\n{}{}",
            run.out, run.err
        );
        assert!((0..=3).contains(&run.code), "{shown}");
        for evil in &net.evil {
            assert!(evil.told().is_empty(), "{:?}\n{shown}", evil.told());
        }
        for told in net.proxy.told() {
            assert!(!holds_a_credential(&told), "{told}\n{shown}");
            let line = told.lines().next().unwrap_or_default();
            let to = line
                .strip_prefix("CONNECT ")
                .and_then(|rest| rest.split(' ').next());
            let to = to.and_then(|to| to.strip_suffix(":443"));
            let named =
                to.is_some_and(|host| why401_core::table::by_host(host) == Some("genesys-cloud"));
            assert!(named, "{told}\n{shown}");
        }
        sent += usize::from(
            net.good.told()[before..]
                .iter()
                .any(|text| holds_a_credential(text)),
        );
        drawn += 1;
    }
    // The property is not kept by sending nothing at all.
    assert!(sent * 4 >= drawn, "{sent} of {drawn}");
}
