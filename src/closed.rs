//! Whether anybody still reads what is written: where nobody does, reading on is of no use.

use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

/// Notes that standard output was closed.
pub(crate) fn close() {
    CLOSED.store(true, Ordering::Relaxed);
}

/// Whether nobody reads standard output any more.
pub(crate) fn is_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}
