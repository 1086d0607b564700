//! Names that depend on the path: a row of `/api/v1/{resource}` may ask for `{resource}:list`.

use super::model::Rule;

/// Puts the path's own segments in place of the variables that the row's names hold. Where the path does not tell one,
/// the requirement is not known.
pub(super) fn fill(rule: &mut Rule, path: &str) {
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
