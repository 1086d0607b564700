//! `why401 mcp`: the same answers for agents. What may be reached is fixed at the start; what was written by others
//! stands apart in every answer; a credential is named, never given.

mod arguments;
mod evidence;
#[cfg(feature = "probe")]
mod probe;
mod questions;
mod resources;
mod server;
mod tools;

use super::Answer;
use super::args::McpArgs;
use super::error::Failure;
use super::job::Settings;
use crate::roots::Roots;
use rmcp::ServiceExt as _;
use server::Server;
use std::sync::Arc;
use why401_core::output::Format;

/// What a tool may use.
struct Reach {
    settings: Settings,
    roots: Roots,
    /// Environment variables that may be named as holding a token.
    variables: Vec<String>,
    #[cfg(feature = "probe")]
    origins: Vec<url::Url>,
}

impl Reach {
    fn of(settings: &Settings, args: &McpArgs) -> Result<Self, Failure> {
        Ok(Self {
            settings: Settings {
                format: Format::Json,
                quiet: true,
                ..settings.clone()
            },
            roots: Roots::open(&args.root)?,
            variables: args.token_env.clone(),
            #[cfg(feature = "probe")]
            origins: args.allow_probe.clone(),
        })
    }

    /// Whether live servers may be asked.
    #[cfg(feature = "probe")]
    fn probes(&self) -> bool {
        !self.origins.is_empty() && !self.settings.offline
    }
}

/// Serves until the other side closes standard input.
pub(super) fn mcp(settings: &Settings, args: &McpArgs) -> Result<Answer, Failure> {
    let server = Server::new(Arc::new(Reach::of(settings, args)?));
    let fault = |why: String| Failure::new("mcp", why, None);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| fault(format!("the server cannot start: {}", e.kind())))?;
    runtime.block_on(async {
        let serving = server.serve(rmcp::transport::stdio()).await;
        let serving = serving.map_err(|_| {
            fault("the other side did not open a session of the Model Context Protocol".to_owned())
        })?;
        let ended = serving.waiting().await;
        ended.map_err(|_| fault("the session was lost".to_owned()))
    })?;
    Ok(Answer::clear(String::new()))
}
