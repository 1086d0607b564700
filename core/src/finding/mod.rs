//! What there is to say: causes, the findings that name them, and the finished report.

mod cause;
mod codes;
mod diagnosis;
#[expect(
    clippy::module_inception,
    reason = "the module is named for what it holds, as its siblings are"
)]
mod finding;
mod gated;
mod judged;
mod report;
mod step;
mod tally;

pub use cause::{Attribute, Cause, Counter, Explains, Severity};
pub use codes::*;
pub use diagnosis::{
    Argument, Diagnosis, GateView, Moment, ReadAs, ScopesFrom, SeenExchange, Subject, TokenView,
    Verdict,
};
pub use finding::{Certainty, Evidence, Finding, Fix, Meant, SourceView};
pub use gated::{Entry, Fault, Gated, GatedApp, Note};
pub use judged::{Judged, Outcome};
pub use report::{Report, RunError, Skipped};
pub use step::{Blank, Step, Unanswered};
pub use tally::{AlikeKey, Tally, TallyRow, operation_path};
