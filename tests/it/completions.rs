//! What a shell is offered in place of the word under the cursor.

use crate::gate::manifest;
use crate::program::{run, run_with};
use std::process::Command;

/// What the program offers a shell that hands over words.
fn offered(shell: &str, words: &[&str]) -> Vec<String> {
    let words: Vec<&str> = ["--", "why401"].iter().chain(words).copied().collect();
    let run = run_with(&words, None, &[("WHY401_COMPLETE", shell)]);
    assert_eq!(run.code, 0, "{}", run.err);
    run.out.lines().map(str::to_owned).collect()
}

#[test]
fn scopes_are_those_of_the_provider_that_was_named() {
    let has = |words: &[&str], name: &str| offered("fish", words).iter().any(|own| own == name);
    let named = [
        "check",
        "GET",
        "/a",
        "--provider",
        "genesys-cloud",
        "--scope",
        "routing:",
    ];
    assert_eq!(offered("fish", &named), ["routing:readonly"]);
    let by_host = [
        "check",
        "https://api.mypurecloud.com/a",
        "--scope",
        "routing:",
    ];
    assert_eq!(offered("fish", &by_host), ["routing:readonly"]);
    let list = ["needs", "--provider=github", "--scope", "repo,read:o"];
    assert!(has(&list, "repo,read:org"), "{:?}", offered("fish", &list));
    let open = ["needs", "--provider=github", "--scope", "'repo read:o"];
    assert!(has(&open, "repo read:org"), "{:?}", offered("fish", &open));
    assert!(offered("fish", &["check", "GET", "/a", "--scope", "rou"]).is_empty());
    let kinds = ["token", "--provider", "genesys-cloud", "--token-kind", "g"];
    assert_eq!(offered("fish", &kinds), ["guest_chat"]);
    let permissions = [
        "check",
        "GET",
        "/a",
        "--provider",
        "genesys-cloud",
        "--permissions",
        "routing:queue:v",
    ];
    assert_eq!(offered("fish", &permissions), ["routing:queue:view"]);
}

#[test]
fn commands_options_providers_and_causes_are_offered() {
    for (words, name) in [
        (["che", ""], "check"),
        (["causes", "scope."], "scope.missing"),
        (["check", "--token-f"], "--token-file"),
        (["--provider", "genesys"], "genesys-cloud"),
        (["explain", "READ"], "README.md"),
    ] {
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let found = offered("fish", &words);
        assert!(
            found.iter().any(|own| own.split('\t').next() == Some(name)),
            "{words:?}: {found:?}"
        );
    }
}

/// What bash puts behind a line when Tab is pressed at its end.
fn in_bash(line: &str, last: &str) -> Vec<String> {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_why401"));
    let folder = program.parent().expect("a folder").display();
    let script = format!(
        "PATH=\"{folder}:$PATH\"\nsource <(why401 completions bash)\nCOMP_LINE=$1 COMP_POINT=${{#1}}\n_why401 why401 \"$2\" x\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\ncomplete -p why401 >/dev/null || exit 1"
    );
    let run = Command::new("bash")
        .args(["--norc", "-c", &script, "bash", line, last])
        .output()
        .expect("bash");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let out = String::from_utf8_lossy(&run.stdout);
    out.lines()
        .filter(|own| !own.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(unix)]
#[test]
fn bash_gets_the_part_behind_a_colon_and_the_whole_of_a_quoted_list() {
    let start = "why401 check GET https://api.mypurecloud.com/api/v2/users --scope ";
    assert_eq!(in_bash(&format!("{start}routing:re"), "re"), ["readonly"]);
    assert_eq!(
        in_bash(&format!("{start}'users routing:re"), "users routing:re"),
        ["users routing:readonly"]
    );
    assert_eq!(
        in_bash("why401 check GET /a --provider genesys-cl", "genesys-cl"),
        ["genesys-cloud"]
    );
    assert!(in_bash(start, "").len() > 50);
}

#[test]
fn each_shell_has_a_script_that_asks() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell"] {
        let script = run(&["completions", shell], None).out;
        assert!(script.contains("WHY401_COMPLETE"), "{shell}: {script}");
    }
    // Nushell's script has the options, and asks for values.
    let nushell = run(&["completions", "nushell"], None).out;
    assert!(nushell.contains("--token-file") && !nushell.contains("asked-for"));
    let line = "why401 check GET /a --provider genesys-cloud --scope routing:";
    let run = run_with(&["--", line], None, &[("WHY401_COMPLETE", "nushell")]);
    assert_eq!(run.out, "routing:readonly\n");
    // PowerShell loses an empty word: the script says how many there are.
    let words = ["--", "why401", "causes"];
    let run = run_with(&words, None, &[("WHY401_COMPLETE", "powershell:2")]);
    assert!(run.out.contains("scope.missing"), "{}", run.out);
}

#[test]
fn apps_and_environments_are_those_of_the_manifest() {
    let text = "[[app]]\nname = 'desk'\nendpoints = ['GET /a']\n[app.env.staging]\nregion = 'x'\n[[app]]\nname = 'report'\nendpoints = ['GET /a']\n[app.env.production]\nregion = 'x'\n";
    let path = manifest("completions", text).display().to_string();
    let of = |more: &[&str]| offered("fish", &[&["gate", &path], more].concat());
    assert_eq!(of(&["--env", "st"]), ["staging"]);
    assert_eq!(of(&["--app", "de"]), ["desk"]);
    assert_eq!(of(&["--send-to", "re"]), ["report="]);
    let none = ["gate", "no-such.toml", "--env", "st"];
    assert!(offered("fish", &none).is_empty());
}
