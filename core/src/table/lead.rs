//! How published paths begin: what somebody leaves out who has a path without the base of its API.

use super::load::Table;
use super::packed::Node;

/// Beginnings of one table, at most: with more of them, none is the base of the API.
const LEADS: usize = 4;

impl Table {
    /// The path behind each beginning of published paths, without what it has of such a beginning itself: `/users/me` and
    /// `/api/v1/users/me` as `/api/v2/users/me`. The path itself is none of them.
    pub fn with_lead(&self, path: &str) -> Vec<String> {
        let leads = self.leads();
        let known: Vec<&str> = leads.iter().flat_map(|lead| lead.split('/')).collect();
        let own = |part: &&str| known.contains(part) || is_version(part);
        let rest: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let rest = rest.iter().skip_while(|part| own(part));
        let rest = rest.copied().collect::<Vec<_>>().join("/");
        let whole = leads.iter().map(|lead| format!("{lead}/{rest}"));
        whole
            .filter(|whole| !rest.is_empty() && whole != path)
            .collect()
    }

    /// The segments with which published paths begin, as the table declares them or as all paths show.
    fn leads(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for packed in &self.texts {
            let starts = packed.root().literal_children();
            out.extend(
                starts
                    .take(LEADS + 1)
                    .map(|(label, node)| lead(label, node)),
            );
        }
        if out.len() > LEADS {
            out.clear();
        }
        let hosts = self.provider.host.iter().map(|host| &host.base);
        out.extend(hosts.filter(|base| !base.is_empty()).cloned());
        out.extend(self.provider.paths.prefix.iter().cloned());
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// The segments from a node on as long as there is one way.
fn lead(label: &str, mut node: Node<'_>) -> String {
    let mut out = format!("/{label}");
    loop {
        let mut ways = node.literal_children();
        let (Some((label, only)), None) = (ways.next(), ways.next()) else {
            return out;
        };
        if !node.rows().is_empty() || node.variable_children().next().is_some() {
            return out;
        }
        out.extend(["/", label]);
        node = only;
    }
}

/// `v1`, `v2.0`.
fn is_version(part: &str) -> bool {
    let digits = part.strip_prefix(['v', 'V']).unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
