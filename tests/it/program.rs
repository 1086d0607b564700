//! Runs the built program with a clean environment.

use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a run came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|e| panic!("no JSON ({e}): {}{}", self.out, self.err))
    }

    /// The first diagnosis.
    pub(crate) fn diagnosis(&self) -> Value {
        self.json()["diagnoses"][0].clone()
    }

    pub(crate) fn cause(&self) -> Option<String> {
        self.diagnosis()["cause"]["code"]
            .as_str()
            .map(str::to_owned)
    }

    /// The codes of all findings.
    pub(crate) fn codes(&self) -> Vec<String> {
        let diagnosis = self.diagnosis();
        let findings = diagnosis["findings"].as_array().expect("findings");
        findings
            .iter()
            .map(|f| f["code"].as_str().expect("code").to_owned())
            .collect()
    }
}

/// A text in one line, as a reader has it: where it was wrapped says nothing.
pub(crate) fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn run(arguments: &[&str], token: Option<&str>) -> Run {
    run_with(arguments, token.map(str::as_bytes), &[])
}

/// Runs with a token in `WHY401_TOKEN` and standard input as given.
pub(crate) fn run_with(
    arguments: &[&str],
    input: Option<&[u8]>,
    environment: &[(&str, &str)],
) -> Run {
    run_in(
        env!("CARGO_MANIFEST_DIR").as_ref(),
        arguments,
        input,
        environment,
    )
}

/// The same in a folder, whose `.why401.toml` counts.
pub(crate) fn run_in(
    folder: &Path,
    arguments: &[&str],
    input: Option<&[u8]>,
    environment: &[(&str, &str)],
) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_why401"));
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(folder);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    // Answers stream out while the input is still read: both ends at once.
    let Output {
        status,
        stdout,
        stderr,
    } = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A run that fails early closes its input before all is written.
            let _ = stdin.write_all(input.unwrap_or_default());
        });
        child.wait_with_output().expect("the program ends")
    });
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run {
        code: status.code().expect("an exit code, no signal"),
        out: text(stdout),
        err: text(stderr),
    }
}
