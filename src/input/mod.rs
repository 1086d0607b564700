//! Text from outside: the one place that opens files and runs commands.

pub mod source;
