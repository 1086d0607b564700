//! Near misses: which published operations somebody may have meant by a path that no table knows.

use super::load::{Row, Table};
use super::model::{Rule, Trust};
use super::packed::Node;

/// A published operation close to what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Near {
    /// Its method.
    pub method: String,
    /// Its path template.
    pub path: String,
}

/// Templates this many segments longer than what was asked are still near.
const LONGER: usize = 2;
/// So many near operations are looked at for one that was mistyped.
const CANDIDATES: usize = 20;
/// Points for a segment that is the same.
const SAME: u32 = 100;
/// Points for the method that was asked for.
const SAME_METHOD: u32 = 150;
/// Points a segment too many or too few costs.
const MALUS: u32 = 30;

impl Table {
    /// The nearest published operations, the closest first, at most `count`.
    pub fn near(&self, method: &str, path: &str, count: usize) -> Vec<Near> {
        let asked: Vec<&str> = path.trim_matches('/').split('/').collect();
        let mut scored: Vec<Scored<'_>> = Vec::new();
        for (text, packed) in self.texts.iter().enumerate() {
            let mut search = Search { found: Vec::new() };
            search.at(packed.root(), &asked, 0, false);
            let rows = search
                .found
                .into_iter()
                .map(|(score, start)| (score, Row { text, start }));
            let published = rows.filter(|(_, row)| self.trust(*row) < Trust::C);
            scored.extend(published.map(|(score, row)| {
                let (own, path) = (self.record(row).method(), self.record(row).path());
                let score = score + u32::from(own == method) * SAME_METHOD;
                Scored {
                    score,
                    method: own,
                    path,
                }
            }));
        }
        scored.sort_by(|one, other| {
            let key = |near: &Scored<'_>| (std::cmp::Reverse(near.score), near.path.len());
            let by_text = || (&one.path, one.method).cmp(&(&other.path, other.method));
            key(one).cmp(&key(other)).then_with(by_text)
        });
        let best = scored.first().map_or(0, |near| near.score);
        let close = scored
            .into_iter()
            .take_while(|near| near.score * 10 >= best * 6);
        let owned = |near: Scored<'_>| Near {
            method: near.method.to_owned(),
            path: near.path,
        };
        close.take(count).map(owned).collect()
    }
}

impl Table {
    /// The published operation that was probably mistyped, where the path fits a variable of a row instead: one edit in one
    /// segment, and everything else the same.
    pub fn mistyped(&self, row: &Rule, path: &str) -> Option<Near> {
        let spelt = |path: &str| match self.provider.paths.folds() {
            true => path.to_ascii_lowercase(),
            false => path.to_owned(),
        };
        let (path, fits) = (spelt(path), spelt(&row.path));
        let asked: Vec<&str> = path.trim_matches('/').split('/').collect();
        let fits: Vec<&str> = fits.trim_matches('/').split('/').collect();
        let near = self.near(&row.method, &path, CANDIDATES).into_iter();
        near.filter(|near| near.method == row.method)
            .find(|near| is_one_edit_away(&asked, &fits, &spelt(&near.path)))
    }
}

/// Whether one segment of a template is a word one edit away from the one asked for, which only a variable of `fits`
/// takes, and the others fit.
fn is_one_edit_away(asked: &[&str], fits: &[&str], template: &str) -> bool {
    let own: Vec<&str> = template.trim_matches('/').split('/').collect();
    let mut edited = 0;
    for (at, (asked, own)) in asked.iter().zip(&own).enumerate() {
        if asked == own || own.starts_with('{') {
            continue;
        }
        if fits.get(at) == Some(asked) {
            return false;
        }
        let word = asked.len() > 1 && asked.chars().all(|c| c.is_ascii_alphabetic());
        if !word || strsim::osa_distance(asked, own) != 1 {
            return false;
        }
        edited += 1;
    }
    edited == 1 && own.len() == asked.len()
}

struct Scored<'t> {
    score: u32,
    method: &'t str,
    path: String,
}

struct Search {
    /// Points, and the start of the row's line.
    found: Vec<(u32, u32)>,
}

impl Search {
    /// Collects the rows below a node; `telling` once a segment agreed that says more than `api` or a version.
    fn at(&mut self, node: Node<'_>, rest: &[&str], points: u32, telling: bool) {
        if telling && rest.len() <= 1 {
            let lost = u32::try_from(rest.len()).unwrap_or(0) * MALUS;
            self.rows(node, points.saturating_sub(lost));
        }
        let Some((own, rest)) = rest.split_first() else {
            return self.below(node, points, if telling { LONGER } else { 0 });
        };
        let lower = own.to_ascii_lowercase();
        for (label, child) in node.literal_children() {
            let alike = if *own == label {
                SAME
            } else {
                likeness(&lower, label)
            };
            if alike > 0 {
                let says = alike < SAME || (own.len() > 3 && !own.starts_with('v'));
                self.at(child, rest, points + alike, telling || says);
            }
        }
        for child in node.variable_children() {
            self.at(child, rest, points + 25, telling);
        }
    }

    fn rows(&mut self, node: Node<'_>, points: u32) {
        self.found
            .extend(node.rows().iter().map(|row| (points, row)));
    }

    fn below(&mut self, node: Node<'_>, points: u32, levels: usize) {
        if levels == 0 || points <= MALUS {
            return;
        }
        let literal = node.literal_children().map(|(_, child)| child);
        for child in literal.chain(node.variable_children()) {
            self.rows(child, points - MALUS);
            self.below(child, points - MALUS, levels - 1);
        }
    }
}

/// Points for a segment that looks like the one asked for, given in lower case.
fn likeness(own: &str, segment: &str) -> u32 {
    // Two decimals of a value between 0 and 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a likeness lies between 0 and 1"
    )]
    let alike = (strsim::jaro_winkler(own, segment) * 100.0) as u32;
    if alike >= 82 { alike - 15 } else { 0 }
}
