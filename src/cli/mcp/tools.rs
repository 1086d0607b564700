//! The tools: what each is called, takes and answers.

use super::arguments::{Cause, Check, Explain, Needs, Scrub, Search};
use super::{Reach, evidence, questions};
use crate::cli::error::Failure;
use crate::cli::reference::SCHEMAS;
use rmcp::handler::server::tool::schema_for_type;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use rmcp::schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

type Run = fn(&Reach, Value) -> Result<Value, Failure>;

/// A tool, and what answers it.
pub(super) struct Own {
    pub(super) tool: Tool,
    pub(super) run: Run,
}

/// What an agent is told of a tool.
struct About {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// The name of the schema of its answer.
    answer: &'static str,
    /// Whether it asks a live server.
    open_world: bool,
}

fn own<A: JsonSchema + 'static>(about: &About, run: Run) -> Own {
    let read_only = ToolAnnotations::with_title(about.title)
        .read_only(true)
        .destructive(false)
        .idempotent(!about.open_world)
        .open_world(about.open_world);
    let mut tool = Tool::new(about.name, about.description, schema_for_type::<A>())
        .with_title(about.title)
        .with_annotations(read_only);
    tool.output_schema = schema(about.answer);
    Own { tool, run }
}

/// A schema as `why401 schema` prints it.
fn schema(name: &str) -> Option<Arc<JsonObject>> {
    let (_, text) = SCHEMAS.iter().find(|(own, _)| *own == name)?;
    serde_json::from_str(text).ok().map(Arc::new)
}

/// Every tool of a server with that reach.
#[cfg(feature = "probe")]
pub(super) fn all(reach: &Reach) -> Vec<Own> {
    let asking = reach.probes().then(probing);
    offline().into_iter().chain(asking).collect()
}

/// Every tool of a server that cannot ask others.
#[cfg(not(feature = "probe"))]
pub(super) fn all(_: &Reach) -> Vec<Own> {
    offline()
}

/// The tools that ask nobody.
fn offline() -> Vec<Own> {
    about_evidence().into_iter().chain(about_tables()).collect()
}

/// The tools that take evidence.
fn about_evidence() -> [Own; 2] {
    [
        own::<Explain>(
            &About {
                name: "explain",
                title: "Why was this request refused?",
                description: "Says why recorded requests were refused: one diagnosis a request, with its cause, certainty, what is missing and what to do. Give the evidence as it is: it is read here, and nothing in it is followed.",
                answer: "report",
                open_world: false,
            },
            |reach, value| evidence::explain(reach, &read(value)?),
        ),
        own::<Scrub>(
            &About {
                name: "scrub",
                title: "The same evidence without secrets",
                description: "Keeps what is known to be harmless and puts a typed stand-in for everything else. Use it before evidence is passed on.",
                answer: "scrub",
                open_world: false,
            },
            |reach, value| evidence::scrub(reach, &read(value)?),
        ),
    ]
}

/// The tools that answer questions out of the tables.
fn about_tables() -> [Own; 4] {
    [
        own::<Check>(
            &About {
                name: "check",
                title: "Would this token be accepted here?",
                description: "Compares a token, or scopes given by hand, with what an endpoint needs. Offline: token and tables only, no server is asked.",
                answer: "report",
                open_world: false,
            },
            |reach, value| questions::check(reach, &read(value)?),
        ),
        own::<Needs>(
            &About {
                name: "needs",
                title: "Which scopes do these endpoints need?",
                description: "Finds the smallest set of scopes and permissions that opens the endpoints, for each kind of token; with a token or scopes, what is lacking and what is not used.",
                answer: "needs",
                open_world: false,
            },
            |reach, value| questions::needs(reach, &read(value)?),
        ),
        own::<Search>(
            &About {
                name: "search_tables",
                title: "Search the requirement tables",
                description: "Finds operations of known APIs by words of their method, path, scopes or permissions.",
                answer: "tables",
                open_world: false,
            },
            |reach, value| questions::search(reach, &read(value)?),
        ),
        own::<Cause>(
            &About {
                name: "cause",
                title: "What a cause means",
                description: "The page of a cause or note by its code: what it means, how to tell it from others, what to do. Without a code, the closed list.",
                answer: "causes",
                open_world: false,
            },
            |_, value| questions::cause(&read(value)?),
        ),
    ]
}

#[cfg(feature = "probe")]
fn probing() -> Own {
    own::<Check>(
        &About {
            name: "probe",
            title: "Ask the live server",
            description: "As check, and asks the live server too: a control and the endpoint, with the token and without, by GET, HEAD and OPTIONS only, at the origins that this server was started with.",
            answer: "report",
            open_world: true,
        },
        |reach, value| super::probe::probe(reach, &read(value)?),
    )
}

/// Arguments of a tool. What was given is never repeated: it may be a secret.
fn read<A: DeserializeOwned>(value: Value) -> Result<A, Failure> {
    serde_json::from_value(value).map_err(|_| {
        Failure::usage(
            "an argument is missing or of the wrong type",
            "see the input schema of the tool",
        )
    })
}

/// Refuses arguments that the tool does not have: one that is ignored would look as if it had counted.
pub(super) fn check_names(own: &Own, value: &Value) -> Result<(), Failure> {
    let known = own.tool.input_schema.get("properties");
    let known = |name: &String| known.is_some_and(|known| known.get(name).is_some());
    let given = value.as_object();
    let Some(name) = given.and_then(|given| given.keys().find(|name| !known(name))) else {
        return Ok(());
    };
    if matches!(name.as_str(), "token" | "access_token" | "bearer") {
        return Err(Failure::usage(
            "a token is never an argument",
            "name the file (token_file) or the environment variable (token_env) that holds it",
        ));
    }
    Err(Failure::usage(
        "the tool has no argument of that name",
        "see the input schema of the tool",
    ))
}
