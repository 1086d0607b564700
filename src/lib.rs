//! The program: argv to exit code. What it knows is in `why401-core`; files, clock, environment and sockets are here.
//!
//! A library so that other packages can bring the same command line; its one function is no interface to build on.

mod cli;
mod closed;
mod failure;
mod probe;
mod progress;
#[cfg(feature = "mcp")]
mod roots;
mod sink;
mod source;

/// Runs the command line, the program's name first; returns the exit code.
pub fn run(arguments: Vec<std::ffi::OsString>) -> u8 {
    cli::run(arguments)
}
