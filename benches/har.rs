//! A large HAR: `why401 explain` against `serde_json::from_reader::<IgnoredAny>` over the same file, in one run, with
//! the peak of the program's memory. `cargo bench --bench har`; `WHY401_BENCH_MB` sets the size (default 200).

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark writes its file, runs the program and prints its numbers"
)]

use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 5;

fn main() {
    let megabytes: usize = std::env::var("WHY401_BENCH_MB")
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(200);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("large.har");
    write_har(&path, megabytes * 1_000_000);
    let size = std::fs::metadata(&path).expect("the file").len();
    let (mut ignored, mut explained, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        ignored.push(ignore(&path));
        let (time, memory) = explain(&path);
        explained.push(time);
        peak = peak.max(memory);
    }
    let (ignored, explained) = (median(ignored), median(explained));
    println!("file {} MB", size / 1_000_000);
    println!("serde_json IgnoredAny  {ignored:?} (median of {RUNS})");
    println!("why401 explain         {explained:?} (median of {RUNS}), peak memory {peak} kB");
    println!(
        "speed ratio {:.2}",
        ignored.as_secs_f64() / explained.as_secs_f64()
    );
    std::fs::remove_file(&path).expect("the file can be removed");
}

/// Entries as a browser writes them: pages, scripts, pictures and API calls, one in forty refused.
fn write_har(path: &Path, size: usize) {
    let mut out = BufWriter::new(std::fs::File::create(path).expect("a file"));
    let script = "function a(b){return b&&\\\"x\\\"}\\n".repeat(600);
    let picture = "iVBORw0KGgoAAAANSUhEUgAA".repeat(900);
    let mut written = 0;
    let mut put = |text: &str| {
        out.write_all(text.as_bytes()).expect("written");
        written += text.len();
        written
    };
    put(
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"bench\",\"version\":\"1\"},\"pages\":[],\"entries\":[",
    );
    for number in 0_usize.. {
        let (status, kind, mime, body) = match number % 40 {
            0 => (
                403,
                "",
                "application/json",
                "{\\\"code\\\":\\\"missing.any.permissions\\\",\\\"message\\\":\\\"You must have at least one of the following permissions assigned: [routing:queue:view]\\\"}",
            ),
            n if n % 5 == 0 => (
                200,
                "",
                "application/json",
                "{\\\"entities\\\":[],\\\"pageSize\\\":25}",
            ),
            n if n % 2 == 0 => (200, "", "application/javascript", script.as_str()),
            _ => (
                200,
                "\"encoding\":\"base64\",",
                "image/png",
                picture.as_str(),
            ),
        };
        let comma = if number == 0 { "" } else { "," };
        let entry = format!(
            "{comma}{{\"startedDateTime\":\"2026-01-01T00:00:00.000Z\",\"time\":12,\"request\":{{\"method\":\"GET\",\"url\":\"https://api.mypurecloud.com/api/v2/routing/queues?n={number}\",\"httpVersion\":\"h2\",\"headers\":[{{\"name\":\"accept\",\"value\":\"*/*\"}},{{\"name\":\"authorization\",\"value\":\"Bearer 0123456789abcdefABCDEF\"}}],\"queryString\":[],\"cookies\":[],\"headersSize\":-1,\"bodySize\":0}},\"response\":{{\"status\":{status},\"statusText\":\"\",\"httpVersion\":\"h2\",\"headers\":[{{\"name\":\"content-type\",\"value\":\"{mime}\"}},{{\"name\":\"date\",\"value\":\"Thu, 01 Jan 2026 00:00:00 GMT\"}}],\"cookies\":[],\"content\":{{{kind}\"size\":1,\"mimeType\":\"{mime}\",\"text\":\"{body}\"}},\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":1}},\"cache\":{{}},\"timings\":{{\"send\":0,\"wait\":1,\"receive\":1}}}}"
        );
        if put(&entry) >= size {
            break;
        }
    }
    put("]}}\n");
}

fn ignore(path: &Path) -> Duration {
    let start = Instant::now();
    let file = BufReader::new(std::fs::File::open(path).expect("the file"));
    serde_json::from_reader::<_, serde::de::IgnoredAny>(file).expect("JSON");
    start.elapsed()
}

/// Time and peak memory in kB.
fn explain(path: &Path) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_why401"))
        .args(["explain", "--no-config", "--offline"])
        .arg(path)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    let status = format!("/proc/{}/status", child.id());
    while child.try_wait().expect("a child").is_none() {
        let line = std::fs::read_to_string(&status).unwrap_or_default();
        let memory = line
            .lines()
            .find_map(|l| l.strip_prefix("VmHWM:"))
            .and_then(|v| v.trim().trim_end_matches(" kB").trim().parse().ok());
        peak = peak.max(memory.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    (start.elapsed(), peak)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
