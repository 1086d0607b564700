//! How far a long reading is: a bar on standard error from one second on, where a person watches; never in pipes.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{BufRead, Read};
use std::time::{Duration, Instant};

/// Shorter work shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A reader that shows how much of a file was read.
pub(crate) struct Watched<R> {
    inner: R,
    bar: ProgressBar,
    began: Instant,
    done: u64,
    shown: bool,
}

impl<R> Watched<R> {
    /// Watches a reader; `length` is the whole in bytes, where that is known.
    pub(crate) fn new(inner: R, length: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
        let style = match length {
            Some(_) => "{bar:40} {percent}% of {total_bytes}, {eta} left",
            None => "{spinner} {bytes} read",
        };
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Self {
            inner,
            bar,
            began: Instant::now(),
            done: 0,
            shown: false,
        }
    }

    fn advance(&mut self, bytes: usize) {
        self.done += bytes as u64;
        if !self.shown && self.began.elapsed() > PATIENCE {
            // Draws only where standard error is a terminal.
            self.bar
                .set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
            self.shown = true;
        }
        if self.shown {
            self.bar.set_position(self.done);
        }
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.inner.read(into)?;
        self.advance(bytes);
        Ok(bytes)
    }
}

impl<R: BufRead> BufRead for Watched<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.inner.consume(bytes);
        self.advance(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_watched_is_read_unchanged() {
        let mut text = String::new();
        let mut watched = Watched::new(std::io::BufReader::new(&b"a\nb\n"[..]), Some(4));
        watched.read_line(&mut text).expect("a line");
        watched.read_to_string(&mut text).expect("the rest");
        assert_eq!((text.as_str(), watched.done), ("a\nb\n", 4));
    }
}
