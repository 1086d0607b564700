//! Work, counted in bytes that are looked at, so that tests hold it to what the evidence asks for; elsewhere nothing is
//! counted.

/// Counts bytes that a step looks at.
#[cfg(not(test))]
pub(crate) const fn looked(_bytes: usize) {}

#[cfg(test)]
thread_local! {
    static LOOKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts bytes that a step looks at.
#[cfg(test)]
pub(crate) fn looked(bytes: usize) {
    LOOKED.with(|count| count.set(count.get() + bytes));
}

/// The bytes that something looks at on this thread.
#[cfg(test)]
pub(crate) fn of(work: impl FnOnce()) -> usize {
    LOOKED.with(|count| count.set(0));
    work();
    LOOKED.with(std::cell::Cell::get)
}
