//! Environments of a manifest: the lint reads them all, and an app without the one that was asked for says so.

use crate::gate::{gate, manifest};
use crate::program::unwrapped;

const APP: &str = "provider = \"github\"\nkind = \"classic\"\nscopes = [\"read:user\"]\nendpoints = [\"GET /user\"]\n";

fn written(name: &str, environments: &str) -> String {
    let text =
        format!("[[app]]\nname = \"one\"\n{APP}{environments}\n[[app]]\nname = \"two\"\n{APP}");
    manifest(name, &text).display().to_string()
}

#[test]
fn the_lint_reads_what_stands_in_an_environment_only() {
    let good =
        "[app.env.staging]\nscopes = [\"repo\"]\n[app.env.production]\nscopes = [\"user\"]\n";
    let lint = gate(&written("environments-good", good), &["--lint"], &[]);
    assert_eq!(lint.code, 0, "{}", lint.out);
    for (name, own, code, told) in [
        ("key", "scope = [\"repo\"]", 2, "did you mean `scopes`?"),
        ("scope", "scopes = [\"reop\"]", 3, "Did you mean `repo`?"),
        ("kind", "kind = \"clasic\"", 2, "did you mean classic?"),
        (
            "call",
            "endpoints = [\"GET /usr\"]",
            3,
            "is not a published operation",
        ),
    ] {
        let text = format!("[app.env.staging]\n{own}\n[app.env.production]\n{own}\n");
        let path = written(&format!("environments-{name}"), &text);
        let lint = gate(&path, &["--lint"], &[]);
        let said = unwrapped(&lint.out);
        assert_eq!(lint.code, code, "{own}: {said}");
        assert!(said.contains(told), "{own}: {said}");
        // Each with its own line; of one environment only its own.
        let lines = |more: &[&str]| {
            let run = gate(
                &path,
                &[&["--lint", "--format", "json"], more].concat(),
                &[],
            );
            let read = run.json().to_string();
            [8, 10].map(|line| read.contains(&format!("\"line\":{line},")))
        };
        assert_eq!(lines(&[]), [true, true], "{own}");
        assert_eq!(lines(&["--env", "staging"]), [true, false], "{own}");
    }
}

#[test]
fn a_mistyped_environment_is_seen_by_the_lint() {
    let text = "[app.env.production]\nscopes = [\"user\"]\n[app.env.stagng]\nscopes = [\"user\"]\n";
    let text = format!(
        "[[app]]\nname = \"one\"\n{APP}{text}\n[[app]]\nname = \"two\"\n{APP}[app.env.staging]\nkind = \"classic\"\n"
    );
    let path = manifest("environments-name", &text).display().to_string();
    let said = unwrapped(&gate(&path, &["--lint"], &[]).out);
    assert!(said.contains("no environment `staging`"), "{said}");
    assert!(said.contains("Did you mean `stagng`?"), "{said}");
}

#[test]
fn an_app_without_the_environment_says_by_what_it_is_judged() {
    let own = "[app.env.staging]\nscopes = [\"repo\", \"user\"]\n";
    let path = written("environments-lacks", own);
    for (environment, notes) in [("staging", 1), ("nowhere", 0)] {
        let run = gate(&path, &["--env", environment], &[]);
        let said = unwrapped(&run.out);
        let told = format!("The app has no environment `{environment}`");
        assert_eq!(said.matches(&told).count(), notes, "{said}");
        assert_eq!(run.code, if notes == 1 { 0 } else { 2 }, "{said}");
    }
    let plain = unwrapped(&gate(&path, &[], &[]).out);
    assert!(!plain.contains("no environment"), "{plain}");
    // What the whole manifest says of the environment holds for every app.
    let text = format!("[env.staging]\nscopes = [\"user\"]\n[[app]]\nname = \"two\"\n{APP}");
    let path = manifest("environments-all", &text).display().to_string();
    let said = unwrapped(&gate(&path, &["--env", "staging"], &[]).out);
    assert!(!said.contains("no environment"), "{said}");
}

#[test]
fn a_variable_that_is_set_and_empty_is_empty() {
    let text = format!("[[app]]\nname = \"one\"\ntoken-env = \"OWN_TOKEN\"\n{APP}");
    let path = manifest("environments-empty", &text).display().to_string();
    for (environment, told) in [
        (&[("OWN_TOKEN", "")][..], "`OWN_TOKEN` is empty"),
        (&[], "`OWN_TOKEN` is not set"),
    ] {
        for more in [&[][..], &["--online"]] {
            let said = unwrapped(&gate(&path, more, environment).out);
            assert!(said.contains(told), "{more:?}: {said}");
        }
    }
}
