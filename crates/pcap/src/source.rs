//! The bytes of a capture: a window over anything that is `Read`, which grows no faster than bytes arrive.
//!
//! A reader asks for so many bytes at once ([`Source::fill`]) and takes them as one slice ([`Source::take`]), so a
//! packet is never copied. No seeking, and no read beyond what was asked for while nothing more is there: a packet that
//! came through a pipe is seen at once.

use core::fmt;
use std::io::{self, Read};

use crate::compressed::{Compression, Input};
use crate::error::{Error, Fault};
use crate::order::count;

/// What is read at once: fits the second-level cache.
const WINDOW: usize = 256 << 10;

pub(crate) struct Source<R> {
    input: Input<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Where `start` is in the file.
    offset: u64,
    ended: bool,
}

impl<R: Read> Source<R> {
    /// Takes the first four bytes, and unpacks from there on if they say so.
    pub(crate) fn open(input: R) -> Result<Self, Error> {
        let mut plain = Self {
            input: Input::Plain(input),
            buffer: vec![0; WINDOW],
            start: 0,
            end: 0,
            offset: 0,
            ended: false,
        };
        // No byte more than these, for the decoder reads the rest.
        while plain.end < 4 && !plain.ended {
            plain.read_into(4)?;
        }
        let Some((&magic, [])) = plain.available().split_first_chunk() else { return Ok(plain) };
        let Some(by) = Compression::from_magic(magic) else { return Ok(plain) };
        let Input::Plain(rest) = plain.input else { return Ok(plain) };
        Ok(Self { input: Input::compressed(by, magic, rest), end: 0, ..plain })
    }

    pub(crate) const fn compression(&self) -> Option<Compression> {
        self.input.compression()
    }

    /// Returns where the next byte is in the file.
    #[inline]
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the bytes that are there.
    #[inline]
    pub(crate) fn available(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or(&[])
    }

    /// Waits until `need` bytes are there or the input has ended; returns how many are there.
    #[inline]
    pub(crate) fn fill(&mut self, need: usize) -> Result<usize, Error> {
        let there = self.end - self.start;
        if there >= need { Ok(there) } else { self.fill_slowly(need) }
    }

    #[cold]
    fn fill_slowly(&mut self, need: usize) -> Result<usize, Error> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        while self.end < need && !self.ended {
            if self.end == self.buffer.len() {
                // As much again as has arrived, so a length that lies costs nothing.
                let grown = self.buffer.len().saturating_mul(2).min(need.max(WINDOW));
                self.buffer.resize(grown, 0);
            }
            self.read_into(self.buffer.len())?;
        }
        Ok(self.end)
    }

    /// Reads once, up to `end` in the buffer.
    fn read_into(&mut self, end: usize) -> Result<(), Error> {
        let Some(room) = self.buffer.get_mut(self.end..end) else { return Ok(()) };
        loop {
            match self.input.read(room) {
                Ok(0) => self.ended = true,
                Ok(count) => self.end += count.min(room.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failed(error)),
            }
            return Ok(());
        }
    }

    fn failed(&self, error: io::Error) -> Error {
        let fault = match self.input.compression() {
            Some(by) => Fault::Compressed { by, error },
            None => Fault::Io(error),
        };
        Error { offset: self.offset + count(self.end - self.start), fault }
    }

    /// Takes bytes that [`fill`](Self::fill) said are there.
    #[inline]
    pub(crate) fn take(&mut self, length: usize) -> &[u8] {
        let from = self.start;
        self.start = (from + length).min(self.end);
        self.offset += count(self.start - from);
        self.buffer.get(from..self.start).unwrap_or(&[])
    }
}

impl<R> fmt::Debug for Source<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("input", &self.input)
            .field("there", &(self.end - self.start))
            .field("window", &self.buffer.len())
            .field("offset", &self.offset)
            .field("ended", &self.ended)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_grows_with_what_arrives_and_not_with_what_is_asked_for() {
        let bytes = vec![7; 1000];
        let mut source = Source::open(&bytes[..]).unwrap();
        assert_eq!(source.fill(100 << 20).unwrap(), 1000);
        assert_eq!(source.buffer.len(), WINDOW);

        let bytes = vec![7; WINDOW * 3];
        let mut source = Source::open(&bytes[..]).unwrap();
        assert_eq!(source.fill(usize::MAX).unwrap(), WINDOW * 3);
        assert!(source.buffer.len() <= WINDOW * 6);
        assert_eq!(source.take(WINDOW).len(), WINDOW);
        assert_eq!((source.offset(), source.available().len()), (count(WINDOW), WINDOW * 2));
    }

    #[test]
    fn what_was_taken_makes_room() {
        let bytes: Vec<u8> = (0..=255).cycle().take(WINDOW * 2).collect();
        let mut source = Source::open(&bytes[..]).unwrap();
        let mut all = Vec::new();
        while source.fill(1000).unwrap() > 0 {
            let some = source.available().len().min(1000);
            all.extend_from_slice(source.take(some));
        }
        assert_eq!(all, bytes);
        assert_eq!(source.buffer.len(), WINDOW);
    }
}
