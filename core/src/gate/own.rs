//! A table out of a manifest: what an API of one's own needs, where no table knows it.

use super::manifest::App;
use crate::http::Target;
use crate::scope::ListReading;
use crate::table::import::{Imported, starter};
use crate::table::{LoadError, Rule, Table, lines};
use std::collections::BTreeMap;

/// The kind of token, where the app names none.
const KIND: &str = "token";

/// The app's endpoints as a table: the hosts of its URLs, and the scopes that it says are needed. An endpoint of which
/// it says nothing is known to exist, and nothing more. The id is the app's name.
pub fn table(app: &App) -> Result<Table, LoadError> {
    let mut imported = Imported::default();
    for endpoint in &app.endpoints {
        let Ok(target) = Target::parse(&endpoint.method, &endpoint.url) else {
            continue;
        };
        imported.hosts.extend(target.host.clone());
        let needs = endpoint.needs.as_ref().or(app.needs.as_ref());
        imported
            .rules
            .push(rule(&target, needs, app.kind.as_deref().unwrap_or(KIND)));
    }
    imported
        .rules
        .sort_by_key(|rule| (rule.path.clone(), rule.method.clone()));
    imported
        .rules
        .dedup_by_key(|rule| (rule.path.clone(), rule.method.clone()));
    let why = "the manifest lists the scopes that are needed, all of them";
    let file = starter(&app.name, ListReading::All, Some(why), &imported);
    Table::read(&file, &lines(&imported.rules))
}

/// Whether a table is the one that [`table`] makes of an app.
pub fn is_own(app: &App, table: &Table) -> bool {
    let info = &table.provider.info;
    app.provider.is_none() && app.tables.is_empty() && info.id == app.name && info.name == app.name
}

fn rule(target: &Target, needs: Option<&Vec<String>>, kind: &str) -> Rule {
    let gates = needs.map(|names| match names.is_empty() {
        true => BTreeMap::new(),
        false => BTreeMap::from([("scope".to_owned(), vec![names.clone()])]),
    });
    Rule {
        unknown: gates.is_none(),
        need: BTreeMap::from([(kind.to_owned(), gates.unwrap_or_default())]),
        note: needs
            .is_none()
            .then(|| "add `needs` to it in the manifest".to_owned()),
        src: vec!["spec".to_owned()],
        ..Rule::of(&target.method, &target.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::parse;
    use crate::table::{Match, Trust};

    #[test]
    fn what_the_manifest_says_is_a_requirement_like_any_other() {
        let text = "[[app]]\nname = 'orders'\nneeds = ['orders:read']\nendpoints = ['GET https://api.mine.example/orders', { call = 'POST https://api.mine.example/orders', needs = ['orders:write', 'orders:read'] }]\n";
        let manifest = parse(text, None);
        assert_eq!(manifest.apps[0].flaws, []);
        let table = table(&manifest.apps[0]).expect("a table");
        assert!(table.place("api.mine.example").is_some());
        let Match::Found(found) = table.find("POST", Some("api.mine.example"), "/orders", Trust::C)
        else {
            panic!("no row");
        };
        let gates = found.rule.need.values().next().expect("a kind");
        assert_eq!(gates["scope"], [["orders:write", "orders:read"]]);
    }
}
