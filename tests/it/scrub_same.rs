//! `scrub` changes no diagnosis, and what is scrubbed once is not changed by scrubbing it again.

use crate::program::run;
use crate::shared::shared;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Verdict, cause, certainty, status and operation of every diagnosis of a file, by its number.
fn diagnoses(texts: &[&str], name: &str) -> BTreeMap<usize, Vec<[Value; 5]>> {
    let folder = std::env::temp_dir().join(format!("why401-same-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut told: BTreeMap<usize, Vec<[Value; 5]>> = BTreeMap::new();
    let numbers: Vec<usize> = (0..texts.len()).collect();
    for numbers in numbers.chunks(100) {
        let files: Vec<String> = numbers
            .iter()
            .map(|number| {
                let file = folder.join(format!("{number}.input"));
                std::fs::write(&file, texts[*number]).expect("written");
                file.to_str().expect("UTF-8").to_owned()
            })
            .collect();
        let mut arguments = vec![
            "explain",
            "--format",
            "jsonl",
            "--offline",
            "--at",
            "2026-01-01T00:00:00Z",
        ];
        arguments.extend(files.iter().map(String::as_str));
        let out = run(&arguments, None).out;
        for line in out.lines() {
            let d: Value = serde_json::from_str(line).expect("JSON");
            let of = |pointer: &str| d.pointer(pointer).cloned().unwrap_or_default();
            let place = of("/subject/place");
            let file = place
                .as_str()
                .and_then(|p| p.rsplit('/').next())
                .and_then(|p| p.split(".input").next());
            if let Some(number) = file.and_then(|number| number.parse().ok()) {
                let compared = [
                    of("/verdict"),
                    of("/cause/code"),
                    of("/cause/certainty"),
                    of("/subject/status"),
                    of("/subject/operation"),
                ];
                told.entry(number).or_default().push(compared);
            }
        }
    }
    std::fs::remove_dir_all(&folder).expect("removed");
    told
}

/// What differs, by the input's name.
fn compare(inputs: &[(String, String)], name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut cleaned = Vec::new();
    for (name, text) in inputs {
        let once = run(&["scrub", "-"], Some(text));
        if once.code != 0 {
            wrong.push(format!("{name}: refused: {}", once.err));
        }
        if run(&["scrub", "-"], Some(&once.out)).out != once.out {
            wrong.push(format!("{name}: the second time changes the first"));
        }
        cleaned.push(once.out);
    }
    let texts: Vec<&str> = inputs.iter().map(|(_, text)| text.as_str()).collect();
    let before = diagnoses(&texts, &format!("{name}-before"));
    let texts: Vec<&str> = cleaned.iter().map(String::as_str).collect();
    let after = diagnoses(&texts, &format!("{name}-after"));
    assert!(inputs.is_empty() || !before.is_empty());
    for (number, (name, _)) in inputs.iter().enumerate() {
        let (before, after) = (before.get(&number), after.get(&number));
        if before != after {
            wrong.push(format!("{name}: {before:?} is {after:?}"));
        }
    }
    wrong
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .collect();
    found.sort();
    found.into_iter().filter(|path| path.is_file()).collect()
}

#[test]
fn every_fixture_is_judged_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/causes");
    let mut inputs = Vec::new();
    for folder in std::fs::read_dir(root).expect("fixtures") {
        for file in files(&folder.expect("an entry").path()) {
            let text = std::fs::read_to_string(&file).expect("a fixture");
            let fixture: Value = serde_json::from_str(&text).unwrap_or_default();
            if let Some(input) = fixture["input"].as_str() {
                inputs.push((file.display().to_string(), input.to_owned()));
            }
        }
    }
    assert!(inputs.len() > 40);
    let wrong = compare(&inputs, "fixtures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_credential_that_works_elsewhere_still_does_when_it_is_taken_out() {
    let call = |path: &str, token: &str, status: u16| {
        let answer = match status {
            200 => "HTTP/1.1 200 OK\n< Content-Length: 2\n< \n{}\n",
            _ => "HTTP/1.1 401 Unauthorized\n< Content-Length: 0\n< \n",
        };
        format!(
            "> GET {path} HTTP/1.1\n> Host: api.example.com\n> Authorization: Bearer {token}\n> \n< {answer}"
        )
    };
    let (one, other) = ("k9Qw3rT7uPz5LmX2vB8n", "h4Gf6Ds1Ja0Kl9Wq2Ee7");
    let same = [
        call("/a", one, 200),
        call("/b", one, 401),
        call("/c", one, 200),
    ];
    let different = [
        call("/a", one, 200),
        call("/b", other, 401),
        call("/c", one, 200),
    ];
    let inputs = [("same", same), ("different", different)]
        .map(|(name, calls)| (name.to_owned(), calls.concat()));
    let wrong = compare(&inputs, "elsewhere");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let told = diagnoses(&[&inputs[0].1, &inputs[1].1], "elsewhere");
    assert_ne!(told[&0][1], told[&1][1]);
}

#[test]
fn every_case_beside_the_project_is_judged_the_same() {
    let mut inputs = Vec::new();
    for folder in ["cases/dev", "cases/fresh"] {
        for file in shared(folder).iter().flat_map(|path| files(path)) {
            let text = std::fs::read_to_string(&file).expect("a case");
            let case: Value = serde_json::from_str(&text).unwrap_or_default();
            let record = json!({
                "provider": case["provider"], "request": case["request"], "response": case["response"], "token": case["token"],
                "grant": case["context"]["grant"], "granted_scopes": case["context"]["granted_scopes"],
            });
            inputs.push((file.display().to_string(), record.to_string()));
        }
    }
    // The transcripts of one program; the flows of another tool's own format beside them are no evidence.
    for file in shared("vectors/http/curl")
        .iter()
        .flat_map(|path| files(path))
    {
        inputs.push((
            file.display().to_string(),
            std::fs::read_to_string(&file).expect("a transcript"),
        ));
    }
    let wrong = compare(&inputs, "cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_clients_print_of_a_refusal_is_kept_and_judged_the_same() {
    let said = [
        "Invoke-RestMethod : The remote server returned an error: (401) Unauthorized.",
        "Invoke-WebRequest : The remote server returned an error: (403) Forbidden.",
        "System.Net.WebException: The remote server returned an error: (401) Unauthorized.",
        "Response status code does not indicate success: 403 (Forbidden).",
        "401 Client Error: Unauthorized for url: https://api.example.com/v1/users",
        "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://api.example.com/v1/users",
        "Client error '401 Unauthorized' for url 'https://api.example.com/v1/users'",
        "AxiosError: Request failed with status code 403",
        "HTTP Error 401: Unauthorized",
        "urllib.error.HTTPError: HTTP Error 403: Forbidden",
        "curl: (22) The requested URL returned error: 401",
        "java.io.IOException: Server returned HTTP response code: 401 for URL: https://api.example.com/v1/users",
        "401 Unauthorized from GET https://api.example.com/v1/users",
        "Failed to load resource: the server responded with a status of 403 (Forbidden)",
        "GET https://api.example.com/v1/users 401 (Unauthorized)",
        "unexpected status code 401 Unauthorized",
        "Error: Unauthorized (401)",
    ];
    let inputs = said.map(|text| (text.to_owned(), format!("{text}\n")));
    for (name, text) in &inputs {
        let once = run(&["scrub", "-"], Some(text));
        assert_eq!(&once.out, text, "{name}");
    }
    let wrong = compare(&inputs, "clients");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_fills_in_a_credential_is_judged_the_same() {
    let answer = "HTTP/2 401 \ncontent-type: application/json\n\n{\"message\":\"No authentication bearer token specified in authorization header.\",\"code\":\"authentication.required\",\"status\":401}\n";
    let commands = [
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H \"Authorization: Bearer $TOKEN\"",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H \"Authorization: Bearer ${ACCESS_TOKEN}\"",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H \"Authorization: Bearer $(cat token.txt)\"",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H \"Authorization: Bearer %TOKEN%\"",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H 'Authorization: Bearer {{token}}'",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H 'Authorization: Bearer $TOKEN'",
        "curl.exe -i https://api.mypurecloud.com/api/v2/routing/queues -H \"Authorization: Bearer $env:TOKEN\"",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H \"Authorization: Bearer ${env:TOKEN}\"",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues -H @headers.txt",
        "curl -i https://api.mypurecloud.com/api/v2/routing/queues",
    ];
    let inputs = commands.map(|text| (text.to_owned(), format!("$ {text}\n{answer}")));
    let wrong = compare(&inputs, "filled");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let seen = |text: &str| {
        let out = run(&["explain", "-", "--offline"], Some(text)).out;
        out.contains("no credential")
    };
    for (name, text) in &inputs {
        let once = run(&["scrub", "-"], Some(text)).out;
        assert_eq!(seen(text), seen(&once), "{name}: {once}");
    }
}

#[test]
fn where_a_request_went_is_one_path_wherever_a_log_says_it() {
    let text = "Jan  5 11:34:23 h registry[2]: level=warning msg=\"error authorizing context: authorization token required\" http.request.host=registry.example http.request.method=PATCH http.request.uri=\"/v2/test/nginx/blobs/uploads/7cec6f63-d822-4659-98d8-1d97b1ae4946\"\nJan  5 11:34:23 h registry[2]: 10.0.0.7 - - [05/Jan/2017:03:34:23 +0000] \"PATCH /v2/test/nginx/blobs/uploads/7cec6f63-d822-4659-98d8-1d97b1ae4946 HTTP/1.1\" 401 200 \"\" \"docker/1.12.5\"\n";
    let once = run(&["scrub", "-"], Some(text)).out;
    assert_eq!(once.matches("nginx").count(), 0, "{once}");
    let wrong = compare(&[("log".to_owned(), text.to_owned())], "one-path");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_browsers_console_prints_of_a_call_is_nothing_that_a_server_said() {
    let call = "GET https://api.mypurecloud.com/api/v2/routing/queues 401 (Unauthorized)\n";
    let places = ["", "main.4f2a.js:1  ", "xhr.js:195 ", "VM41 k2Qw9.js:7:12 "];
    let inputs = places.map(|place| (place.to_owned(), format!("{place}{call}")));
    let wrong = compare(&inputs, "console");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let texts: Vec<&str> = inputs.iter().map(|(_, text)| text.as_str()).collect();
    let told = diagnoses(&texts, "console-places");
    for (at, place) in places.iter().enumerate().take(3) {
        assert_eq!(told[&at], told[&0], "{place}");
    }
}

#[test]
fn every_pasted_text_is_judged_the_same() {
    let mut inputs = Vec::new();
    for folder in ["cases/pasted", "cases/fresh/raw"] {
        for file in shared(folder).iter().flat_map(|path| files(path)) {
            let name = file.file_name().and_then(|name| name.to_str());
            let name = name.unwrap_or_default().to_owned();
            let evidence =
                name != "expected.json" && Path::new(&name).extension() != Some("toml".as_ref());
            if evidence {
                let text = std::fs::read(&file).expect("a text");
                inputs.push((name, String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
    let wrong = compare(&inputs, "pasted");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
