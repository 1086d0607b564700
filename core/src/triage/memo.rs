//! Equal answers are judged once: logs repeat, but for ids and times.

use super::judge::Judge;
use super::link::{Linked, stands_alone};
use super::success::{is_quiet, is_unlinked};
use super::template::{Judged, Template, Varying};
use crate::finding::{Diagnosis, TallyRow, Verdict};
use crate::http::Folded;
use crate::token::redact::is_stand_in;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// So many bytes of what was judged are remembered; what comes beyond is judged each time.
const ROOM: usize = 8 * 1024 * 1024;

/// What judgements came to, by the line that was judged with its ids and times folded. Shared between threads.
#[derive(Debug, Default)]
pub struct Memo {
    known: RwLock<HashMap<Vec<u8>, Known>>,
    texts: RwLock<HashMap<Vec<u8>, Template>>,
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
        if !(stands_alone(exchange) || is_unlinked(linked) && is_quiet(exchange))
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

    /// Writes the answer to evidence that is the same but for ids, places and times as other that was answered twice;
    /// `None` where it has to be judged.
    pub(super) fn write(&self, varying: Varying<'_>, out: &mut String) -> Option<Verdict> {
        let texts = self.texts.read().unwrap_or_else(PoisonError::into_inner);
        let start = out.len();
        let template = texts.get(&varying.folded.key);
        let verdict = template.and_then(|template| template.fill(varying, out));
        let count = match verdict {
            Some(_) => &self.hits,
            None => &self.misses,
        };
        count.fetch_add(1, Ordering::Relaxed);
        if verdict.is_none() {
            out.truncate(start);
        }
        verdict
    }

    /// What is counted for an exchange that was read, and its hour, where one like it is known.
    pub fn row_of(&self, linked: &Linked) -> Option<(TallyRow, Option<i64>)> {
        let folded = linked.exchange.folded.as_deref()?;
        let known = is_unlinked(linked).then(|| self.get(folded))?;
        self.asked_again();
        let known = known?;
        Some((TallyRow::clone(&known.row), known.hour(folded)))
    }

    /// Writes the answer to an exchange that was read, where two like it were answered; `None` where it has to be judged.
    pub fn text_of(&self, linked: &Linked, judge: &Judge<'_>, out: &mut String) -> Option<Verdict> {
        let varying = Varying {
            folded: linked.exchange.folded.as_deref()?,
            place: &linked.exchange.place,
            now: judge.clock().0,
        };
        let verdict = self.write(varying, out);
        self.asked_again();
        verdict
    }

    /// Counts something that is looked for once it is linked.
    pub(super) fn will_ask(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    /// What was looked for before it was read was counted then.
    fn asked_again(&self) {
        self.misses.fetch_sub(1, Ordering::Relaxed);
    }

    /// Remembers how an answer is written, where nothing but its evidence made it.
    pub fn learn(&self, linked: &Linked, judge: &Judge<'_>, diagnosis: &Diagnosis, text: &str) {
        let exchange = &linked.exchange;
        let Some(folded) = &exchange.folded else {
            return;
        };
        let Some(clock) = judge.moments_in(exchange, &folded.times) else {
            return;
        };
        let hidden = |secret: &str| secret.is_empty() || is_stand_in(secret);
        if !stands_alone(exchange)
            || !judge.sent_with(exchange).iter().all(|own| hidden(own))
            || folded.ids.iter().any(|id| diagnosis.lists(id))
            || self.bytes.load(Ordering::Relaxed) > ROOM
        {
            return;
        }
        let judged = Judged {
            text,
            verdict: diagnosis.verdict,
            clock,
        };
        let varying = Varying {
            folded,
            place: &exchange.place,
            now: judge.clock().0,
        };
        let Some(template) = Template::of(judged, varying) else {
            return;
        };
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        match texts.get_mut(&folded.key) {
            Some(known) => known.learn(template),
            None => {
                self.bytes.fetch_add(template.size(), Ordering::Relaxed);
                texts.insert(folded.key.clone(), template);
            }
        }
    }

    /// How many lines were known, of how many that were asked for.
    pub fn rate(&self) -> (usize, usize) {
        let hits = self.hits.load(Ordering::Relaxed);
        (hits, hits + self.misses.load(Ordering::Relaxed))
    }
}
