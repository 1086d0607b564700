//! What others wrote is shown as text and nothing else: no character that is not seen, and no link, mention or markup of
//! theirs, in any format.

use crate::formats::FORMATS;
use crate::gate::manifest;
use crate::program::{Run, run, run_with};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::json;

/// Each does something somewhere: a direction, a tag, a blank letter, a colour, a separator, what XML has no place for.
const UNSEEN: &str = "\u{202e}\u{2066}\u{2069}\u{200b}\u{200d}\u{2063}\u{ad}\u{e0041}\u{e007f}\u{e0100}\u{fe0f}\u{feff}\u{180e}\u{3164}\u{115f}\u{2028}\u{85}\u{9b}\u{1b}\u{7f}\u{fff9}\u{ffff}\u{34f}\u{1d173}";

/// Texts that a renderer of Markdown, or a forge, makes something of.
const LIVE: [&str; 16] = [
    "https://evil.example/x",
    "see http://evil.example.",
    "www.evil.example",
    "mallory@evil.example",
    "@mallory #1 !2 GH-3 mallory/repo#4 $5 %6 &7 ~8",
    "[a](https://evil.example)",
    "![a](https://evil.example/i.png)",
    "<https://evil.example>",
    "<img src=x onerror=alert(1)><script>x</script>",
    "`<b>evil</b>",
    "a ``<b>evil</b>`` `",
    "**bold** __bold__ ~~gone~~",
    "| a | b |\n|---|---|\n# h\n- [ ] x",
    "a\\|b|c\\\\|d",
    "&lt;b&gt; &#64;mallory",
    "0123456789abcdef0123456789abcdef01234567",
];

fn evidence(text: &str) -> String {
    let url = format!("https://api.mypurecloud.com/api/v2/users/{text}?q={text}");
    let lines: Vec<String> = [401, 403, 500]
        .iter()
        .map(|status| {
            json!({
                "request": {"method": "GET", "url": url, "headers": {"Authorization": format!("Bearer {text}"), "X-Note": text}},
                "response": {"status": status, "headers": {
                    "WWW-Authenticate": format!("Bearer error=\"{text}\", error_description=\"{text}\", scope=\"{text}\""),
                    "Location": text,
                }, "body": json!({"error": text, "message": format!("denied: {text}"), "scope": text}).to_string()},
            })
            .to_string()
        })
        .collect();
    lines.join("\n")
}

fn every_run(text: &str, format: &str) -> Vec<Run> {
    let evidence = evidence(text);
    let claims = std::env::temp_dir().join(format!("why401-unseen-{}.json", std::process::id()));
    let own = json!({"iss": text, "sub": text, "aud": text, "scope": text, "exp": 1, text: text});
    std::fs::write(&claims, own.to_string()).expect("a file");
    let claims = claims.to_str().expect("UTF-8");
    let quoted = serde_json::to_string(text).expect("JSON");
    let app = format!(
        "[[app]]\nname = {quoted}\nprovider = 'genesys-cloud'\nscopes = {quoted}\nendpoints = ['GET /api/v2/users/me', {{ call = {quoted} }}]\n[[app]]\nname = 'b'\nprovider = {quoted}\n{quoted} = 1\n"
    );
    let manifest = manifest("unseen", &app);
    let manifest = manifest.to_str().expect("UTF-8");
    let url = format!("https://api.mypurecloud.com/api/v2/users/{text}");
    vec![
        run(&["explain", "-", "--format", format], Some(&evidence)),
        run(&["explain", "-", "-v", "--format", format], Some(&evidence)),
        run(&["explain", "-", "--format", format], Some(text)),
        run(
            &["check", "GET", &url, "--claims", claims, "--format", format],
            None,
        ),
        run(
            &["token", "--claims", claims, "-v", "--format", format],
            None,
        ),
        run(&["token", "--format", format], Some(text)),
        run_with(&["gate", manifest, "--format", format], None, &[]),
    ]
}

#[test]
fn what_is_not_seen_is_made_visible_in_every_format() {
    let text = format!("a{UNSEEN}b");
    for format in FORMATS {
        for run in every_run(&text, format) {
            assert!(
                run.code <= 3 && !run.err.contains("panicked"),
                "{}",
                run.err
            );
            let raw = |out: &str| UNSEEN.chars().find(|c| out.contains(*c));
            assert_eq!(raw(&run.out), None, "{format}: {:?}", run.out);
            assert_eq!(raw(&run.err), None, "{format}: {:?}", run.err);
            match format {
                "json" | "sarif" => drop(run.json()),
                "jsonl" => run.out.lines().for_each(|line| {
                    serde_json::from_str::<serde_json::Value>(line).expect("JSON");
                }),
                _ => {}
            }
        }
    }
    let scrubbed = run(&["scrub", "-"], Some(&evidence(&text)));
    assert!(
        scrubbed.code == 0 && !scrubbed.err.contains('\u{202e}'),
        "{}",
        scrubbed.err
    );
}

#[test]
fn nothing_of_others_is_live_in_markdown() {
    for text in LIVE {
        for run in every_run(text, "markdown") {
            dead(&run.out, text);
        }
    }
}

/// Whether a page holds only the markup of our own, and text that no forge makes a link of.
fn dead(page: &str, text: &str) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let (mut plain, mut columns, mut cells) = (String::new(), 0, 0);
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let own = html.replace("<summary>Evidence, sources and notes</summary>", "");
                let own = own.replace("<details>", "").replace("</details>", "");
                assert!(own.trim().is_empty(), "{text}: {own}\n{page}");
            }
            Event::Start(
                Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough | Tag::Emphasis,
            )
            | Event::TaskListMarker(_) => panic!("{text}: live\n{page}"),
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableHead | Tag::TableRow) => cells = 0,
            Event::Start(Tag::TableCell) => cells += 1,
            Event::End(pulldown_cmark::TagEnd::TableRow) => assert_eq!(cells, columns, "{page}"),
            Event::Text(text) => plain.push_str(&text),
            Event::Code(_) => plain.push('\u{0}'),
            _ => plain.push('\n'),
        }
    }
    for live in [
        "://",
        "www.",
        "mailto:",
        "evil",
        "mallory",
        "GH-",
        "<b>",
        "0123456789abcdef",
    ] {
        assert!(!plain.contains(live), "{text}: {live} in {plain}\n{page}");
    }
    let letters: Vec<char> = plain.chars().collect();
    let sigil = letters
        .windows(2)
        .find(|pair| "@#!$%&~".contains(pair[0]) && pair[1].is_alphanumeric());
    assert_eq!(sigil, None, "{text}: {page}");
}

#[test]
fn no_text_of_others_is_a_link_in_sarif() {
    let token = "[a](https://evil.example)";
    let all = every_run(token, "sarif");
    for run in all {
        let page = run.json();
        let results = page["runs"][0]["results"].as_array();
        for result in results.expect("results") {
            let message = result["message"]["text"].as_str().expect("a text");
            assert!(!message.contains("[a](h"), "{message}");
        }
    }
}
