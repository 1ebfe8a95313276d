//! Whole records to a `Write`: what both writers stand on.
//!
//! A record goes out in one piece, at once or, with room for more, together with others, but never half of one; so a
//! writer that is killed leaves a file that can be read to its last whole record.

use std::io::Write;

use crate::error::{Error, Fault};
use crate::order::count;

#[derive(Debug)]
pub(crate) struct Records<W> {
    to: W,
    buffer: Vec<u8>,
    /// Where the record that is being made begins.
    start: usize,
    /// How many bytes are kept before they are written.
    capacity: usize,
    /// The bytes that were written, with those kept.
    offset: u64,
}

impl<W: Write> Records<W> {
    pub(crate) fn new(to: W, capacity: usize) -> Self {
        Self { to, buffer: Vec::with_capacity(capacity), start: 0, capacity, offset: 0 }
    }

    /// Makes one record and writes it, or keeps it; none of it when `make` fails.
    #[inline]
    pub(crate) fn record(
        &mut self,
        make: impl FnOnce(&mut Vec<u8>) -> Result<(), Fault>,
    ) -> Result<(), Error> {
        self.start = self.buffer.len();
        if let Err(fault) = make(&mut self.buffer) {
            self.buffer.truncate(self.start);
            return Err(Error { offset: self.offset, fault });
        }
        let (start, end) = (self.start, self.buffer.len());
        self.offset += count(end - start);
        if end < self.capacity {
            return Ok(());
        }
        // What was kept before goes first and alone, when with this record it is more than was to be kept.
        if start > 0 && end > self.capacity {
            self.write(start)?;
        }
        if self.buffer.len() >= self.capacity { self.write(self.buffer.len()) } else { Ok(()) }
    }

    /// Writes the first bytes kept; they are gone even when that fails, for who knows how many were taken.
    fn write(&mut self, end: usize) -> Result<(), Error> {
        let written = self.to.write_all(self.buffer.get(..end).unwrap_or(&[]));
        self.buffer.drain(..end);
        written.map_err(|error| self.failed(error))
    }

    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        if !self.buffer.is_empty() {
            self.write(self.buffer.len())?;
        }
        self.to.flush().map_err(|error| self.failed(error))
    }

    pub(crate) fn finish(mut self) -> Result<W, Error> {
        self.flush()?;
        Ok(self.to)
    }

    pub(crate) const fn get_ref(&self) -> &W {
        &self.to
    }

    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    const fn failed(&self, error: std::io::Error) -> Error {
        Error { offset: self.offset, fault: Fault::Io(error) }
    }
}
