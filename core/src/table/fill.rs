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
    let needs = rule.need.values_mut().flat_map(|gates| gates.values_mut());
    let least = rule.least.values_mut().flatten();
    let names = needs.flatten().flatten().chain(least);
    let open: Vec<&mut String> = names.filter(|name| name.contains('{')).collect();
    if open.is_empty() {
        return;
    }
    let Some(values) = values(&rule.path, path) else {
        rule.unknown = true;
        return;
    };
    for name in open {
        for (variable, value) in &values {
            *name = name.replace(&format!("{{{variable}}}"), value);
        }
        rule.unknown |= name.contains('{');
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
fn values<'p>(template: &'p str, path: &'p str) -> Option<Vec<(&'p str, &'p str)>> {
    let segments = |path: &'p str| path.trim_matches('/').split('/');
    if segments(template).count() != segments(path).count() {
        return None;
    }
    let pairs = segments(template).zip(segments(path));
    let variables = pairs.filter_map(|(own, value)| {
        let (start, rest) = own.split_once('{')?;
        let (name, end) = rest.split_once('}')?;
        Some((name, value.strip_prefix(start)?.strip_suffix(end)?))
    });
    Some(variables.collect())
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
    fn what_the_path_does_not_tell_is_not_known() {
        assert!(filled("/v1/{name}", "/v1/pods").unknown);
        assert!(filled("/v1/{+kind}", "/v1/a/b").unknown);
    }
}
