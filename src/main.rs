//! The program; see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(why401::run(std::env::args_os().collect()))
}
