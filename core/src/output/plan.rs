//! What would be asked of a server, before anything is.

use super::Format;
use super::group;
use super::json;
use super::sheet::{Sheet, document};
use serde_json::{Value, json};

/// A request that would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What it is for: `control`, `target`.
    pub role: String,
    /// The method.
    pub method: String,
    /// The URL, without what may be secret in it.
    pub url: String,
    /// Whether the token goes with it.
    pub token: bool,
    /// The method it takes the place of.
    pub stands_for: Option<String>,
}

/// Requests that would be sent at the same time, and what a person should know of them.
pub fn plan(asks: &[Planned], remarks: &[String], format: Format) -> String {
    let listed: Vec<Value> = asks
        .iter()
        .map(|ask| {
            json!({ "role": ask.role, "method": ask.method, "url": ask.url, "token": ask.token, "stands_for": ask.stands_for })
        })
        .collect();
    let value = json!({ "schema": "why401.plan/1", "tool": json::tool(), "asks": listed, "remarks": remarks });
    document(&value, format, || page(asks, remarks))
}

fn page(asks: &[Planned], remarks: &[String]) -> Sheet {
    let mut out = Sheet::new(28);
    out.title("nothing was sent; these requests would be sent at the same time:");
    for ask in asks {
        let token = match ask.token {
            true => "with Authorization: Bearer <token>",
            false => "without token",
        };
        out.pair(group::role(&ask.role), format!("{:7} {token}", ask.method));
        out.under(&*ask.url);
    }
    out.text("then at most one more round: an invented path beside the target where it may not exist, the other spelling of a redirect, the regions that were named");
    for remark in remarks {
        out.text(&**remark);
    }
    out
}
