//! The vendors' documents kept beside the project, read again: every row comes out as it is shipped.

use crate::shared::shared;
use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Providers, and where the documents are from which their rows were made.
const DOCUMENTS: [(&str, &str); 22] = [
    ("asana", "newer/asana"),
    ("atlassian", "jira"),
    ("azure-devops", "newer/azure-devops"),
    ("cloudflare-api", "newer/cloudflare"),
    ("datadog", "newer/datadog"),
    // Beside the whole document lie single parts of it.
    ("digitalocean", "digitalocean/specification.tar.gz"),
    ("discord", "discord"),
    ("dropbox", "newer/dropbox"),
    ("figma", "newer/figma"),
    ("genesys-cloud", "genesys-cloud"),
    ("google", "google"),
    ("hubspot", "newer/hubspot"),
    ("linode", "newer/linode"),
    ("msgraph", "msgraph"),
    ("okta", "okta"),
    ("pagerduty", "newer/pagerduty"),
    ("sentry", "newer/sentry"),
    ("spotify", "spotify"),
    ("square", "newer/square"),
    ("vimeo", "newer/vimeo"),
    ("xero", "xero"),
    ("zoom", "newer/zoom"),
];

/// Tables that were made from more or other documents than those kept here: what may differ.
const FEWER: [(&str, &str); 1] = [("google", "nine of the 610 documents are kept here")];

/// The script and the tables in a folder of their own, with a stand-in for `cargo`.
fn repository() -> PathBuf {
    let root = std::env::temp_dir().join(format!("why401-reimport-{}", std::process::id()));
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["scripts", "target/debug", "bin", "given"] {
        std::fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    std::fs::copy(own.join("scripts/refresh"), root.join("scripts/refresh")).expect("a script");
    symlink(
        env!("CARGO_BIN_EXE_why401"),
        root.join("target/debug/why401"),
    )
    .expect("a link");
    std::fs::write(root.join("bin/cargo"), "#!/bin/sh\nexit 0\n").expect("a stand-in");
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(root.join("bin/cargo"), runs).expect("it runs");
    for (provider, place) in DOCUMENTS {
        let table = root.join("tables").join(provider);
        std::fs::create_dir_all(&table).expect("a folder");
        for file in ["provider.toml", "rules.ndjson"] {
            std::fs::copy(
                own.join("tables").join(provider).join(file),
                table.join(file),
            )
            .expect("a table");
        }
        let place = shared(&format!("sources/{place}")).expect("documents");
        let place = place.canonicalize().expect("a path");
        let given = root.join("given").join(provider);
        if place.is_dir() {
            symlink(place, given).expect("a link");
        } else {
            std::fs::create_dir_all(&given).expect("a folder");
            let name = place.file_name().expect("a name").to_owned();
            symlink(place, given.join(name)).expect("a link");
        }
    }
    root
}

#[test]
#[expect(clippy::print_stdout, reason = "the outcome is listed")]
fn every_document_kept_beside_the_project_gives_the_shipped_rows() {
    if shared("sources/newer").is_none() {
        return;
    }
    let root = repository();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("python3")
        .args(["scripts/refresh", "--from", "given"])
        .current_dir(&root)
        .env("PATH", format!("{}:{path}", root.join("bin").display()))
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{failed}");
    let _ = std::fs::remove_dir_all(&root);
    let titles = said.lines().filter_map(|line| line.strip_prefix("## "));
    let outcomes: BTreeMap<&str, &str> = titles.filter_map(|line| line.split_once(": ")).collect();
    for (provider, _) in DOCUMENTS {
        let outcome = outcomes
            .get(provider)
            .unwrap_or_else(|| panic!("{provider} was not read: {said}"));
        println!("{provider}: {outcome}");
        let counts: Vec<&str> = outcome.split(", ").collect();
        let fewer = FEWER.iter().find(|(id, _)| *id == provider);
        let same = counts.iter().all(|count| {
            count.starts_with("0 ")
                || count.ends_with(" the same")
                || fewer.is_some() && count.ends_with(" removed")
        });
        assert!(same, "{provider}: {outcome}\n{said}");
        if let Some((_, why)) = fewer {
            println!("{provider}: {why}");
        }
    }
}
