//! Whether a text tells of a refused request at all.

use super::loose;
use super::sighting::Sighting;
use crate::http::{Exchange, Response};

/// Whether a sighting may tell of a refused request: a fact says so, or words do.
pub(super) fn is_refusal(seen: &Sighting, text: &str) -> bool {
    let facts = seen.status.is_some()
        || seen.url.is_some()
        || seen.body.is_some()
        || seen.sent.is_some()
        || !seen.answered.is_empty()
        || seen.failure.is_some();
    let short = || text.split_whitespace().take(16).count() < 16;
    let lower = || loose::clip(text, 64 * 1024).to_lowercase();
    facts || short() || REFUSING.iter().any(|word| lower().contains(word))
}

/// Words of which a text about a refusal has one, in the languages that clients speak.
const REFUSING: [&str; 79] = [
    "denied",
    "forbid",
    "invalid",
    "expired",
    "allowed",
    "permission",
    "token",
    "credential",
    "auth",
    "error",
    "fail",
    "refus",
    "reject",
    "missing",
    "scope",
    "login",
    "password",
    "revoked",
    "disabled",
    "blocked",
    "limit exceeded",
    "exception",
    "privilege",
    "not found",
    "required",
    "cannot",
    "fehler",
    "verweigert",
    "berechtigung",
    "abgelehnt",
    "erreur",
    "refusé",
    "interdit",
    "acceso",
    "permiso",
    "negado",
    "错误",
    "拒绝",
    "权限",
    "エラー",
    "拒否",
    "ошибка",
    "запрещ",
    "entitled",
    "upgrade",
    "exceed",
    "quota",
    "throttl",
    "too many",
    "wrong",
    "incorrect",
    "mismatch",
    "expire",
    "locked",
    "suspend",
    "banned",
    "inactive",
    "log in",
    "sign in",
    "signature",
    "ungültig",
    "abgelaufen",
    "anmeld",
    "non valid",
    "scadut",
    "odmow",
    "uprawn",
    "ongeldig",
    "geweigerd",
    "недейств",
    "недійс",
    "немає",
    "无效",
    "过期",
    "登录",
    "権限",
    "無効",
    "권한",
    "토큰",
];

/// A text without a refused request. An object or page may still be the whole answer.
pub(super) fn nothing(text: &str, name: &str) -> Exchange {
    let bare = text.trim();
    let whole = bare.starts_with(['{', '[', '<']).then(|| Response {
        body: Some(bare.to_owned()),
        ..Response::default()
    });
    Exchange {
        place: name.to_owned(),
        read_as: Some("text".to_owned()),
        remarks: match whole {
            Some(_) => Vec::new(),
            None => vec!["nothing here says that a request was refused: it would need a status, an error body, or a request with its answer".to_owned()],
        },
        response: whole,
        ..Exchange::default()
    }
}
