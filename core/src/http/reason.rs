//! Reason phrases (RFC 9110 §15) and what clients make of them.

/// Reason phrases and what clients make of them, as letters alone.
const REASONS: [&str; 29] = [
    "unauthorized",
    "unauthorised",
    "unauthenticated",
    "forbidden",
    "notfound",
    "badrequest",
    "clienterror",
    "servererror",
    "toomanyrequests",
    "methodnotallowed",
    "paymentrequired",
    "proxyauthentication",
    "notacceptable",
    "requesttimeout",
    "conflict",
    "gone",
    "preconditionfailed",
    "unprocessable",
    "internalservererror",
    "internalerror",
    "badgateway",
    "serviceunavailable",
    "gatewaytimeout",
    "requestheaderfields",
    "permissiondenied",
    "accessdenied",
    "errorresponse",
    "error",
    "ok",
];

/// Whether a text begins with the name of a status, as servers and clients write it behind the number.
pub(crate) fn opens_with_reason(after: &str) -> bool {
    let letters: String = after
        .trim_start_matches([
            ' ', ')', ']', '(', ':', '-', ',', '"', '\'', '.', '–', '|', '[', '{', '`', '*',
        ])
        .chars()
        .take_while(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '_' | '-'))
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .take(24)
        .collect();
    REASONS.iter().any(|reason| match *reason {
        "ok" | "gone" | "error" => letters == *reason || letters.starts_with("okfor"),
        _ => letters.starts_with(reason),
    }) || is_foreign_reason(after)
}

/// Whether a text is the name of a status, or nothing.
pub(super) fn is_reason(text: &str) -> bool {
    let unnamed = ["", "unknown", "none", "null", "undefined"];
    let bare = text.trim_matches(|c: char| !c.is_alphabetic());
    unnamed.iter().any(|word| bare.eq_ignore_ascii_case(word)) || opens_with_reason(text)
}

/// What .NET and browsers write for 401 and 403 in other languages.
fn is_foreign_reason(after: &str) -> bool {
    let text = after
        .trim_start_matches([' ', ')', ']', ':', '('])
        .to_lowercase();
    [
        "nicht autorisiert",
        "unzulässig",
        "verboten",
        "non autorisé",
        "interdit",
        "no autorizado",
        "prohibido",
        "não autorizado",
        "proibido",
        "non autorizzato",
        "accesso negato",
        "vietato",
        "niet geautoriseerd",
        "verboden",
        "未经授权",
        "未授权",
        "已禁止",
        "禁止",
        "許可されていません",
        "使用不可",
        "несанкционированный",
        "не санкционировано",
        "запрещено",
        "권한이 없음",
        "사용할 수 없음",
        "yetkisiz",
        "yasak",
        "nieautoryzowany",
        "brak autoryzacji",
        "obehörig",
    ]
    .iter()
    .any(|reason| text.starts_with(reason))
}
