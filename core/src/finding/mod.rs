//! What there is to say: causes, the findings that name them, and the finished report.

mod cause;
mod codes;
mod gated;
mod report;
mod step;
mod tally;

pub use cause::{Attribute, Cause, Explains, Severity};
pub use codes::*;
pub use gated::{Entry, Gated, GatedApp, Judged, Note, Outcome};
pub use report::{
    Argument, Certainty, Diagnosis, Evidence, Exchange, Finding, Fix, Gate, Moment, ReadAs, Report,
    RunError, ScopesFrom, Skipped, Source, Subject, TokenView, Verdict,
};
pub use step::Step;
pub use tally::{Tally, TallyRow};
