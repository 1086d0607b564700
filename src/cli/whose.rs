//! Whose API an exchange belongs to, and how those who may have answered word their refusals. Read once, kept for the run.

use super::error::Failure;
use super::job::{self, Settings};
use std::collections::HashMap;
use std::rc::Rc;
use why401_core::diagnose::Evidence;
use why401_core::http::Exchange;
use why401_core::table::{self, Marks, Refusals, Table};

/// The provider whose signatures come last: the standards' codes and what libraries share.
const GENERIC: &str = "generic";

/// Response bodies are searched for marks up to this many bytes.
const LOOKED_AT: usize = 8 * 1024;

/// A provider, ready for use.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) table: Table,
    pub(super) refusals: Refusals,
}

/// Providers as they are needed.
#[derive(Debug)]
pub(super) struct Whose<'s> {
    settings: &'s Settings,
    known: HashMap<String, Rc<Known>>,
    own: Vec<(String, Rc<Known>)>,
    marks: Option<Marks>,
}

/// What is known of an exchange's provider.
#[derive(Debug)]
pub(super) struct Answer {
    /// The provider whose table judges, where one is known well enough.
    pub(super) table: Option<Rc<Known>>,
    /// Those to whom the answer may belong, the likeliest first, the general one last.
    pub(super) refusals: Vec<Rc<Known>>,
    /// Of those, the ones that only marks in the answer point to.
    pub(super) by_mark: Vec<String>,
}

impl Answer {
    /// An exchange that stands alone, with the wordings by which it is judged.
    pub(super) fn evidence<'a>(&'a self, exchange: &'a Exchange) -> Evidence<'a> {
        Evidence {
            exchange,
            before: None,
            followed: false,
            refusals: self.refusals.iter().map(|known| &known.refusals).collect(),
            by_mark: &self.by_mark,
        }
    }
}

impl<'s> Whose<'s> {
    pub(super) fn new(settings: &'s Settings) -> Result<Self, Failure> {
        let mut own = Vec::new();
        for path in &settings.tables {
            let table = job::read_table(path, settings.provider.as_deref())?;
            let id = table.provider.provider.id.clone();
            let table = match table::shipped(&id).transpose()? {
                Some(mut base) => {
                    base.overlay(table);
                    base
                }
                None => table,
            };
            own.push((id, Rc::new(known(table))));
        }
        Ok(Self {
            settings,
            known: HashMap::new(),
            own,
            marks: None,
        })
    }

    fn get(&mut self, id: &str) -> Result<Option<Rc<Known>>, Failure> {
        if let Some((_, own)) = self.own.iter().find(|(own, _)| own == id) {
            return Ok(Some(Rc::clone(own)));
        }
        if let Some(known) = self.known.get(id) {
            return Ok(Some(Rc::clone(known)));
        }
        let Some(table) = table::shipped(id).transpose()? else {
            return Ok(None);
        };
        let ready = Rc::new(known(table));
        self.known.insert(id.to_owned(), Rc::clone(&ready));
        Ok(Some(ready))
    }

    /// The provider said, else by host, else by marks in the answer, else by somebody's words.
    pub(super) fn of(&mut self, exchange: &Exchange) -> Result<Answer, Failure> {
        let mut ids: Vec<String> = Vec::new();
        ids.extend(self.settings.provider.clone());
        let target = exchange.request.target();
        let host = target.as_ref().and_then(|t| t.host.as_deref());
        if let Some(host) = host {
            let own = self.own.iter().find(|(_, k)| k.table.place(host).is_some());
            ids.extend(own.map(|(id, _)| id.clone()));
            ids.extend(table::by_host(host).map(str::to_owned));
        }
        let sure = ids.len();
        let words: Vec<String> = exchange
            .provider
            .as_deref()
            .map(table::by_words)
            .unwrap_or_default()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let mut by_mark = self.marked(exchange);
        ids.extend(by_mark.iter().cloned());
        ids.extend(words.iter().cloned());
        by_mark.retain(|id| !words.contains(id) && !ids[..sure].contains(id));
        // A table judges paths only where host or person named it: marks may be a gateway's in front of the API.
        let judge = ids
            .get(..sure.max(1).min(ids.len()))
            .and_then(|ids| ids.first())
            .cloned();
        let by_words = words.first().filter(|_| host.is_none()).cloned();
        let chosen = if sure > 0 { judge } else { by_words };
        let mut refusals: Vec<Rc<Known>> = Vec::new();
        ids.push(GENERIC.to_owned());
        for id in ids {
            if let Some(known) = self.get(&id)?
                && !refusals.iter().any(|own| Rc::ptr_eq(own, &known))
            {
                refusals.push(known);
            }
        }
        let table = match chosen {
            Some(id) => self.get(&id)?.filter(|known| !known.table.is_empty()),
            None => None,
        };
        Ok(Answer {
            table,
            refusals,
            by_mark,
        })
    }

    fn marked(&mut self, exchange: &Exchange) -> Vec<String> {
        let Some(response) = exchange
            .response
            .as_ref()
            .filter(|r| r.status.is_none_or(|s| s >= 300))
        else {
            return Vec::new();
        };
        let body = response.body.as_deref().unwrap_or_default();
        let mut end = body.len().min(LOOKED_AT);
        while !body.is_char_boundary(end) {
            end -= 1;
        }
        let challenges: Vec<&str> = response.headers.all("www-authenticate").collect();
        let said = format!("{}\n{}", &body[..end], challenges.join("\n"));
        let marks = self.marks.get_or_insert_with(Marks::shipped);
        let found = marks.in_answer(|name| response.headers.get(name).map(str::to_owned), &said);
        found.into_iter().map(str::to_owned).collect()
    }
}

fn known(table: Table) -> Known {
    let refusals = Refusals::of(&table);
    Known { table, refusals }
}
