//! The shell steps of docs/ci.md and of the action, run as a CI runs them.
#![cfg(target_os = "linux")]

use crate::gate::TOKEN;
use crate::simulator::CLIENT;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A checkout with the example's manifest.
fn checkout(name: &str) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ci-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::copy("fixtures/example/why401.toml", folder.join("why401.toml"))
        .expect("the manifest");
    folder
}

fn shell(folder: &Path, script: &str, environment: &[(&str, &str)]) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_why401"))
        .parent()
        .expect("a folder");
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.display());
    Command::new("bash")
        .args(["-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .envs(environment.iter().copied())
        .output()
        .expect("bash")
}

const GOOD: [(&str, &str); 2] = [("DESK_TOKEN", TOKEN), ("REPORT_SECRET", CLIENT.1)];
const BAD: [(&str, &str); 2] = [("DESK_TOKEN", "undefined"), ("REPORT_SECRET", CLIENT.1)];

/// The lines of a section of the page that are shell.
fn steps(section: &str, is_step: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let page = include_str!("../../docs/ci.md");
    let (_, rest) = page
        .split_once(&format!("## {section}\n"))
        .expect("the section");
    let section = rest.split("\n## ").next().expect("its text");
    section.lines().filter_map(is_step).collect()
}

#[test]
fn the_steps_for_gitlab_write_a_report_and_pass_on_the_code() {
    let list = steps("GitLab CI", |line| {
        line.trim()
            .strip_prefix("- why401 ")
            .map(|rest| format!("why401 {rest}"))
            .or_else(|| {
                line.trim()
                    .strip_prefix("- code=")
                    .map(|rest| format!("code={rest}"))
            })
    });
    assert_eq!(list.len(), 2, "{list:?}");
    for (environment, code) in [(GOOD, 0), (BAD, 1)] {
        let folder = checkout("gitlab");
        let mut ended = None;
        for step in &list {
            ended = Some(shell(&folder, step, &environment));
        }
        let ended = ended.expect("steps");
        assert_eq!(
            ended.status.code(),
            Some(code),
            "{}",
            String::from_utf8_lossy(&ended.stdout)
        );
        let report = std::fs::read_to_string(folder.join("why401.xml")).expect("the report");
        assert!(report.contains("<testsuite name=\"desk\""), "{report}");
    }
}

#[test]
fn the_step_for_jenkins_writes_a_report_and_fails_the_stage() {
    let list = steps("Jenkins", |line| {
        Some(
            line.trim()
                .strip_prefix("sh '")?
                .strip_suffix('\'')?
                .to_owned(),
        )
    });
    let [step] = list.as_slice() else {
        panic!("{list:?}");
    };
    for (environment, code) in [(GOOD, 0), (BAD, 1)] {
        let folder = checkout("jenkins");
        assert_eq!(shell(&folder, step, &environment).status.code(), Some(code));
        assert!(folder.join("why401.xml").exists());
    }
}

#[test]
fn the_actions_step_annotates_writes_sarif_and_gives_its_code() {
    let script = concat!("bash ", env!("CARGO_MANIFEST_DIR"), "/scripts/gate.sh");
    let nowhere = [("ENVIRONMENT", "nowhere")];
    for (own, place, code) in [(GOOD, &[][..], 0), (BAD, &[], 1), (GOOD, &nowhere, 2)] {
        let folder = checkout("action");
        let more = [
            ("APPS", "desk"),
            ("SARIF", "why401.sarif"),
            ("GITHUB_OUTPUT", "output"),
        ];
        let environment: Vec<_> = own
            .into_iter()
            .chain(more)
            .chain(place.iter().copied())
            .collect();
        let output = shell(&folder, script, &environment);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(
            said.contains("::error file=why401.toml,line="),
            code != 0,
            "{said}"
        );
        let sarif = std::fs::read_to_string(folder.join("why401.sarif")).expect("the SARIF");
        assert!(sarif.contains("\"version\": \"2.1.0\""));
        let told = std::fs::read_to_string(folder.join("output")).expect("the output");
        assert!(told.ends_with(&format!("exit-code={code}\n")), "{told}");
    }
}

#[test]
fn a_released_binary_is_taken_only_with_its_checksum() {
    let folder = checkout("install");
    let place = folder.join("releases/v9.9.9");
    std::fs::create_dir_all(&place).expect("a folder");
    let release = "cd releases/v9.9.9 && a=why401-v9.9.9-$(uname -m)-unknown-linux-musl.tar.gz && printf '#!/bin/sh\\necho taken\\n' > why401 && chmod +x why401 && tar -czf $a why401 && sha256sum $a > $a.sha256";
    let made = shell(&folder, release, &[]);
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let releases = format!("file://{}", folder.join("releases").display());
    let install = concat!(
        "bash ",
        env!("CARGO_MANIFEST_DIR"),
        "/scripts/install.sh v9.9.9 . into"
    );
    let environment = [("WHY401_RELEASES", releases.as_str())];
    let taken = shell(&folder, &format!("{install} && into/why401"), &environment);
    let said = String::from_utf8_lossy(&taken.stdout).into_owned();
    assert_eq!(
        said,
        "into\ntaken\n",
        "{}",
        String::from_utf8_lossy(&taken.stderr)
    );
    let spoil = "for f in releases/v9.9.9/*.tar.gz; do printf x >> $f; done; rm -r into";
    assert!(shell(&folder, spoil, &[]).status.success());
    assert!(!shell(&folder, install, &environment).status.success());
}

#[test]
fn the_hooks_entries_are_commands_of_this_program() {
    let hooks = include_str!("../../.pre-commit-hooks.yaml");
    let entries: Vec<&str> = hooks
        .lines()
        .filter_map(|l| l.trim().strip_prefix("entry: "))
        .collect();
    assert_eq!(entries.len(), 2);
    let folder = checkout("hooks");
    for entry in entries {
        let output = shell(&folder, entry, &[]);
        assert!(
            output.status.success(),
            "{entry}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// The YAML blocks of a page.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    let blocks = page.split("```yaml\n").skip(1);
    blocks.map(|rest| rest.split("```").next().expect("a block"))
}

/// The YAML blocks of the page about pipelines.
fn examples() -> Vec<serde_json::Value> {
    blocks(include_str!("../../docs/ci.md"))
        .map(|text| serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}")))
        .collect()
}

#[test]
fn every_example_is_sound_and_names_the_credentials_of_the_example_project() {
    let all = examples();
    let azure = all.iter().find(|own| own["steps"][0]["script"].is_string());
    let azure = azure.expect("Azure Pipelines");
    assert_eq!(azure["steps"][2]["task"], "PublishTestResults@2");
    let circle = all.iter().find(|own| own["version"] == 2.1);
    let circle = circle.expect("CircleCI");
    let steps = &circle["jobs"]["credentials"]["steps"];
    assert_eq!(steps[3]["store_test_results"]["path"], "results");
    let scripts = [
        azure["steps"][1]["script"].as_str(),
        steps[2]["run"].as_str(),
    ];
    for script in scripts {
        let script = script.expect("a script");
        for (environment, code) in [(GOOD, 0), (BAD, 1)] {
            let ended = shell(&checkout("pipelines"), script, &environment);
            assert_eq!(ended.status.code(), Some(code), "{script}");
        }
    }
}

#[test]
fn the_action_has_an_icon_that_github_knows() {
    let text = include_str!("../../action.yml");
    let action: serde_json::Value = serde_saphyr::from_str(text).expect("YAML");
    let known = ["check-circle", "lock", "shield", "unlock", "user-check"];
    let icon = action["branding"]["icon"].as_str().expect("an icon");
    assert!(known.contains(&icon), "{icon}");
    assert_eq!(action["runs"]["using"], "composite");
}

#[test]
fn recipes_need_no_release_and_know_the_actions_inputs() {
    let action: serde_json::Value =
        serde_saphyr::from_str(include_str!("../../action.yml")).expect("YAML");
    let pages = [
        include_str!("../../docs/ci.md"),
        include_str!("../../README.md"),
    ];
    let mut steps = 0;
    for block in pages.into_iter().flat_map(blocks) {
        for line in block.lines() {
            let now = line.split(" #").next().expect("a line");
            let released = now.contains("v0.") || now.contains("install --locked why401");
            assert!(!released, "{line}");
        }
        let value: serde_json::Value = serde_saphyr::from_str(block).expect("YAML");
        let jobs = value["jobs"].as_object().into_iter().flatten();
        let steps_of = |job: &serde_json::Value| job["steps"].as_array().cloned();
        let jobs: Vec<_> = jobs
            .filter_map(|(_, job)| steps_of(job))
            .flatten()
            .collect();
        let all = jobs.iter().chain(value.as_array().into_iter().flatten());
        let uses = |own: &serde_json::Value| {
            let uses = own["uses"].as_str();
            uses.is_some_and(|uses| uses.starts_with("why401/"))
        };
        for step in all.filter(|own| uses(own)) {
            steps += 1;
            for (name, input) in action["inputs"].as_object().expect("inputs") {
                assert!(input["description"].is_string(), "{name}");
                let read = format!("${{{{ inputs.{name} }}}}");
                assert!(include_str!("../../action.yml").contains(&read), "{name}");
            }
            for name in step["with"].as_object().expect("inputs").keys() {
                assert!(action["inputs"][name].is_object(), "{name}");
            }
        }
    }
    assert_eq!(steps, 4, "docs/ci.md and the README");
}

#[test]
fn the_page_lists_the_actions_inputs_as_the_action_has_them() {
    let action: serde_json::Value =
        serde_saphyr::from_str(include_str!("../../action.yml")).expect("YAML");
    let inputs = action["inputs"].as_object().expect("inputs");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let wanted: std::collections::BTreeSet<String> = inputs
        .iter()
        .map(|(name, own)| {
            let default = match text(&own["default"]).as_str() {
                "" => String::new(),
                default => format!("`{default}` "),
            };
            format!("| `{name}` | {default}| {} |", text(&own["description"]))
        })
        .collect();
    let page = include_str!("../../docs/ci.md");
    let (_, table) = page
        .split_once("| input | default | means |")
        .expect("a table");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let rows: std::collections::BTreeSet<String> = rows.map(str::to_owned).collect();
    assert_eq!(rows, wanted);
    let codes = text(&action["outputs"]["exit-code"]["description"]);
    assert!(page.contains(&format!("the code of the gate: {codes}.")));
}

#[test]
fn the_manifest_with_environments_is_read_and_asks_for_one() {
    let page = include_str!("../../docs/ci.md");
    let (_, rest) = page
        .split_once("### Staging and production")
        .expect("a section");
    let (_, rest) = rest.split_once("```toml\n").expect("a manifest");
    let (manifest, _) = rest.split_once("```").expect("its end");
    let folder = checkout("environments");
    let file = folder.join("why401.toml");
    std::fs::write(&file, manifest).expect("written");
    let file = file.to_str().expect("UTF-8");
    let lint = crate::gate::gate(file, &["--lint"], &[]);
    assert_eq!(lint.code, 0, "{}{}", lint.out, lint.err);
    let none = crate::gate::gate(file, &[], &[]);
    assert_eq!(none.code, 2, "{}", none.out);
    for (env, secret) in [
        ("staging", "REPORT_STAGING_SECRET"),
        ("production", "REPORT_PRODUCTION_SECRET"),
    ] {
        let more = ["--env", env];
        let run = crate::gate::gate(file, &more, &[(secret, "a-client-secret-0123")]);
        assert_eq!(run.code, 0, "{env}: {}", run.out);
    }
}
