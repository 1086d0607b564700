//! Where a credential may go: the ways by which a file, a table or an answer once led it to an origin that nobody named.

use crate::program::{Run, run_in};
use crate::wire::{Wire, answer, json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};

pub(crate) const TOKEN: &str = "origin-token-0123456789abcdef";
pub(crate) const SECRET: &str = "origin-secret-0123456789abcdef";
pub(crate) const HEADER: &str = "origin-header-0123456789abcdef";

/// A folder of its own with these files.
pub(crate) fn folder(name: &str, files: &[(&str, String)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("origins-{}", std::process::id()))
        .join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    folder
}

/// Runs with a token in `T`, a client's secret in `S` and whatever else the environment holds.
pub(crate) fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let own = [("T", TOKEN), ("S", SECRET), ("WHY401_TOKEN", TOKEN)];
    let environment: Vec<(&str, &str)> =
        own.into_iter().chain(environment.iter().copied()).collect();
    run_in(folder, arguments, None, &environment)
}

/// Whether a text holds one of the credentials, in any of the forms in which they travel.
pub(crate) fn holds_a_credential(text: &str) -> bool {
    let basic = STANDARD.encode(format!("app:{SECRET}"));
    let plain = [TOKEN, SECRET, HEADER].iter().any(|own| text.contains(own));
    plain || text.contains(&basic) || text.to_ascii_lowercase().contains("\r\ndpop: ")
}

/// A table of an own provider; `host` are the lines of its host.
pub(crate) fn table(host: &str) -> String {
    format!(
        "format = \"scope-table/1\"\n[provider]\nid = \"own\"\nname = \"Own\"\n[[host]]\n{host}\n[[control]]\nmethod = \"GET\"\npath = \"/me\"\n[[source]]\nid = \"s\"\nkind = \"manual\"\nfrom = \"x\"\n"
    )
}

fn app(credential: &str, endpoints: &str) -> String {
    format!(
        "[[app]]\nname = 'a'\nprovider = 'own'\ntables = ['table.toml']\n{credential}\nendpoints = {endpoints}\n"
    )
}

fn gate(folder: &Path, good: &Wire) -> Run {
    let send_to = format!("a={}", good.origin());
    let arguments = ["gate", "--online", "--send-to", &send_to, "--timeout", "5"];
    run(folder, &arguments, &[])
}

fn untouched(evil: &Wire, run: &Run) {
    let told = evil.told();
    assert!(told.is_empty(), "{told:?}\n{}{}", run.out, run.err);
}

fn reached(good: &Wire, secret: &str, run: &Run) {
    let told = good.told();
    let there = told.iter().any(|text| text.contains(secret));
    assert!(there, "{told:?}\n{}{}", run.out, run.err);
}

#[test]
fn an_endpoint_that_reads_as_another_host_stays_on_the_one_that_was_named() {
    for spelling in [
        "/\\EVIL/x",
        "GOOD//EVIL/x",
        "/\\/EVIL/x",
        "GOOD/\\EVIL/x",
        "/.//EVIL/x",
    ] {
        let (good, evil) = (Wire::open("127.0.0.1"), Wire::open("127.0.0.2"));
        let path = spelling
            .replace("GOOD", &good.origin())
            .replace("EVIL", &evil.address);
        let files = [
            (
                "why401.toml",
                app("token-env = 'T'", &format!("['GET {path}']")),
            ),
            ("table.toml", table("name = \"127.0.0.1\"")),
        ];
        let run = gate(&folder("spelling", &files), &good);
        untouched(&evil, &run);
        reached(&good, TOKEN, &run);
    }
}

#[test]
fn a_tables_base_cannot_name_another_host() {
    for spelling in ["//EVIL", "http://EVIL", "/\\\\EVIL", "\\\\\\\\EVIL"] {
        let (good, evil) = (Wire::open("127.0.0.1"), Wire::open("127.0.0.2"));
        let base = spelling.replace("EVIL", &evil.address);
        let files = [
            ("why401.toml", app("token-env = 'T'", "['GET /x']")),
            (
                "table.toml",
                table(&format!("name = \"127.0.0.1\"\nbase = \"{base}\"")),
            ),
        ];
        let run = gate(&folder("base", &files), &good);
        untouched(&evil, &run);
        reached(&good, TOKEN, &run);
    }
}

#[test]
fn a_tables_token_path_cannot_name_another_host() {
    for spelling in ["http://EVIL/t", "//EVIL/t", "\\\\EVIL/t"] {
        let (good, evil) = (Wire::open("127.0.0.1"), Wire::open("127.0.0.2"));
        let path = spelling.replace("EVIL", &evil.address);
        let client = "client-id = 'app'\nclient-secret-env = 'S'";
        let files = [
            ("why401.toml", app(client, "['GET /x']")),
            (
                "table.toml",
                table(&format!(
                    "name = \"127.0.0.1\"\nlogin = \"127.0.0.1\"\ntoken_path = '{path}'"
                )),
            ),
        ];
        let run = gate(&folder("token-path", &files), &good);
        untouched(&evil, &run);
        reached(&good, &STANDARD.encode(format!("app:{SECRET}")), &run);
    }
}

#[test]
fn a_cloned_repository_cannot_say_where_a_region_is() {
    let good = Wire::at("127.0.0.1", |_| json("401 Unauthorized", "", "{}"));
    let evil = Wire::open("127.0.0.2");
    let host = format!(
        "pattern = \"{{domain}}\"\n[host.domain]\nhere = \"127.0.0.1\"\neu-west-1 = \"{}\"",
        evil.address
    );
    let files = [
        (
            ".why401.toml",
            "provider = \"own\"\ntable = [\"table.toml\"]\n".to_owned(),
        ),
        ("table.toml", table(&host)),
    ];
    let folder = folder("regions", &files);
    let url = format!("{}/x", good.origin());
    for more in [
        vec![],
        vec!["--table", "table.toml", "--no-config", "--provider", "own"],
    ] {
        let fixed = ["check", "GET", &url, "--probe", "--regions", "eu-west-1"];
        let run = run(&folder, &[&fixed[..], &more].concat(), &[]);
        untouched(&evil, &run);
        assert_eq!(run.code, 2, "{}{}", run.out, run.err);
        assert!(run.err.contains("--region-host"), "{}", run.err);
        assert!(good.told().is_empty(), "nothing is sent: {:?}", good.told());
    }
    // A settings file may choose a shipped table to judge by, and not a host of it to send to.
    let files = [(".why401.toml", "provider = \"genesys-cloud\"\n".to_owned())];
    let folder = crate::origins::folder("regions-shipped", &files);
    let proxy = Wire::at("127.0.0.1", |_| answer("502 Bad Gateway", "", ""));
    let arguments = ["check", "GET", &url, "--probe", "--regions", "eu-west-1"];
    let run = run(&folder, &arguments, &[("HTTPS_PROXY", &proxy.origin())]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    untouched(&proxy, &run);
}

#[test]
fn a_redirect_to_another_port_is_not_followed() {
    let evil = Wire::open("127.0.0.1");
    let to = format!("Location: {}/x/\r\n", evil.origin());
    let good = Wire::at("127.0.0.1", move |_| {
        answer("308 Permanent Redirect", &to, "")
    });
    let url = format!("{}/x", good.origin());
    let run = run(
        &folder("redirect", &[]),
        &["check", "GET", &url, "--probe"],
        &[],
    );
    untouched(&evil, &run);
    reached(&good, TOKEN, &run);
}

#[test]
fn this_machine_is_spoken_to_directly_whatever_proxy_the_environment_names() {
    let good = Wire::open("127.0.0.1");
    let proxy = Wire::at("127.0.0.1", |_| json("200 OK", "", "{}"));
    let (_, port) = good.address.rsplit_once(':').expect("a port");
    let address = proxy.origin();
    let names = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];
    let environment = names.map(|name| (name, address.as_str()));
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("http://{host}:{port}/x");
        let header = format!("X-Api-Key: {HEADER}");
        let arguments = ["check", "GET", &url, "--probe", "--header", &header];
        let run = run(&folder("proxy", &[]), &arguments, &environment);
        untouched(&proxy, &run);
        reached(&good, TOKEN, &run);
    }
}

#[test]
fn a_clients_secret_does_not_follow_the_metadata_to_another_host() {
    let evil = Wire::at("127.0.0.2", |_| {
        json("200 OK", "", "{\"access_token\":\"issued-token-1\"}")
    });
    let endpoint = format!("{}/token", evil.origin());
    let place = endpoint.clone();
    let good = Wire::at("127.0.0.1", move |request| {
        let host = request.lines().find_map(|line| line.strip_prefix("host: "));
        let body = serde_json::json!({"issuer": format!("http://{}", host.unwrap_or_default()), "token_endpoint": place});
        json("200 OK", "", &body.to_string())
    });
    let issuer = good.origin();
    let folder = folder("metadata", &[]);
    let fixed = [
        "token",
        "--request",
        "--issuer",
        &issuer,
        "--client-id",
        "app",
        "--client-secret-env",
        "S",
    ];
    let refused = run(&folder, &fixed, &[]);
    untouched(&evil, &refused);
    assert_eq!(refused.code, 2, "{}{}", refused.out, refused.err);
    assert!(refused.err.contains(&evil.origin()), "{}", refused.err);
    assert!(refused.err.contains("--token-endpoint"), "{}", refused.err);
    // Who names it sends it there.
    let named = run(
        &folder,
        &[&fixed[..], &["--token-endpoint", &endpoint]].concat(),
        &[],
    );
    assert_eq!(named.code, 0, "{}{}", named.out, named.err);
    reached(&evil, "Basic ", &named);
}
