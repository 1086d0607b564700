//! A row's names that are none.

use super::model::{Provider, Rule};

/// Takes out names that do not have the form of their gate: noise of the source. Where no alternative is left, what the
/// gate asks for is not known.
pub(super) fn sift(rule: &mut Rule, provider: &Provider) {
    // Cases stand beside the alternatives, one by one.
    if !rule.when.is_empty() {
        return;
    }
    for (gate, need) in rule.need.values_mut().flatten() {
        let Some(gate) = provider.gate(gate).filter(|gate| gate.grammar.is_some()) else {
            continue;
        };
        let asks = !need.is_empty();
        need.retain(|set| gate.is_sound(set));
        rule.unknown |= asks && need.is_empty();
    }
}
