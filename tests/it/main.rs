//! The program as its users run it, and the promises of its documents.

#![expect(
    clippy::disallowed_methods,
    reason = "tests set up and read files of their own"
)]

mod answers;
mod bad_input;
mod causes;
mod certain;
mod ci;
mod coded;
mod completions;
mod documents;
mod dpop;
mod enforced;
mod environments;
mod evidence;
mod explain;
mod faults;
mod foreign;
mod formats;
mod forms;
mod gate;
mod gate_asked;
mod harmless;
mod importers;
mod issuer;
mod kinds;
mod layers;
mod leaks;
mod linear;
mod lines;
mod lint;
mod live;
mod manifest;
mod manifest_faults;
mod manifest_run;
mod many;
#[cfg(feature = "mcp")]
mod mcp;
mod meant;
#[cfg(target_os = "linux")]
mod memory;
mod origins;
mod origins_property;
mod outputs;
mod own_case;
mod packaging;
mod page;
mod pasted;
mod patience;
mod people;
mod planted;
mod popular;
mod probe;
mod program;
mod questions;
#[cfg(unix)]
mod reimport;
mod scrub;
mod scrub_same;
mod servers;
mod shared;
mod short;
mod shown;
mod simulator;
mod slips;
mod snapshots;
mod sources;
mod speaker;
mod stored;
mod sure;
mod tables;
mod thread;
mod tls;
mod typed;
mod unseen;
mod wire;
mod worded;
mod wordings;
mod words;
#[cfg(unix)]
mod written;
