//! The engine of the page: `why401-core` behind one function that a Web Worker calls.
//!
//! A [`Session`] takes one [`Request`] after the other. Evidence is read through [`std::io::Read`], piece by piece;
//! what a request yields on the way (rows of a list, a scrubbed text) is handed over as it comes, and its answer is one
//! JSON document. `abi` binds this to WebAssembly's memory; everything else builds and is tested on any target.

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod abi;
mod ask;
mod kept;
mod request;
mod session;

pub use request::Request;
pub use session::Session;
