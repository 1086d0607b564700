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
        assert!(answer.err.contains("has no page") && answer.err.contains("--features page"));
        assert!(!file.exists());
    }
}

/// The program in a folder of its own, with a page beside it, and a browser that writes down what it is to open.
#[cfg(unix)]
#[test]
fn the_page_opens_in_the_browser_that_the_user_names() {
    use std::os::unix::fs::PermissionsExt as _;
    let name = format!("page-{}", std::process::id());
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let (program, page) = (folder.join("why401"), folder.join("why401.html"));
    std::fs::hard_link(env!("CARGO_BIN_EXE_why401"), &program).expect("a link");
    std::fs::write(&page, "<!doctype html>").expect("a page");
    let (browser, opened) = (folder.join("browser"), folder.join("opened"));
    let script = format!("#!/bin/sh\nprintf '%s' \"$1\" > '{}'\n", opened.display());
    std::fs::write(&browser, script).expect("a browser");
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&browser, runs).expect("it runs");
    let answer = std::process::Command::new(&program)
        .arg("page")
        .env("BROWSER", &browser)
        .output()
        .expect("it runs");
    assert!(answer.status.success(), "{answer:?}");
    // The browser runs by itself: the program does not wait for it.
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let told = loop {
        match std::fs::read_to_string(&opened) {
            Ok(told) if !told.is_empty() => break told,
            _ if std::time::Instant::now() > until => panic!("nothing was opened"),
            _ => std::thread::sleep(std::time::Duration::from_millis(20)),
        }
    };
    let place = std::fs::canonicalize(&page).expect("the page");
    std::fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(std::path::Path::new(&told), place);
}
