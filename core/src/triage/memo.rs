//! Equal answers are judged once: logs repeat, but for ids and times.

use super::judge::Judge;
use super::link::{Linked, stands_alone};
use crate::finding::TallyRow;
use crate::http::Folded;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// So many bytes of what was judged are remembered; what comes beyond is judged each time.
const ROOM: usize = 8 * 1024 * 1024;

/// What judgements came to, by the line that was judged with its ids and times folded. Shared between threads.
#[derive(Debug, Default)]
pub struct Memo {
    known: RwLock<HashMap<Box<[u8]>, Known>>,
    bytes: AtomicUsize,
    hits: AtomicUsize,
    misses: AtomicUsize,
}

/// What a judgement came to.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// What is counted.
    pub(super) row: Arc<TallyRow>,
    /// Which of the times of the evidence is that of the exchange.
    at: Option<usize>,
}

impl Known {
    /// When evidence that is alike says its exchange was, in hours since 1970.
    pub(super) fn hour(&self, folded: &Folded) -> Option<i64> {
        let at = folded.times.get(self.at?)?;
        Some(at.div_euclid(3_600))
    }
}

impl Memo {
    /// What evidence came to that is the same but for ids and times.
    pub(super) fn get(&self, folded: &Folded) -> Option<Known> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&folded.key).cloned();
        let count = match found {
            Some(_) => &self.hits,
            None => &self.misses,
        };
        count.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// Remembers what an exchange came to, where all that are alike come to the same.
    pub fn put(&self, linked: &Linked, judge: &Judge<'_>, row: &TallyRow) {
        let exchange = &linked.exchange;
        let Some(folded) = &exchange.folded else {
            return;
        };
        let at = exchange
            .at
            .map(|at| folded.times.iter().position(|own| *own == at));
        let size = folded.key.len() + 256;
        // What can belong to others, or names an id, is judged by itself.
        let moments = || judge.moments(exchange);
        if !stands_alone(exchange)
            || at == Some(None)
            || folded.ids.iter().any(|id| row.names(id))
            || !moments().iter().all(|moment| folded.times.contains(moment))
            || self.bytes.fetch_add(size, Ordering::Relaxed) > ROOM
        {
            return;
        }
        let known = Known {
            row: Arc::new(row.clone()),
            at: at.flatten(),
        };
        let mut all = self.known.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(folded.key.clone(), known);
    }

    /// How many lines were known, of how many that were asked for.
    pub fn rate(&self) -> (usize, usize) {
        let hits = self.hits.load(Ordering::Relaxed);
        (hits, hits + self.misses.load(Ordering::Relaxed))
    }
}
