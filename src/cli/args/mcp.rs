//! `why401 mcp`: what agents may reach, fixed when the server starts.

use clap::Args;
use std::path::PathBuf;
#[cfg(feature = "probe")]
use url::Url;

/// `why401 mcp`.
#[derive(Debug, Args)]
pub(in crate::cli) struct McpArgs {
    /// A folder whose files may be read; may be repeated; without one no file is read
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) root: Vec<PathBuf>,
    /// An environment variable that a call may name for a token; may be repeated
    #[arg(
        long,
        value_name = "NAME",
        default_value = "WHY401_TOKEN",
        hide_default_value = true
    )]
    pub(in crate::cli) token_env: Vec<String>,
    /// Offer the tool `probe`, only for these origins, such as `https://api.example.com`; may be repeated
    #[cfg(feature = "probe")]
    #[arg(long, value_name = "ORIGIN", num_args = 1.., value_parser = origin)]
    pub(in crate::cli) allow_probe: Vec<Url>,
}

/// An origin: a scheme and a host, perhaps a port, and nothing more.
#[cfg(feature = "probe")]
fn origin(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "not a URL".to_owned())?;
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let plain = url.username().is_empty() && url.password().is_none();
    match url.has_host() && bare && plain && matches!(url.scheme(), "https" | "http") {
        true => Ok(url),
        false => Err("not an origin".to_owned()),
    }
}
