//! A requirement as any-of all-of sets: what covers it, what is missing, what a wider scope implies.

use super::ScopeSet;

/// Any of these sets, each of which must be held whole: `[[a, b], [c]]` is (a and b) or c.
pub type Need = Vec<Vec<String>>;

choice! {
    /// How the lists of a source are meant; declared with the source, never guessed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum ListReading or "not a reading of a list" {
        /// The alternatives are exact: one whole set is enough, and needed.
        #[default]
        All = "all",
        /// Each listed name alone is enough.
        Any = "any",
        /// Which alternative applies depends on the object or the request.
        When = "when",
        /// The source does not say: all held passes, none held fails, some held is undecided.
        Unclear = "unclear",
    }
}

/// One gate's answer. Three kinds, never two: a holding that cannot be seen is not a missing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// One alternative is held; the implications used, if any, are named.
    Pass {
        /// Sentences such as "`repo` includes `public_repo`".
        via: Vec<String>,
        /// What the answer is cut down to, as the end of a sentence: "answers with the number of followers only".
        less: Option<String>,
    },
    /// No alternative is held; what each one lacks, the smallest first.
    Fail {
        /// One list an alternative; any one of them opens the gate.
        missing: Vec<Vec<String>>,
    },
    /// Some alternative is held, and the source does not say whether that one decides.
    Depends {
        /// On what it depends.
        on: Vec<String>,
    },
    /// No alternative is held as far as the source tells, and it does not tell enough to deny.
    Unproven {
        /// What each alternative lacks, the smallest first.
        missing: Vec<Vec<String>>,
        /// Why this is no denial.
        why: Vec<String>,
    },
    /// What is held cannot be seen from here.
    CannotSee,
}

impl Coverage {
    /// An alternative is held as it stands, and nothing is missing in the answer.
    pub fn open() -> Self {
        Self::Pass {
            via: Vec::new(),
            less: None,
        }
    }
}

/// "Whoever has `has` also has `gives`", as far as somebody documented it.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implication {
    /// The held name; one `*` captures a part of it.
    pub has: String,
    /// The names it includes; `*` replays the captured part, and stands for any text where `has` captures none.
    pub gives: Vec<String>,
    /// Names that the capture must not produce.
    #[serde(default)]
    pub except: Vec<String>,
    /// The only case in which it holds: "the repository is public"; then it never opens, and keeps from denying.
    #[serde(default)]
    pub when: Option<String>,
    /// `documented`, `observed` or `assumed`; only the first two open a gate.
    #[serde(default)]
    pub kind: String,
    /// The id of the source.
    #[serde(default)]
    pub src: String,
}

impl Implication {
    /// What a held name brings by it.
    pub(crate) fn given_by(&self, held: &str) -> Vec<String> {
        let capture = match self.has.split_once('*') {
            None if self.has == held => "",
            None => return Vec::new(),
            Some((start, end)) => {
                match held.strip_prefix(start).and_then(|r| r.strip_suffix(end)) {
                    Some(capture) if !capture.is_empty() => capture,
                    _ => return Vec::new(),
                }
            }
        };
        let replay = |name: &String| name.replace('*', capture);
        let plain = |name: &&String| !capture.is_empty() || !name.contains('*');
        self.gives
            .iter()
            .filter(plain)
            .map(replay)
            .filter(|name| !self.except.contains(name))
            .collect()
    }

    /// Whether this held name includes that one by a pattern: `*:read`.
    fn gives_by_pattern(&self, held: &str, wanted: &str) -> bool {
        let fits = |pattern: &String| {
            pattern.split_once('*').is_some_and(|(start, end)| {
                wanted.len() >= start.len() + end.len()
                    && wanted.starts_with(start)
                    && wanted.ends_with(end)
            })
        };
        self.has == held
            && !self.except.iter().any(|name| name == wanted)
            && self.gives.iter().any(fits)
    }
}

/// How far implications are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// What somebody documented or observed.
    Known,
    /// What holds in some case only as well: it never opens, it only keeps from denying.
    InSomeCase,
    /// What is only assumed as well: it never opens, it only keeps from denying.
    Assumed,
}

/// Adds everything that the held names include, to a fixed point, and says which name brought which. `wanted` are the
/// names that a pattern such as `*:read` may stand for.
pub fn close(
    held: &ScopeSet,
    rules: &[Implication],
    wanted: &[&str],
    follow: Follow,
) -> (ScopeSet, Vec<(String, String)>) {
    let mut all = held.clone();
    let mut via = Vec::new();
    let mut open: Vec<String> = held.to_vec();
    let known = |rule: &&Implication| match follow {
        Follow::Known => rule.kind != "assumed" && rule.when.is_none(),
        Follow::InSomeCase => rule.kind != "assumed",
        Follow::Assumed => true,
    };
    while let Some(name) = open.pop() {
        for rule in rules.iter().filter(known) {
            let by_pattern = wanted
                .iter()
                .filter(|wanted| rule.gives_by_pattern(&name, wanted));
            for given in by_pattern {
                if all.insert(given) {
                    via.push((name.clone(), (*given).to_owned()));
                }
            }
            for given in rule.given_by(&name) {
                // A name may not grow without bound through `* -> *:x` rules applied to their own result.
                let grows = given.len() > name.len() && !held.contains(&name);
                if !grows && all.insert(&given) {
                    via.push((name.clone(), given.clone()));
                    open.push(given);
                }
            }
        }
    }
    (all, via)
}

/// Compares what is held with what is needed.
///
/// `when` gives, parallel to the alternatives, the condition under which each one applies.
pub fn cover(need: &Need, reading: ListReading, when: &[String], held: &ScopeSet) -> Coverage {
    if need.is_empty() || need.iter().any(Vec::is_empty) {
        return Coverage::open();
    }
    match reading {
        ListReading::All => exact(need, held),
        ListReading::Any => exact(&each_alone(need), held),
        ListReading::When => depends_on_case(need, when, held),
        ListReading::Unclear => unclear(need, held),
    }
}

fn exact(need: &Need, held: &ScopeSet) -> Coverage {
    let mut missing: Vec<Vec<String>> = need.iter().map(|set| lacking(set, held)).collect();
    if missing.iter().any(Vec::is_empty) {
        return Coverage::open();
    }
    missing.sort_by_key(Vec::len);
    Coverage::Fail { missing }
}

fn lacking(set: &[String], held: &ScopeSet) -> Vec<String> {
    set.iter()
        .filter(|name| !held.contains(name))
        .cloned()
        .collect()
}

fn each_alone(need: &Need) -> Need {
    need.iter()
        .flatten()
        .map(|name| vec![name.clone()])
        .collect()
}

fn depends_on_case(need: &Need, when: &[String], held: &ScopeSet) -> Coverage {
    let holds = |set: &Vec<String>| lacking(set, held).is_empty();
    if need.iter().all(holds) {
        return Coverage::open();
    }
    let on: Vec<String> = need
        .iter()
        .enumerate()
        .filter(|(_, set)| holds(set))
        .map(|(i, set)| {
            when.get(i)
                .cloned()
                .unwrap_or_else(|| format!("`{}` is the one that applies", set.join("` `")))
        })
        .collect();
    if on.is_empty() {
        exact(need, held)
    } else {
        Coverage::Depends { on }
    }
}

fn unclear(need: &Need, held: &ScopeSet) -> Coverage {
    match exact(need, held) {
        Coverage::Fail { missing } if need.iter().flatten().any(|name| held.contains(name)) => {
            Coverage::Depends {
                on: missing.into_iter().flatten().collect(),
            }
        }
        answer => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(sets: &[&[&str]]) -> Need {
        sets.iter()
            .map(|set| set.iter().map(ToString::to_string).collect())
            .collect()
    }

    fn held(names: &[&str]) -> ScopeSet {
        names.iter().copied().collect()
    }

    #[test]
    fn the_smallest_addition_comes_first() {
        let answer = cover(
            &need(&[&["a", "b", "c"], &["d"]]),
            ListReading::All,
            &[],
            &held(&["x"]),
        );
        assert_eq!(
            answer,
            Coverage::Fail {
                missing: need(&[&["d"], &["a", "b", "c"]])
            }
        );
    }

    #[test]
    fn an_unclear_list_denies_only_when_nothing_is_held() {
        let lists = need(&[&["a", "b"]]);
        let read = |names: &[&str]| cover(&lists, ListReading::Unclear, &[], &held(names));
        assert_eq!(read(&["a", "b"]), Coverage::open());
        assert_eq!(
            read(&["a"]),
            Coverage::Depends {
                on: vec!["b".into()]
            }
        );
        assert!(matches!(read(&[]), Coverage::Fail { .. }));
    }

    #[test]
    fn a_condition_is_named_when_only_one_alternative_is_held() {
        let when = ["public channel".to_owned(), "private channel".to_owned()];
        let answer = cover(
            &need(&[&["c"], &["g"]]),
            ListReading::When,
            &when,
            &held(&["c"]),
        );
        assert_eq!(
            answer,
            Coverage::Depends {
                on: vec!["public channel".into()]
            }
        );
    }

    #[test]
    fn assumed_implications_never_open_a_gate() {
        let rule = |kind: &str| Implication {
            has: "admin:*".into(),
            gives: vec!["read:*".into()],
            except: vec![],
            kind: kind.into(),
            src: String::new(),
            when: None,
        };
        assert!(
            close(
                &held(&["admin:org"]),
                &[rule("documented")],
                &[],
                Follow::Known
            )
            .0
            .contains("read:org")
        );
        assert!(
            !close(
                &held(&["admin:org"]),
                &[rule("assumed")],
                &[],
                Follow::Known
            )
            .0
            .contains("read:org")
        );
    }

    #[test]
    fn a_rule_that_feeds_itself_ends() {
        let grow = Implication {
            has: "*".into(),
            gives: vec!["*:readonly".into()],
            except: vec![],
            kind: "documented".into(),
            src: String::new(),
            when: None,
        };
        let (all, _) = close(&held(&["routing"]), &[grow], &[], Follow::Known);
        assert_eq!(all.to_vec(), ["routing", "routing:readonly"]);
    }

    proptest::proptest! {
        #[test]
        fn coverage_agrees_with_its_definition(
            sets in proptest::collection::vec(proptest::collection::vec("[a-e]", 1..4), 1..4),
            names in proptest::collection::btree_set("[a-e]", 0..5),
        ) {
            let held: ScopeSet = names.iter().cloned().collect();
            let by_hand = sets.iter().any(|set| set.iter().all(|n| names.contains(n)));
            let answer = cover(&sets, ListReading::All, &[], &held);
            assert_eq!(matches!(answer, Coverage::Pass { .. }), by_hand);
        }
    }
}
