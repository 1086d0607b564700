//! What the packages promise, as far as it can be tried without the registries.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("packaging-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// What a command printed, where it ended well.
fn run(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str], within: &Path) -> String {
    let out = Command::new(program.as_ref())
        .args(arguments)
        .current_dir(within)
        .output();
    let out = out.unwrap_or_else(|e| panic!("{}: {e}", program.as_ref().display()));
    let err = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{arguments:?}: {err}");
    String::from_utf8(out.stdout).expect("UTF-8")
}

fn pages(within: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("docs").join(within)).expect("docs");
    let names = entries.map(|entry| {
        entry
            .expect("a file")
            .file_name()
            .into_string()
            .expect("UTF-8")
    });
    names
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|ending| ending == "md")
                && name != "SUMMARY.md"
        })
        .map(|name| format!("{within}{name}"))
        .collect()
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    let rest = text.split("](").skip(1);
    rest.filter_map(|rest| rest.split([')', '#']).next())
}

#[test]
fn the_book_has_every_page_once() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).expect("the summary");
    let named: Vec<String> = links(&summary).map(str::to_owned).collect();
    let every: BTreeSet<String> = pages("").union(&pages("causes/")).cloned().collect();
    assert_eq!(named.iter().cloned().collect::<BTreeSet<_>>(), every);
    assert_eq!(named.len(), every.len(), "a page is named twice");
}

#[test]
fn the_pages_of_the_book_link_to_what_is_there() {
    for page in pages("").union(&pages("causes/")) {
        let path = root().join("docs").join(page);
        let text = std::fs::read_to_string(&path).expect("a page");
        let prose: String = text.split("```").step_by(2).collect();
        let own = links(&prose).filter(|link| !link.is_empty() && !link.contains("://"));
        for link in own.filter(|link| !link.contains(char::is_whitespace)) {
            let to = path.parent().expect("a folder").join(link);
            assert!(to.exists(), "{page} links to {link}");
        }
    }
}

#[test]
#[cfg(unix)]
fn every_package_has_the_programs_version() {
    let script = root().join("packaging/versions.sh");
    run(&script, &[env!("CARGO_PKG_VERSION")], root());
    let other = Command::new(&script).arg("99.0.0").output().expect("bash");
    assert!(!other.status.success());
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that skips says so")]
#[cfg(unix)]
fn the_formula_is_filled_from_the_checksums_of_a_release() {
    let folder = folder("formula");
    let targets = [
        "aarch64-apple-darwin",
        "x86_64-apple-darwin",
        "aarch64-unknown-linux-musl",
        "x86_64-unknown-linux-musl",
    ];
    for (number, target) in targets.iter().enumerate() {
        let name = format!("why401-v1.2.3-{target}.tar.gz");
        let sum = number.to_string().repeat(64);
        std::fs::write(
            folder.join(format!("{name}.sha256")),
            format!("{sum}  {name}\n"),
        )
        .expect("a file");
    }
    let script = root().join("packaging/homebrew/fill.sh");
    let formula = run(
        &script,
        &["v1.2.3", folder.to_str().expect("UTF-8")],
        root(),
    );
    assert!(!formula.contains('@'), "{formula}");
    for (number, target) in targets.iter().enumerate() {
        let after = formula.split(target).nth(1).unwrap_or_default();
        assert!(after.contains(&number.to_string().repeat(64)), "{target}");
    }
    let path = folder.join("why401.rb");
    std::fs::write(&path, &formula).expect("a file");
    match Command::new("ruby").arg("-c").arg(&path).output() {
        Ok(out) => assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        ),
        Err(_) => println!("skipped: the syntax was not checked, there is no ruby"),
    }
    std::fs::remove_file(folder.join("why401-v1.2.3-x86_64-apple-darwin.tar.gz.sha256"))
        .expect("a file");
    let missing = Command::new(&script)
        .args(["v1.2.3"])
        .arg(&folder)
        .output()
        .expect("bash");
    assert!(!missing.status.success());
}

#[test]
fn a_release_is_published_after_everything_was_tried_attached_and_attested() {
    let text =
        std::fs::read_to_string(root().join(".github/workflows/release.yml")).expect("a workflow");
    let workflow: serde_json::Value = serde_saphyr::from_str(&text).expect("YAML");
    let jobs = &workflow["jobs"];
    for first in ["test", "page", "wheels"] {
        assert_eq!(jobs[first]["needs"], "draft");
    }
    assert_eq!(jobs["build"]["needs"], "page");
    assert_eq!(
        jobs["attach"]["needs"],
        serde_json::json!(["test", "build", "wheels"])
    );
    assert_eq!(jobs["publish"]["needs"], "attach");
    assert!(jobs["draft"].to_string().contains("--draft"));
    for built in ["build", "wheels", "attach"] {
        assert!(
            jobs[built].to_string().contains("attest-build-provenance"),
            "{built}"
        );
    }
    let publishing = [
        "cargo publish",
        "npm publish",
        "docker push",
        "--draft=false",
    ];
    for (name, job) in jobs.as_object().expect("jobs") {
        let publishes = publishing.iter().any(|word| job.to_string().contains(word));
        assert_eq!(publishes, name == "publish", "{name}");
    }
}

#[test]
#[ignore = "wants Node"]
fn the_packages_of_npm_are_packed_installed_and_run() {
    let folder = folder("npm");
    let platform = run(
        "node",
        &["-p", "process.platform + '-' + process.arch"],
        root(),
    );
    let pair = format!("{}={}", platform.trim(), env!("CARGO_BIN_EXE_why401"));
    let out = folder.to_str().expect("UTF-8");
    run(
        "node",
        &["packaging/npm/pack.mjs", "0.1.0", out, &pair],
        root(),
    );
    let own = format!("./why401-{}-0.1.0.tgz", platform.trim());
    run("npm", &["init", "-y"], &folder);
    // Without the registry: the other platforms' packages are optional, and this one is given.
    run(
        "npm",
        &[
            "install",
            "--offline",
            "--no-audit",
            "--no-fund",
            &own,
            "./why401-0.1.0.tgz",
        ],
        &folder,
    );
    let version = run("npx", &["--offline", "why401", "--version"], &folder);
    assert_eq!(
        version.trim(),
        format!("why401 {}", env!("CARGO_PKG_VERSION"))
    );
    let har = root().join("fixtures/inputs/ticket.har");
    let explained = Command::new("npx")
        .args(["--offline", "why401", "explain"])
        .arg(&har)
        .current_dir(&folder)
        .output()
        .expect("npx");
    assert_eq!(explained.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&explained.stdout).contains("permission.missing"));
}
