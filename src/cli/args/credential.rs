//! Options about the credential, what is expected of it, and the client that may ask for one.

use clap::Args;
use std::path::PathBuf;

/// Where a token comes from. Never an argument: arguments are seen by every process of the machine.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Token")]
pub(in crate::cli) struct TokenArgs {
    /// Read the token from a file, or from standard input (`-`)
    #[arg(long, value_name = "PATH", group = "token_source")]
    pub(in crate::cli) token_file: Option<PathBuf>,
    /// Read the token from this environment variable
    #[arg(long, value_name = "NAME", group = "token_source")]
    pub(in crate::cli) token_env: Option<String>,
    /// Run this command (split into words, no shell) and read the token from its output
    #[arg(long, value_name = "COMMAND", group = "token_source")]
    pub(in crate::cli) token_cmd: Option<String>,
    /// An already decoded claims object, as a JSON file
    #[arg(long, value_name = "FILE", group = "token_source")]
    pub(in crate::cli) claims: Option<PathBuf>,
    /// The scopes that the token has, separated by spaces or commas; '' is the empty set
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(in crate::cli) scope: Option<String>,
    /// The kind of token, by the table's name for it
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) token_kind: Option<String>,
}

/// What the API expects of the token.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Expectations")]
pub(in crate::cli) struct Expect {
    /// Permissions that the principal is known to have: names separated by commas or spaces, NAME@PART for one held in a
    /// division or namespace only; or @FILE with such a list, or with the vendor's own answer
    #[arg(long, value_name = "LIST|@FILE")]
    pub(in crate::cli) permissions: Option<String>,
    /// The audience that the API expects
    #[arg(long, value_name = "AUD")]
    pub(in crate::cli) audience: Option<String>,
    /// The issuer that the API expects
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) issuer: Option<String>,
    /// Whether the organisation enforces scopes, where that is a setting (Genesys Cloud)
    #[arg(long, value_name = "BOOL")]
    pub(in crate::cli) enforce_scopes: Option<bool>,
}

/// What the user holds to be true of the issuer.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Issuer")]
pub(in crate::cli) struct Pinned {
    /// The resource, or its metadata (RFC 9728), which names the issuers whose tokens it accepts
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) resource_metadata: Option<String>,
    /// The issuer's keys (a JWK Set), to check the signature with
    #[arg(long, value_name = "FILE|URL")]
    pub(in crate::cli) jwks: Option<String>,
    /// A file with the shared secret, to check an HMAC signature with
    #[arg(long, value_name = "FILE", conflicts_with = "jwks")]
    pub(in crate::cli) secret_file: Option<PathBuf>,
}

/// A client's own credentials: to ask for a token, or about one.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Client")]
pub(in crate::cli) struct ClientArgs {
    /// The client's id
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) client_id: Option<String>,
    /// The environment variable with the client's secret
    #[arg(
        long,
        value_name = "NAME",
        requires = "client_id",
        group = "client_secret"
    )]
    pub(in crate::cli) client_secret_env: Option<String>,
    /// The file with the client's secret
    #[arg(
        long,
        value_name = "PATH",
        requires = "client_id",
        group = "client_secret"
    )]
    pub(in crate::cli) client_secret_file: Option<PathBuf>,
    /// The token endpoint, if the issuer's metadata names one at another origin
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(in crate::cli) token_endpoint: Option<String>,
    /// The introspection endpoint to ask about the token (RFC 7662)
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(in crate::cli) introspect: Option<String>,
    /// A private key (PEM): the token is requested for it and sent with a proof of it (DPoP, RFC 9449)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) dpop_key: Option<PathBuf>,
}
