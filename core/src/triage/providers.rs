//! Whose API it is: the shipped tables and those that people bring, each read once, when it is first needed.

use crate::http::{Exchange, Target, cover_uuids};
use crate::table::{self, LoadError, Marks, Refusals, Table};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Response bodies are searched for marks up to this many bytes.
const LOOKED_AT: usize = 8 * 1024;

/// Why no table could be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// No shipped or brought table has the id that was named.
    #[error("no table has the provider id that was given")]
    Unknown,
    /// A path alone, and nobody said whose.
    #[error("a path without a host does not say whose API it is")]
    PathAlone,
    /// The kind that was given is none of the provider's.
    #[error("the provider has no such kind of token")]
    UnknownKind {
        /// Those that it has.
        known: Vec<String>,
        /// The one that was probably meant.
        near: Option<String>,
    },
    /// A table cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// A provider, ready for use: what its endpoints ask for, and how it words its refusals.
#[derive(Debug)]
#[non_exhaustive]
pub struct Product {
    /// What its endpoints ask for.
    pub table: Table,
    refusals: OnceLock<Refusals>,
}

impl Product {
    /// Of a table by itself.
    pub fn of(table: Table) -> Self {
        Self {
            table,
            refusals: OnceLock::new(),
        }
    }

    /// How it words its refusals; made ready at the first call.
    pub fn refusals(&self) -> &Refusals {
        self.refusals.get_or_init(|| Refusals::of(&self.table))
    }

    /// Whether it knows a kind of token, where one was given.
    ///
    /// # Errors
    /// [`ProviderError::UnknownKind`], with the kinds that it knows.
    pub fn check_kind(&self, kind: Option<&str>) -> Result<(), ProviderError> {
        let kinds = &self.table.provider.kind;
        match kind {
            Some(kind) if !kinds.is_empty() && self.table.provider.kind_called(kind).is_none() => {
                let known: Vec<String> = kinds.iter().map(|own| own.id.clone()).collect();
                let near = self
                    .table
                    .provider
                    .kind_near(kind)
                    .map(|own| own.id.clone());
                Err(ProviderError::UnknownKind { known, near })
            }
            _ => Ok(()),
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.table.provider.info.id
    }
}

/// Every provider that a run may meet. Shared by reference between threads; a table is read when it is first needed.
#[derive(Debug, Default)]
pub struct Providers {
    /// The provider that a person named.
    named: Option<String>,
    /// Tables that a person brought, each over the shipped one of its id, in the order in which they were brought.
    brought: Vec<Arc<Product>>,
    /// The shipped tables that were needed so far, by id.
    shipped: RwLock<BTreeMap<String, Arc<Product>>>,
    marks: OnceLock<Marks>,
    /// Whether nobody's own wordings are heard.
    general: bool,
}

/// To whom an exchange belongs.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attribution {
    /// The provider whose table judges, where one is known well enough.
    pub judge: Option<Arc<Product>>,
    /// Those to whom the answer may belong, the likeliest first, the general one last.
    pub answerers: Vec<Arc<Product>>,
    /// Of those, the ones that only marks in the answer point to, by id.
    pub by_mark: Vec<String>,
}

impl Providers {
    /// The shipped providers.
    pub fn shipped() -> Self {
        Self::default()
    }

    /// The shipped providers, with tables that a person brought and the provider that a person named.
    ///
    /// # Errors
    /// Where a shipped table below a brought one cannot be read, or where no table has the id that was named.
    pub fn with(brought: Vec<Table>, named: Option<String>) -> Result<Self, ProviderError> {
        let mut own: Vec<Table> = Vec::new();
        for table in brought {
            let id = table.provider.info.id.clone();
            if let Some(base) = own.iter_mut().find(|own| own.provider.info.id == id) {
                base.overlay(table);
                continue;
            }
            own.push(match table::shipped(&id).transpose()? {
                Some(mut base) => {
                    base.overlay(table);
                    base
                }
                None => table,
            });
        }
        let brought: Vec<Arc<Product>> =
            own.into_iter().map(|t| Arc::new(Product::of(t))).collect();
        let known =
            |id: &String| brought.iter().any(|b| b.id() == id) || table::names().any(|n| n == id);
        if named.as_ref().is_some_and(|id| !known(id)) {
            return Err(ProviderError::Unknown);
        }
        Ok(Self {
            named,
            brought,
            ..Self::default()
        })
    }

    /// Without the products' own wordings: what the standards and the words themselves say is all that is heard. For
    /// measuring.
    #[must_use]
    pub fn with_general_wordings(mut self) -> Self {
        self.general = true;
        self
    }

    /// The provider of that id; `None` where there is none.
    ///
    /// # Errors
    /// Where its table cannot be read.
    pub fn get(&self, id: &str) -> Result<Option<Arc<Product>>, LoadError> {
        if let Some(own) = self.brought.iter().find(|own| own.id() == id) {
            return Ok(Some(Arc::clone(own)));
        }
        let ready = self.shipped.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(product) = ready.get(id) {
            return Ok(Some(Arc::clone(product)));
        }
        drop(ready);
        let Some(table) = table::shipped(id).transpose()? else {
            return Ok(None);
        };
        let mut ready = self.shipped.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have read it meanwhile: everybody shares the first.
        let product = ready.entry(id.to_owned());
        let product = product.or_insert_with(|| Arc::new(Product::of(table)));
        Ok(Some(Arc::clone(product)))
    }

    /// The provider whose table judges a call, or a token alone where there is no target: the one named, else by host,
    /// else the one brought that names no host and has the path, or the only one brought.
    ///
    /// # Errors
    /// Where a path stands alone and nobody said whose it is, or where a table cannot be read.
    pub fn judge_of(&self, target: Option<&Target>) -> Result<Option<Arc<Product>>, ProviderError> {
        if let Some(id) = &self.named {
            return Ok(self.get(id)?);
        }
        let Some(host) = target.and_then(|t| t.host.as_deref()) else {
            return match (target, self.brought.as_slice()) {
                (_, [only]) => Ok(Some(Arc::clone(only))),
                (Some(_), _) => Err(ProviderError::PathAlone),
                (None, _) => Ok(None),
            };
        };
        if let Some(own) = target.and_then(|target| self.brought_for(target)) {
            return Ok(Some(Arc::clone(own)));
        }
        let by_path = || target.and_then(|t| table::by_path(&t.path));
        match table::rows_of_host(host).or_else(by_path) {
            Some(id) => Ok(self.get(id)?),
            None => Ok(None),
        }
    }

    /// The table of a call among those that were brought. One that names no host is for any host that no other table names,
    /// as far as it has the path: documents of own APIs often leave the server out.
    fn brought_for(&self, target: &Target) -> Option<&Arc<Product>> {
        let host = target.host.as_deref()?;
        let mut brought = self.brought.iter();
        let by_host = brought.find(|own| own.table.place(host).is_some());
        let is_free = || table::rows_of_host(host).is_none();
        let mut open = self
            .brought
            .iter()
            .filter(|own| own.table.provider.host.is_empty());
        let by_path = || open.find(|own| own.table.has_path(&target.method, &target.path));
        by_host.or_else(|| is_free().then(by_path).flatten())
    }

    /// To whom an exchange belongs: the provider named, else by host, else by marks in the answer, else by somebody's
    /// words.
    ///
    /// # Errors
    /// Where a table cannot be read.
    pub fn attribute(&self, exchange: &Exchange) -> Result<Attribution, LoadError> {
        let mut ids: Vec<&str> = Vec::new();
        ids.extend(self.named.as_deref());
        let target = exchange.request.target();
        let host = target.as_ref().and_then(|t| t.host.as_deref());
        if let Some(host) = host {
            let brought = target.as_ref().and_then(|target| self.brought_for(target));
            ids.extend(brought.map(|own| own.id()));
            ids.extend(table::by_host(host));
            ids.extend(table::rows_of_host(host));
        }
        let sure = ids.len();
        let words = exchange
            .provider
            .as_deref()
            .map(table::by_words)
            .unwrap_or_default();
        let marked = self.marked(exchange);
        // What the record says of itself goes before marks, which may be a gateway's.
        ids.extend(&words);
        ids.extend(&marked);
        let by_mark = marked
            .iter()
            .filter(|id| !words.contains(id) && !ids[..sure].contains(id))
            .map(|id| (*id).to_owned())
            .collect();
        // A table judges paths only where host or person named it: marks may be a gateway's in front of the API.
        let has_rows =
            |id: &&&str| table::has_rows(id) || self.brought.iter().any(|b| b.id() == **id);
        let judge = match sure {
            0 => words.first().copied().filter(|_| host.is_none()),
            _ if self.named.is_some() => ids.first().copied(),
            _ => ids[..sure].iter().find(has_rows).copied(),
        };
        let judge = match judge {
            Some(id) => self.get(id)?.filter(|product| !product.table.is_empty()),
            None => None,
        };
        if self.general {
            ids.clear();
        }
        // The standards' codes and what libraries share come last.
        ids.extend(table::general().map(|id| -> &str { id }));
        let mut answerers: Vec<Arc<Product>> = Vec::new();
        for id in ids {
            if let Some(product) = self.get(id)?
                && !answerers.iter().any(|own| Arc::ptr_eq(own, &product))
            {
                answerers.push(product);
            }
        }
        Ok(Attribution {
            judge,
            answerers,
            by_mark: if self.general { Vec::new() } else { by_mark },
        })
    }

    fn marked(&self, exchange: &Exchange) -> Vec<&'static str> {
        let refused = |r: &&crate::http::Response| r.status.is_none_or(|s| s >= 300);
        let Some(response) = exchange.response.as_ref().filter(refused) else {
            return Vec::new();
        };
        let body = response.body.as_deref().unwrap_or_default();
        let start = crate::http::start_of(body, LOOKED_AT);
        let challenges: Vec<&str> = response.headers.all("www-authenticate").collect();
        let said = format!("{start}\n{}", challenges.join("\n"));
        let marks = self.marks.get_or_init(Marks::shipped);
        let header = |name: &str| {
            response
                .headers
                .get(name)
                .map(|own| cover_uuids(own).into_owned())
        };
        marks.in_answer(header, &cover_uuids(&said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought() -> Table {
        let file = r#"
            format = "scope-table/1"
            [provider]
            id = "mine"
            [[host]]
            name = "api.mine.example"
        "#;
        Table::read(file, "").expect("a table")
    }

    #[test]
    fn a_provider_that_nobody_has_is_an_error() {
        let none = Providers::with(Vec::new(), Some("nobody".to_owned()));
        assert_eq!(none.err(), Some(ProviderError::Unknown));
    }

    #[test]
    fn a_table_is_read_once_and_shared() {
        let providers = Providers::shipped();
        let first = providers
            .get("genesys-cloud")
            .expect("sound")
            .expect("shipped");
        let again = providers
            .get("genesys-cloud")
            .expect("sound")
            .expect("shipped");
        assert!(Arc::ptr_eq(&first, &again));
    }

    #[test]
    fn the_host_of_a_brought_table_leads_to_it() {
        let providers = Providers::with(vec![brought()], None).expect("providers");
        let target = Target::parse("GET", "https://api.mine.example/a").expect("a target");
        let judge = providers.judge_of(Some(&target)).expect("chosen");
        assert_eq!(judge.map(|p| p.id().to_owned()), Some("mine".to_owned()));
    }

    #[test]
    fn a_brought_table_without_hosts_is_for_hosts_that_nobody_names() {
        let file = "format = \"scope-table/1\"\n[provider]\nid = \"mine\"\n[[kind]]\nid = \"user\"\nname = \"user\"";
        let row = r#"{"method":"GET","path":"/things/{id}","need":{"user":{}}}"#;
        let table = Table::read(file, row).expect("a table");
        let providers = Providers::with(vec![table], None).expect("providers");
        for (url, own) in [
            ("https://api.mine.example/things/7", Some("mine")),
            ("https://api.mine.example/others", None),
            ("https://api.github.com/things/7", Some("github")),
        ] {
            let target = Target::parse("GET", url).expect("a target");
            let judge = providers.judge_of(Some(&target)).expect("chosen");
            assert_eq!(judge.as_deref().map(Product::id), own, "{url}");
            let exchange = Exchange {
                request: crate::http::Request {
                    method: Some("GET".to_owned()),
                    url: Some(url.to_owned()),
                    ..Default::default()
                },
                ..Exchange::default()
            };
            let known = providers.attribute(&exchange).expect("attributed");
            assert_eq!(known.judge.as_deref().map(Product::id), own, "{url}");
        }
    }

    #[test]
    fn a_path_alone_belongs_to_nobody() {
        let target = Target::parse("GET", "/a").expect("a target");
        let chosen = Providers::shipped().judge_of(Some(&target));
        assert_eq!(chosen.err(), Some(ProviderError::PathAlone));
    }
}
