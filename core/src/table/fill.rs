//! A row's names that depend on the path: `/api/v1/{resource}` may ask for `{resource}:list`.

use super::model::Rule;
use super::order::{speaks_of, thing};
use std::collections::BTreeMap;

/// Puts the path's own segments in place of the variables that the row's names hold. Where the path does not tell one,
/// the requirement is not known. A segment that some of the names speak of (`contacts`) says what the row is about here.
pub(super) fn fill(rule: &mut Rule, path: &str) {
    if rule.path.contains('{') && rule.has_choice() {
        let values = values(&rule.path, path).unwrap_or_default();
        let about = values.into_iter().map(|(_, value)| thing(value));
        let about: Vec<String> = about.filter(|thing| tells_apart(rule, thing)).collect();
        rule.about = about;
    }
    let needs = rule.need.values().flat_map(BTreeMap::values);
    if !needs.flatten().flatten().any(|name| name.contains('{')) {
        return;
    }
    let values = values(&rule.path, path).unwrap_or_default();
    let bound = |name: &mut String| {
        for (variable, value) in &values {
            if name.contains('{') {
                *name = name.replace(&format!("{{{variable}}}"), value);
            }
        }
        !name.contains('{')
    };
    let least = rule.least.values_mut().flatten();
    let partly = rule.partly.iter_mut().flat_map(|part| &mut part.has);
    for name in least.chain(partly) {
        bound(name);
    }
    for need in rule.need.values_mut().flat_map(BTreeMap::values_mut) {
        let mut open = false;
        for name in need.iter_mut().flatten() {
            open |= !bound(name);
        }
        if open {
            rule.unknown = true;
            need.clear();
        }
    }
}

/// Whether some of the row's names speak of this, and others do not.
fn tells_apart(rule: &Rule, thing: &str) -> bool {
    let names = rule.need.values().flat_map(BTreeMap::values);
    let mut names = names.flatten().flatten();
    let speaks = |name: &String| speaks_of(name, thing);
    names.clone().any(speaks) && !names.all(speaks)
}

/// What each variable of a template stands for.
pub(super) fn values<'t, 'p>(template: &'t str, path: &'p str) -> Option<Vec<(&'t str, &'p str)>> {
    let (own, asked): (Vec<&str>, Vec<&str>) =
        (segments(template).collect(), segments(path).collect());
    // A variable of several segments (`{+path}`) takes what the others leave.
    let long = own.iter().position(|segment| segment.starts_with("{+"));
    let (before, after) = match long {
        Some(at) if asked.len() >= own.len() => (at, own.len() - at - 1),
        None if asked.len() == own.len() => (own.len(), 0),
        _ => return None,
    };
    let start = own[..before].iter().zip(&asked[..before]);
    let end = own[own.len() - after..]
        .iter()
        .zip(&asked[asked.len() - after..]);
    let variables = start.chain(end).filter_map(|(own, value)| {
        let (start, rest) = own.split_once('{')?;
        let (name, end) = rest.split_once('}')?;
        Some((name, value.strip_prefix(start)?.strip_suffix(end)?))
    });
    Some(variables.collect())
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_matches('/').split('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, path: &str) -> Rule {
        let line = format!(
            r#"{{"method":"GET","path":"{template}","need":{{"user":{{"permission":[["{{kind}}:get"],["all"]]}}}}}}"#
        );
        let mut rule = serde_json::from_str(&line).expect("a row");
        fill(&mut rule, path);
        rule
    }

    #[test]
    fn a_names_variable_is_the_paths_segment() {
        let rule = filled("/v1/{kind}/{name}", "/v1/pods/web-0");
        assert_eq!(rule.need["user"]["permission"], [["pods:get"], ["all"]]);
        assert!(!rule.unknown);
        assert_eq!(
            filled("/v1/{kind}.json", "/v1/pods.json").need["user"]["permission"][0],
            ["pods:get"]
        );
    }

    #[test]
    fn what_stands_beside_a_long_variable_is_told() {
        let rule = filled("/v1/{kind}/x/{+path}", "/v1/pods/x/a/b/c");
        assert_eq!(rule.need["user"]["permission"][0], ["pods:get"]);
        let rule = filled("/v1/{+path}/{kind}", "/v1/a/b/pods");
        assert_eq!(rule.need["user"]["permission"][0], ["pods:get"]);
    }

    #[test]
    fn what_the_path_does_not_tell_is_not_known_and_denies_nothing() {
        for (template, path) in [("/v1/{name}", "/v1/pods"), ("/v1/{+kind}", "/v1/a/b")] {
            let rule = filled(template, path);
            assert!(rule.unknown && rule.need["user"]["permission"].is_empty());
        }
    }
}
