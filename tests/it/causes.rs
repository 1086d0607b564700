//! Every cause fires on its fixture and stays quiet on its twin.

use crate::program::{Run, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use why401_core::finding::ALL;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/causes")
}

/// The codes of causes; notes are said beside them.
fn codes() -> BTreeSet<String> {
    let causes = ALL.iter().filter(|cause| !cause.is_note());
    causes.map(|cause| cause.code.to_owned()).collect()
}

fn run_fixture(file: &Path) -> Run {
    let fixture: Value =
        serde_json::from_str(&std::fs::read_to_string(file).expect("a fixture")).expect("JSON");
    let mut arguments: Vec<&str> = fixture["args"]
        .as_array()
        .expect("args")
        .iter()
        .map(|a| a.as_str().expect("text"))
        .collect();
    arguments.extend(["--format", "json"]);
    let given = fixture["token"].as_str().or(fixture["input"].as_str());
    run(&arguments, given)
}

#[test]
fn every_cause_fires_on_its_fixture_and_stays_quiet_on_its_twin() {
    let folders = std::fs::read_dir(root()).expect("fixtures");
    let names = folders.map(|own| own.expect("an entry").file_name());
    let names: BTreeSet<String> = names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    assert_eq!(names, codes(), "a folder of fixtures a cause");
    for code in codes() {
        let folder = root().join(&code);
        let fires = run_fixture(&folder.join("fires.json"));
        assert_eq!(
            fires.cause().as_deref(),
            Some(code.as_str()),
            "{code} does not fire: {}",
            fires.out
        );
        let quiet = run_fixture(&folder.join("quiet.json"));
        assert!(
            !quiet.codes().contains(&code),
            "{code} fires on its twin: {}",
            quiet.out
        );
    }
}

#[test]
fn the_list_has_the_closed_set_and_prints_each_page() {
    let list = run(&["causes", "--format", "json"], None).json();
    let causes = list["causes"].as_array().expect("causes");
    let listed = causes.iter().filter(|own| own["note"] == false);
    let listed: BTreeSet<String> = listed
        .filter_map(|own| own["code"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(listed, codes());
    for cause in causes {
        let code = cause["code"].as_str().expect("code");
        let page = run(&["causes", code], None);
        assert!(
            page.code == 0 && page.out.starts_with(&format!("# {code}\n")),
            "{code}"
        );
    }
    let typo = run(&["causes", "scope.mising"], None);
    assert_eq!(typo.code, 2);
    assert!(typo.err.contains("scope.missing"), "{}", typo.err);
}
