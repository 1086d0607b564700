//! The boundary to the worker: three functions out, two in, texts as UTF-8 in this module's memory.
#![expect(
    unsafe_code,
    reason = "memory is shared with JavaScript through addresses, and functions are found by their names"
)]

use crate::Session;
use std::cell::RefCell;
use std::io::Read;

#[link(wasm_import_module = "page")]
unsafe extern "C" {
    /// Fills up to `length` bytes at `to` with the next ones of the evidence; 0 at its end.
    fn read(to: *mut u8, length: usize) -> usize;
    /// Hands over a text: a row (0), a piece of a result (1) or the answer (2).
    fn give(kind: u32, text: *const u8, length: usize);
}

const ROW: u32 = 0;
const PIECE: u32 = 1;
const ANSWER: u32 = 2;

thread_local! {
    static SESSION: RefCell<Session> = RefCell::new(Session::default());
}

struct Upload;

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        // SAFETY: the worker writes at most that many bytes at that address, and keeps neither.
        let got = unsafe { read(buffer.as_mut_ptr(), buffer.len()) };
        Ok(got.min(buffer.len()))
    }
}

fn hand(kind: u32, text: &str) {
    // SAFETY: the worker reads that many bytes at that address before it returns, and keeps neither.
    unsafe { give(kind, text.as_ptr(), text.len()) }
}

/// A place for a request of so many bytes. The next [`call`] takes it back.
#[unsafe(no_mangle)]
extern "C" fn place(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Answers the request that stands at a [`place`] of that length.
///
/// # Safety
/// `at` and `length` are those of the last [`place`], which no call took back yet.
#[unsafe(no_mangle)]
unsafe extern "C" fn call(at: *mut u8, length: usize) {
    // SAFETY: as the caller promises.
    let bytes = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(at, length)) };
    let answer = SESSION.with_borrow_mut(|session| {
        session.answer(&bytes, Upload, &mut |row| hand(ROW, row), &mut |piece| {
            hand(PIECE, piece)
        })
    });
    hand(ANSWER, &answer);
}

fn no_random_numbers(_: &mut [u8]) -> Result<(), getrandom::Error> {
    Err(getrandom::Error::UNSUPPORTED)
}
getrandom::register_custom_getrandom!(no_random_numbers);
