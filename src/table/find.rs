//! From a URL to the row: host and region first, then the path (`%2F` never splits, a trailing slash is noted).

use super::load::Table;
use super::model::{Rule, Trust};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

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

/// What a host is to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The region, where hosts have regions.
    pub region: Option<String>,
    /// Whether this is the login host, not the API.
    pub login: bool,
    /// The path before every template.
    pub base: String,
}

impl Table {
    /// What this host is to the provider; `None` where it is not one of its hosts.
    pub fn place(&self, host: &str) -> Option<Place> {
        self.places()
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(host))
            .map(|(_, place)| place)
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

    /// The region whose domain this host lies under.
    pub fn region_of(&self, host: &str) -> Option<&str> {
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

    /// Looks a concrete path up, rows of lower trust than `worst` left out.
    pub fn find(&self, method: &str, path: &str, worst: Trust) -> Match {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        match self.find_exact(method, path, worst) {
            Match::Unknown if path.len() > 1 && path.ends_with('/') => {
                let mut found = self.find_exact(method, path.trim_end_matches('/'), worst);
                if let Match::Found(found) = &mut found {
                    found.remarks.push(
                        "the URL ends with a slash that the published path does not have"
                            .to_owned(),
                    );
                }
                found
            }
            found => found,
        }
    }

    fn find_exact(&self, method: &str, path: &str, worst: Trust) -> Match {
        let decoded: Vec<Cow<'_, str>> = path
            .trim_start_matches('/')
            .split('/')
            .map(decode_segment)
            .collect();
        let segments: Vec<&str> = decoded.iter().map(AsRef::as_ref).collect();
        let mut best: Option<(u32, bool)> = None;
        let mut rivals: Vec<u32> = Vec::new();
        let mut known: Option<Vec<u32>> = None;
        self.index.walk(&segments, &mut |rows| {
            let trusted: Vec<u32> = rows
                .iter()
                .copied()
                .filter(|row| self.trusts[*row as usize] <= worst)
                .collect();
            if trusted.is_empty() {
                return false;
            }
            let exact = |wanted: &str| {
                trusted
                    .iter()
                    .copied()
                    .filter(|row| matches!(self.method(*row), m if m == wanted || m == "*"))
                    .collect::<Vec<u32>>()
            };
            let mut hits = exact(method);
            let as_get = hits.is_empty() && method == "HEAD";
            if as_get {
                hits = exact("GET");
            }
            if let Some(hit) = hits.pop() {
                best = Some((hit, as_get));
                rivals = hits;
                return true;
            }
            known.get_or_insert(trusted);
            false
        });
        if let Some((row, as_get)) = best {
            return self.found(row, as_get, &rivals);
        }
        match known {
            None => Match::Unknown,
            Some(rows) => Match::MethodUnknown {
                path: rows
                    .first()
                    .map(|row| self.path(*row).to_owned())
                    .unwrap_or_default(),
                methods: rows
                    .iter()
                    .map(|row| self.method(*row).to_owned())
                    .collect(),
            },
        }
    }

    fn found(&self, row: u32, as_get: bool, rivals: &[u32]) -> Match {
        let Some(rule) = self.rule(row) else {
            return Match::Unknown;
        };
        let mut remarks = Vec::new();
        if as_get {
            remarks
                .push("the table has no HEAD for it: judged as GET (RFC 9110 §9.3.2)".to_owned());
        }
        // Overlaid rows replace the ones below them; only rows of one text can contradict each other.
        let same_text =
            |other: &u32| self.rows[*other as usize].text == self.rows[row as usize].text;
        let rival = rivals
            .iter()
            .filter(|other| same_text(other))
            .filter_map(|other| self.rule(*other))
            .find(|other| other.need != rule.need);
        Match::Found(Box::new(Found {
            trust: self.trusts[row as usize],
            rule,
            remarks,
            rival,
        }))
    }

    /// The published row of exactly this template.
    pub fn rule_named(&self, method: &str, path: &str) -> Option<Rule> {
        match self.find_exact(method, path, Trust::B) {
            Match::Found(found) if found.rule.path == path => Some(found.rule),
            _ => None,
        }
    }
}

/// Decodes a segment once; `%2F` stays encoded, so that it can never split.
fn decode_segment(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return Cow::Borrowed(segment);
    }
    let kept = segment.replace("%2F", "%252F").replace("%2f", "%252f");
    match percent_decode_str(&kept).decode_utf8() {
        Ok(text) => Cow::Owned(text.into_owned()),
        Err(_) => Cow::Borrowed(segment),
    }
}
