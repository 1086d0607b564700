use super::endpoint::ENDPOINT_KEYS;
use super::*;
use crate::gate::manifest::{Credential, Endpoint, Named};
use proptest::prelude::*;

#[test]
fn a_table_in_place_of_the_list_of_apps_is_told_how_to_be_one() {
    let told = |text: &str| {
        let flaws = parse(text, None).flaws;
        let flaws = flaws
            .iter()
            .map(|flaw| format!("{} {:?}", flaw.text, flaw.hint));
        flaws.collect::<Vec<_>>().join("; ")
    };
    let named = told("[app.x]\ntoken-env = 'T'\nendpoints = ['GET /a']\n");
    assert!(
        named.contains("name = \\\"x\\\"") && !named.contains("no app"),
        "{named}"
    );
    assert!(told("app = []").contains("there is no app"));
    assert!(told("[app]\nname = 'x'\n").contains("write `[[app]]`"));
}

#[test]
fn what_is_said_for_all_holds_where_an_app_says_nothing() {
    let manifest = parse(
        "provider = 'genesys-cloud'\nkind = 'user'\ntoken-env = 'A'\nendpoints = ['GET /a']\n[[app]]\nname = 'one'\n[[app]]\nname = 'two'\nkind = 'guest_chat'\nclient-id = 'i'\nclient-secret-env = 'S'\nmin-ttl = '15m'\nendpoints = [\n  'get /b',\n  { call = 'POST /c', note = 'n', optional = true },\n]\n",
        None,
    );
    assert_eq!(manifest.flaws, []);
    let [one, two] = manifest.apps.as_slice() else {
        panic!("{manifest:?}");
    };
    assert_eq!((&one.flaws, &two.flaws), (&vec![], &vec![]));
    assert_eq!(
        one.credential,
        Credential::Token(Named::Variable("A".into()))
    );
    assert!(matches!(two.credential, Credential::Client(..)));
    assert_eq!(two.min_ttl, Some(900));
    assert_eq!(two.provider.as_deref(), Some("genesys-cloud"));
    let lines: Vec<_> = two
        .endpoints
        .iter()
        .map(|e| (e.method.as_str(), e.line, e.optional))
        .collect();
    assert_eq!(lines, [("GET", 14, false), ("POST", 15, true)]);
}

#[test]
fn a_fault_of_one_app_names_line_and_key_and_leaves_the_other() {
    let manifest = parse(
        "[[app]]\nname = 'a'\nendpoint = ['GET /a']\nmin-ttl = 'soon'\ntoken = 'SECRET-VALUE'\n[[app]]\nname = 'b'\nendpoints = ['GET /b']\n[[app]]\nname = 'b'\nendpoints = ['nonsense']\n",
        None,
    );
    let told: Vec<(usize, &str)> = manifest.apps[0]
        .flaws
        .iter()
        .map(|f| (f.line, f.key.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, "endpoint"),
            (4, "min-ttl"),
            (5, "token"),
            (1, "endpoints")
        ]
    );
    assert_eq!(
        manifest.apps[0].flaws[0].hint,
        "did you mean `endpoints`?".into()
    );
    assert!(!format!("{manifest:?}").contains("SECRET-VALUE"));
    assert_eq!(manifest.apps[1].flaws, []);
    let told: Vec<usize> = manifest.apps[2].flaws.iter().map(|f| f.line).collect();
    assert_eq!(told, [11, 10]);
}

#[test]
fn half_a_client_is_that_of_the_app_where_its_environment_names_the_other() {
    let text = "client-id = 'a'\n[[app]]\nname = 'a'\nendpoints = ['GET /a']\n[app.env.staging]\nclient-secret-env = 'S'\n[app.env.prod]\nclient-id = 'p'\nclient-secret-env = 'P'\n[app.env.dev]\nregion = 'x'\n";
    let client = |id: &str, secret: &str| {
        Credential::Client(Named::Value(id.into()), Named::Variable(secret.into()))
    };
    for (environment, wanted) in [("staging", client("a", "S")), ("prod", client("p", "P"))] {
        let app = parse(text, Some(environment)).apps.remove(0);
        assert_eq!(
            (app.credential, app.flaws),
            (wanted, vec![]),
            "{environment}"
        );
    }
    let open = parse(text, None).apps.remove(0);
    assert_eq!(open.flaws, []);
    assert_eq!(open.elsewhere["credential"], ["staging", "prod"]);
    let half = parse(text, Some("dev")).apps.remove(0);
    let [flaw] = half.flaws.as_slice() else {
        panic!("{half:?}");
    };
    assert_eq!(flaw.line, 1);
    assert!(flaw.text.contains("in the environment `dev`"), "{flaw:?}");
}

/// A value of a key, another one for each number.
fn sample(key: &str, number: usize) -> String {
    match key {
        "enforce-scopes" => number.is_multiple_of(2).to_string(),
        "max-scopes" | "min-ttl" => number.to_string(),
        "endpoints" => format!("['GET /{number}']"),
        "unknown" => format!("{{ check-{number} = 'pass' }}"),
        "scopes" | "permissions" | "needs" | "tables" | "forbid-scopes" | "fail-on" => {
            format!("['v{number}']")
        }
        _ => format!("'v{number}'"),
    }
}

/// An app as an environment reads it, without where anything stands.
fn read(levels: &[Option<String>; 4], key: &str) -> App {
    let other = match key {
        _ if key.starts_with("client-id") => "client-secret-env = 'S'",
        _ if key.starts_with("client-secret") => "client-id = 'I'",
        _ => "",
    };
    let calls = match key {
        "endpoints" => "",
        _ => "endpoints = ['GET /a']",
    };
    let line = |value: &Option<String>| match value {
        Some(value) => format!("{key} = {value}\n"),
        None => String::new(),
    };
    let [file, shared, own, here] = levels.each_ref().map(line);
    let text = format!(
        "{file}{other}\n[env.e]\n{shared}[[app]]\nname = 'a'\n{calls}\n{own}[app.env.e]\n{here}"
    );
    let manifest = parse(&text, Some("e"));
    assert_eq!(manifest.flaws, [], "{text}");
    let app = manifest.apps.into_iter().next().expect("an app");
    let unplaced = |endpoint: Endpoint| Endpoint {
        line: 0,
        ..endpoint
    };
    App {
        line: 0,
        lines: BTreeMap::new(),
        places: BTreeMap::new(),
        flaws: Vec::new(),
        endpoints: app.endpoints.into_iter().map(unplaced).collect(),
        ..app
    }
}

#[test]
fn every_key_is_that_of_the_most_specific_place() {
    for key in KEYS {
        let alone = |number: usize| read(&[None, None, Some(sample(key, number)), None], key);
        for places in 1..16_usize {
            let at = |level: usize| (places >> level & 1 == 1).then(|| sample(key, level));
            let last = (0..4).rfind(|level| places >> level & 1 == 1);
            let wanted = alone(last.expect("a place"));
            let found = read(&[at(0), at(1), at(2), at(3)], key);
            assert_eq!(
                format!("{found:?}"),
                format!("{wanted:?}"),
                "{key} {places:04b}"
            );
        }
    }
}

#[test]
fn an_environment_replaces_what_differs_and_a_token_a_client() {
    let text = "region = 'us-east-1'\ntoken-env = 'A'\n[env.staging]\nregion = 'eu-west-1'\n[[app]]\nname = 'a'\nclient-id = 'i'\nclient-secret-env = 'S'\nendpoints = ['GET /a']\n[app.env.staging]\ntoken-env = 'B'\n[app.unknown]\npermission = 'pass'\nscope = 'fail'\n";
    let base = parse(text, None);
    assert_eq!((&base.flaws, &base.apps[0].flaws), (&vec![], &vec![]));
    assert_eq!(base.apps[0].region.as_deref(), Some("us-east-1"));
    assert!(matches!(base.apps[0].credential, Credential::Client(..)));
    assert_eq!(base.apps[0].tolerated, ["permission"]);
    let staging = parse(text, Some("staging"));
    assert_eq!(staging.apps[0].region.as_deref(), Some("eu-west-1"));
    assert_eq!(
        staging.apps[0].credential,
        Credential::Token(Named::Variable("B".into()))
    );
    assert_eq!(
        parse("[[app]]\nname = 'a'\nendpoints = []\n", Some("x"))
            .flaws
            .len(),
        1
    );
}

#[test]
fn a_manifest_runs_no_command_and_says_where_to_give_one() {
    let manifest = parse(
        "[[app]]\nname = 'a'\nendpoints = []\ntoken-cmd = 'vault read x'\n",
        None,
    );
    let [flaw] = manifest.apps[0].flaws.as_slice() else {
        panic!("{manifest:?}");
    };
    assert_eq!(flaw.hint, Hint::CommandOutside);
}

#[test]
fn the_schema_has_the_same_keys() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../../schemas/manifest.json")).expect("JSON");
    let keys = |at: &str| -> BTreeSet<String> {
        let members = schema.pointer(at).and_then(serde_json::Value::as_object);
        members.expect("members").keys().cloned().collect()
    };
    let own = |more: &[&str]| -> BTreeSet<String> {
        KEYS.iter()
            .chain(more)
            .map(|key| (*key).to_owned())
            .collect()
    };
    assert_eq!(keys("/properties"), own(&["app", "env", "$schema"]));
    assert_eq!(
        keys("/properties/app/items/properties"),
        own(&["name", "env"])
    );
    let endpoint = keys("/properties/endpoints/items/oneOf/1/properties");
    assert_eq!(endpoint, ENDPOINT_KEYS.map(str::to_owned).into());
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in "\\PC{0,200}") {
        parse(&text, None);
        parse(&format!("[[app]]\nname = {text}\n"), Some("staging"));
    }
}
