//! Near misses: which published operations somebody may have meant by a path that no table knows.

use super::load::Table;
use super::model::Trust;
use std::collections::HashMap;

/// A published operation close to what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Its method.
    pub method: String,
    /// Its path template.
    pub path: String,
}

impl Table {
    /// The nearest published operations, the closest first, at most `count`.
    pub fn near(&self, method: &str, path: &str, count: usize) -> Vec<Near> {
        let asked: Vec<&str> = path.trim_matches('/').split('/').collect();
        let mut alike = HashMap::new();
        let mut scored: Vec<(u32, u32)> = Vec::new();
        for (row, _) in (0..).zip(&self.rows) {
            if self.trusts[row as usize] >= Trust::C {
                continue;
            }
            let score = score(&asked, self.path(row), &mut alike);
            if score > 0 {
                let method_bonus = u32::from(self.method(row) == method) * 150;
                scored.push((score + method_bonus, row));
            }
        }
        scored.sort_by_key(|(score, row)| (std::cmp::Reverse(*score), self.path(*row).len(), *row));
        let best = scored.first().map_or(0, |(score, _)| *score);
        let close = scored
            .into_iter()
            .take_while(|(score, _)| *score * 10 >= best * 6);
        close
            .take(count)
            .map(|(_, row)| Near {
                method: self.method(row).to_owned(),
                path: self.path(row).to_owned(),
            })
            .collect()
    }
}

/// Points for segments that agree, look alike or bind a variable, and a malus for each one too many.
fn score<'a>(
    asked: &[&'a str],
    template: &'a str,
    alike: &mut HashMap<(&'a str, &'a str), u32>,
) -> u32 {
    let mut points = 0;
    let mut words = 0;
    let mut length = 0;
    for (place, segment) in template.trim_matches('/').split('/').enumerate() {
        length += 1;
        let Some(own) = asked.get(place) else {
            continue;
        };
        if segment.starts_with('{') {
            points += 25;
            continue;
        }
        let likeness = *alike
            .entry((own, segment))
            .or_insert_with(|| likeness(own, segment));
        if likeness == 0 {
            break;
        }
        points += likeness;
        // `api` and version segments agree everywhere and say nothing.
        words += u32::from(likeness < 100 || (own.len() > 3 && !own.starts_with('v')));
    }
    if words == 0 {
        return 0;
    }
    let difference = u32::try_from(asked.len().abs_diff(length)).unwrap_or(u32::MAX);
    points.saturating_sub(difference.saturating_mul(30))
}

fn likeness(own: &str, segment: &str) -> u32 {
    if own == segment {
        return 100;
    }
    // Two decimals of a value between 0 and 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a likeness lies between 0 and 1"
    )]
    let alike = (strsim::jaro_winkler(&own.to_ascii_lowercase(), &segment.to_ascii_lowercase())
        * 100.0) as u32;
    if alike >= 82 { alike - 15 } else { 0 }
}
