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
fn what_only_environments_name_makes_one_of_them_due() {
    let credential = "[app.env.staging]\ntoken-env = \"S\"\n[app.env.prod]\ntoken-env = \"P\"\n";
    let path = written("environments-due", credential);
    let held = [
        ("S", "sim-token-0123456789abcdef"),
        ("WHY401_TOKEN", "sim-token-0123456789abcdef"),
    ];
    for more in [&[][..], &["--online"]] {
        let run = gate(&path, more, &held);
        let said = unwrapped(&run.out);
        assert_eq!(run.code, 2, "{said}");
        assert!(
            said.contains("its credential is named in environments only"),
            "{said}"
        );
        assert!(said.contains("--env staging, --env prod"), "{said}");
    }
    let chosen = gate(&path, &["--env", "staging"], &held);
    assert_ne!(chosen.code, 2, "{}{}", chosen.out, chosen.err);
    assert_ne!(gate(&path, &["--lint"], &[]).code, 2);
    // Where the whole manifest's environments name it, each app is meant; by table alone, no region is due.
    let text = "[env.eu]\nregion = \"eu-central-1\"\n[[app]]\nname = \"one\"\nprovider = \"genesys-cloud\"\nkind = \"user\"\ntoken-env = \"S\"\nscopes = [\"routing\"]\npermissions = [\"routing:queue:view\"]\nendpoints = [\"GET /api/v2/routing/queues\"]\n";
    let path = manifest("environments-region", text).display().to_string();
    assert_eq!(gate(&path, &[], &held).code, 0);
    let said = unwrapped(&gate(&path, &["--online"], &held).out);
    assert!(
        said.contains("its region is named in environments only"),
        "{said}"
    );
    assert!(said.contains("--env eu"), "{said}");
}

#[test]
fn an_environment_that_is_not_there_has_no_line_and_an_unasked_one_no_note() {
    let own = "[app.env.staging]\nscopes = [\"user\"]\n";
    let text = format!(
        "[[app]]\nname = \"one\"\n{APP}{own}[[app]]\nname = \"two\"\n{APP}[app.env.prod]\nkind = \"classic\"\n"
    );
    let path = manifest("environments-line", &text).display().to_string();
    let wrong = unwrapped(&gate(&path, &["--env", "production"], &[]).out);
    assert!(
        !wrong.contains("line 1") && wrong.contains("no environment of the name"),
        "{wrong}"
    );
    assert!(wrong.contains("its environments: prod, staging"), "{wrong}");
    let near = unwrapped(&gate(&path, &["--env", "stagin"], &[]).out);
    assert!(near.contains("did you mean `staging`?"), "{near}");
    let lint = unwrapped(&gate(&path, &["--lint"], &[]).out);
    assert!(!lint.contains("has no environment"), "{lint}");
    let named = unwrapped(&gate(&path, &["--lint", "--env", "prod"], &[]).out);
    assert!(named.contains("has no environment `prod`"), "{named}");
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
