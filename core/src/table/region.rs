//! Hosts that say the region beside the service: `us-central1-run.googleapis.com` answers for `run.googleapis.com`.

use super::load::Table;
use super::place::rootless;
use std::borrow::Cow;

/// A part of a declared form.
enum Part<'f> {
    Text(&'f str),
    /// Letters, digits and `-`.
    Region,
    /// Letters and digits.
    Service,
}

impl Table {
    /// The host that rows name for it: without its region, where it has one of the declared forms.
    pub(super) fn plain_host<'h>(&self, host: &'h str) -> Cow<'h, str> {
        let host = rootless(host);
        for declared in &self.provider.host {
            let Some(end) = declared
                .name
                .as_deref()
                .and_then(|name| name.strip_prefix('*'))
            else {
                continue;
            };
            let mut fitting = declared.regional.iter();
            let service = fitting.find_map(|form| service(&parts(form), host));
            if let Some(service) = service {
                return Cow::Owned(format!("{service}{end}"));
            }
        }
        Cow::Borrowed(host)
    }
}

fn parts(form: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut rest = form;
    while let Some(open) = rest.find('{') {
        out.push(Part::Text(&rest[..open]));
        let close = rest[open..].find('}').map_or(rest.len(), |at| open + at);
        out.push(match &rest[open + 1..close] {
            "service" => Part::Service,
            _ => Part::Region,
        });
        rest = rest.get(close + 1..).unwrap_or_default();
    }
    out.push(Part::Text(rest));
    out
}

/// What stands for the service, where the host has the form.
fn service<'h>(parts: &[Part<'_>], host: &'h str) -> Option<&'h str> {
    let (first, later) = parts.split_first()?;
    let allowed: fn(char) -> bool = match first {
        Part::Text(text) => {
            let rest = host.strip_prefix(text)?;
            return match later.is_empty() {
                true => rest.is_empty().then_some(""),
                false => service(later, rest),
            };
        }
        Part::Region => |c| c.is_ascii_alphanumeric() || c == '-',
        Part::Service => |c| c.is_ascii_alphanumeric(),
    };
    let longest = host.find(|c| !allowed(c)).unwrap_or(host.len());
    (1..=longest).rev().find_map(|end| {
        let found = service(later, &host[end..])?;
        Some(match first {
            Part::Service => &host[..end],
            _ => found,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_host_is_its_services() {
        let provider = "format = \"scope-table/1\"\n[provider]\nid = \"p\"\n[[host]]\nname = \"*.x.example\"\nregional = [\"{region}-{service}.x.example\", \"{service}.{region}.rep.x.example\"]\n";
        let table = Table::read(provider, "").expect("a table");
        let plain = |host: &'static str| table.plain_host(host).into_owned();
        assert_eq!(plain("us-central1-run.x.example"), "run.x.example");
        assert_eq!(plain("run.europe-west6.rep.x.example"), "run.x.example");
        assert_eq!(plain("run.x.example"), "run.x.example");
        assert_eq!(
            plain("us-central1-run.y.example"),
            "us-central1-run.y.example"
        );
    }
}
