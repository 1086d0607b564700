//! Memory is bounded by what is worked on at a time, and not by the evidence (Linux, whose `/proc` tells it).

use serde_json::json;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Refused requests, as records with an id and a time of their own.
fn records(count: usize) -> String {
    let lines = (0..count).map(|number| {
        let body = json!({"message": "You must have at least one of the following permissions assigned: [routing:queue:view]", "code": "missing.any.permissions", "contextId": format!("{number:032x}")});
        let record = json!({
            "id": format!("case-{number}"),
            "request": {"method": "GET", "url": format!("https://api.mypurecloud.com/api/v2/routing/queues/{number}"), "headers": {"Authorization": "Bearer <redacted>"}},
            "response": {"status": 403, "body": body.to_string()},
        });
        format!("{record}\n")
    });
    lines.collect()
}

/// The most memory that a process has had, in bytes.
fn peak(process: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The most memory of a run that writes an answer for each record, seen while it waits for its reader.
fn most(folder: &Path, count: usize) -> (usize, usize) {
    let path = folder.join(format!("{count}.ndjson"));
    std::fs::write(&path, records(count)).expect("the records are written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_why401"))
        .args([
            "explain",
            "--no-config",
            "--offline",
            "--jobs",
            "2",
            "--format",
            "json",
        ])
        .arg(&path)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut out = child.stdout.take().expect("a pipe");
    let (mut most, mut read, mut part) = (0, 0, vec![0; 64 * 1024]);
    loop {
        most = most.max(peak(child.id()).unwrap_or(0));
        match out.read(&mut part).expect("the answer is read") {
            0 => break,
            length => read += length,
        }
    }
    assert_eq!(child.wait().expect("the program ends").code(), Some(1));
    (most, read)
}

#[test]
fn answers_that_are_written_at_once_do_not_pile_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let (few, _) = most(folder.path(), 300);
    let (many, written) = most(folder.path(), 5_000);
    assert!(few > 0, "no memory was seen");
    assert!(written > 15_000_000, "{written} bytes were written");
    let grown = many.saturating_sub(few) / 1_000_000;
    assert!(grown < 18, "{grown} MB more for 5,000 records than for 300");
}
