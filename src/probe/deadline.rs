//! How long a run may take on the network, all its requests together.
#![cfg_attr(
    not(feature = "probe"),
    expect(dead_code, reason = "nothing waits for an answer")
)]

use std::sync::Arc;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Waits for one answer that make up the bound of a run.
const ANSWERS: u32 = 3;

/// The end of a run's time on the network, which begins with its first request; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Deadline {
    answer: Duration,
    end: Arc<OnceLock<Instant>>,
}

impl Deadline {
    /// So long for one answer, and three times that for the whole run.
    pub(crate) fn new(answer: Duration) -> Self {
        Self {
            answer,
            end: Arc::default(),
        }
    }

    /// How long one answer may take.
    pub(crate) fn answer(&self) -> Duration {
        self.answer
    }

    /// When the run is over.
    pub(crate) fn end(&self) -> Instant {
        let end = || Instant::now() + self.answer * ANSWERS;
        *self.end.get_or_init(end)
    }
}
