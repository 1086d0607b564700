//! What is wrong in a manifest: every fault with its line, for people and for programs.

use crate::gate::{EXAMPLE, TOKEN, gate, manifest};
use crate::manifest::begun;
use crate::simulator::CLIENT;
use serde_json::Value;

#[test]
fn lint_shows_every_fault_with_its_own_line() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'usr'\nregion = 'us-est-1'\nscopes = [\n  'routing',\n  'routing:readony',\n]\npermissions = [\n  'routing:queue:veiw',\n  'users:readonly',\n]\nfail-on = [\n  'note.deprecated',\n  'note.deprecatd',\n]\nendpoints = [\n  'GET /api/v2/user/me',\n  'GE(T /x',\n  { call = 'GET /api/v2/users/me', optonal = true },\n]\n[app.unknown]\nscope = 'pass'\nfrobs = 'pass'\n";
    let path = manifest("faults", text);
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &["--lint", "--format", "json"], &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    let value = run.json();
    let app = &value["apps"][0];
    let lines = |list: &str| -> Vec<u64> {
        let all = app[list].as_array().expect("a list").iter();
        all.map(|own| own["line"].as_u64().expect("a line"))
            .collect()
    };
    assert_eq!(lines("faults"), [4, 5, 16, 20, 21, 25], "{}", run.out);
    assert_eq!(lines("checks"), [8, 11, 12], "{}", run.out);
    assert_eq!(lines("endpoints"), [19], "{}", run.out);
    for hint in [
        "did you mean user?",
        "did you mean `us-east-1`?",
        "did you mean `note.deprecated`?",
        "did you mean `optional`?",
        "Did you mean `routing:readonly`?",
        "Did you mean `routing:queue:view`?",
        "it belongs in `scopes`",
        "GET /api/v2/users/me",
    ] {
        assert!(run.out.contains(hint), "{hint}: {}", run.out);
    }
    let human = gate(path, &["--lint"], &[]).out;
    for line in [
        "line 4",
        "line 25",
        "routing:readonly",
        "GET /api/v2/user/me",
    ] {
        assert!(human.contains(line), "{line}: {human}");
    }
    let sarif = gate(path, &["--lint", "--format", "sarif"], &[]).json();
    let results = sarif["runs"][0]["results"]
        .as_array()
        .expect("results")
        .iter();
    let place = "/locations/0/physicalLocation/region/startLine";
    let mut places: Vec<u64> = results
        .map(|own| own.pointer(place).and_then(Value::as_u64).expect("a line"))
        .collect();
    places.sort_unstable();
    assert_eq!(places, [4, 5, 8, 11, 12, 16, 19, 20, 21, 25]);
    let broken = manifest("not-toml", "[[app]]\nname = 'a\nprovider = x y\nkind = \n");
    let broken = gate(broken.to_str().expect("UTF-8"), &["--lint"], &[]);
    assert_eq!(broken.code, 2);
    for line in ["line 2:", "line 3:", "line 4:"] {
        assert!(broken.out.contains(line), "{line}: {}", broken.out);
    }
}

#[test]
fn a_mistyped_name_has_its_line_where_the_gate_runs_as_well() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = [\n  'users',\n  'routing:readony',\n]\nendpoints = ['GET /api/v2/users/me']\n";
    let path = manifest("mistyped", text);
    let run = gate(path.to_str().expect("UTF-8"), &["--format", "json"], &[]);
    let notes = run.json()["apps"][0]["notes"].clone();
    let own = notes.as_array().expect("notes").iter();
    let own: Vec<_> = own
        .filter(|note| note["code"] == "note.unpublished-scope")
        .map(|note| note["line"].clone())
        .collect();
    assert_eq!(own, [7], "{notes}");
}

#[test]
fn lines_for_people_fit_the_terminal() {
    let (out, _) = begun("narrow");
    let token = [
        ("WHY401_TOKEN", TOKEN),
        ("DESK_TOKEN", TOKEN),
        ("REPORT_SECRET", CLIENT.1),
    ];
    let long = manifest(
        "long",
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'usr'\nfail-on = ['note.x']\nendpoints = ['GET /api/v2/routing/queues/{queueId}/estimatedwaittime/and/more/that/is/long']\n",
    );
    for path in [out.to_str(), long.to_str(), Some(EXAMPLE)] {
        for more in [&[][..], &["--lint"], &["-v"]] {
            let run = gate(path.expect("UTF-8"), more, &token);
            let wide = run.out.lines().filter(|line| line.chars().count() > 80);
            let wide: Vec<&str> = wide.filter(|line| !line.contains("$ ")).collect();
            assert!(wide.is_empty(), "{more:?}: {wide:#?}");
        }
    }
}
