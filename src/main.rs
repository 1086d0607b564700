//! argv to exit code; everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(why401::cli::run(std::env::args_os().collect()))
}
