//! What differs in one environment.

use super::ENVIRONMENT;
use crate::gate::reader::{Reader, Value, in_order};
use toml::de::DeTable;

/// A key with its line and value.
pub(super) type Keyed<'t, 'v> = (&'t str, usize, &'v Value<'t>);

/// The environments that a document or an app has.
pub(super) fn names<'v>(holder: &'v DeTable<'_>) -> Vec<&'v str> {
    let all = in_order(holder).into_iter();
    all.filter(|(key, _, _)| *key == ENVIRONMENT)
        .filter_map(|(_, _, value)| value.get_ref().as_table())
        .flat_map(in_order)
        .map(|(name, _, _)| name)
        .collect()
}

/// The environments that a document or an app has, each with the keys that it sets.
pub(super) fn set_in<'v>(holder: &'v DeTable<'_>) -> Vec<(&'v str, &'v str)> {
    let all = in_order(holder).into_iter();
    all.filter(|(key, _, _)| *key == ENVIRONMENT)
        .filter_map(|(_, _, value)| value.get_ref().as_table())
        .flat_map(in_order)
        .filter_map(|(name, _, value)| Some((name, value.get_ref().as_table()?)))
        .flat_map(|(name, own)| {
            let keys = in_order(own).into_iter();
            keys.map(move |(key, _, _)| (name, key))
        })
        .collect()
}

/// The keys of the environment that was asked for.
pub(super) fn in_environment<'t, 'v>(
    reader: &mut Reader,
    value: &'v Value<'t>,
    wanted: Option<&str>,
) -> Vec<Keyed<'v, 'v>>
where
    't: 'v,
{
    let Some(all) = value.get_ref().as_table() else {
        let line = reader.line(&value.span());
        reader.flaw(
            line,
            ENVIRONMENT,
            "`env` is not a table",
            "write [env.staging]",
        );
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, span, own) in in_order(all) {
        match own.get_ref().as_table() {
            Some(keys) if Some(name) == wanted => {
                found.extend(
                    in_order(keys)
                        .into_iter()
                        .map(|(key, span, value)| (key, reader.line(&span), value)),
                );
            }
            Some(_) => {}
            None => {
                let line = reader.line(&span);
                reader.flaw(
                    line,
                    ENVIRONMENT,
                    "an environment is not a table",
                    "write [env.staging]",
                );
            }
        }
    }
    found
}

/// Keys of an environment in place of those outside it.
pub(super) fn overlay<'v>(base: &mut Vec<Keyed<'v, 'v>>, own: Vec<Keyed<'v, 'v>>) {
    base.retain(|(key, _, _)| !own.iter().any(|(name, _, _)| replaces(name, key)));
    base.extend(own);
}

/// Whether a key takes the place of one that is said for more: the same, one that names the same half of a client, or a
/// token in place of a client and the reverse.
pub(super) fn replaces(own: &str, base: &str) -> bool {
    match (part(own), part(base)) {
        (Some(own), Some(base)) => own == base || [own, base].contains(&Part::Token),
        _ => own == base,
    }
}

/// What of a credential a key names.
#[derive(PartialEq, Eq)]
enum Part {
    Token,
    Id,
    Secret,
}

fn part(key: &str) -> Option<Part> {
    let begins = |text: &str| key.starts_with(text);
    match () {
        () if begins("token-") => Some(Part::Token),
        () if begins("client-secret") => Some(Part::Secret),
        () if begins("client-") => Some(Part::Id),
        () => None,
    }
}

pub(super) fn is_credential(key: &str) -> bool {
    part(key).is_some()
}
