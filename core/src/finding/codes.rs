//! The closed list of causes and notes, an entry each: code, summary, page, and what is true of it. One without a page does
//! not compile.

use super::cause::{Attribute, Cause, Counter, Explains};

/// `NAME: "code" "summary"`, then the attributes after `is`, after `explains` whose symptoms it may cause: what a server
/// says in words alone, or by a code of its own too; after `unless` what speaks against it.
macro_rules! causes {
    ($($name:ident: $code:literal $summary:literal
        $(is $($attribute:ident),+)?
        $(explains $symptoms:ident, words $(or $codes:ident)?)?
        $(unless $($counter:ident),+)?;)*) => {
        $(
            #[doc = $summary]
            pub static $name: Cause = Cause {
                code: $code,
                summary: $summary,
                page: include_str!(concat!(env!("WHY401_CAUSES"), "/", $code, ".md")),
                attributes: &[$($(Attribute::$attribute),+)?],
                explains: &[$(Explains {
                    symptoms: Attribute::$symptoms,
                    codes: causes!(@codes $($codes)?),
                })?],
                counters: &[$($(Counter::$counter),+)?],
            };
        )*

        /// Every cause and note, causes first.
        pub static ALL: &[&Cause] = &[$(&$name),*];
    };
    (@codes code) => { true };
    (@codes) => { false };
}

causes! {
    HEADER_MISSING: "header.missing" "The request carried no credential." is Transport, Unread
        unless IllFormed, Known;
    HEADER_MALFORMED: "header.malformed" "The request carried a credential header in the wrong form."
        is Transport, Unread explains Unread, words or code
        unless WellFormed;
    HEADER_STRIPPED: "header.stripped" "The client sent the credential, and something on the way removed it."
        is Transport, Unread explains Unread, words or code
        unless Unsent, Nowhere;
    HEADER_UNWANTED: "header.unwanted" "The request carried a credential or context header where none is accepted."
        explains Unread, words or code;
    CORS_PREFLIGHT: "cors.preflight" "The server refused the browser's preflight, which never carries credentials."
        explains Unread, words or code;
    CSRF_BLOCKED: "csrf.blocked" "A CSRF filter refused a write, although the credentials may be good."
        explains Unread, words or code;
    EDGE_BLOCKED: "edge.blocked" "A CDN, firewall or front end refused the request before the API saw it.";
    TOKEN_EXPIRED: "token.expired" "The token has expired." is Fatal explains Unverified, words
        unless Alive;
    TOKEN_NOT_YET_VALID: "token.not_yet_valid" "The token is not valid yet: two clocks disagree."
        explains Unverified, words
        unless Begun;
    TOKEN_REVOKED: "token.revoked" "The token was good and has been revoked." is Unverified, Fatal
        unless Over;
    TOKEN_UNKNOWN: "token.unknown" "The server does not know this token."
        is Unread, Unverified, Fatal, Blanket
        unless Over, Nowhere;
    TOKEN_MALFORMED: "token.malformed" "The value is not a token, or only a part of one."
        is Unread, Unverified, Fatal explains Unread, words or code
        unless Readable, Nowhere;
    TOKEN_TOO_LARGE: "token.too_large" "The token makes a header or cookie exceed a limit.";
    TOKEN_SIGNATURE: "token.signature" "The signature cannot be verified."
        is Unread, Unverified, Foreign, Fatal explains Unverified, words;
    TOKEN_ISSUER: "token.issuer" "`iss` is not the issuer that the API expects."
        is Unread, Foreign explains Unverified, words;
    TOKEN_AUDIENCE: "token.audience" "`aud` names another API."
        is Unread, Foreign explains Unverified, words;
    TOKEN_TYPE: "token.type" "The token is of the wrong kind." explains Foreign, words or code;
    BINDING_REQUIRED: "binding.required" "The token is bound to a key or certificate, and the proof is missing or wrong."
        explains Unverified, words;
    SCOPE_MISSING: "scope.missing" "The token lacks a scope that the operation needs."
        is Right explains Principal, words
        unless Unchecked;
    PERMISSION_MISSING: "permission.missing" "The user, role or service account lacks a permission; the scopes may be fine."
        is Right, Principal, Blanket;
    RESOURCE_NOT_SHARED: "resource.not_shared" "This one object is not shared with the principal."
        is Right, Principal, Blanket;
    CONSENT_MISSING: "consent.missing" "An approval is missing: of the user, an administrator or the merchant.";
    ACCOUNT_UNSUITABLE: "account.unsuitable" "This account cannot use the API."
        unless Nowhere;
    APP_RESTRICTED: "app.restricted" "The app itself is limited: not approved, in development, or restricted by a policy.";
    FEATURE_DISABLED: "feature.disabled" "The API, edition or feature is switched off for this project or organisation.";
    SSO_REQUIRED: "sso.required" "The token is not authorized for the organisation's single sign-on.";
    IP_BLOCKED: "ip.blocked" "The source address is not allowed.";
    STEPUP_REQUIRED: "stepup.required" "The server asks for stronger proof of who the user is.";
    RATE_LIMITED: "rate.limited" "A quota or rate limit is used up; some servers answer 403 for that." is Passing;
    REGION_MISMATCH: "region.mismatch" "The token belongs to another region or environment of this provider, such as sandbox instead of production."
        is Fatal explains Unverified, words;
    TENANT_MISMATCH: "tenant.mismatch" "An account, tenant or client id sent beside the token does not belong to it.";
    CONTEXT_MISSING: "context.missing" "A second required header is missing.";
    ENDPOINT_UNKNOWN: "endpoint.unknown" "There is no such path, method or host; the API may answer 401, 403 or 404 for that."
        is Blanket;
    REQUEST_INVALID: "request.invalid" "The credential is fine, and the server refused content, encoding or state with a status that looks like authentication."
        is Blanket;
    CREDENTIALS_INVALID: "credentials.invalid" "Client id and secret, key pair, or user name and password are wrong."
        is Unread, Fatal
        unless Nowhere, Called;
    GRANT_INVALID: "grant.invalid" "The token request was refused."
        unless Called;
    SERVER_FAULT: "server.fault" "The API or the issuer is at fault." is Passing
        unless Refused;
    NOTE_DIRT: "note.dirt" "Extra characters were removed to read the credential.";
    NOTE_JWT: "note.jwt" "Something in the JWT violates its standards.";
    NOTE_OPAQUE: "note.opaque" "The token is opaque: it contains nothing to read, and that is normal.";
    NOTE_ENCRYPTED: "note.encrypted" "The token is encrypted: only its header can be read.";
    NOTE_TOKEN_FORM: "note.token-form" "The token is a JWT where the provider issues opaque tokens, or the reverse.";
    NOTE_UNPUBLISHED_SCOPE: "note.unpublished-scope" "The provider does not publish this scope.";
    NOTE_SCOPE_FORM: "note.scope-form" "The scope text does not follow RFC 6749 §3.3.";
    NOTE_RIGHTS: "note.rights" "Claims that carry rights were not used, or could not be.";
    NOTE_EXCESS_SCOPE: "note.excess-scope" "The token has scopes that these operations do not need.";
    NOTE_DEPRECATED: "note.deprecated" "The operation is deprecated.";
    NOTE_ENFORCEMENT: "note.enforcement" "Whether the provider enforces this check is a setting."
        is Limit;
    NOTE_REPORTED: "note.reported" "The requirement is reported, not published.";
    NOTE_DOUBT: "note.doubt" "The published row contradicts itself or looks wrong.";
    NOTE_KIND_ASSUMED: "note.kind-assumed" "The kind of token is not known and was assumed.";
    NOTE_SHORT_LIFE: "note.short-life" "The token expires soon.";
    NOTE_STALE_TABLE: "note.stale-table" "The requirement table is old.";
    NOTE_PATH: "note.path" "The URL matches an operation with a difference.";
    NOTE_NOT_IN_TABLE: "note.not-in-table" "The table does not contain every operation of the provider.";
    NOTE_PROBE: "note.probe" "What a probe showed.";
    NOTE_DIFFERENCE: "note.difference" "Two tokens differ, or a token differs from what is declared of it."
        is Limit;
    NOTE_OTHER_PROVIDER: "note.other-provider" "The host belongs to another provider than the one that was named."
        is Limit;
    NOTE_INSUFFICIENT: "note.insufficient" "A scope that the token has is reported as not sufficient.";
    NOTE_LIFETIME: "note.lifetime" "Nothing in the token says when it expires.";
    NOTE_CHALLENGE: "note.challenge" "The challenge violates its grammar and was read anyway.";
    NOTE_NO_ANSWER: "note.no-answer" "The API did not answer: network, DNS, proxy or certificate.";
    NOTE_REDIRECT: "note.redirect" "The server redirected the request.";
    NOTE_RETRIED: "note.retried" "The call was made again, and the later one carries the verdict.";
    NOTE_INPUT: "note.input" "The evidence has faults and was read anyway.";
    NOTE_CORRELATION: "note.correlation" "The server gave the request an id: quote it in a ticket.";
    NOTE_SIBLINGS: "note.siblings" "Other calls with the same credential were answered.";
}

/// The cause or note of that code.
pub fn by_code(code: &str) -> Option<&'static Cause> {
    ALL.iter().copied().find(|cause| cause.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_compared_by_their_code() {
        let copy = Cause {
            code: "scope.missing",
            summary: "in other words",
            page: "",
            attributes: &[],
            explains: &[],
            counters: &[],
        };
        assert!(copy == SCOPE_MISSING && copy != PERMISSION_MISSING);
    }

    #[test]
    fn what_a_cause_explains_is_said_by_some_other() {
        for cause in ALL {
            for explains in cause.explains {
                let said = |other: &&&Cause| **other != *cause && other.is(explains.symptoms);
                assert!(ALL.iter().any(|other| said(&other)), "{}", cause.code);
            }
        }
    }

    #[test]
    fn codes_are_unique_and_pages_carry_them() {
        let mut seen = std::collections::BTreeSet::new();
        for cause in ALL {
            assert!(seen.insert(cause.code), "{} occurs twice", cause.code);
            assert!(
                cause
                    .page
                    .starts_with(&format!("# {}\n\n{}\n", cause.code, cause.summary)),
                "{}",
                cause.code
            );
            for part in ["## How to tell it apart", "## What to do", "## Example"] {
                assert!(cause.page.contains(part), "{}: {part}", cause.code);
            }
        }
    }
}
