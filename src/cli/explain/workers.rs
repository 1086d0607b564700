//! The cores of the machine: work in pieces, results in order.

use rayon::prelude::*;
use std::num::NonZeroUsize;

/// Threads that are started when there is work for more than one.
pub(super) struct Workers {
    jobs: usize,
    pool: Option<rayon::ThreadPool>,
}

impl Workers {
    /// So many workers at a time; as many as the machine has cores where nobody says it.
    pub(super) fn new(jobs: Option<NonZeroUsize>) -> Self {
        let jobs = jobs.or_else(|| std::thread::available_parallelism().ok());
        Self {
            jobs: jobs.map_or(1, NonZeroUsize::get),
            pool: None,
        }
    }

    /// What the work on each thing comes to, in the order of the things.
    pub(super) fn map<T: Sync, O: Send>(
        &mut self,
        things: &[T],
        work: impl Fn(&T) -> O + Sync,
    ) -> Vec<O> {
        if self.jobs > 1 && things.len() > 1 && self.pool.is_none() {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs);
            // Without threads one core does it all.
            self.pool = pool.build().ok();
        }
        match &self.pool {
            Some(pool) if things.len() > 1 => pool.install(|| {
                let things = things.par_iter().with_max_len(1);
                things.map(&work).collect()
            }),
            _ => things.iter().map(work).collect(),
        }
    }
}
