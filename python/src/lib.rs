//! why401 for Python: thin shells around the core. Nothing is diagnosed here.

mod answer;
mod batches;
mod rows;

use pyo3::prelude::*;
use std::ffi::OsString;

/// Runs the command line; returns the exit code.
#[pyfunction]
fn run(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| why401::run(arguments))
}

/// The module.
#[pymodule]
fn _why401(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<answer::Scrubber>()?;
    module.add_class::<answer::Scrubbed>()?;
    module.add_class::<batches::Batches>()?;
    module.add_function(wrap_pyfunction!(run, module)?)?;
    module.add_function(wrap_pyfunction!(answer::explain, module)?)?;
    module.add_function(wrap_pyfunction!(answer::needs, module)?)?;
    module.add_function(wrap_pyfunction!(batches::explain_batches, module)?)
}
