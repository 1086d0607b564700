//! The way of evidence, the same for everyone who asks: it is read, linked and judged.

use super::{Judge, Linked, ProviderError};
use crate::finding::Diagnosis;
use crate::http::Exchange;
use crate::input::{self, InputForm, InputOptions, Item};
use std::io::BufRead;

/// Takes what comes out of evidence, in its order.
pub trait Listener {
    /// Whether this exchange is looked at; it is asked before anything is linked.
    fn wants(&mut self, _: &Exchange) -> bool {
        true
    }

    /// An exchange with all that belongs to it, and what it came to.
    fn judged(&mut self, linked: &Linked, answer: Result<Diagnosis, ProviderError>);

    /// A part that is not evidence.
    fn skipped(&mut self, place: String, why: String);
}

/// Reads evidence to its end, in memory that does not grow with it, and hands over a diagnosis as soon as nothing that
/// follows can change it.
///
/// # Errors
/// Where the reader fails; what was read before is judged all the same.
pub fn run(
    evidence: impl BufRead,
    how: InputOptions<'_>,
    judge: &Judge<'_>,
    listener: &mut impl Listener,
) -> std::io::Result<InputForm> {
    let mut linker = judge.linker();
    let read = input::read(evidence, how, &mut |item| match item {
        Item::Exchange(exchange) if listener.wants(&exchange) => {
            if let Some(linked) = linker.take(*exchange) {
                listener.judged(&linked, judge.exchange(&linked));
            }
        }
        Item::Exchange(_) => {}
        Item::Skipped { place, why } => listener.skipped(place, why),
    });
    while let Some(linked) = linker.release() {
        listener.judged(&linked, judge.exchange(&linked));
    }
    read
}
