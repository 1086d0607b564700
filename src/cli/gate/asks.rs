//! What a new manifest asks for: the kind of token, and what it is granted, where no token shows it.

use super::app::CLIENT_KIND;
use std::fmt::Write as _;
use why401_core::gate::{self, BLANK};
use why401_core::output::wrap;
use why401_core::table::{Kind, Table};

/// Columns of a comment.
const WIDTH: usize = 100;

/// What is to be filled in for a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asks {
    /// The kinds of token, the usual one first: id, what it is, the lists that count for it.
    kinds: Vec<(String, Option<String>, Vec<&'static str>)>,
    /// The checks that a token does not show, with where they can be looked up.
    unseen: Vec<(String, Option<String>)>,
    /// Whether a client can request a token for itself, and it is known where.
    client: bool,
}

/// What a provider's table says that a person has to declare.
pub(super) fn asks(table: &Table) -> Asks {
    let provider = &table.provider;
    let all = gate::kinds(table);
    let usual = all.first();
    let readable = usual.is_some_and(|kind| kind.form.as_deref() == Some("jwt"));
    let gates = provider.gate.iter();
    let hidden = gates.filter(|gate| match gate.seen.strip_prefix("claim:") {
        Some(_) => !readable,
        None => gate.id != "scope" || !readable,
    });
    let lists = |kind: &Kind| {
        let mut keys: Vec<&str> = kind.gates.iter().map(|gate| gate::key_of(gate)).collect();
        keys.dedup();
        keys
    };
    let kinds = all.iter();
    let mut hosts = provider.host.iter();
    Asks {
        client: provider.kind(CLIENT_KIND).is_some() && hosts.any(|own| own.token_path.is_some()),
        kinds: kinds
            .map(|kind| (kind.id.clone(), kind.name.clone(), lists(kind)))
            .collect(),
        unseen: hidden
            .map(|gate| (gate.id.clone(), gate.look.clone()))
            .collect(),
    }
}

impl Asks {
    /// What may stand in place of the token: the client, with the variable of its secret.
    pub(super) fn client(&self, variable: &str, out: &mut String) {
        if self.client {
            out.push_str(
                "# In place of the token, the client that requests it (client credentials):\n# client-id = \"...\"\n",
            );
            line(
                out,
                "# client-secret-env",
                &super::template::quoted(variable),
            );
        }
    }

    /// The lines of an app that a person fills in, each with what it is.
    pub(super) fn write(&self, out: &mut String) {
        if self.unseen.is_empty() {
            return;
        }
        comment(
            out,
            "# ",
            "Replace each \"...\": offline, the gate compares these lines with what the endpoints need. Or leave them, and `why401 gate --online` asks the server.",
        );
        self.kind(out);
        self.lists(out);
        self.last_resort(out);
    }

    fn kind(&self, out: &mut String) {
        match self.kinds.as_slice() {
            [] => {}
            [(id, ..)] => line(out, "kind", &super::template::quoted(id)),
            kinds => {
                comment(
                    out,
                    "# ",
                    "The kind of token, and the lists that count for it:",
                );
                for (id, name, lists) in kinds {
                    let lists = match lists.is_empty() {
                        true => "neither list".to_owned(),
                        false => lists.join(" and "),
                    };
                    let text = match name {
                        Some(name) => format!("{name} ({lists})"),
                        None => format!("({lists})"),
                    };
                    comment(out, &format!("#   {id}: "), &text);
                }
                line(out, "kind", &super::template::quoted(BLANK));
            }
        }
    }

    fn lists(&self, out: &mut String) {
        for (key, what) in [
            ("scopes", "The scopes that the token was granted"),
            (
                "permissions",
                "The permissions (or roles) of the user, client or token",
            ),
        ] {
            let mut gates = self.unseen.iter();
            let mut gates = gates.by_ref().filter(|(id, _)| gate::key_of(id) == key);
            let Some((_, look)) = gates.next() else {
                continue;
            };
            let more = gates.find_map(|(_, look)| look.as_ref());
            let text = match look.as_ref().or(more) {
                Some(look) => format!("{what}. Where to look: {}.", look.trim_end_matches('.')),
                None => format!("{what}."),
            };
            comment(out, "# ", &text);
            line(out, key, &format!("[{}]", super::template::quoted(BLANK)));
        }
    }

    fn last_resort(&self, out: &mut String) {
        let checks: Vec<String> = self
            .unseen
            .iter()
            .map(|(id, _)| format!("{id} = \"pass\""))
            .collect();
        comment(
            out,
            "# ",
            "The last resort: with this line the gate passes although nobody knows what is granted.",
        );
        let _ = writeln!(out, "# unknown = {{ {} }}", checks.join(", "));
    }
}

fn comment(out: &mut String, head: &str, text: &str) {
    for (number, own) in wrap(head, text, WIDTH).iter().enumerate() {
        let own = match number {
            0 => own.clone(),
            _ => format!("#{}", own.get(1..).unwrap_or_default()),
        };
        out.push_str(&own);
        out.push('\n');
    }
}

fn line(out: &mut String, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{key} = {value}");
}
