//! The program: argv to exit code. What it knows is in `why401-core`; files, clock, environment and sockets are here.

mod cli;
mod probe;
mod progress;
#[cfg(feature = "mcp")]
mod roots;
mod sink;
mod source;

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run(std::env::args_os().collect()))
}
