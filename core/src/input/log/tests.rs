use super::*;

fn of(line: &str) -> (Option<String>, Option<String>, Option<u16>) {
    let e = read(line, "x", None).expect("a line");
    (
        e.request.method,
        e.request.url,
        e.response.and_then(|r| r.status),
    )
}

#[test]
fn gateways_call_the_same_things_differently() {
    let wanted = (
        Some("GET".to_owned()),
        Some("https://api/a".to_owned()),
        Some(403),
    );
    for line in [
        r#"{"authority":"api","path":"/a","method":"GET","response_code":403}"#,
        r#"{"request":{"method":"GET","url":"https://api/a","headers":{}},"response":{"status":403}}"#,
        r#"{"host":"api","request":"GET /a HTTP/1.1","status":"403"}"#,
        r#"{"domainName":"api","httpMethod":"GET","path":"/a","status":"403"}"#,
    ] {
        assert_eq!(of(line), wanted, "{line}");
    }
}

#[test]
fn text_lines_are_read() {
    let combined =
        r#"10.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "POST /v1/x HTTP/1.1" 401 128 "-" "curl/8""#;
    assert_eq!(
        of(combined),
        (Some("POST".into()), Some("/v1/x".into()), Some(401))
    );
    let balancer = r#"https 2026-07-02T22:23:00.186641Z app/lb/50dc6c495c0c9188 192.0.2.1:2817 10.0.0.1:80 0.086 0.048 0.037 403 403 0 57 "GET https://api.example:443/a HTTP/1.1" "curl/7.46.0" X TLSv1.2"#;
    assert_eq!(
        of(balancer),
        (
            Some("GET".into()),
            Some("https://api.example:443/a".into()),
            Some(403)
        )
    );
}

#[test]
fn a_mapping_is_checked() {
    assert!(Fields::parse("status=/a/b,header.www-authenticate=/c").is_ok());
    assert!(Fields::parse("status").is_err());
    assert!(
        Fields::parse("colour=/a")
            .unwrap_err()
            .contains("unknown name")
    );
    assert!(Fields::parse("status=a").is_err());
}
