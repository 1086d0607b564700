//! From a URL to the row: host and region first, then the path (`%2F` never splits, a trailing slash is noted).

use super::fill::fill;
use super::load::{Row, Table};
use super::model::{Host, Rule, Trust};
use super::packed::Rank;
use super::paths::{Flavour, Segments};
use super::place::{Place, place_of, rootless};

/// How a path was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Match {
    /// A row.
    Found(Box<Found>),
    /// The path is there, the method is not.
    MethodUnknown {
        /// The template that fits.
        path: String,
        /// The methods it has.
        methods: Vec<String>,
    },
    /// No template fits.
    Unknown,
}

/// A row and how it was reached.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// The row.
    pub rule: Rule,
    /// How far it can be trusted.
    pub trust: Trust,
    /// Differences such as a trailing slash, in words.
    pub remarks: Vec<String>,
    /// Another row that fits as well and asks for something else.
    pub rival: Option<Rule>,
}

/// What is looked for, beside the path.
struct Asked<'a> {
    method: &'a str,
    /// The query, where the path came with one.
    query: &'a str,
    /// The host, where it is one of the provider's.
    host: Option<&'a str>,
    /// Whether the path came with a host.
    with_host: bool,
    worst: Trust,
}

/// Rows of one template, and how literal it is.
type Known = (Rank, Vec<Row>);

/// The best row so far, and others of the same template and method.
struct Hit {
    rank: Rank,
    row: Row,
    as_get: bool,
    rivals: Vec<Row>,
}

impl Table {
    /// What this host is to the provider; `None` where it is not one of its hosts.
    pub fn place(&self, host: &str) -> Option<Place> {
        self.provider
            .host
            .iter()
            .find_map(|declared| place_of(declared, host))
    }

    /// The declaration of this host, where it is one of the provider's.
    pub fn host(&self, host: &str) -> Option<&Host> {
        self.provider.host.iter().find(|own| own.takes(host))
    }

    /// Every host with its role.
    pub fn places(&self) -> Vec<(String, Place)> {
        let mut out = Vec::new();
        for host in &self.provider.host {
            let mut add = |name: &str, region: Option<&String>, login: bool| {
                out.push((
                    name.to_owned(),
                    Place {
                        region: region.cloned(),
                        login,
                        base: host.base.clone(),
                        shared: host.shared,
                        refusals_only: host.refusals_only,
                    },
                ));
            };
            if let Some(name) = &host.name {
                add(name, None, false);
                if let Some(login) = &host.login {
                    add(login, None, true);
                }
            }
            let Some(pattern) = &host.pattern else {
                continue;
            };
            for (region, domain) in &host.domain {
                add(&pattern.replace("{domain}", domain), Some(region), false);
                if let Some(login) = &host.login {
                    add(&login.replace("{domain}", domain), Some(region), true);
                }
            }
        }
        out
    }

    /// The token endpoint that belongs to an API host or a login host: host and path.
    pub fn token_endpoint(&self, host: &str) -> Option<(String, String)> {
        let declared = self.provider.host.iter();
        declared
            .filter_map(|d| Some((d, place_of(d, host)?)))
            .find_map(|(declared, place)| {
                let path = declared.token_path.clone()?;
                let login = declared.login.as_ref()?;
                let domain = place.region.and_then(|region| declared.domain.get(&region));
                let login = match domain {
                    Some(domain) => login.replace("{domain}", domain),
                    None => login.clone(),
                };
                Some((login, path))
            })
    }

    /// The region whose domain this host lies under.
    pub fn region_of(&self, host: &str) -> Option<&str> {
        let host = rootless(host);
        let under = |domain: &str| {
            host == domain
                || host
                    .strip_suffix(domain)
                    .is_some_and(|rest| rest.ends_with('.'))
        };
        self.provider
            .host
            .iter()
            .flat_map(|h| &h.domain)
            .find(|(_, domain)| under(domain))
            .map(|(region, _)| region.as_str())
    }

    /// The path inside the API: without the base of its host, or one of the provider's bases.
    pub fn inner_path<'p>(&self, host: Option<&str>, path: &'p str) -> &'p str {
        let place = host.and_then(|host| self.place(host));
        self.provider
            .paths
            .inner(place.as_ref().map(|p| p.base.as_str()), path)
    }

    /// Another path of the API, behind the base that a path asked for has, else behind the one of the host.
    pub fn path_beside(&self, host: Option<&str>, asked: &str, path: &str) -> String {
        let inner = self.inner_path(host, asked).trim_end_matches('/');
        let base = asked.trim_end_matches('/').strip_suffix(inner);
        let own = host
            .and_then(|host| self.place(host))
            .map(|place| place.base);
        match base.filter(|base| !base.is_empty()) {
            Some(base) => format!("{base}{path}"),
            None => own.unwrap_or_default() + path,
        }
    }

    /// Whether a row has this path, whatever its host and method.
    pub(crate) fn has_path(&self, method: &str, path: &str) -> bool {
        self.find(method, None, path, Trust::C) != Match::Unknown
    }

    /// Looks a concrete path up, with the query behind it where one is known; rows of lower trust than `worst` are
    /// left out.
    pub fn find(&self, method: &str, host: Option<&str>, path: &str, worst: Trust) -> Match {
        let path = path.split('#').next().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let plain = host.map(|host| self.plain_host(host));
        let own = |host: &&str| self.place(host).is_some_and(|place| !place.shared);
        let asked = Asked {
            method,
            query,
            with_host: host.is_some(),
            host: plain.as_deref().filter(own),
            worst,
        };
        let path = self.inner_path(host, path);
        let found = self.find_exact(&asked, path);
        if found != Match::Unknown || path.len() < 2 {
            return found;
        }
        let (other, remark) = match path.strip_suffix('/') {
            Some(_) => (
                path.trim_end_matches('/').to_owned(),
                "the URL ends with a slash that the published path does not have",
            ),
            None => (
                format!("{path}/"),
                "the published path ends with a slash that the URL does not have",
            ),
        };
        let mut found = self.find_exact(&asked, &other);
        if let Match::Found(found) = &mut found {
            found.remarks.push(remark.to_owned());
        }
        found
    }

    fn find_exact(&self, asked: &Asked<'_>, path: &str) -> Match {
        match self.search(asked, path) {
            (Some(hit), known) => {
                let closer = known.filter(|(rank, _)| *rank < hit.rank);
                self.found(&hit, closer, path)
            }
            (None, None) => Match::Unknown,
            (None, Some((_, rows))) => Match::MethodUnknown {
                path: rows
                    .first()
                    .map(|row| self.record(*row).path())
                    .unwrap_or_default(),
                methods: rows
                    .iter()
                    .map(|row| self.record(*row).method().to_owned())
                    .collect(),
            },
        }
    }

    /// The best row over all spellings of the path, and the most literal rows that have the path but not the method;
    /// no row is parsed.
    fn search(&self, asked: &Asked<'_>, path: &str) -> (Option<Hit>, Option<Known>) {
        let mut best = (None, None);
        for form in self.provider.paths.forms(path, asked.with_host) {
            self.search_form(asked, &form, &mut best);
        }
        best
    }

    fn search_form(
        &self,
        asked: &Asked<'_>,
        form: &Segments<'_>,
        (best, known): &mut (Option<Hit>, Option<Known>),
    ) {
        let segments: Vec<&str> = form.iter().map(AsRef::as_ref).collect();
        let binds: fn(&str) -> bool = match self.provider.paths.flavour {
            Flavour::Odata => |segment| !segment.starts_with('$'),
            Flavour::Plain | Flavour::Google => |_| true,
        };
        for (text, packed) in self.texts.iter().enumerate() {
            packed.walk(&segments, binds, &mut |rank, starts| {
                let rows = starts.iter().map(|start| Row { text, start });
                let trusted: Vec<Row> = rows.filter(|row| self.may_be(*row, asked)).collect();
                if let Some(hit) = self.hit(asked, rank, &trusted) {
                    // On equal rank the later text wins: overlays replace what they repeat.
                    let later = |best: &Hit| best.row.text != text && hit.rank == best.rank;
                    if best
                        .as_ref()
                        .is_none_or(|best| hit.rank < best.rank || later(best))
                    {
                        *best = Some(hit);
                    }
                    return true;
                }
                if !trusted.is_empty() && known.as_ref().is_none_or(|(found, _)| rank < found) {
                    *known = Some((rank.clone(), trusted));
                }
                false
            });
        }
    }

    fn may_be(&self, row: Row, asked: &Asked<'_>) -> bool {
        let here = || match (asked.host, self.record(row).host()) {
            (Some(host), Some(own)) => own.eq_ignore_ascii_case(host),
            _ => true,
        };
        self.trust(row) <= asked.worst && here()
    }

    fn hit(&self, asked: &Asked<'_>, rank: &Rank, rows: &[Row]) -> Option<Hit> {
        let method = asked.method;
        let having = |wanted: &str| -> Vec<Row> {
            let of_method = rows.iter().copied().filter(
                |row| matches!(self.record(*row).method(), own if own == wanted || own == "*"),
            );
            self.closest_by_query(of_method, asked.query)
        };
        let mut fitting = having(method);
        let as_get = fitting.is_empty() && method == "HEAD";
        if as_get {
            fitting = having("GET");
        }
        let row = fitting.pop()?;
        Some(Hit {
            rank: rank.clone(),
            row,
            as_get,
            rivals: fitting,
        })
    }

    /// Of rows that differ in their query, those of which the URL has the most; a row that asks for a value which the
    /// URL does not have is none of its.
    fn closest_by_query(&self, rows: impl Iterator<Item = Row>, query: &str) -> Vec<Row> {
        let fit = |row: Row| {
            Some((
                query_fit(self.record(row).query().unwrap_or_default(), query)?,
                row,
            ))
        };
        let fitting: Vec<(usize, Row)> = rows.filter_map(fit).collect();
        let best = fitting.iter().map(|(fit, _)| *fit).max();
        let closest = fitting.into_iter().filter(|(fit, _)| Some(*fit) == best);
        closest.map(|(_, row)| row).collect()
    }

    fn found(&self, hit: &Hit, closer: Option<Known>, path: &str) -> Match {
        let Some(mut rule) = self.rule(hit.row) else {
            return Match::Unknown;
        };
        fill(&mut rule, path);
        let mut remarks = Vec::new();
        if hit.as_get {
            remarks
                .push("the table has no HEAD for it: judged as GET (RFC 9110 §9.3.2)".to_owned());
        }
        if let Some((_, rows)) = closer {
            let path = rows
                .first()
                .map(|row| self.record(*row).path())
                .unwrap_or_default();
            let methods: Vec<&str> = rows.iter().map(|row| self.record(*row).method()).collect();
            remarks.push(format!(
                "{path} is published by itself, with {} only; whether the server takes its last part as a variable here is not said",
                methods.join(", ")
            ));
        }
        let rivals = hit.rivals.iter().filter_map(|other| self.rule(*other));
        let rival = rivals.into_iter().find(|other| other.need != rule.need);
        Match::Found(Box::new(Found {
            trust: self.trust(hit.row),
            rule,
            remarks,
            rival,
        }))
    }

    /// Method and template of the row that a concrete path leads to, without reading the rest of the row.
    pub fn locate(&self, method: &str, path: &str, worst: Trust) -> Option<(&str, String)> {
        let asked = Asked {
            method,
            query: "",
            host: None,
            with_host: true,
            worst,
        };
        let record = self.record(self.search(&asked, path).0?.row);
        Some((record.method(), record.path()))
    }

    /// The published row of exactly this template.
    pub fn rule_named(&self, method: &str, path: &str) -> Option<Rule> {
        let asked = Asked {
            method,
            query: "",
            host: None,
            with_host: true,
            worst: Trust::B,
        };
        let hit = self.search(&asked, path).0?;
        let mut rows = hit.rivals.iter().chain([&hit.row]);
        let row = rows.find(|row| self.record(**row).path() == path)?;
        self.rule(*row)
    }
}

/// How many terms of a row's query the URL has; `None` where it lacks one with a value of its own. A variable value
/// (`id={id}`) may be left out.
fn query_fit(row: &str, query: &str) -> Option<usize> {
    let asked = |term: &str| query.split('&').any(|own| own.eq_ignore_ascii_case(term));
    let names = |name: &str| {
        query
            .split('&')
            .any(|own| own.split('=').next() == Some(name))
    };
    let mut fit = 0;
    for term in row.split('&').filter(|term| !term.is_empty()) {
        match term.split_once('=') {
            Some((name, value)) if value.starts_with('{') => fit += usize::from(names(name)),
            Some(_) if asked(term) => fit += 1,
            None if names(term) => fit += 1,
            _ => return None,
        }
    }
    Some(fit)
}
