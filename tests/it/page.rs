//! `why401 page`: the page is written whole, or the program says why it has none.

use crate::program::run;

#[test]
fn the_page_is_written_or_the_program_says_how_to_get_it() {
    let folder = std::env::temp_dir().join(format!("why401-page-{}", std::process::id()));
    let file = folder.join("why401.html");
    let answer = run(&["page", "-o", file.to_str().expect("UTF-8")], None);
    if cfg!(feature = "page") {
        let page = std::fs::read_to_string(&file).expect("the page");
        std::fs::remove_dir_all(&folder).expect("removed");
        assert_eq!((answer.code, answer.err.as_str()), (0, ""));
        assert!(page.starts_with("<!doctype html>") && page.contains("connect-src 'none'"));
    } else {
        assert_eq!(answer.code, 2);
        assert!(answer.err.contains("carries no page") && answer.err.contains("--features page"));
        assert!(!file.exists());
    }
}
