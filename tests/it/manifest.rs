//! A manifest as somebody begins it: what `--init` writes, what a first run and the lint say of it, and which options are
//! refused.

use crate::gate::{EXAMPLE, TOKEN, desk, gate, manifest};
use crate::program::{run_with, unwrapped};
use crate::simulator::{CLIENT, Simulator};
use serde_json::Value;
use std::path::PathBuf;

/// A new manifest from recorded traffic, and its text.
fn begun(name: &str) -> (PathBuf, String) {
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
    let bare = gate(path, &[], &[]);
    assert_eq!(bare.code, 2, "{}", bare.out);
    let told = format!("Or fill in {}: offline", lines.join(", "));
    assert!(unwrapped(&bare.out).contains(&told), "{}", bare.out);
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
    for environment in [&[][..], &[("WHY401_TOKEN", TOKEN)]] {
        let run = gate(out, &[], environment);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        let told = unwrapped(&run.out);
        assert!(told.contains("checked all 3 endpoints"), "{told}");
        assert!(told.contains("Not checked: whether"), "{told}");
    }
    let lint = gate(out, &["--lint"], &[]);
    assert_eq!(lint.code, 0, "{}", lint.out);
}

#[test]
fn no_option_is_ignored_in_silence() {
    let refused: [&[&str]; 12] = [
        &["--online", "--offline"],
        &["--lint", "--online"],
        &["--lint", "--send-to", "desk=https://proxy.example"],
        &["--lint", "--token-cmd", "desk=true"],
        &["--lint", "--timeout", "3"],
        &["--timeout", "3"],
        &["--send-to", "desk=https://proxy.example"],
        &["--app", "dsek"],
        &["--env", "staging"],
        &["--token-cmd", "nobody=true"],
        &["--token-cmd", "desk=true", "--token-cmd", "desk=false"],
        &[
            "--online",
            "--send-to",
            "desk=https://a.example",
            "--send-to",
            "desk=https://b.example",
        ],
    ];
    let token = [("DESK_TOKEN", TOKEN), ("REPORT_SECRET", CLIENT.1)];
    for options in refused {
        let run = gate(EXAMPLE, options, &token);
        assert_eq!(run.code, 2, "{options:?}: {}{}", run.out, run.err);
    }
    let variable = [token[0], token[1], ("WHY401_OFFLINE", "1")];
    let run = gate(EXAMPLE, &["--online"], &variable);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("WHY401_OFFLINE"), "{}", run.err);
    let init = |more: &[&str]| {
        let fixed = ["gate", "--init", "fixtures/inputs/ticket.har"];
        run_with(&[&fixed[..], more].concat(), None, &[])
    };
    for options in [
        &["--env", "x"][..],
        &["--token-cmd", "a=b"],
        &["--cannot-tell", "pass"],
        &["--timeout", "3"],
        &["--send-to", "a=https://b.example"],
    ] {
        assert_eq!(init(options).code, 2, "{options:?}");
    }
    assert!(init(&["--format", "json"]).err.contains("no effect"));
    let other = gate(EXAMPLE, &["--provider", "github"], &token);
    assert!(other.err.contains("no effect"), "{}", other.err);
}

#[test]
fn where_no_token_is_there_the_answer_says_how_to_pass_one() {
    let with = |credential: &str| {
        let text = format!(
            "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\n{credential}\nendpoints = ['GET /api/v2/users/me']\n"
        );
        manifest("unset", &text)
    };
    let told = |credential: &str, environment: &[(&str, &str)]| {
        let run = gate(with(credential).to_str().expect("UTF-8"), &[], environment);
        assert_eq!(run.code, 2, "{}", run.out);
        unwrapped(&run.out)
    };
    let variable = "token-env = 'MY_TOKEN'";
    let shell = told(variable, &[]);
    assert!(shell.contains("`MY_TOKEN` is not set"), "{shell}");
    assert!(shell.contains("export MY_TOKEN"), "{shell}");
    assert!(shell.contains("declare `kind`, `scopes`"), "{shell}");
    for (pipeline, how) in [
        ("GITHUB_ACTIONS", "MY_TOKEN: ${{ secrets.MY_TOKEN }}"),
        ("GITLAB_CI", "Settings > CI/CD > Variables"),
        ("TF_BUILD", "MY_TOKEN: $(MY_TOKEN)"),
    ] {
        let told = told(variable, &[(pipeline, "true"), ("MY_TOKEN", "")]);
        assert!(
            told.contains("`MY_TOKEN` is empty") && told.contains(how),
            "{told}"
        );
    }
    let file = told("token-file = 'no-such.token'", &[]);
    assert!(file.contains("there is no file no-such.token"), "{file}");
    assert!(file.contains("relative to the manifest"), "{file}");
}

#[test]
fn lint_shows_every_fault_with_its_own_line() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'usr'\nregion = 'us-est-1'\nscopes = [\n  'routing',\n  'routing:readony',\n]\npermissions = [\n  'routing:queue:veiw',\n  'users:readonly',\n]\nfail-on = [\n  'note.deprecated',\n  'note.deprecatd',\n]\nendpoints = [\n  'GET /api/v2/user/me',\n  'GE(T /x',\n  { call = 'GET /api/v2/users/me', optonal = true },\n]\n[app.unknown]\nscope = 'pass'\nfrobs = 'pass'\n";
    let path = manifest("faults", text);
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &["--lint", "--format", "json"], &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    let value = run.json();
    let app = &value["apps"][0];
    let lines = |list: &str| -> Vec<u64> {
        let all = app[list].as_array().expect("a list").iter();
        all.map(|own| own["line"].as_u64().expect("a line"))
            .collect()
    };
    assert_eq!(lines("faults"), [4, 5, 16, 20, 21, 25], "{}", run.out);
    assert_eq!(lines("checks"), [8, 11, 12], "{}", run.out);
    assert_eq!(lines("endpoints"), [19], "{}", run.out);
    for hint in [
        "did you mean user?",
        "did you mean `us-east-1`?",
        "did you mean `note.deprecated`?",
        "did you mean `optional`?",
        "Did you mean `routing:readonly`?",
        "Did you mean `routing:queue:view`?",
        "it belongs in `scopes`",
        "GET /api/v2/users/me",
    ] {
        assert!(run.out.contains(hint), "{hint}: {}", run.out);
    }
    let human = gate(path, &["--lint"], &[]).out;
    for line in [
        "line 4",
        "line 25",
        "routing:readonly",
        "GET /api/v2/user/me",
    ] {
        assert!(human.contains(line), "{line}: {human}");
    }
    let sarif = gate(path, &["--lint", "--format", "sarif"], &[]).json();
    let results = sarif["runs"][0]["results"]
        .as_array()
        .expect("results")
        .iter();
    let place = "/locations/0/physicalLocation/region/startLine";
    let mut places: Vec<u64> = results
        .map(|own| own.pointer(place).and_then(Value::as_u64).expect("a line"))
        .collect();
    places.sort_unstable();
    assert_eq!(places, [4, 5, 8, 11, 12, 16, 19, 20, 21, 25]);
    let broken = manifest("not-toml", "[[app]]\nname = 'a\nprovider = x y\nkind = \n");
    let broken = gate(broken.to_str().expect("UTF-8"), &["--lint"], &[]);
    assert_eq!(broken.code, 2);
    for line in ["line 2:", "line 3:", "line 4:"] {
        assert!(broken.out.contains(line), "{line}: {}", broken.out);
    }
}

#[test]
fn a_mistyped_name_has_its_line_where_the_gate_runs_as_well() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = [\n  'users',\n  'routing:readony',\n]\nendpoints = ['GET /api/v2/users/me']\n";
    let path = manifest("mistyped", text);
    let run = gate(path.to_str().expect("UTF-8"), &["--format", "json"], &[]);
    let notes = run.json()["apps"][0]["notes"].clone();
    let own = notes.as_array().expect("notes").iter();
    let own: Vec<_> = own
        .filter(|note| note["code"] == "note.unpublished-scope")
        .map(|note| note["line"].clone())
        .collect();
    assert_eq!(own, [7], "{notes}");
}

#[test]
fn lines_for_people_fit_the_terminal() {
    let (out, _) = begun("narrow");
    let token = [
        ("WHY401_TOKEN", TOKEN),
        ("DESK_TOKEN", TOKEN),
        ("REPORT_SECRET", CLIENT.1),
    ];
    let long = manifest(
        "long",
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'usr'\nfail-on = ['note.x']\nendpoints = ['GET /api/v2/routing/queues/{queueId}/estimatedwaittime/and/more/that/is/long']\n",
    );
    for path in [out.to_str(), long.to_str(), Some(EXAMPLE)] {
        for more in [&[][..], &["--lint"], &["-v"]] {
            let run = gate(path.expect("UTF-8"), more, &token);
            let wide = run.out.lines().filter(|line| line.chars().count() > 80);
            let wide: Vec<&str> = wide.filter(|line| !line.contains("$ ")).collect();
            assert!(wide.is_empty(), "{more:?}: {wide:#?}");
        }
    }
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
fn what_depends_on_a_case_says_on_which_and_what_to_write() {
    let text = "[[app]]\nname = 'a'\nprovider = 'github'\nkind = 'classic'\nscopes = ['public_repo']\nendpoints = ['POST /repos/{owner}/{repo}/issues']\n";
    let path = manifest("depends", text);
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &[], &[]);
    assert_eq!(run.code, 3, "{}", run.out);
    let told = unwrapped(&run.out);
    for words in [
        "in this case only: the repository is public",
        "`unknown = { scope = \"pass\" }` in the app",
        "get a token with `repo`",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    std::fs::write(path, format!("{text}unknown = {{ scope = \"pass\" }}\n")).expect("written");
    assert_eq!(gate(path, &[], &[]).code, 0, "what is advised is accepted");
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
    assert_eq!(gate(path, &[], &[]).code, 0);
    let (run, text, _) = init(
        "mixed-calls",
        &format!("{own}GET https://api.github.com/user/repos\n"),
    );
    assert!(run.err.contains("api.mine.example"), "{}", run.err);
    assert!(!text.contains("mine.example"), "{text}");
}

#[test]
fn nothing_is_judged_by_another_environments_values() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = ['users']\nendpoints = ['GET /api/v2/users/me']\n[app.env.staging]\nscopes = ['users']\n";
    let path = manifest("no-environment", text);
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &["--env", "stagin", "--app", "a"], &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.out.contains("its environments: staging"), "{}", run.out);
    assert!(!run.out.contains("users/me"), "{}", run.out);
}

#[test]
fn a_token_of_another_kind_than_the_declared_one_is_not_passed() {
    let with = |kind: &str, token: &str| {
        let text = format!(
            "[[app]]\nname = 'a'\nprovider = 'github'\ntoken-env = 'T'\nkind = '{kind}'\nscopes = ['repo', 'read:org']\npermissions = ['members:read']\nendpoints = ['GET /orgs/{{org}}/teams']\n"
        );
        let path = manifest("other-kind", &text);
        let format = ["--format", "json"];
        gate(path.to_str().expect("UTF-8"), &format, &[("T", token)])
    };
    let classic = "ghp_012345678901234567890123456789012345";
    let run = with("fine_grained_pat", classic);
    assert_eq!(run.code, 1, "{}", run.out);
    let checks = run.json()["apps"][0]["checks"].clone();
    assert_eq!(checks[1]["name"], "kind", "{checks}");
    assert_eq!(checks[1]["line"], 5);
    assert_eq!(checks[1]["offline"]["cause"]["code"], "token.type");
    assert!(run.out.contains("the kind `classic`"), "{}", run.out);
    assert!(!run.out.contains(classic));
    let run = with("classic", classic);
    assert_eq!(run.code, 0, "{}", run.out);
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
