use crate::input::tests::exchanges;

fn har(entries: &str) -> String {
    format!(
        "\u{feff}{{\"log\":{{\"version\":\"1.2\",\"pages\":[{{\"id\":\"entries\"}}],\"entries\":[{entries}"
    )
}

const GOOD: &str = r#"{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"get","url":"https://x/\"}{","headers":[{"name":":path","value":"/"},{"name":"A","value":"b"}]},"response":{"status":403,"headers":[],"content":{"encoding":"base64","mimeType":"application/json","text":"eyJhIjoxfQ=="}}}"#;

#[test]
fn entries_are_read_whole() {
    let (_, found, skipped) = exchanges(&(har(GOOD) + "]}}"));
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(found[0].place, "x entry 1");
    assert_eq!(found[0].request.url.as_deref(), Some("https://x/\"}{"));
    assert!(
        found[0]
            .request
            .headers
            .as_ref()
            .is_some_and(|h| h.iter().count() == 1)
    );
    assert_eq!(
        found[0].response.as_ref().and_then(|r| r.body.as_deref()),
        Some("{\"a\":1}")
    );
}

#[test]
fn a_credential_that_a_browser_left_out_of_its_file_is_not_known_to_be_absent() {
    let by = |creator: &str, entries: &str| {
        let file = format!(
            "{{\"log\":{{\"creator\":{{\"name\":\"{creator}\"}},\"entries\":[{entries}]}}}}"
        );
        exchanges(&file)
            .1
            .iter()
            .map(|e| e.request.selected)
            .collect::<Vec<_>>()
    };
    let signed = GOOD.replace("\"A\"", "\"Authorization\"");
    assert_eq!(by("WebInspector", GOOD), [true]);
    assert_eq!(by("Firefox", GOOD), [false]);
    let both = format!("{GOOD},{signed},{GOOD}");
    assert_eq!(by("WebInspector", &both), [true, false, false]);
}

#[test]
fn a_cut_file_gives_what_is_there_and_names_the_place() {
    let (_, found, skipped) = exchanges(&har(&format!("{GOOD},{}", &GOOD[..GOOD.len() - 9])));
    assert_eq!(
        (found.len(), skipped.as_slice()),
        (
            1,
            &["x entry 2: the file ends inside this entry".to_owned()][..]
        )
    );
    let (_, found, skipped) = exchanges(&har(GOOD));
    assert_eq!((found.len(), skipped.len()), (1, 1));
}

#[test]
fn a_broken_entry_costs_only_itself() {
    let (_, found, skipped) = exchanges(
        &(har(&format!(
            "{{\"request\":nope}},{{\"request\":{{\"headers\":null}},\"response\":{{\"status\":\"401\"}}}},{GOOD}"
        )) + "]}}"),
    );
    assert_eq!((found.len(), skipped.len()), (2, 1), "{skipped:?}");
    assert!(
        skipped[0].starts_with("x entry 1: it is not JSON"),
        "{skipped:?}"
    );
    assert_eq!(found[0].response.as_ref().and_then(|r| r.status), Some(401));
}
