//! A short token request for the smallest scope set, in the language asked for.

use crate::cli::args::SnippetArg;
use why401_core::http::Target;
use why401_core::table::KindNeeds;
use why401_core::table::{Kind, Table};

/// What a snippet asks for.
struct Wanted {
    endpoint: String,
    /// Absent where the kind of token has no scopes.
    scope: Option<String>,
    /// What a person should know first.
    remarks: Vec<String>,
}

pub(super) fn snippet(
    language: SnippetArg,
    table: &Table,
    target: &Target,
    kinds: &[KindNeeds],
) -> String {
    let wanted = wanted(table, target, kinds);
    let comment = if language == SnippetArg::Node || language == SnippetArg::Php {
        "//"
    } else {
        "#"
    };
    let mut out: String = wanted
        .remarks
        .iter()
        .map(|remark| format!("{comment} {remark}\n"))
        .collect();
    out.push_str(&match language {
        SnippetArg::Curl => curl(&wanted),
        SnippetArg::Node => node(&wanted),
        SnippetArg::Php => php(&wanted),
        SnippetArg::Python => python(&wanted),
    });
    out
}

/// The kind that client credentials make, where there is one.
fn by_client_credentials(table: &Table) -> Option<&Kind> {
    let kinds = table.provider.kind.iter();
    kinds.into_iter().find(|kind| {
        kind.grants
            .iter()
            .any(|grant| grant == "client_credentials")
    })
}

fn wanted(table: &Table, target: &Target, kinds: &[KindNeeds]) -> Wanted {
    let host = target.host.as_deref().unwrap_or_default();
    let endpoint = table
        .token_endpoint(host)
        .map(|(login, path)| format!("https://{login}{path}"));
    let mut remarks = Vec::new();
    if endpoint.is_none() {
        remarks.push("Put the token endpoint of your issuer in place of ISSUER.".to_owned());
    }
    let declared = by_client_credentials(table);
    let needs = declared.and_then(|kind| kinds.iter().find(|own| own.kind == kind.id));
    let needs = needs.or_else(|| kinds.first());
    let has_scopes = needs.is_none_or(|needs| needs.has_scopes);
    remarks.extend(declared.and_then(|kind| kind.note.clone()));
    if let Some(needs) = needs {
        for (gate, set) in needs.gates.iter().filter(|(gate, _)| *gate != "scope") {
            let names: Vec<&str> = set.names.iter().map(String::as_str).collect();
            let look = table.provider.gate(gate).and_then(|gate| gate.look.clone());
            let place = look.map(|look| format!(" ({look})")).unwrap_or_default();
            remarks.push(format!("Needed as {gate}: {}{place}", names.join(", ")));
        }
        remarks.extend(
            needs
                .refused
                .iter()
                .map(|refused| format!("This kind of token cannot call {refused}.")),
        );
    }
    let scope = needs.map(|needs| needs.names("scope").join(" "));
    Wanted {
        endpoint: endpoint.unwrap_or_else(|| "https://ISSUER/token".to_owned()),
        scope: scope.filter(|scope| has_scopes && !scope.is_empty()),
        remarks: remarks
            .iter()
            .map(|remark| remark.replace(['\n', '\r'], " "))
            .collect(),
    }
}

/// A text between single quotes; scope names have none, hosts neither.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace(['\'', '\\'], ""))
}

fn curl(wanted: &Wanted) -> String {
    let scope = wanted
        .scope
        .as_ref()
        .map(|scope| format!(" --data-urlencode {}", quoted(&format!("scope={scope}"))));
    format!(
        "curl -sS -u \"$CLIENT_ID:$CLIENT_SECRET\" {} -d grant_type=client_credentials{}\n",
        quoted(&wanted.endpoint),
        scope.unwrap_or_default()
    )
}

fn node(wanted: &Wanted) -> String {
    let scope = wanted
        .scope
        .as_ref()
        .map(|scope| format!(", scope: {}", quoted(scope)));
    format!(
        "const answer = await fetch({}, {{\n  method: 'POST',\n  headers: {{ Authorization: 'Basic ' + Buffer.from(`${{process.env.CLIENT_ID}}:${{process.env.CLIENT_SECRET}}`).toString('base64') }},\n  body: new URLSearchParams({{ grant_type: 'client_credentials'{} }}),\n}});\nif (!answer.ok) throw new Error(`token request: ${{answer.status}} ${{await answer.text()}}`);\nconst {{ access_token }} = await answer.json();\n",
        quoted(&wanted.endpoint),
        scope.unwrap_or_default()
    )
}

fn php(wanted: &Wanted) -> String {
    let scope = wanted
        .scope
        .as_ref()
        .map(|scope| format!(", 'scope' => {}", quoted(scope)));
    format!(
        "$request = curl_init({});\ncurl_setopt_array($request, [\n    CURLOPT_RETURNTRANSFER => true,\n    CURLOPT_USERPWD => getenv('CLIENT_ID') . ':' . getenv('CLIENT_SECRET'),\n    CURLOPT_POSTFIELDS => http_build_query(['grant_type' => 'client_credentials'{}]),\n]);\n$answer = json_decode(curl_exec($request), true, flags: JSON_THROW_ON_ERROR);\n$token = $answer['access_token'] ?? throw new RuntimeException($answer['error'] ?? 'no token');\n",
        quoted(&wanted.endpoint),
        scope.unwrap_or_default()
    )
}

fn python(wanted: &Wanted) -> String {
    let scope = wanted
        .scope
        .as_ref()
        .map(|scope| format!(", 'scope': {}", quoted(scope)));
    format!(
        "import base64, json, os, urllib.parse, urllib.request\n\npair = f\"{{os.environ['CLIENT_ID']}}:{{os.environ['CLIENT_SECRET']}}\".encode()\nrequest = urllib.request.Request(\n    {},\n    data=urllib.parse.urlencode({{'grant_type': 'client_credentials'{}}}).encode(),\n    headers={{'Authorization': 'Basic ' + base64.b64encode(pair).decode()}},\n)\nwith urllib.request.urlopen(request) as answer:\n    token = json.load(answer)['access_token']\n",
        quoted(&wanted.endpoint),
        scope.unwrap_or_default()
    )
}
