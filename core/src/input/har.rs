//! HTTP Archive files, entry by entry: memory holds one entry, however large the file. A file that ends early or has
//! broken entries gives the rest.

mod entries;
mod entry;

use super::form::{Form, ReadBy, Shape};
use super::words::squeezed;
use super::{Item, skipped};
use entries::{Next, Scan};
use entry::entry;
use std::io::Read;
use std::ops::Range;

/// The creator that Chromium's developer tools name, as a JSON string.
const BROWSER: &[u8] = b"\"WebInspector\"";

/// A piece is handed over from so many bytes on.
const ENOUGH: usize = 64 * 1024;

pub(super) const FORM: Form = Form {
    name: "HAR",
    shape: Shape::Archive,
    looks_like: |text| {
        let start = squeezed(text);
        start.starts_with("{\"log\":{")
            || start.starts_with('{') && start.contains("\"log\":{\"version\"")
    },
    read: ReadBy::Entries,
};

/// Entries that stand beside each other.
#[derive(Debug)]
pub(super) struct Entries {
    /// The number of the first.
    first: usize,
    /// Where each stands in its piece.
    places: Vec<Range<usize>>,
    /// Whether the file leaves credentials out until an entry shows one.
    sanitised: bool,
}

impl Entries {
    /// Reads them.
    pub(super) fn read(&self, bytes: &[u8], name: &str, take: &mut dyn FnMut(Item)) {
        for (number, place) in (self.first..).zip(&self.places) {
            let where_ = format!("{name} entry {number}");
            take(match entry(&bytes[place.clone()], &where_) {
                Ok(mut exchange) => {
                    exchange.request.selected = self.sanitised;
                    Item::Exchange(Box::new(exchange))
                }
                Err(why) => Item::Skipped { place: where_, why },
            });
        }
    }
}

impl Entries {
    /// Hands over what was found since the last time; the next one has that number.
    fn hand_over(&mut self, bytes: Vec<u8>, next: usize, give: &mut dyn FnMut(Cut)) {
        let found = Self {
            first: std::mem::replace(&mut self.first, next),
            places: std::mem::take(&mut self.places),
            sanitised: self.sanitised,
        };
        if !found.places.is_empty() {
            give(Cut::Entries(bytes, found));
        }
    }
}

/// What is cut out of a file.
#[derive(Debug)]
pub(super) enum Cut {
    /// Entries, with the bytes in which they stand.
    Entries(Vec<u8>, Entries),
    /// Something that could not be read.
    Unread(Item),
}

/// Cuts every entry out.
pub(super) fn cut(reader: impl Read, name: &str, give: &mut dyn FnMut(Cut)) -> std::io::Result<()> {
    let mut scan = Scan::new(reader);
    if !scan.find_entries()? {
        give(Cut::Unread(skipped(
            name,
            "it has no list `log.entries`, or ends before it",
        )));
        return Ok(());
    }
    let mut pending = Entries {
        first: 1,
        places: Vec::new(),
        sanitised: scan.by_browser,
    };
    for number in 1_usize.. {
        let next = scan.next_object()?;
        if let Next::Object(place) = next {
            pending.places.push(place);
            if scan.at >= ENOUGH {
                pending.hand_over(scan.taken(), number + 1, give);
            }
            continue;
        }
        pending.hand_over(scan.taken(), number + 1, give);
        let place = format!("{name} entry {number}");
        let (place, why) = match next {
            Next::TooLarge => (place, "it is larger than 64 MB, the limit".to_owned()),
            Next::Cut => (place, "the file ends inside this entry".to_owned()),
            Next::Junk => {
                let why = "this is not an entry; the rest of the file was not read";
                (place, why.to_owned())
            }
            Next::CutBetween => {
                let last = number - 1;
                let why = format!("the file ends after entry {last}, before its list does");
                (name.to_owned(), why)
            }
            Next::End if number == 1 => {
                let why = "its list `log.entries` is empty: no request was recorded";
                (name.to_owned(), why.to_owned())
            }
            Next::Object(_) | Next::End => return Ok(()),
        };
        give(Cut::Unread(skipped(&place, why)));
        if !matches!(next, Next::TooLarge) {
            return Ok(());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
