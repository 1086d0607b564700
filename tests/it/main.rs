//! The program as its users run it, and the promises of its documents.

mod bad_input;
mod causes;
mod documents;
mod layers;
mod leaks;
mod outputs;
mod program;
mod shared;
mod tables;
mod thread;
