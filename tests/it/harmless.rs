//! What the shipped tables read of an answer, `scrub` keeps; and no table that somebody brings widens what it keeps.

use crate::program::run_in;
use serde_json::{Value, json};
use std::path::Path;
use why401_core::input::InputForm;
use why401_core::scrub::{Keep, scrub};

fn cleaned(answer: &Value) -> Value {
    let record =
        json!({"request": {"method": "GET", "url": "https://api.example/"}, "response": answer});
    let out = scrub(&record.to_string(), InputForm::Records, &Keep::default());
    serde_json::from_str(&out.expect("scrubbed").text).expect("a record")
}

/// A document that has this value at that pointer.
fn at(pointer: &str, value: &str) -> Value {
    let steps = pointer.split('/').skip(1).collect::<Vec<_>>();
    steps.iter().rev().fold(json!(value), |inner, step| {
        match *step == "*" || step.parse::<usize>().is_ok() {
            true => json!([inner]),
            false => json!({ step.replace("~1", "/").replace("~0", "~"): inner }),
        }
    })
}

fn texts(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(list) => list.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Every `json` and `header` of a provider file that is a table of names: what is compared with what.
fn compared(value: &toml::Value, key: &str, out: &mut Vec<(String, toml::Value)>) {
    match value {
        toml::Value::Table(table) => {
            for (name, own) in table {
                match own {
                    toml::Value::Table(names) if name == key => out.extend(names.clone()),
                    toml::Value::String(one) if name == key => {
                        out.push((one.clone(), toml::Value::Boolean(true)));
                    }
                    own => compared(own, key, out),
                }
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|own| compared(own, key, out)),
        _ => {}
    }
}

#[test]
fn what_the_tables_compare_is_kept() {
    let mut lost = Vec::new();
    let (mut members, mut headers) = (0, 0);
    for entry in std::fs::read_dir("tables").expect("tables").flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("provider.toml")) else {
            continue;
        };
        let file: toml::Table = text.parse().expect("TOML");
        let file = toml::Value::Table(file);
        let mut found = Vec::new();
        compared(&file, "json", &mut found);
        for (pointer, values) in found {
            for value in texts(&values).iter().filter(|own| *own != "*") {
                members += 1;
                let body = at(&pointer, value).to_string();
                let out = cleaned(&json!({"status": 400, "headers": {}, "body": body}));
                let kept = out["response"]["body"].as_str().unwrap_or_default();
                if !kept.contains(&json!(value).to_string()) {
                    lost.push(format!(
                        "{} {pointer} {value}: {kept}",
                        entry.path().display()
                    ));
                }
            }
        }
        let mut found = Vec::new();
        compared(&file, "header", &mut found);
        for (name, _) in found {
            headers += 1;
            let out = cleaned(&json!({"status": 400, "headers": {&name: "x9Kz-Qw3r-77"}}));
            if !out["response"]["headers"]
                .to_string()
                .to_ascii_lowercase()
                .contains(&name.to_ascii_lowercase())
            {
                lost.push(format!(
                    "{} header {name}: {}",
                    entry.path().display(),
                    out["response"]["headers"]
                ));
            }
        }
    }
    assert!(members > 1_000 && headers > 100, "{members} {headers}");
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn a_table_that_a_project_brings_makes_nothing_harmless() {
    let secret = "zQ7marked0secret0Kx";
    let folder = std::env::temp_dir().join(format!("why401-brought-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let table = format!(
        "format = \"scope-table/1\"\n[provider]\nid = \"own\"\nname = \"Own\"\n[[host]]\nhost = \"api.example\"\n[[control]]\nmethod = \"GET\"\npath = \"/hooks/{secret}\"\n[[source]]\nid = \"s\"\nkind = \"manual\"\nfrom = \"x\"\n[[error]]\njson = {{ \"/code\" = \"{secret}\" }}\nmeans = [\"scope.missing\"]\nsay = \"x\"\nsrc = \"s\"\n"
    );
    std::fs::write(folder.join("table.toml"), table).expect("a table");
    let settings = "provider = 'own'\ntable = ['table.toml']\n";
    std::fs::write(folder.join(".why401.toml"), settings).expect("settings");
    let record = json!({
        "request": {"method": "GET", "url": format!("https://api.example/hooks/{secret}")},
        "response": {"status": 403, "headers": {secret: secret}, "body": json!({"code": secret}).to_string()},
    });
    std::fs::write(folder.join("in.ndjson"), record.to_string()).expect("evidence");
    for more in [&[][..], &["--table", "table.toml"]] {
        let arguments = [&["scrub", "in.ndjson"][..], more].concat();
        let run = run_in(Path::new(&folder), &arguments, None, &[]);
        assert!(
            !run.out.contains(secret) && !run.err.contains(secret),
            "{}{}",
            run.out,
            run.err
        );
        assert!(run.code == 0 || run.out.is_empty(), "{}", run.err);
    }
    std::fs::remove_dir_all(folder).expect("removed");
}
