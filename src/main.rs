//! The program; see the library.

use std::process::ExitCode;

// musl's own asks the kernel for a page or two at a time (docs/performance.md).
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    ExitCode::from(why401::run(std::env::args_os().collect()))
}
