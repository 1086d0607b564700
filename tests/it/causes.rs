//! Every cause that can fire does so on one fixture and stays quiet on its twin.

use crate::program::{Run, run};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/causes");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("fixtures")
        .map(|e| e.expect("an entry").path())
        .collect();
    folders.sort();
    folders
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
fn causes_fire_and_stay_quiet() {
    let folders = folders();
    assert!(folders.len() == 37, "fixtures are missing");
    for folder in folders {
        let code = folder
            .file_name()
            .expect("a name")
            .to_str()
            .expect("UTF-8")
            .to_owned();
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
    assert_eq!(causes.iter().filter(|c| c["note"] == false).count(), 37);
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
