//! What the program writes and reads as files: faults of the output are told apart, nothing is written through a link or
//! over an input, and no pipe or device stands in for a file that says what to do.

use crate::program::{Run, run_in};
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const EVIDENCE: &str = "fixtures/inputs/ticket.har";

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("why401-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::copy(EVIDENCE, folder.join("in.har")).expect("evidence");
    folder
}

fn inside(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, arguments, None, &[])
}

fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo").success());
}

fn shell(script: &str, folder: &Path) -> (i32, String, String) {
    let script = script.replace("why401", env!("CARGO_BIN_EXE_why401"));
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(folder);
    let out = command.output().expect("bash runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        out.status.code().expect("an exit code"),
        text(out.stdout),
        text(out.stderr),
    )
}

/// Every command with its formats, each in its shortest form.
const COMMANDS: [&str; 14] = [
    "explain in.har",
    "explain in.har --format json",
    "explain in.har --format jsonl",
    "explain in.har --format markdown",
    "explain in.har --format sarif",
    "explain in.har --format junit",
    "explain in.har --format github",
    "explain in.har --summary",
    "check GET https://api.mypurecloud.com/api/v2/users/me --format json",
    "scrub in.har",
    "needs GET https://api.mypurecloud.com/api/v2/users/me",
    "tables list",
    "causes",
    "--help",
];

#[test]
fn a_full_disk_is_told_and_a_closed_pipe_is_not() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder("full");
    for command in COMMANDS {
        let (code, _, err) = shell(&format!("why401 {command} </dev/null >/dev/full"), &folder);
        assert_eq!(code, 2, "{command}: {err}");
        assert!(
            err.contains("standard output cannot be written"),
            "{command}: {err}"
        );
        let script = format!("(why401 {command} </dev/null; echo $? >code) | true; cat code");
        let (_, code, err) = shell(&script, &folder);
        assert!(
            ["0", "1", "3"].contains(&code.trim()),
            "{command}: {code} {err}"
        );
        // Scrub tells what it removed on standard error, whoever reads the rest.
        assert!(
            !err.contains("error") && !err.contains("panicked"),
            "{command}: {err}"
        );
    }
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn who_reads_no_further_ends_an_endless_reading() {
    let folder = folder("endless");
    let line = "{\"id\":\"1\",\"request\":{\"method\":\"GET\",\"url\":\"https://api.mypurecloud.com/api/v2/users/me\"},\"response\":{\"status\":401}}";
    let script = format!("yes '{line}' | timeout 60 why401 explain - --format jsonl | head -1");
    let (_, out, err) = shell(&script, &folder);
    assert!(out.starts_with('{') && out.ends_with("}\n"), "{out}{err}");
    assert!(!err.contains("why401"), "{err}");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_result_is_never_written_through_a_link_or_over_its_input() {
    let folder = folder("links");
    let before = fs::read(folder.join("in.har")).expect("evidence");
    fs::write(folder.join("precious"), "precious").expect("a file");
    symlink(folder.join("precious"), folder.join("link")).expect("a link");
    symlink(folder.join("nowhere"), folder.join("dangling")).expect("a link");
    symlink(folder.join("in.har"), folder.join("to-input")).expect("a link");
    fs::hard_link(folder.join("in.har"), folder.join("hard")).expect("a hard link");
    fifo(&folder.join("fifo"));
    fs::create_dir(folder.join("sub")).expect("a folder");
    for out in [
        "link",
        "dangling",
        "to-input",
        "hard",
        "in.har",
        "./in.har",
        "sub/../in.har",
        "fifo",
        "sub",
        "/dev/null",
        "/dev/stdout",
    ] {
        let run = inside(&folder, &["scrub", "in.har", "-o", out]);
        assert_eq!(run.code, 2, "{out}: {}{}", run.out, run.err);
        assert!(run.err.contains("error: "), "{out}");
    }
    for script in [
        "why401 scrub - -o in.har <in.har",
        "why401 scrub - -o hard <in.har",
        "why401 scrub in.har >>hard",
        "why401 scrub - <in.har >>in.har",
        "why401 scrub to-input -o in.har",
    ] {
        let (code, _, err) = shell(script, &folder);
        assert_eq!(code, 2, "{script}: {err}");
    }
    assert_eq!(fs::read(folder.join("in.har")).expect("evidence"), before);
    assert_eq!(
        fs::read_to_string(folder.join("precious")).expect("it"),
        "precious"
    );
    assert!(!folder.join("nowhere").exists());
    assert!(
        Path::new("/dev/null")
            .symlink_metadata()
            .is_ok_and(|meta| !meta.is_file())
    );

    // An older result is replaced whole, and keeps its rights; nothing else is left in the folder.
    fs::write(folder.join("out.har"), "older").expect("a file");
    fs::set_permissions(folder.join("out.har"), fs::Permissions::from_mode(0o640)).expect("rights");
    let run = inside(&folder, &["scrub", "in.har", "-o", "out.har"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let meta = fs::metadata(folder.join("out.har")).expect("written");
    assert!(meta.len() > 100 && meta.permissions().mode() & 0o777 == 0o640);
    let left = fs::read_dir(&folder).expect("a folder").flatten();
    assert!(
        !left
            .into_iter()
            .any(|entry| { entry.file_name().to_string_lossy().starts_with(".why401-") })
    );
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_table_that_is_written_spares_links_and_its_documents() {
    let folder = folder("import");
    let document = "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get:\n      security: [{o: [b]}]\n      responses: {}\ncomponents:\n  securitySchemes:\n    o: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://x.example/t', scopes: {b: b}}}}\n";
    fs::create_dir(folder.join("table")).expect("a folder");
    fs::write(folder.join("api.yaml"), document).expect("a document");
    let import = |files: &str| {
        inside(
            &folder,
            &[
                "tables",
                "import",
                "--kind",
                "openapi",
                "--provider",
                "x",
                "--reading",
                "any",
                "--reading-why",
                "it says so",
                "--out",
                "table",
                files,
            ],
        )
    };
    fs::hard_link(folder.join("api.yaml"), folder.join("table/rules.ndjson")).expect("a link");
    assert_eq!(import("api.yaml").code, 2);
    assert_eq!(
        fs::read_to_string(folder.join("api.yaml")).expect("it"),
        document
    );
    fs::remove_file(folder.join("table/rules.ndjson")).expect("removed");
    symlink(folder.join("api.yaml"), folder.join("table/rules.ndjson")).expect("a link");
    assert_eq!(import("api.yaml").code, 2);
    fs::remove_file(folder.join("table/rules.ndjson")).expect("removed");
    let run = import("api.yaml");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(folder.join("table/provider.toml").is_file());
    assert_eq!(
        fs::read_to_string(folder.join("api.yaml")).expect("it"),
        document
    );

    // A manifest is never written over, not even by a link to nowhere.
    symlink(folder.join("nowhere"), folder.join("why401.toml")).expect("a link");
    let run = inside(
        &folder,
        &["gate", "--init", "in.har", "--out", "why401.toml"],
    );
    assert_eq!(run.code, 2, "{}", run.out);
    fs::remove_file(folder.join("why401.toml")).expect("removed");
    fs::write(folder.join("why401.toml"), "mine").expect("a file");
    let run = inside(
        &folder,
        &["gate", "--init", "in.har", "--out", "why401.toml"],
    );
    assert_eq!(
        (run.code, run.err.contains("exists")),
        (2, true),
        "{}",
        run.err
    );
    assert_eq!(
        fs::read_to_string(folder.join("why401.toml")).expect("it"),
        "mine"
    );
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn pipes_devices_and_folders_are_no_tables_settings_or_manifests() {
    let folder = folder("odd");
    fifo(&folder.join("fifo.toml"));
    fifo(&folder.join("fifo.yaml"));
    fs::create_dir(folder.join("table")).expect("a folder");
    fifo(&folder.join("table/provider.toml"));
    fs::create_dir(folder.join("folder.toml")).expect("a folder");
    let check = "check GET https://api.mypurecloud.com/api/v2/users/me";
    for odd in ["fifo.toml", "/dev/zero", "folder.toml"] {
        for command in [
            format!("why401 --config {odd} {check}"),
            format!("why401 gate {odd}"),
            format!("why401 {check} --table {odd}"),
            format!("why401 {check} --table fifo.yaml"),
            format!("why401 {check} --table table"),
        ] {
            let (code, out, err) = shell(&format!("timeout 20 {command} </dev/null"), &folder);
            assert_eq!(code, 2, "{command}: {out}{err}");
            assert!(err.contains("error: "), "{command}: {err}");
        }
    }
    // What a project's files name is held to the same.
    fifo(&folder.join(".why401.toml"));
    let (code, _, err) = shell(&format!("timeout 20 why401 {check} </dev/null"), &folder);
    assert_eq!(code, 2);
    assert!(err.contains("pipe") && err.contains("settings"), "{err}");
    fs::remove_file(folder.join(".why401.toml")).expect("removed");
    fs::write(
        folder.join("why401.toml"),
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\ntoken-file = 'fifo.toml'\nendpoints = ['GET /api/v2/users/me']\n",
    )
    .expect("a manifest");
    let (code, _, err) = shell("timeout 20 why401 gate </dev/null", &folder);
    assert_eq!(code, 2, "{err}");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn evidence_and_tokens_come_through_pipes() {
    let folder = folder("pipes");
    let (code, out, err) = shell("why401 explain <(cat in.har) --format json", &folder);
    assert!(code != 2 && out.contains("\"verdict\""), "{err}");
    let (code, out, err) = shell("why401 scrub <(cat in.har) | wc -c", &folder);
    assert!(code == 0 && out.trim() != "0", "{err}");
    let script = "why401 token --token-file <(echo abc-def-opaque) --format json";
    let (code, out, err) = shell(script, &folder);
    assert!(code != 2 && out.contains("\"opaque\""), "{out}{err}");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_reader_that_went_away_before_the_first_line_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_why401"))
        .args(["explain", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("piped");
    let _ = stdin.write_all(b"HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer\n\n");
    drop(stdin);
    let code = child.wait().expect("it ends").code();
    let mut err = String::new();
    let read = child.stderr.take().expect("piped").read_to_string(&mut err);
    assert!(read.is_ok() && err.is_empty(), "{err}");
    assert!(matches!(code, Some(1 | 3)), "{code:?}");
}
