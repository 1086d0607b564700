//! The closed lists of causes and notes, each bound to its page: one without a page does not compile.

use super::cause::Cause;

/// No credential left the client.
pub static HEADER_MISSING: Cause = Cause {
    code: "header.missing",
    summary: "No credential left the client.",
    page: include_str!("../../../docs/causes/header.missing.md"),
};

/// A credential header left the client, but its form is wrong.
pub static HEADER_MALFORMED: Cause = Cause {
    code: "header.malformed",
    summary: "A credential header left the client, but its form is wrong.",
    page: include_str!("../../../docs/causes/header.malformed.md"),
};

/// The client sent a good header and something removed it on the way.
pub static HEADER_STRIPPED: Cause = Cause {
    code: "header.stripped",
    summary: "The client sent a good header and something removed it on the way.",
    page: include_str!("../../../docs/causes/header.stripped.md"),
};

/// A credential or context header was sent where none may be.
pub static HEADER_UNWANTED: Cause = Cause {
    code: "header.unwanted",
    summary: "A credential or context header was sent where none may be.",
    page: include_str!("../../../docs/causes/header.unwanted.md"),
};

/// The browser's preflight, which never carries credentials, was refused.
pub static CORS_PREFLIGHT: Cause = Cause {
    code: "cors.preflight",
    summary: "The browser's preflight, which never carries credentials, was refused.",
    page: include_str!("../../../docs/causes/cors.preflight.md"),
};

/// A CSRF filter refused a write although the credentials are good.
pub static CSRF_BLOCKED: Cause = Cause {
    code: "csrf.blocked",
    summary: "A CSRF filter refused a write although the credentials are good.",
    page: include_str!("../../../docs/causes/csrf.blocked.md"),
};

/// A CDN, firewall or front end refused before authentication.
pub static EDGE_BLOCKED: Cause = Cause {
    code: "edge.blocked",
    summary: "A CDN, firewall or front end refused before authentication.",
    page: include_str!("../../../docs/causes/edge.blocked.md"),
};

/// The token has expired.
pub static TOKEN_EXPIRED: Cause = Cause {
    code: "token.expired",
    summary: "The token has expired.",
    page: include_str!("../../../docs/causes/token.expired.md"),
};

/// The token is not valid yet: two clocks disagree.
pub static TOKEN_NOT_YET_VALID: Cause = Cause {
    code: "token.not_yet_valid",
    summary: "The token is not valid yet: two clocks disagree.",
    page: include_str!("../../../docs/causes/token.not_yet_valid.md"),
};

/// The token was good and was withdrawn.
pub static TOKEN_REVOKED: Cause = Cause {
    code: "token.revoked",
    summary: "The token was good and was withdrawn.",
    page: include_str!("../../../docs/causes/token.revoked.md"),
};

/// The server has no such token.
pub static TOKEN_UNKNOWN: Cause = Cause {
    code: "token.unknown",
    summary: "The server has no such token.",
    page: include_str!("../../../docs/causes/token.unknown.md"),
};

/// This is not a token, or only a part of one.
pub static TOKEN_MALFORMED: Cause = Cause {
    code: "token.malformed",
    summary: "This is not a token, or only a part of one.",
    page: include_str!("../../../docs/causes/token.malformed.md"),
};

/// The token makes the header or cookie exceed a limit.
pub static TOKEN_TOO_LARGE: Cause = Cause {
    code: "token.too_large",
    summary: "The token makes the header or cookie exceed a limit.",
    page: include_str!("../../../docs/causes/token.too_large.md"),
};

/// The signature cannot be verified.
pub static TOKEN_SIGNATURE: Cause = Cause {
    code: "token.signature",
    summary: "The signature cannot be verified.",
    page: include_str!("../../../docs/causes/token.signature.md"),
};

/// `iss` is not the issuer the API expects.
pub static TOKEN_ISSUER: Cause = Cause {
    code: "token.issuer",
    summary: "`iss` is not the issuer the API expects.",
    page: include_str!("../../../docs/causes/token.issuer.md"),
};

/// `aud` names another API.
pub static TOKEN_AUDIENCE: Cause = Cause {
    code: "token.audience",
    summary: "`aud` names another API.",
    page: include_str!("../../../docs/causes/token.audience.md"),
};

/// This is the wrong kind of token.
pub static TOKEN_TYPE: Cause = Cause {
    code: "token.type",
    summary: "This is the wrong kind of token.",
    page: include_str!("../../../docs/causes/token.type.md"),
};

/// The token is bound to a key or certificate, and the proof is not there.
pub static BINDING_REQUIRED: Cause = Cause {
    code: "binding.required",
    summary: "The token is bound to a key or certificate, and the proof is not there.",
    page: include_str!("../../../docs/causes/binding.required.md"),
};

/// The token lacks a scope that the operation asks for.
pub static SCOPE_MISSING: Cause = Cause {
    code: "scope.missing",
    summary: "The token lacks a scope that the operation asks for.",
    page: include_str!("../../../docs/causes/scope.missing.md"),
};

/// The scopes are fine; the user, role or service account lacks the right.
pub static PERMISSION_MISSING: Cause = Cause {
    code: "permission.missing",
    summary: "The scopes are fine; the user, role or service account lacks the right.",
    page: include_str!("../../../docs/causes/permission.missing.md"),
};

/// This one object is not shared with the principal.
pub static RESOURCE_NOT_SHARED: Cause = Cause {
    code: "resource.not_shared",
    summary: "This one object is not shared with the principal.",
    page: include_str!("../../../docs/causes/resource.not_shared.md"),
};

/// An approval is outstanding.
pub static CONSENT_MISSING: Cause = Cause {
    code: "consent.missing",
    summary: "An approval is outstanding.",
    page: include_str!("../../../docs/causes/consent.missing.md"),
};

/// This identity cannot use the API.
pub static ACCOUNT_UNSUITABLE: Cause = Cause {
    code: "account.unsuitable",
    summary: "This identity cannot use the API.",
    page: include_str!("../../../docs/causes/account.unsuitable.md"),
};

/// The app itself is limited.
pub static APP_RESTRICTED: Cause = Cause {
    code: "app.restricted",
    summary: "The app itself is limited.",
    page: include_str!("../../../docs/causes/app.restricted.md"),
};

/// The API, edition or feature is switched off for this project or organisation.
pub static FEATURE_DISABLED: Cause = Cause {
    code: "feature.disabled",
    summary: "The API, edition or feature is switched off for this project or organisation.",
    page: include_str!("../../../docs/causes/feature.disabled.md"),
};

/// The token is not authorised for an organisation's single sign-on.
pub static SSO_REQUIRED: Cause = Cause {
    code: "sso.required",
    summary: "The token is not authorised for an organisation's single sign-on.",
    page: include_str!("../../../docs/causes/sso.required.md"),
};

/// The source address is not allowed.
pub static IP_BLOCKED: Cause = Cause {
    code: "ip.blocked",
    summary: "The source address is not allowed.",
    page: include_str!("../../../docs/causes/ip.blocked.md"),
};

/// The server asks for stronger proof of who the person is.
pub static STEPUP_REQUIRED: Cause = Cause {
    code: "stepup.required",
    summary: "The server asks for stronger proof of who the person is.",
    page: include_str!("../../../docs/causes/stepup.required.md"),
};

/// A quota or throttle, sometimes dressed as 403.
pub static RATE_LIMITED: Cause = Cause {
    code: "rate.limited",
    summary: "A quota or throttle, sometimes dressed as 403.",
    page: include_str!("../../../docs/causes/rate.limited.md"),
};

/// Right provider, wrong host: region, environment, sandbox or production.
pub static REGION_MISMATCH: Cause = Cause {
    code: "region.mismatch",
    summary: "Right provider, wrong host: region, environment, sandbox or production.",
    page: include_str!("../../../docs/causes/region.mismatch.md"),
};

/// An account, tenant or client id sent beside the token does not belong to it.
pub static TENANT_MISMATCH: Cause = Cause {
    code: "tenant.mismatch",
    summary: "An account, tenant or client id sent beside the token does not belong to it.",
    page: include_str!("../../../docs/causes/tenant.mismatch.md"),
};

/// A second required header is absent.
pub static CONTEXT_MISSING: Cause = Cause {
    code: "context.missing",
    summary: "A second required header is absent.",
    page: include_str!("../../../docs/causes/context.missing.md"),
};

/// No such path, method or host; the API may dress that as 401, 403 or 404.
pub static ENDPOINT_UNKNOWN: Cause = Cause {
    code: "endpoint.unknown",
    summary: "No such path, method or host; the API may dress that as 401, 403 or 404.",
    page: include_str!("../../../docs/causes/endpoint.unknown.md"),
};

/// Authorised, but content, encoding or state was refused with an auth-looking status.
pub static REQUEST_INVALID: Cause = Cause {
    code: "request.invalid",
    summary: "Authorised, but content, encoding or state was refused with an auth-looking status.",
    page: include_str!("../../../docs/causes/request.invalid.md"),
};

/// Client id and secret, key pair, or user and password are wrong.
pub static CREDENTIALS_INVALID: Cause = Cause {
    code: "credentials.invalid",
    summary: "Client id and secret, key pair, or user and password are wrong.",
    page: include_str!("../../../docs/causes/credentials.invalid.md"),
};

/// The token request was refused.
pub static GRANT_INVALID: Cause = Cause {
    code: "grant.invalid",
    summary: "The token request was refused.",
    page: include_str!("../../../docs/causes/grant.invalid.md"),
};

/// The API or issuer is at fault.
pub static SERVER_FAULT: Cause = Cause {
    code: "server.fault",
    summary: "The API or issuer is at fault.",
    page: include_str!("../../../docs/causes/server.fault.md"),
};

/// Something had to be stripped to read the credential.
pub static NOTE_DIRT: Cause = Cause {
    code: "note.dirt",
    summary: "Something had to be stripped to read the credential.",
    page: include_str!("../../../docs/causes/note.dirt.md"),
};

/// Something in the JWT deviates from its standards.
pub static NOTE_JWT: Cause = Cause {
    code: "note.jwt",
    summary: "Something in the JWT deviates from its standards.",
    page: include_str!("../../../docs/causes/note.jwt.md"),
};

/// The token is opaque: nothing can be read from it, and that is normal.
pub static NOTE_OPAQUE: Cause = Cause {
    code: "note.opaque",
    summary: "The token is opaque: nothing can be read from it, and that is normal.",
    page: include_str!("../../../docs/causes/note.opaque.md"),
};

/// The token is encrypted: only its header can be read.
pub static NOTE_ENCRYPTED: Cause = Cause {
    code: "note.encrypted",
    summary: "The token is encrypted: only its header can be read.",
    page: include_str!("../../../docs/causes/note.encrypted.md"),
};

/// A readable JWT where the provider issues opaque tokens, or the reverse.
pub static NOTE_TOKEN_FORM: Cause = Cause {
    code: "note.token-form",
    summary: "A readable JWT where the provider issues opaque tokens, or the reverse.",
    page: include_str!("../../../docs/causes/note.token-form.md"),
};

/// A scope that the provider does not publish.
pub static NOTE_UNPUBLISHED_SCOPE: Cause = Cause {
    code: "note.unpublished-scope",
    summary: "A scope that the provider does not publish.",
    page: include_str!("../../../docs/causes/note.unpublished-scope.md"),
};

/// The scope text deviates from RFC 6749 §3.3.
pub static NOTE_SCOPE_FORM: Cause = Cause {
    code: "note.scope-form",
    summary: "The scope text deviates from RFC 6749 §3.3.",
    page: include_str!("../../../docs/causes/note.scope-form.md"),
};

/// Claims that carry rights and were not used, or could not be.
pub static NOTE_RIGHTS: Cause = Cause {
    code: "note.rights",
    summary: "Claims that carry rights and were not used, or could not be.",
    page: include_str!("../../../docs/causes/note.rights.md"),
};

/// Scopes that this question does not need.
pub static NOTE_EXCESS_SCOPE: Cause = Cause {
    code: "note.excess-scope",
    summary: "Scopes that this question does not need.",
    page: include_str!("../../../docs/causes/note.excess-scope.md"),
};

/// The operation is deprecated.
pub static NOTE_DEPRECATED: Cause = Cause {
    code: "note.deprecated",
    summary: "The operation is deprecated.",
    page: include_str!("../../../docs/causes/note.deprecated.md"),
};

/// Whether this gate is enforced is a setting.
pub static NOTE_ENFORCEMENT: Cause = Cause {
    code: "note.enforcement",
    summary: "Whether this gate is enforced is a setting.",
    page: include_str!("../../../docs/causes/note.enforcement.md"),
};

/// The requirement is reported, not published.
pub static NOTE_REPORTED: Cause = Cause {
    code: "note.reported",
    summary: "The requirement is reported, not published.",
    page: include_str!("../../../docs/causes/note.reported.md"),
};

/// The published row is itself doubtful.
pub static NOTE_DOUBT: Cause = Cause {
    code: "note.doubt",
    summary: "The published row is itself doubtful.",
    page: include_str!("../../../docs/causes/note.doubt.md"),
};

/// The kind of token was assumed.
pub static NOTE_KIND_ASSUMED: Cause = Cause {
    code: "note.kind-assumed",
    summary: "The kind of token was assumed.",
    page: include_str!("../../../docs/causes/note.kind-assumed.md"),
};

/// The token ends soon.
pub static NOTE_SHORT_LIFE: Cause = Cause {
    code: "note.short-life",
    summary: "The token ends soon.",
    page: include_str!("../../../docs/causes/note.short-life.md"),
};

/// The requirement table is old.
pub static NOTE_STALE_TABLE: Cause = Cause {
    code: "note.stale-table",
    summary: "The requirement table is old.",
    page: include_str!("../../../docs/causes/note.stale-table.md"),
};

/// The URL was matched with a difference.
pub static NOTE_PATH: Cause = Cause {
    code: "note.path",
    summary: "The URL was matched with a difference.",
    page: include_str!("../../../docs/causes/note.path.md"),
};

/// Two tokens differ, or a token and what is declared of it.
pub static NOTE_DIFFERENCE: Cause = Cause {
    code: "note.difference",
    summary: "Two tokens differ, or a token and what is declared of it.",
    page: include_str!("../../../docs/causes/note.difference.md"),
};

/// What a probing request showed.
pub static NOTE_PROBE: Cause = Cause {
    code: "note.probe",
    summary: "What a probing request showed.",
    page: include_str!("../../../docs/causes/note.probe.md"),
};

/// The table does not have every operation of the provider.
pub static NOTE_NOT_IN_TABLE: Cause = Cause {
    code: "note.not-in-table",
    summary: "The table does not have every operation of the provider.",
    page: include_str!("../../../docs/causes/note.not-in-table.md"),
};

/// A scope that the token has is reported not to be enough.
pub static NOTE_INSUFFICIENT: Cause = Cause {
    code: "note.insufficient",
    summary: "A scope that the token has is reported not to be enough.",
    page: include_str!("../../../docs/causes/note.insufficient.md"),
};

/// Nothing in the token says when it ends.
pub static NOTE_LIFETIME: Cause = Cause {
    code: "note.lifetime",
    summary: "Nothing in the token says when it ends.",
    page: include_str!("../../../docs/causes/note.lifetime.md"),
};

/// The challenge departs from its grammar and was read all the same.
pub static NOTE_CHALLENGE: Cause = Cause {
    code: "note.challenge",
    summary: "The challenge departs from its grammar and was read all the same.",
    page: include_str!("../../../docs/causes/note.challenge.md"),
};

/// No answer came: network, name, proxy or certificate.
pub static NOTE_NO_ANSWER: Cause = Cause {
    code: "note.no-answer",
    summary: "No answer came: network, name, proxy or certificate.",
    page: include_str!("../../../docs/causes/note.no-answer.md"),
};

/// The server sent the client elsewhere.
pub static NOTE_REDIRECT: Cause = Cause {
    code: "note.redirect",
    summary: "The server sent the client elsewhere.",
    page: include_str!("../../../docs/causes/note.redirect.md"),
};

/// The call was made again, and the later one carries the verdict.
pub static NOTE_RETRIED: Cause = Cause {
    code: "note.retried",
    summary: "The call was made again, and the later one carries the verdict.",
    page: include_str!("../../../docs/causes/note.retried.md"),
};

/// Something had to be forgiven to read the evidence.
pub static NOTE_INPUT: Cause = Cause {
    code: "note.input",
    summary: "Something had to be forgiven to read the evidence.",
    page: include_str!("../../../docs/causes/note.input.md"),
};

/// The server gave the request an id: name it in a ticket.
pub static NOTE_CORRELATION: Cause = Cause {
    code: "note.correlation",
    summary: "The server gave the request an id: name it in a ticket.",
    page: include_str!("../../../docs/causes/note.correlation.md"),
};

/// Other calls with the same credential were answered.
pub static NOTE_SIBLINGS: Cause = Cause {
    code: "note.siblings",
    summary: "Other calls with the same credential were answered.",
    page: include_str!("../../../docs/causes/note.siblings.md"),
};

/// Every cause and note, causes first.
pub static ALL: [&Cause; 66] = [
    &HEADER_MISSING,
    &HEADER_MALFORMED,
    &HEADER_STRIPPED,
    &HEADER_UNWANTED,
    &CORS_PREFLIGHT,
    &CSRF_BLOCKED,
    &EDGE_BLOCKED,
    &TOKEN_EXPIRED,
    &TOKEN_NOT_YET_VALID,
    &TOKEN_REVOKED,
    &TOKEN_UNKNOWN,
    &TOKEN_MALFORMED,
    &TOKEN_TOO_LARGE,
    &TOKEN_SIGNATURE,
    &TOKEN_ISSUER,
    &TOKEN_AUDIENCE,
    &TOKEN_TYPE,
    &BINDING_REQUIRED,
    &SCOPE_MISSING,
    &PERMISSION_MISSING,
    &RESOURCE_NOT_SHARED,
    &CONSENT_MISSING,
    &ACCOUNT_UNSUITABLE,
    &APP_RESTRICTED,
    &FEATURE_DISABLED,
    &SSO_REQUIRED,
    &IP_BLOCKED,
    &STEPUP_REQUIRED,
    &RATE_LIMITED,
    &REGION_MISMATCH,
    &TENANT_MISMATCH,
    &CONTEXT_MISSING,
    &ENDPOINT_UNKNOWN,
    &REQUEST_INVALID,
    &CREDENTIALS_INVALID,
    &GRANT_INVALID,
    &SERVER_FAULT,
    &NOTE_DIRT,
    &NOTE_JWT,
    &NOTE_OPAQUE,
    &NOTE_ENCRYPTED,
    &NOTE_TOKEN_FORM,
    &NOTE_UNPUBLISHED_SCOPE,
    &NOTE_SCOPE_FORM,
    &NOTE_RIGHTS,
    &NOTE_EXCESS_SCOPE,
    &NOTE_DEPRECATED,
    &NOTE_ENFORCEMENT,
    &NOTE_REPORTED,
    &NOTE_DOUBT,
    &NOTE_KIND_ASSUMED,
    &NOTE_SHORT_LIFE,
    &NOTE_STALE_TABLE,
    &NOTE_PATH,
    &NOTE_NOT_IN_TABLE,
    &NOTE_PROBE,
    &NOTE_DIFFERENCE,
    &NOTE_INSUFFICIENT,
    &NOTE_LIFETIME,
    &NOTE_CHALLENGE,
    &NOTE_NO_ANSWER,
    &NOTE_REDIRECT,
    &NOTE_RETRIED,
    &NOTE_INPUT,
    &NOTE_CORRELATION,
    &NOTE_SIBLINGS,
];

/// The cause or note of that code.
pub fn by_code(code: &str) -> Option<&'static Cause> {
    ALL.iter().copied().find(|cause| cause.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_pages_carry_them() {
        let mut seen = std::collections::BTreeSet::new();
        for cause in ALL {
            assert!(seen.insert(cause.code), "{} stands twice", cause.code);
            assert!(
                cause.page.starts_with(&format!("# {}\n", cause.code)),
                "{}",
                cause.code
            );
            for part in ["## How to tell it apart", "## What to do", "## Example"] {
                assert!(cause.page.contains(part), "{}: {part}", cause.code);
            }
        }
    }
}
