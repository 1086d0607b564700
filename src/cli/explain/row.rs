//! Exchanges that wait for what may belong to them, and answers that are ready between them, in the order of the evidence.

use std::collections::VecDeque;
use why401_core::http::Exchange;
use why401_core::triage::{Linked, Linker, Ready};

/// What is complete of an input.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// Exchanges to be judged.
    pub(super) linked: Vec<Linked>,
    /// Answers, and behind how many of these exchanges they stand.
    pub(super) written: Vec<(usize, Ready)>,
}

/// Puts answers where they belong: behind every exchange that was read before them, however long that waits.
#[derive(Debug)]
pub(super) struct Row {
    linker: Linker,
    /// Answers, and behind how many exchanges of the whole input they stand.
    held: VecDeque<(usize, Ready)>,
    taken: usize,
    /// Exchanges that were given away.
    given: usize,
    complete: Stretch,
}

impl Row {
    /// A row of exchanges that are linked by this.
    pub(super) fn of(linker: Linker) -> Self {
        Self {
            linker,
            held: VecDeque::new(),
            taken: 0,
            given: 0,
            complete: Stretch::default(),
        }
    }

    /// Takes the next exchange.
    pub(super) fn take(&mut self, exchange: Exchange) {
        self.taken += 1;
        let linked = self.linker.take(exchange);
        self.put(linked);
    }

    /// Takes an exchange that nobody asked about, for what it says of the credential of others.
    pub(super) fn overlook(&mut self, exchange: Exchange) {
        let linked = self.linker.overlook(exchange);
        self.put(linked);
    }

    /// Takes answers that stand behind it.
    pub(super) fn hold(&mut self, ready: Ready) {
        self.held.push_back((self.taken, ready));
        self.put(None);
    }

    fn put(&mut self, linked: Option<Linked>) {
        self.complete.linked.extend(linked);
        let given = self.given + self.complete.linked.len();
        while self.held.front().is_some_and(|(after, _)| *after <= given) {
            let held = self.held.pop_front();
            let place = |(after, ready): (usize, Ready)| (after.saturating_sub(self.given), ready);
            self.complete.written.extend(held.map(place));
        }
    }

    /// What is complete.
    pub(super) fn ready(&mut self) -> Stretch {
        let complete = std::mem::take(&mut self.complete);
        self.given += complete.linked.len();
        complete
    }

    /// What is left at the end of an input; the next exchange is of another.
    pub(super) fn end(&mut self) -> Stretch {
        while let Some(linked) = self.linker.release() {
            self.put(Some(linked));
        }
        self.put(None);
        let complete = self.ready();
        let mut linker = std::mem::take(&mut self.linker);
        linker.reset();
        *self = Self::of(linker);
        complete
    }
}
