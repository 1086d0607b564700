//! The path index: a trie over template segments, literal before mixed before variable.

/// Where a row's line stands: which text, and its bytes there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Index into the table's texts.
    pub(super) text: u8,
    /// First byte of the line.
    pub(super) start: u32,
    /// Byte after the line.
    pub(super) end: u32,
    /// First byte of the method, and its length.
    pub(super) method: (u32, u8),
}

/// One node: the templates that share their segments so far.
#[derive(Debug, Default)]
struct Node {
    /// Sorted by segment, found by binary search.
    literal: Vec<(Box<str>, u32)>,
    /// Segments of text and variables, the one with more text first.
    mixed: Vec<(Box<str>, u32)>,
    /// The node behind `{x}`.
    variable: Option<u32>,
    /// The node behind `{+x}`: any number of segments.
    multi: Option<u32>,
    rows: Vec<u32>,
}

/// The trie.
#[derive(Debug)]
pub(super) struct Index {
    nodes: Vec<Node>,
}

/// What sort of template segment this is.
enum Segment {
    Literal,
    Mixed,
    Variable,
    Multi,
}

fn sort(segment: &str) -> Segment {
    let Some(open) = segment.find('{') else {
        return Segment::Literal;
    };
    let whole = open == 0 && segment.find('}') == Some(segment.len() - 1);
    match whole {
        true if segment.starts_with("{+") || segment.ends_with("=**}") => Segment::Multi,
        true => Segment::Variable,
        false => Segment::Mixed,
    }
}

impl Index {
    pub(super) fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }

    /// Adds a row under its template.
    pub(super) fn add(&mut self, path: &str, row: u32) {
        let mut at = 0;
        for segment in path.trim_start_matches('/').split('/') {
            at = self.child(at, segment);
        }
        self.nodes[at].rows.push(row);
    }

    fn child(&mut self, at: usize, segment: &str) -> usize {
        let fresh = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let node = &mut self.nodes[at];
        let found = match sort(segment) {
            Segment::Literal => match node
                .literal
                .binary_search_by(|(text, _)| (**text).cmp(segment))
            {
                Ok(place) => node.literal[place].1,
                Err(place) => {
                    node.literal.insert(place, (segment.into(), fresh));
                    fresh
                }
            },
            Segment::Mixed => match node.mixed.iter().find(|(text, _)| &**text == segment) {
                Some((_, child)) => *child,
                None => {
                    node.mixed.push((segment.into(), fresh));
                    node.mixed
                        .sort_by_key(|(text, _)| std::cmp::Reverse(literal_length(text)));
                    fresh
                }
            },
            Segment::Variable => *node.variable.get_or_insert(fresh),
            Segment::Multi => *node.multi.get_or_insert(fresh),
        };
        if found == fresh {
            self.nodes.push(Node::default());
        }
        found as usize
    }

    /// Walks the templates that fit, the most literal first, until `take` has enough (returns true).
    pub(super) fn walk(&self, segments: &[&str], take: &mut impl FnMut(&[u32]) -> bool) -> bool {
        self.walk_from(0, segments, take)
    }

    fn walk_from(&self, at: u32, segments: &[&str], take: &mut impl FnMut(&[u32]) -> bool) -> bool {
        let node = &self.nodes[at as usize];
        let Some((first, rest)) = segments.split_first() else {
            return !node.rows.is_empty() && take(&node.rows);
        };
        if let Ok(place) = node
            .literal
            .binary_search_by(|(text, _)| (**text).cmp(first))
            && self.walk_from(node.literal[place].1, rest, take)
        {
            return true;
        }
        for (pattern, child) in &node.mixed {
            if fits(pattern, first) && self.walk_from(*child, rest, take) {
                return true;
            }
        }
        if let Some(child) = node.variable
            && !first.is_empty()
            && self.walk_from(child, rest, take)
        {
            return true;
        }
        let Some(child) = node.multi else {
            return false;
        };
        (1..=segments.len()).any(|taken| self.walk_from(child, &segments[taken..], take))
    }
}

fn literal_length(pattern: &str) -> usize {
    pieces(pattern).iter().map(|piece| piece.len()).sum()
}

/// The literal pieces between a template's variables.
fn pieces(pattern: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push(&rest[..open]);
        rest = rest[open..]
            .find('}')
            .map_or("", |close| &rest[open + close + 1..]);
    }
    out.push(rest);
    out
}

/// Whether a mixed segment fits: pieces in order, at least one character for each variable.
fn fits(pattern: &str, segment: &str) -> bool {
    let pieces = pieces(pattern);
    let [first, middle @ .., last] = pieces.as_slice() else {
        return false;
    };
    let Some(mut rest) = segment
        .strip_prefix(first)
        .and_then(|r| r.strip_suffix(last))
    else {
        return false;
    };
    for piece in middle {
        // A variable takes at least one character, so the search starts behind it.
        let Some(start) = rest.chars().next().map(char::len_utf8) else {
            return false;
        };
        let Some(found) = rest[start..].find(piece) else {
            return false;
        };
        rest = &rest[start + found + piece.len()..];
    }
    !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(templates: &[&str], path: &str) -> Option<u32> {
        let mut index = Index::new();
        for (row, template) in (0..).zip(templates) {
            index.add(template, row);
        }
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let mut found = None;
        index.walk(&segments, &mut |rows| {
            found = rows.first().copied();
            true
        });
        found
    }

    #[test]
    fn literals_win_from_the_left_and_dead_ends_are_left_again() {
        let templates = ["/a/{x}/c", "/a/b/{y}", "/a/{x}/{y}/d", "/a/b/c/e"];
        assert_eq!(first(&templates, "/a/b/c"), Some(1));
        assert_eq!(first(&templates, "/a/b/c/d"), Some(2));
        assert_eq!(first(&templates, "/a/z/c"), Some(0));
        assert_eq!(first(&templates, "/a"), None);
    }

    #[test]
    fn mixed_segments_need_something_for_each_variable() {
        let templates = ["/{id}.json", "/v{major}:{verb}", "/{id}"];
        assert_eq!(first(&templates, "/7.json"), Some(0));
        assert_eq!(first(&templates, "/v1:run"), Some(1));
        assert_eq!(first(&templates, "/v:run"), Some(2));
        assert_eq!(first(&templates, "/.json"), Some(2));
    }

    #[test]
    fn a_multi_segment_variable_takes_what_is_left() {
        let templates = ["/c/{+path}", "/c/{+path}/protection"];
        assert_eq!(first(&templates, "/c/a/b/c"), Some(0));
        assert_eq!(first(&templates, "/c/a/b/protection"), Some(1));
        assert_eq!(first(&templates, "/c"), None);
    }
}
