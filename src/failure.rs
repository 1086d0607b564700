//! Why a run could not be made, its hint, and its exit code 2. Repeats nothing that was typed but our own names.

use why401_core::finding::RunError;
use why401_core::http::BadTarget;
use why401_core::table::LoadError;
use why401_core::triage::ProviderError;

/// A run that could not be made.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) RunError);

impl Failure {
    pub(crate) fn new(code: &str, message: impl Into<String>, hint: Option<&str>) -> Self {
        Self(RunError {
            code: code.to_owned(),
            message: message.into(),
            hint: hint.map(str::to_owned),
        })
    }

    pub(crate) fn usage(message: impl Into<String>, hint: &str) -> Self {
        Self::new("usage", message, Some(hint))
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::new(
            "table",
            format!("the table cannot be used: {error}"),
            Some("correct the table; `why401 tables lint` says more once it can be read"),
        )
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        match &error {
            ProviderError::Load(load) => Self::from(load.clone()),
            ProviderError::Unknown => {
                let hint = "`why401 tables list` names them; --table adds your own";
                Self::usage(error.to_string(), hint)
            }
            ProviderError::PathAlone => Self::usage(
                error.to_string(),
                "add --provider ID, or give the whole URL",
            ),
            ProviderError::UnknownKind { known, near } => {
                let meant = near.iter().map(|near| format!("did you mean {near}? "));
                let known = format!("its kinds: {}", known.join(", "));
                let hint = meant.chain([known]).collect::<String>();
                Self::usage(format!("--token-kind: {error}"), &hint)
            }
        }
    }
}

impl From<BadTarget> for Failure {
    fn from(error: BadTarget) -> Self {
        let hint = match error {
            BadTarget::Method { near: Some(near) } => {
                return Self::usage(error.to_string(), &format!("did you mean {near}?"));
            }
            BadTarget::Method { near: None } => {
                "the form is `METHOD URL`, with a method such as GET or POST"
            }
            BadTarget::Scheme => "put `https://` in front of it",
            BadTarget::Url => "give `https://host/path`, or `/path` together with --provider",
        };
        Self::usage(error.to_string(), hint)
    }
}
