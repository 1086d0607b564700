//! A manifest where the gate runs: which options it refuses, which token and which environment count, and what it says
//! where something is missing.

use crate::gate::{EXAMPLE, TOKEN, gate, manifest};
use crate::program::{run_with, unwrapped};
use crate::simulator::CLIENT;

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
