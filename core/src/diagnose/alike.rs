//! Which cause of an answer goes first: what its voices give, and what its words are like.
//!
//! Measured by leaving products out: likeness alone puts the right cause among the first three more often than voices do, and
//! voices that name a cause put the right one first more often than likeness does.

use super::voice::{By, Voice};
use super::voices::Heard;
use crate::language::Likely;

/// What a point of a voice is worth, and that the answer names a cause: a cause that is likelier by e gains `E`.
const POINT: i32 = 3;
const NAMED: i32 = 50;
const E: f64 = 140.0;

/// What a cause loses that token or request speak against.
const AGAINST: i32 = 380;

/// The share of a cause that nothing is like, in ten thousandths.
const LEAST: u32 = 3;

/// Puts causes in order. The points stay those of the voices: the cause that goes first has the most of them. Says whether
/// the first is still the one that was named, and is not doubted.
pub(super) fn order(heard: &mut [Heard<'_>], likely: &Likely, named: bool) -> bool {
    let sound = |one: &Heard<'_>| !one.is_doubted(likely);
    let known = heard.first().is_none_or(|first| is_known(first, likely));
    if !likely.is_familiar() || known {
        return named && heard.first().is_some_and(sound);
    }
    let points: Vec<i32> = heard.iter().map(|one| one.points).collect();
    let first = heard[0].cause;
    heard.sort_by_cached_key(|one| {
        let name = if named && one.cause == first {
            NAMED
        } else {
            0
        };
        let against = if one.is_ruled_out() { AGAINST } else { 0 };
        std::cmp::Reverse(POINT * one.spoken() + name + alike(one.share) - against)
    });
    for (one, points) in heard.iter_mut().zip(points) {
        one.points = points;
    }
    named && heard[0].cause == first && sound(&heard[0])
}

/// Whether a table knows what this answer says: a product's own wording or status, a code of one meaning, a wording that is
/// all there is.
fn is_known(first: &Heard<'_>, likely: &Likely) -> bool {
    let yields = first.voices.iter().any(|voice| voice.yields);
    let known = |voice: &Voice<'_>| match voice.by {
        By::Wording {
            refusals, refusal, ..
        } => {
            // Beside a code that may mean anything the product's status says no more.
            let open = voice.yields || refusal.is_bare() && yields;
            let own = !refusals.general && !open;
            voice.sole || own || likely.is_short() && !refusal.is_bare()
        }
        By::Words(_) => false,
    };
    first.voices.iter().any(known)
}

/// What a share is worth.
fn alike(share: u32) -> i32 {
    let share = f64::from((share * 10).max(LEAST)) / 10_000.0;
    #[expect(clippy::cast_possible_truncation, reason = "between -1,140 and 0")]
    let worth = (E * share.ln()).round() as i32;
    worth
}
