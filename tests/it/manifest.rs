//! A manifest as somebody begins it: what `--init` writes, and what a first run and the lint say of it.

use crate::gate::{TOKEN, desk, gate, manifest};
use crate::program::{run_with, unwrapped};
use crate::simulator::Simulator;
use std::path::PathBuf;

/// A new manifest from recorded traffic, and its text.
pub(crate) fn begun(name: &str) -> (PathBuf, String) {
    let out = manifest(name, "");
    std::fs::remove_file(&out).expect("no file");
    let path = out.to_str().expect("UTF-8");
    let init = ["gate", "--init", "fixtures/inputs/ticket.har", "-o", path];
    let run = crate::program::run(&init, None);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = std::fs::read_to_string(&out).expect("a manifest");
    (out, text)
}

/// The line of a text, counted from 1.
fn line_of(text: &str, start: &str) -> usize {
    let mut lines = text.lines();
    lines.position(|line| line.starts_with(start)).expect(start) + 1
}

#[test]
fn a_new_manifest_is_not_green_and_says_which_lines_to_fill_in() {
    let (out, text) = begun("first-run");
    let path = out.to_str().expect("UTF-8");
    let lines: Vec<String> = ["kind", "scopes", "permissions"]
        .iter()
        .map(|key| format!("line {} (`{key}`)", line_of(&text, &format!("{key} = "))))
        .collect();
    let token = [("WHY401_TOKEN", "an-opaque-token-0123456789")];
    for format in crate::formats::FORMATS {
        let run = gate(path, &["--format", format], &token);
        assert_eq!(run.code, 3, "{format}: {}", run.out);
        let start = lines[0].split(" (").next().expect("a line");
        assert!(run.out.contains(start), "{format}: {}", run.out);
    }
    let human = unwrapped(&gate(path, &[], &token).out);
    let told = format!("Fill in {}. Or ask the server: --online.", lines.join(", "));
    assert!(human.contains(&told), "{human}");
    let lint = gate(path, &["--lint"], &[]);
    assert_eq!(lint.code, 3, "{}", lint.out);
    assert!(unwrapped(&lint.out).contains(&told), "{}", lint.out);
    // Lint and run agree, whether a token is there or not.
    let bare = gate(path, &[], &[]);
    assert_eq!(bare.code, lint.code, "{}", bare.out);
    let bare = unwrapped(&bare.out);
    assert!(bare.contains(&told), "{bare}");
    assert!(bare.contains("`WHY401_TOKEN` is not set"), "{bare}");
    assert!(!bare.contains("Name the token"), "it is named: {bare}");
}

#[test]
fn a_run_that_decided_nothing_says_so() {
    let (out, text) = begun("nothing");
    let path = out.to_str().expect("UTF-8");
    std::fs::write(&out, text.replace("# unknown = ", "unknown = ")).expect("written");
    let token = [("WHY401_TOKEN", "an-opaque-token-0123456789")];
    for format in ["human", "markdown", "github"] {
        let run = gate(path, &["--format", format], &token);
        assert_eq!(run.code, 0);
        assert!(
            run.out.contains("no endpoint was checked"),
            "{format}: {}",
            run.out
        );
    }
    let filled = filled(&text).replace("# unknown = ", "unknown = ");
    std::fs::write(&out, filled).expect("written");
    let some = gate(path, &[], &token);
    assert!(
        !some.out.contains("no endpoint was checked"),
        "{}",
        some.out
    );
    let lint = gate(path, &["--lint"], &token);
    assert!(!lint.out.contains("checked"), "{}", lint.out);
}

/// A new manifest of the recorded traffic with its lines filled in.
fn filled(text: &str) -> String {
    text.replace("kind = \"...\"", "kind = \"user\"")
        .replace(
            "\nscopes = [\"...\"]",
            "\nscopes = [\"routing\", \"user-basic-info\", \"conversations\"]",
        )
        .replace(
            "\npermissions = [\"...\"]",
            "\npermissions = [\"routing:queue:view\"]",
        )
}

#[test]
fn what_init_writes_passes_once_it_is_filled_in() {
    let (out, text) = begun("passes");
    std::fs::write(&out, filled(&text)).expect("written");
    let out = out.to_str().expect("UTF-8");
    for (environment, code) in [(&[][..], 3), (&[("WHY401_TOKEN", TOKEN)], 0)] {
        let run = gate(out, &[], environment);
        assert_eq!(run.code, code, "{}{}", run.out, run.err);
        let told = unwrapped(&run.out);
        assert!(told.contains("checked all 3 endpoints"), "{told}");
        assert!(told.contains("Not checked: whether"), "{told}");
    }
    let lint = gate(out, &["--lint"], &[]);
    assert_eq!(lint.code, 0, "{}", lint.out);
}

#[test]
fn a_document_is_named_relative_to_the_manifest() {
    let folder = manifest("beside", "");
    let folder = folder.parent().expect("a folder").join("nested");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::copy("fixtures/openapi/demo.yaml", folder.join("demo.yaml")).expect("a copy");
    let out = folder.join("why401.toml");
    let _ = std::fs::remove_file(&out);
    let document = folder.join("demo.yaml");
    let [document, out] = [&document, &out].map(|path| path.to_str().expect("UTF-8"));
    let run = run_with(&["gate", "--init", document, "-o", out], None, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = std::fs::read_to_string(out).expect("a manifest");
    assert!(text.contains("tables = [\"demo.yaml\"]"), "{text}");
    let lint = gate(out, &["--lint"], &[]);
    assert_eq!(lint.code, 3, "{}", lint.out);
}

#[test]
fn kinds_of_token_are_explained_where_they_are_asked_for() {
    let calls = manifest("calls", "GET https://api.github.com/user/repos\n");
    let calls = calls.to_str().expect("UTF-8");
    let begun = run_with(&["gate", "--init", calls], None, &[]).out;
    for kind in [
        "#   classic: a classic personal access token or OAuth app token (scopes)",
        "#   fine_grained_pat: a fine-grained personal access token (permissions)",
    ] {
        assert!(begun.contains(kind), "{begun}");
    }
    assert!(!begun.contains("anonymous"), "nobody holds it: {begun}");
    let wrong = manifest(
        "wrong-kind",
        "[[app]]\nname = 'a'\nprovider = 'github'\nkind = 'oauth'\nendpoints = ['GET /user/repos']\n",
    );
    let lint = gate(wrong.to_str().expect("UTF-8"), &["--lint"], &[]);
    let told = unwrapped(&lint.out);
    assert!(
        told.contains("classic (a classic personal access token"),
        "{told}"
    );
}

#[test]
fn an_api_that_no_table_knows_is_begun_with_whole_urls_and_what_is_left_out_is_said() {
    let own = "GET https://api.mine.example/orders\nPOST https://api.mine.example/orders\n";
    let init = |name: &str, calls: &str| {
        let calls = manifest(name, calls);
        let out = manifest(&format!("{name}-begun"), "");
        std::fs::remove_file(&out).expect("no file");
        let [from, to] = [&calls, &out].map(|path| path.to_str().expect("UTF-8"));
        let run = run_with(&["gate", "--init", from, "-o", to], None, &[]);
        assert_eq!(run.code, 0, "{}", run.err);
        (run, std::fs::read_to_string(&out).expect("a manifest"), out)
    };
    let (run, text, out) = init("own-calls", own);
    let lines = ["needs", "scopes"].map(|key| line_of(&text, &format!("{key} = ")));
    let told = format!("fill in its lines {}, {}, then run", lines[0], lines[1]);
    assert!(run.out.contains(&told), "{}", run.out);
    assert!(
        text.contains("\"POST https://api.mine.example/orders\""),
        "{text}"
    );
    let path = out.to_str().expect("UTF-8");
    let first = gate(path, &[], &[("WHY401_TOKEN", TOKEN)]);
    assert_eq!(first.code, 3, "{}", first.out);
    let told = format!(
        "Fill in line {} (`needs`), line {} (`scopes`)",
        lines[0], lines[1]
    );
    assert!(unwrapped(&first.out).contains(&told), "{}", first.out);
    let filled = text
        .replace("\nneeds = [\"...\"]", "\nneeds = [\"orders\"]")
        .replace("\nscopes = [\"...\"]", "\nscopes = [\"orders\"]");
    std::fs::write(&out, filled).expect("written");
    assert_eq!(gate(path, &[], &[("WHY401_TOKEN", TOKEN)]).code, 0);
    assert_eq!(gate(path, &[], &[]).code, 3, "no token is there");
    let records = ["mine.example/orders", "github.com/user/repos"].map(|url| {
        format!("{{\"request\":{{\"method\":\"GET\",\"url\":\"https://api.{url}\"}}}}\n")
    });
    let (run, text, _) = init("mixed-calls", &records.concat());
    assert!(run.err.contains("api.mine.example"), "{}", run.err);
    assert!(!text.contains("mine.example"), "{text}");
}

#[test]
fn a_new_manifest_passes_where_the_server_says_so() {
    let calls = "GET https://api.mypurecloud.com/api/v2/users/me\nGET https://api.mypurecloud.com/api/v2/routing/queues\n";
    let calls = manifest("online-calls", calls);
    let out = manifest("online-begun", "");
    std::fs::remove_file(&out).expect("no file");
    let [from, to] = [&calls, &out].map(|path| path.to_str().expect("UTF-8"));
    let init = run_with(&["gate", "--init", from, "-o", to], None, &[]);
    assert_eq!(init.code, 0, "{}", init.err);
    let server = Simulator::start(desk());
    let send_to = format!("genesys-cloud={}", server.origin);
    let options = ["--online", "--send-to", &send_to];
    let run = gate(to, &options, &[("WHY401_TOKEN", TOKEN)]);
    assert_eq!(run.code, 0, "{}", run.out);
    let told = unwrapped(&run.out);
    assert!(
        told.contains("both endpoints by asking the server"),
        "{told}"
    );
}

#[test]
fn a_client_is_offered_in_place_of_a_token_where_it_is_known_where_it_asks() {
    let init = |name: &str, list: &str| {
        let path = manifest(name, list).display().to_string();
        run_with(&["gate", "--init", &path], None, &[])
    };
    let known = init(
        "init-client",
        "GET https://api.mypurecloud.com/api/v2/routing/queues\n",
    );
    for line in [
        "# client-id = \"...\"",
        "# client-secret-env = \"WHY401_CLIENT_SECRET\"",
    ] {
        assert!(known.out.lines().any(|own| own == line), "{}", known.out);
    }
    let own = init("init-client", "GET https://orders.example.com/orders\n");
    assert!(!own.out.contains("client-id"), "{}", own.out);
    // Without the marks and the token, it is a client.
    let text = known.out.replace("# client-", "client-");
    let text = text.replace("token-env = \"WHY401_TOKEN\"\n", "");
    let read = why401_core::gate::parse(&text, None);
    assert_eq!(read.apps[0].flaws, []);
    assert!(matches!(
        read.apps[0].credential,
        why401_core::gate::Credential::Client(..)
    ));
}

#[test]
fn a_list_of_paths_without_a_host_says_that_nothing_can_be_judged_yet() {
    let path = manifest("init-hostless", "GET /orders\n")
        .display()
        .to_string();
    let run = run_with(&["gate", "--init", &path], None, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("--provider ID"), "{}", run.err);
    assert!(
        run.out.contains("# These paths have no host."),
        "{}",
        run.out
    );
    let named = ["gate", "--init", &path, "--provider", "genesys-cloud"];
    let run = run_with(&named, None, &[]);
    assert_eq!(run.err, "");
}
