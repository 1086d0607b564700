//! From the text of a manifest to its apps; a fault of one leaves the others readable.

mod app;
mod endpoint;
mod environment;

use super::manifest::{App, Credential, Hint, Manifest};
use super::reader::{Reader, Value, in_order, instead};
use app::app;
use environment::{in_environment, is_credential, names, overlay, set_in};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

/// Keys of an app; outside an app they are what every app has that does not say otherwise.
const KEYS: [&str; 22] = [
    "audience",
    "client-id",
    "client-id-env",
    "client-secret-env",
    "client-secret-file",
    "endpoints",
    "enforce-scopes",
    "fail-on",
    "forbid-scopes",
    "issuer",
    "kind",
    "max-scopes",
    "min-ttl",
    "needs",
    "permissions",
    "provider",
    "region",
    "scopes",
    "tables",
    "token-env",
    "token-file",
    "unknown",
];
/// Whether an app of a manifest has a key of that name.
pub fn is_key(name: &str) -> bool {
    KEYS.contains(&name)
}

/// The key under which environments stand.
const ENVIRONMENT: &str = "env";
/// What people write where a name belongs.
const SECRETS: [&str; 6] = [
    "token",
    "access-token",
    "client-secret",
    "secret",
    "password",
    "authorization",
];

/// So many places are named where a text is not TOML.
const ERRORS: usize = 10;

/// Reads a manifest, for one of its environments where it has some. What is wrong with one app leaves the others
/// readable.
pub fn parse(text: &str, environment: Option<&str>) -> Manifest {
    let mut reader = Reader::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What can be read of it would only be blamed for what was not read.
        for error in errors.iter().take(ERRORS) {
            let line = error.span().map_or(1, |span| reader.line(&span));
            reader.flaw(line, "", format!("it is not TOML: {}", error.message()), "");
        }
        return Manifest {
            flaws: reader.flaws,
            ..Manifest::default()
        };
    }
    let Some((apps, shared)) = parts(&mut reader, document.get_ref(), environment) else {
        return Manifest {
            flaws: reader.flaws,
            ..Manifest::default()
        };
    };
    let known = environments(document.get_ref(), &apps);
    let known = known.into_iter().map(str::to_owned).collect();
    let of_all = names(document.get_ref());
    let set_for_all = set_in(document.get_ref());
    let written = document.get_ref().get("app");
    if apps.is_empty() && written.is_none_or(|value| value.get_ref().is_array()) {
        reader.flaw(
            1,
            "app",
            "there is no app",
            "add one: [[app]] with a name and endpoints",
        );
    }
    let flaws = std::mem::take(&mut reader.flaws);
    let mut seen = BTreeSet::new();
    let apps = apps
        .into_iter()
        .map(|value| {
            let (mut app, half) = app(&mut reader, value, &shared, environment);
            if !seen.insert(app.name.clone()) {
                reader.flaw(
                    app.line_of("name"),
                    "name",
                    "two apps have this name",
                    "names are unique",
                );
            }
            let has = |name: &str| {
                of_all.contains(&name) || app.environments.iter().any(|own| own == name)
            };
            if environment.is_none() {
                let own = value.get_ref().as_table().map(set_in);
                let set = set_for_all.iter().copied().chain(own.into_iter().flatten());
                app.elsewhere = elsewhere(&app, set);
            }
            let here = environment.filter(|name| has(name));
            if let Some(half) = half.filter(|_| !app.elsewhere.contains_key("credential")) {
                half.tell(&mut reader, here);
            }
            app.lacks = environment.filter(|_| here.is_none()).map(str::to_owned);
            app.flaws = std::mem::take(&mut reader.flaws);
            app
        })
        .collect();
    Manifest {
        apps,
        environments: known,
        flaws,
    }
}

/// What of an app is named in environments only: `credential` or `region`, with the environments that name it.
fn elsewhere<'v>(
    app: &App,
    set: impl Iterator<Item = (&'v str, &'v str)>,
) -> BTreeMap<&'static str, Vec<String>> {
    let mut out: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (environment, key) in set {
        let what = match key {
            _ if is_credential(key) && app.credential == Credential::Unnamed => "credential",
            "region" if app.region.is_none() => "region",
            _ => continue,
        };
        let names = out.entry(what).or_default();
        if !names.iter().any(|name| name == environment) {
            names.push(environment.to_owned());
        }
    }
    out
}

/// How apps are written, for somebody who wrote `[app.NAME]`.
fn listed(value: &Value<'_>) -> String {
    let table = value.get_ref().as_table();
    let mut names = table.into_iter().flat_map(|table| table.keys());
    let plain = |name: &str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    match names.find(|name| !is_key(name.get_ref()) && plain(name.get_ref())) {
        Some(name) => format!(
            "write `[[app]]`, and under it `name = \"{}\"`",
            name.get_ref()
        ),
        None => "write `[[app]]`".to_owned(),
    }
}

/// Apps, and keys with their lines and values.
type Parts<'d> = (Vec<&'d Value<'d>>, Vec<(&'d str, usize, &'d Value<'d>)>);

/// The apps, and what is said for all of them in an environment: key, line, value. `None` where there is no such
/// environment: nothing is judged by another one's values.
fn parts<'d>(
    reader: &mut Reader,
    document: &'d DeTable<'d>,
    environment: Option<&str>,
) -> Option<Parts<'d>> {
    let mut apps = Vec::new();
    let mut shared = Vec::new();
    let mut named = Vec::new();
    for (key, span, value) in in_order(document) {
        let line = reader.line(&span);
        match (key, value.get_ref().as_array()) {
            ("app", Some(list)) => apps.extend(list.iter()),
            ("app", None) => reader.flaw(line, key, "`app` is not a list", listed(value)),
            ("$schema", _) => {}
            (ENVIRONMENT, _) => named.extend(in_environment(reader, value, environment)),
            _ => shared.push((key, line, value)),
        }
    }
    let known = environments(document, &apps);
    if environment.is_some_and(|name| !known.contains(&name)) {
        // It is not in the file: no line is to blame.
        reader.flaw(
            0,
            "",
            "the manifest has no environment of the name that was asked for",
            match known.is_empty() {
                true => "add [env.staging] with the keys that differ there".to_owned(),
                false => instead(
                    environment.unwrap_or_default(),
                    known.iter().copied(),
                    "its environments",
                ),
            },
        );
        return None;
    }
    overlay(&mut shared, named);
    let own = |key: &str| KEYS.contains(&key);
    for (key, line, _) in shared.iter().filter(|(key, _, _)| !own(key)) {
        unknown(reader, key, *line);
    }
    shared.retain(|(key, _, _)| own(key));
    Some((apps, shared))
}

/// The environments that the document, or one of its apps, has.
fn environments<'v>(document: &'v DeTable<'_>, apps: &[&'v Value<'_>]) -> Vec<&'v str> {
    let apps = apps.iter().filter_map(|app| app.get_ref().as_table());
    let all: BTreeSet<&str> = std::iter::once(document)
        .chain(apps)
        .flat_map(names)
        .collect();
    all.into_iter().collect()
}

fn unknown(reader: &mut Reader, key: &str, line: usize) {
    if SECRETS.contains(&key.replace('_', "-").to_ascii_lowercase().as_str()) {
        return reader.flaw(
            line,
            key,
            format!("the key `{key}` would contain a secret, which a manifest must not"),
            "name the place of the secret: token-env, token-file, client-secret-env or client-secret-file",
        );
    }
    if key.replace('_', "-") == "token-cmd" {
        return reader.flaw(
            line,
            key,
            "a manifest may not run a command: whoever can change it could run anything",
            Hint::CommandOutside,
        );
    }
    let known: Vec<&str> = KEYS
        .into_iter()
        .chain(["name", "app", ENVIRONMENT])
        .collect();
    reader.unknown(key, line, &known);
}

#[cfg(test)]
mod tests {
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
            serde_json::from_str(include_str!("../../../schemas/manifest.json")).expect("JSON");
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
}
