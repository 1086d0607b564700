//! Hosts of a provider: which API or login they are, and of which region.

use super::model::Host;

/// What a host is to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The region, where hosts have regions.
    pub region: Option<String>,
    /// Whether this is the login host, not the API.
    pub login: bool,
    /// The path before every template.
    pub base: String,
    /// Whether it answers for the paths of the provider's other hosts too.
    pub shared: bool,
    /// Whether its operations are in no row.
    pub refusals_only: bool,
}

impl Host {
    /// Whether a host is one of its own.
    pub(super) fn takes(&self, host: &str) -> bool {
        place_of(self, host).is_some()
    }
}

/// A host's name without the dot that stands for the root of all names: the same host with it and without it
/// (RFC 1034 §3.1). It remains another origin (RFC 6454 §4), so nothing is sent by this.
pub(super) fn rootless(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// Whether a host is one of a declaration's, API before login.
pub(super) fn place_of(declared: &Host, host: &str) -> Option<Place> {
    let place = |region: Option<&String>, login| Place {
        region: region.cloned(),
        login,
        base: declared.base.clone(),
        shared: declared.shared,
        refusals_only: declared.refusals_only,
    };
    let names = [
        (declared.name.as_ref(), false),
        (declared.login.as_ref(), true),
    ];
    let by_name = names
        .into_iter()
        .find(|(name, _)| name.is_some_and(|name| is_named(name, host)));
    if let Some((_, login)) = by_name {
        return Some(place(None, login));
    }
    let host = rootless(host);
    let patterns = [
        (declared.pattern.as_ref(), false),
        (declared.login.as_ref(), true),
    ];
    patterns.into_iter().find_map(|(pattern, login)| {
        let (start, end) = pattern?.split_once("{domain}")?;
        let own = host.strip_prefix(start)?.strip_suffix(end)?;
        let (region, _) = declared
            .domain
            .iter()
            .find(|(_, domain)| domain.as_str() == own)?;
        Some(place(Some(region), login))
    })
}

/// Whether a declared name is this host's; its one `*` stands for any labels: `*.example.com`, `api.*.example.com`.
pub(super) fn is_named(name: &str, host: &str) -> bool {
    let (name, host) = (rootless(name), rootless(host).to_ascii_lowercase());
    match name.split_once('*') {
        Some((start, end)) => {
            host.len() > start.len() + end.len() && host.starts_with(start) && host.ends_with(end)
        }
        None => name.eq_ignore_ascii_case(&host),
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::Table;
    use super::super::model::Trust;
    use super::super::{Match, by_host, host_near, rows_of_host};

    #[test]
    fn a_star_stands_for_labels_wherever_it_is() {
        let named = super::is_named;
        assert!(named("api.*.y.example", "API.x.Y.example."));
        assert!(named("*.y.example", "api.x.y.example"));
        for host in [
            "api.y.example",
            "api..y.example",
            "x.y.example",
            "api.x.y.example.org",
        ] {
            assert!(!named("api.*.y.example", host), "{host}");
        }
        assert_eq!(by_host("api.acme.ghe.com"), Some("github"));
    }

    #[test]
    fn a_host_with_the_dot_of_the_root_is_the_same_host() {
        let provider = "format = \"scope-table/1\"\n[provider]\nid = \"p\"\n[[host]]\nname = \"api.x.example\"\nlogin = \"login.x.example\"\ntoken_path = \"/token\"\n[[host]]\nname = \"*.y.example\"\nregional = [\"{region}-{service}.y.example\"]\n[[host]]\npattern = \"api.{domain}\"\nbase = \"/v1\"\ndomain = { one = \"z.example\" }\n";
        let row = |host: &str, path: &str| {
            format!(
                "{{\"method\":\"GET\",\"path\":\"{path}\",\"host\":\"{host}\",\"need\":{{\"t\":{{}}}}}}\n"
            )
        };
        let rows = row("api.x.example", "/a") + &row("run.y.example", "/b");
        let table = Table::read(provider, &rows).expect("a table");
        for host in [
            "api.x.example",
            "login.x.example",
            "run.y.example",
            "eu-run.y.example",
            "api.z.example",
            "a.z.example",
            "x.example",
        ] {
            let dotted = format!("{host}.");
            assert_eq!(table.place(&dotted), table.place(host), "{host}");
            assert_eq!(table.region_of(&dotted), table.region_of(host), "{host}");
            assert_eq!(
                table.token_endpoint(&dotted),
                table.token_endpoint(host),
                "{host}"
            );
            for path in ["/a", "/b", "/v1/a"] {
                let find = |host| table.find("GET", Some(host), path, Trust::C);
                assert_eq!(find(&dotted), find(host), "{host} {path}");
            }
        }
        let found = table.find("GET", Some("eu-run.y.example."), "/b", Trust::C);
        assert!(matches!(found, Match::Found(_)));
        assert!(table.place("api.x.example..").is_none(), "an empty label");
        for host in [
            "api.github.com",
            "api.mypurecloud.de",
            "x.eks.amazonaws.com",
        ] {
            let dotted = format!("{host}.");
            assert!(by_host(host).is_some());
            assert_eq!(by_host(&dotted), by_host(host));
            assert_eq!(rows_of_host(&dotted), rows_of_host(host));
        }
        assert_eq!(host_near("api.gihtub.com."), host_near("api.gihtub.com"));
    }
}
