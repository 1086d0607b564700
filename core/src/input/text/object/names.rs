//! What programs call the parts of a request and its answer, as letters and digits in lower case.

/// A member's name as letters and digits in lower case.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

pub(super) const REQUESTS: [&str; 11] = [
    "config",
    "request",
    "req",
    "requestinfo",
    "requestoptions",
    "httprequest",
    "preparedrequest",
    "originalrequest",
    "options",
    "outgoing",
    "requestconfig",
];
pub(super) const RESPONSES: [&str; 10] = [
    "response",
    "res",
    "resp",
    "httpresponse",
    "rawresponse",
    "upstreamresponse",
    "originalresponse",
    "result",
    "reply",
    "responseinfo",
];
pub(super) const URLS: [&str; 13] = [
    "url",
    "uri",
    "requesturl",
    "requesturi",
    "href",
    "fullurl",
    "fulluri",
    "requestedurl",
    "responseurl",
    "urlfull",
    "httpurl",
    "requestrequesturi",
    "endpointurl",
];
pub(super) const BASES: [&str; 9] = [
    "baseurl",
    "baseuri",
    "host",
    "hostname",
    "authority",
    "origin",
    "httphost",
    "serveraddress",
    "httprequesthost",
];
pub(super) const PATHS: [&str; 9] = [
    "path",
    "pathname",
    "requestpath",
    "urlpath",
    "httppath",
    "resourcepath",
    "requesturipath",
    "httptarget",
    "httprequesturi",
];
pub(super) const METHOD_NAMES: [&str; 8] = [
    "method",
    "httpmethod",
    "requestmethod",
    "verb",
    "httprequestmethod",
    "httpverb",
    "reqmethod",
    "effectivemethod",
];
pub(super) const STATUSES: [&str; 11] = [
    "statuscode",
    "httpstatus",
    "httpstatuscode",
    "responsecode",
    "httpcode",
    "responsestatus",
    "httpresponsestatuscode",
    "responsestatuscode",
    "httpresponsecode",
    "upstreamstatus",
    "status",
];
pub(super) const BODIES: [&str; 12] = [
    "data",
    "body",
    "responsebody",
    "responsetext",
    "responsedata",
    "responsecontent",
    "rawbody",
    "errorbody",
    "rawresponse",
    "httpbody",
    "httpresponsebody",
    "bodyastext",
];
/// Members by which an object is what a server says of an error.
pub(super) const TELLING: [&str; 25] = [
    "error",
    "errors",
    "message",
    "detail",
    "details",
    "title",
    "code",
    "errorcode",
    "errormessage",
    "errordescription",
    "reason",
    "fault",
    "msg",
    "ok",
    "description",
    "errorsummary",
    "errcode",
    "errmsg",
    "errno",
    "errormsg",
    "retcode",
    "retmsg",
    "status",
    "success",
    "type",
];
/// Members whose text may itself hold facts.
pub(super) const NESTED: [&str; 17] = [
    "message",
    "msg",
    "error",
    "errormessage",
    "exceptionmessage",
    "stack",
    "exception",
    "cause",
    "detailmessage",
    "description",
    "err",
    "reason",
    "log",
    "errordescription",
    "detail",
    "text",
    "textpayload",
];
