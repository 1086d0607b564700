//! What clients print where no answer came: never a word against the token, always what to look at.
//! Beside it what looks alike and is an answer.

use why401_core::diagnose::Clock;
use why401_core::finding::{Report, Verdict};
use why401_core::triage::{Declared, Options, Providers, explain};

fn read(text: &str) -> Report {
    let clock = Clock::at(1_767_225_600);
    let options = Options::new("pasted", Declared::at(clock));
    explain(text.as_bytes(), &Providers::shipped(), &options)
}

const UNANSWERED: [&str; 30] = [
    "Traceback (most recent call last):\n  File \"sync.py\", line 12, in <module>\n    requests.get(url, headers={'Authorization': token})\nrequests.exceptions.SSLError: HTTPSConnectionPool(host='api.shop.example', port=443): Max retries exceeded with url: /v2/orders (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)')))",
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.shop.example', port=443): Max retries exceeded with url: /token?access_token=abc (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f1>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.shop.example', port=443): Read timed out. (read timeout=10)",
    "httpx.ConnectError: [Errno -2] Name or service not known",
    "aiohttp.client_exceptions.ClientConnectorCertificateError: Cannot connect to host api.shop.example:443 ssl:True [SSLCertVerificationError: (1, \"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate\")]",
    "urllib.error.URLError: <urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:997)>",
    "org.springframework.web.client.ResourceAccessException: I/O error on GET request for \"https://api.shop.example/v1/me\": Connection refused; nested exception is java.net.ConnectException: Connection refused\n\tat org.springframework.web.client.RestTemplate.doExecute(RestTemplate.java:785)",
    "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
    "java.net.UnknownHostException: login.shop.example\n\tat java.base/java.net.InetAddress$CachedAddresses.get(InetAddress.java:797)",
    "java.net.SocketTimeoutException: connect timed out\n\tat okhttp3.internal.connection.RealConnection.connectSocket(RealConnection.kt:255)",
    "Exception in thread \"main\" java.net.http.HttpConnectTimeoutException: HTTP connect timed out",
    "org.apache.http.NoHttpResponseException: api.shop.example:443 failed to respond",
    "System.Net.Http.HttpRequestException: The SSL connection could not be established, see inner exception.\n ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot",
    "System.Net.Http.HttpRequestException: No such host is known. (api.shop.example:443)\n ---> System.Net.Sockets.SocketException (11001): No such host is known.",
    "System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
    "Invoke-RestMethod : The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.\nAt line:1 char:1",
    "Invoke-WebRequest : Unable to connect to the remote server",
    "2026/02/03 10:11:12 Get \"https://api.shop.example/v1/me\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
    "2026/02/03 10:11:12 Post \"https://api.shop.example/oauth/token\": net/http: TLS handshake timeout",
    "Get \"https://api.shop.example/v1/me\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "Error: Get \"https://10.0.0.5:6443/api?timeout=32s\": dial tcp 10.0.0.5:6443: connect: connection refused",
    "Error: self-signed certificate in certificate chain\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34) {\n  code: 'SELF_SIGNED_CERT_IN_CHAIN'\n}",
    "TypeError: fetch failed\n    at node:internal/deps/undici/undici:12618:11 {\n  cause: Error: getaddrinfo EAI_AGAIN api.shop.example\n}",
    "AxiosError: timeout of 5000ms exceeded\n  code: 'ECONNABORTED'",
    "Error: socket hang up\n    at connResetException (node:internal/errors:705:14) {\n  code: 'ECONNRESET'\n}",
    "npm ERR! code UNABLE_TO_GET_ISSUER_CERT_LOCALLY\nnpm ERR! request to https://registry.shop.example/left-pad failed, reason: unable to get local issuer certificate",
    "PHP Fatal error:  Uncaught GuzzleHttp\\Exception\\ConnectException: cURL error 6: Could not resolve host: api.shop.example (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for https://api.shop.example/v1/me",
    "Faraday::ConnectionFailed: Failed to open TCP connection to api.shop.example:443 (getaddrinfo: Name or service not known)",
    "Error: error sending request for url (https://api.shop.example/v1/me): error trying to connect: invalid peer certificate: UnknownIssuer",
    "fatal: unable to access 'https://git.shop.example/team/app.git/': SSL certificate problem: self signed certificate",
];

#[test]
fn a_call_without_an_answer_has_no_cause() {
    let blames = |text: &&str| {
        let report = read(text);
        let right = report.diagnoses.iter().all(|diagnosis| {
            let mut findings = diagnosis.findings.iter();
            diagnosis.cause().is_none()
                && diagnosis.verdict == Verdict::Unknown
                && findings.any(|finding| finding.cause.code == "note.no-answer")
        });
        report.diagnoses.is_empty() || !right
    };
    let wrong: Vec<_> = UNANSWERED.into_iter().filter(blames).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}

/// An answer came, whoever it names: the cause that stands first, if any.
const ANSWERED: [(&str, &str); 7] = [
    (
        "HTTP/1.1 503 Service Unavailable\r\n\r\nupstream connect error or disconnect/reset before headers. reset reason: connection refused",
        "server.fault",
    ),
    (
        "HTTP/1.1 500 Internal Server Error\r\n\r\n{\"error\":\"dial tcp 10.2.3.4:5432: connect: connection refused\"}",
        "server.fault",
    ),
    (
        "requests.exceptions.RetryError: HTTPSConnectionPool(host='api.shop.example', port=443): Max retries exceeded with url: /v1/me (Caused by ResponseError('too many 429 error responses'))",
        "rate.limited",
    ),
    (
        "jwt.exceptions.PyJWKClientConnectionError: Fail to fetch data from the url, err: \"<urlopen error timed out>\"",
        "server.fault",
    ),
    (
        "HTTP/1.1 400 Bad Request\r\n\r\n<center>No required SSL certificate was sent</center>",
        "binding.required",
    ),
    (
        "Error: 139:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:SSL alert number 116",
        "binding.required",
    ),
    (
        "fatal: unable to access 'https://git.shop.example/team/app.git/': The requested URL returned error: 403",
        "resource.not_shared",
    ),
];

#[test]
fn an_answer_that_speaks_of_a_connection_is_an_answer() {
    let wrong = ANSWERED.into_iter().filter_map(|(text, code)| {
        let report = read(text);
        let mut causes = report.diagnoses.iter().filter_map(|d| d.cause());
        let first = causes.next().map(|finding| finding.cause.code);
        (first != Some(code)).then(|| format!("{first:?}, not {code}: {text}"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}
