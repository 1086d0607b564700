//! From the text of a manifest to its apps; a fault of one leaves the others readable.

use super::manifest::{App, Credential, Endpoint, Manifest, Named};
use super::reader::{Reader, Value, in_order};
use std::collections::BTreeSet;
use toml::de::DeTable;

/// Keys of an app; outside an app they are what every app has that does not say otherwise.
const KEYS: [&str; 21] = [
    "audience",
    "client-id",
    "client-id-env",
    "client-secret-env",
    "client-secret-file",
    "endpoints",
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
/// Keys of an endpoint that is written as a table.
const ENDPOINT_KEYS: [&str; 4] = ["call", "needs", "note", "optional"];
/// Keys of an environment: those of an app, but for what it calls.
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

/// A key with its line and value.
type Keyed<'t, 'v> = (&'t str, usize, &'v Value<'t>);

/// Reads a manifest, for one of its environments where it has some. What is wrong with one app leaves the others
/// readable.
pub fn parse(text: &str, environment: Option<&str>) -> Manifest {
    let mut reader = Reader::new(text);
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = error.span().map_or(1, |span| reader.line(&span));
            reader.flaw(line, "", format!("it is not TOML: {}", error.message()), "");
            return Manifest {
                apps: Vec::new(),
                flaws: reader.flaws,
            };
        }
    };
    let document = document.get_ref();
    let mut apps = Vec::new();
    let mut shared = Vec::new();
    let mut named = Vec::new();
    for (key, span, value) in in_order(document) {
        let line = reader.line(&span);
        match (key, value.get_ref().as_array()) {
            ("app", Some(list)) => apps.extend(list.iter()),
            ("app", None) => reader.flaw(line, key, "`app` is not a list", "write `[[app]]`"),
            ("$schema", _) => {}
            (ENVIRONMENT, _) => named.extend(in_environment(&mut reader, value, environment)),
            _ => shared.push((key, line, value)),
        }
    }
    let holders =
        std::iter::once(document).chain(apps.iter().filter_map(|app| app.get_ref().as_table()));
    if environment.is_some_and(|name| !holders.into_iter().any(|own| has(own, name))) {
        reader.flaw(
            1,
            ENVIRONMENT,
            "the manifest has no environment of that name",
            "write one: [env.staging] with the keys that differ there",
        );
    }
    overlay(&mut shared, named);
    let own = |key: &str| KEYS.contains(&key);
    for (key, line, _) in shared.iter().filter(|(key, _, _)| !own(key)) {
        unknown(&mut reader, key, *line);
    }
    shared.retain(|(key, _, _)| own(key));
    if apps.is_empty() {
        reader.flaw(
            1,
            "app",
            "there is no app",
            "write one: [[app]] with a name and endpoints",
        );
    }
    let flaws = std::mem::take(&mut reader.flaws);
    let mut seen = BTreeSet::new();
    let apps = apps
        .into_iter()
        .map(|value| {
            let mut app = app(&mut reader, value, &shared, environment);
            if !seen.insert(app.name.clone()) {
                reader.flaw(
                    app.line_of("name"),
                    "name",
                    "two apps have this name",
                    "names are unique",
                );
            }
            app.flaws = std::mem::take(&mut reader.flaws);
            app
        })
        .collect();
    Manifest { apps, flaws }
}

fn unknown(reader: &mut Reader, key: &str, line: usize) {
    if SECRETS.contains(&key.replace('_', "-").to_ascii_lowercase().as_str()) {
        return reader.flaw(
            line,
            key,
            format!("the key `{key}` would contain a secret, and a manifest never does"),
            "name where it is: token-env, token-file, client-secret-env or client-secret-file",
        );
    }
    if key.replace('_', "-") == "token-cmd" {
        return reader.flaw(
            line,
            key,
            "a manifest may not run a command: whoever can change it could run anything",
            "give it where the gate runs: why401 gate --token-cmd 'APP=COMMAND'",
        );
    }
    let known: Vec<&str> = KEYS
        .into_iter()
        .chain(["name", "app", ENVIRONMENT])
        .collect();
    reader.unknown(key, line, &known);
}

/// Whether a document or an app has an environment of that name.
fn has(holder: &DeTable<'_>, name: &str) -> bool {
    let all = in_order(holder).into_iter();
    all.filter(|(key, _, _)| *key == ENVIRONMENT)
        .filter_map(|(_, _, value)| value.get_ref().as_table())
        .any(|all| in_order(all).iter().any(|(own, _, _)| *own == name))
}

/// The keys of the environment that was asked for.
fn in_environment<'t, 'v>(
    reader: &mut Reader,
    value: &'v Value<'t>,
    wanted: Option<&str>,
) -> Vec<Keyed<'v, 'v>>
where
    't: 'v,
{
    let Some(all) = value.get_ref().as_table() else {
        let line = reader.line(&value.span());
        reader.flaw(
            line,
            ENVIRONMENT,
            "`env` is not a table",
            "write [env.staging]",
        );
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, span, own) in in_order(all) {
        match own.get_ref().as_table() {
            Some(keys) if Some(name) == wanted => {
                found.extend(
                    in_order(keys)
                        .into_iter()
                        .map(|(key, span, value)| (key, reader.line(&span), value)),
                );
            }
            Some(_) => {}
            None => {
                let line = reader.line(&span);
                reader.flaw(
                    line,
                    ENVIRONMENT,
                    "an environment is not a table",
                    "write [env.staging]",
                );
            }
        }
    }
    found
}

/// Keys of an environment in place of the same keys outside it; a credential is replaced as a whole.
fn overlay<'v>(base: &mut Vec<Keyed<'v, 'v>>, own: Vec<Keyed<'v, 'v>>) {
    let credential = own.iter().any(|(key, _, _)| is_credential(key));
    base.retain(|(key, _, _)| {
        let same = own.iter().any(|(name, _, _)| name == key);
        !(same || credential && is_credential(key))
    });
    base.extend(own);
}

fn app(
    reader: &mut Reader,
    value: &Value<'_>,
    shared: &[Keyed<'_, '_>],
    environment: Option<&str>,
) -> App {
    let mut app = App {
        line: reader.line(&value.span()),
        ..App::default()
    };
    let Some(table) = value.get_ref().as_table() else {
        reader.flaw(app.line, "app", "an app is not a table", "write `[[app]]`");
        return app;
    };
    let mut own = Vec::new();
    let mut here = Vec::new();
    for (key, span, value) in in_order(table) {
        match key {
            ENVIRONMENT => here.extend(in_environment(reader, value, environment)),
            _ => own.push((key, reader.line(&span), value)),
        }
    }
    overlay(&mut own, here);
    let given = |key: &str| own.iter().any(|(name, _, _)| *name == key);
    let credential = own.iter().any(|(key, _, _)| is_credential(key));
    let mut named = Names::default();
    // What an app says itself replaces what is said for all; a credential is replaced as a whole.
    for (key, line, value) in shared {
        let replaced = given(key) || (credential && is_credential(key));
        if !replaced {
            set(reader, &mut app, &mut named, key, *line, value);
        }
    }
    for (key, line, value) in &own {
        set(reader, &mut app, &mut named, key, *line, value);
    }
    if app.name.is_empty() {
        app.name = format!("app on line {}", app.line);
    }
    if !given("name") {
        reader.flaw(
            app.line,
            "name",
            "the app has no name",
            "add name = \"...\"",
        );
    }
    if app.endpoints.is_empty() && !app.lines.contains_key("endpoints") {
        reader.flaw(
            app.line,
            "endpoints",
            "the app has no endpoints",
            "add endpoints = [\"GET /path\"]",
        );
    }
    app.credential = named.credential(reader, &app);
    app
}

fn is_credential(key: &str) -> bool {
    key.starts_with("token-") || key.starts_with("client-")
}

/// The names of a credential, until all are known.
#[derive(Debug, Default)]
struct Names {
    token: Option<Named>,
    id: Option<Named>,
    secret: Option<Named>,
}

impl Names {
    fn put(&mut self, key: &str, value: String) -> bool {
        let (slot, named) = match key {
            "token-env" => (&mut self.token, Named::Variable(value)),
            "token-file" => (&mut self.token, Named::File(value)),
            "client-id" => (&mut self.id, Named::Value(value)),
            "client-id-env" => (&mut self.id, Named::Variable(value)),
            "client-secret-env" => (&mut self.secret, Named::Variable(value)),
            _ => (&mut self.secret, Named::File(value)),
        };
        slot.replace(named).is_none()
    }

    fn credential(self, reader: &mut Reader, app: &App) -> Credential {
        match (self.token, self.id, self.secret) {
            (None, None, None) => Credential::Unnamed,
            (Some(token), None, None) => Credential::Token(token),
            (None, Some(id), Some(secret)) => Credential::Client(id, secret),
            (Some(_), _, _) => {
                let text = "a token and a client are both named";
                reader.flaw(app.line, "credential", text, "keep one of them");
                Credential::Unnamed
            }
            (None, id, _) => {
                let (there, missing) = match id {
                    Some(_) => ("an id", "client-secret-env or client-secret-file"),
                    None => ("a secret", "client-id or client-id-env"),
                };
                let text = format!("the client has {there} only");
                reader.flaw(app.line, "credential", text, &format!("add {missing}"));
                Credential::Unnamed
            }
        }
    }
}

fn set(
    reader: &mut Reader,
    app: &mut App,
    named: &mut Names,
    key: &str,
    line: usize,
    value: &Value<'_>,
) {
    app.lines.insert(key.to_owned(), line);
    match key {
        "name" => app.name = reader.text(key, value).unwrap_or_default(),
        "provider" => app.provider = reader.text(key, value),
        "region" => app.region = reader.text(key, value),
        "kind" => app.kind = reader.text(key, value),
        "audience" => app.audience = reader.text(key, value),
        "issuer" => app.issuer = reader.text(key, value),
        "scopes" => app.scopes = reader.names(key, value),
        "permissions" => app.permissions = reader.names(key, value),
        "tables" => app.tables = reader.names(key, value).unwrap_or_default(),
        "forbid-scopes" => app.forbid_scopes = reader.names(key, value).unwrap_or_default(),
        "fail-on" => app.fail_on = reader.names(key, value).unwrap_or_default(),
        "min-ttl" => app.min_ttl = reader.seconds(key, value),
        "max-scopes" => app.max_scopes = reader.count(key, value),
        "endpoints" => app.endpoints = endpoints(reader, value),
        "needs" => app.needs = reader.names(key, value),
        "unknown" => app.tolerated = tolerated(reader, value),
        _ if is_credential(key) && KEYS.contains(&key) => {
            let text = reader.text(key, value);
            if text.is_some_and(|text| !named.put(key, text)) {
                reader.flaw(
                    line,
                    key,
                    "it is named twice, in two ways",
                    "keep one of them",
                );
            }
        }
        _ => unknown(reader, key, line),
    }
}

/// The checks that may stay undecided: `unknown = { permission = "pass" }`.
fn tolerated(reader: &mut Reader, value: &Value<'_>) -> Vec<String> {
    let Some(table) = value.get_ref().as_table() else {
        let line = reader.line(&value.span());
        let hint = "write unknown = { permission = \"pass\" }";
        reader.flaw(line, "unknown", "`unknown` is not a table", hint);
        return Vec::new();
    };
    let mut out = Vec::new();
    for (check, span, value) in in_order(table) {
        match value.get_ref().as_str() {
            Some("pass") => out.push(check.to_owned()),
            Some("fail") => {}
            _ => {
                let line = reader.line(&span);
                let text = "what may stay undecided is neither \"pass\" nor \"fail\"";
                reader.flaw(line, "unknown", text, "write \"pass\" or \"fail\"");
            }
        }
    }
    out
}

fn endpoints(reader: &mut Reader, value: &Value<'_>) -> Vec<Endpoint> {
    let Some(list) = value.get_ref().as_array() else {
        let line = reader.line(&value.span());
        reader.flaw(
            line,
            "endpoints",
            "`endpoints` is not a list",
            "write endpoints = [\"GET /path\"]",
        );
        return Vec::new();
    };
    list.iter()
        .filter_map(|own| endpoint(reader, own))
        .collect()
}

fn endpoint(reader: &mut Reader, value: &Value<'_>) -> Option<Endpoint> {
    let line = reader.line(&value.span());
    let mut out = Endpoint {
        method: String::new(),
        url: String::new(),
        note: None,
        optional: false,
        needs: None,
        line,
    };
    let call = match value.get_ref().as_table() {
        None => reader.text("endpoints", value)?,
        Some(table) => {
            let mut call = Some(String::new());
            for (key, span, value) in in_order(table) {
                match key {
                    "call" => call = reader.text(key, value),
                    "needs" => out.needs = reader.names(key, value),
                    "note" => out.note = reader.text(key, value),
                    "optional" => out.optional = reader.flag(key, value).unwrap_or_default(),
                    _ => {
                        let line = reader.line(&span);
                        reader.unknown(key, line, &ENDPOINT_KEYS);
                    }
                }
            }
            call?
        }
    };
    let words: Vec<&str> = call.split_whitespace().collect();
    let [method, url] = words.as_slice() else {
        reader.flaw(
            line,
            "endpoints",
            "an endpoint is not `METHOD /path`",
            "write \"GET /path\", or { call = \"GET /path\", note = \"...\", optional = true }",
        );
        return None;
    };
    out.method = method.to_ascii_uppercase();
    (*url).clone_into(&mut out.url);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        assert_eq!(manifest.apps[0].flaws[0].hint, "did you mean `endpoints`?");
        assert!(!format!("{manifest:?}").contains("SECRET-VALUE"));
        assert_eq!(manifest.apps[1].flaws, []);
        let told: Vec<usize> = manifest.apps[2].flaws.iter().map(|f| f.line).collect();
        assert_eq!(told, [11, 10]);
    }

    #[test]
    fn an_environment_replaces_what_differs_and_a_credential_as_a_whole() {
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
        assert!(flaw.hint.contains("--token-cmd 'APP=COMMAND'"));
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
