//! What `gate --lint` says that the gate itself would say later.

use crate::gate::{gate, manifest};
use crate::program::{Run, unwrapped};

fn lint(name: &str, text: &str) -> Run {
    let path = manifest(name, text).display().to_string();
    gate(&path, &["--lint"], &[])
}

#[test]
fn an_endpoint_that_the_kind_of_token_cannot_call_fails_as_in_a_run() {
    let text = |credential: &str| {
        format!(
            "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\n{credential}permissions = ['routing:queue:view']\nendpoints = ['GET /api/v2/users/me', 'GET /api/v2/routing/queues']\n"
        )
    };
    for credential in [
        "kind = 'client_credentials'\ntoken-env = 'T'\n",
        // The token of a client is of that kind, whatever is said.
        "client-id = 'i'\nclient-secret-env = 'S'\n",
    ] {
        let run = lint("lint-kind", &text(credential));
        let told = unwrapped(&run.out);
        assert_eq!(run.code, 1, "{told}");
        assert!(
            told.contains("fail GET /api/v2/users/me token.type"),
            "{told}"
        );
        assert!(!told.contains("/routing/queues"), "{told}");
    }
    let users = lint("lint-kind", &text("kind = 'user'\ntoken-env = 'T'\n"));
    assert_eq!(users.code, 0, "{}", users.out);
}

#[test]
fn every_endpoint_that_lacks_needs_is_named_in_its_row() {
    let text = "[[app]]\nname = 'a'\ntoken-env = 'T'\nendpoints = [\n'GET https://orders.example.com/orders',\n'GET https://orders.example.com/items',\n{ call = 'GET https://orders.example.com/health', needs = [] },\n]\n";
    let run = lint("lint-needs", text);
    let told = unwrapped(&run.out);
    assert!(told.contains("2 undecided"), "{told}");
    for path in ["orders", "items"] {
        let row = format!("undecided GET https://orders.example.com/{path}");
        assert!(told.contains(&row), "{told}");
    }
    assert!(
        told.contains("Add `needs` to the endpoints on lines 5, 6"),
        "{told}"
    );
    let path = manifest("lint-needs", text).display().to_string();
    let told = unwrapped(&gate(&path, &[], &[("T", "an-opaque-token-0123456789")]).out);
    assert!(told.contains("endpoints on lines 5, 6"), "{told}");
    // On one line they are counted.
    let told = unwrapped(&lint("lint-needs", &text.replace(",\n'GET", ", 'GET")).out);
    assert!(told.contains("the 2 endpoints on line 5"), "{told}");
}

#[test]
fn the_environment_that_has_half_a_client_is_named() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nclient-id = 'i'\npermissions = ['routing:queue:view']\nendpoints = ['GET /api/v2/routing/queues']\n[app.env.staging]\nclient-secret-env = 'S'\n[app.env.dev]\nregion = 'eu-west-1'\n";
    let run = lint("lint-half", text);
    let told = unwrapped(&run.out);
    assert_eq!(run.code, 2, "{told}");
    assert!(
        told.contains("line 5, `credential`: in the environment `dev`, the client has an id only"),
        "{told}"
    );
    assert!(
        !told.contains("staging") && told.contains("1 fault"),
        "{told}"
    );
}
