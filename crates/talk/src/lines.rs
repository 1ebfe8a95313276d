//! What happens to lines on their way out: CR LF, and a pause between them.

use std::time::{Duration, Instant};

use crate::time::later;

/// Turns each lone LF into CR LF; what follows a CR already is left alone.
#[derive(Debug, Default)]
pub(crate) struct Crlf {
    after_cr: bool,
    /// Where in the last piece a CR was put, counted from its end.
    inserted: Vec<usize>,
}

impl Crlf {
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16 + 1);
        self.inserted.clear();
        for byte in bytes {
            if *byte == b'\n' && !self.after_cr {
                self.inserted.push(out.len());
                out.push(b'\r');
            }
            out.push(*byte);
            self.after_cr = *byte == b'\r';
        }
        self.inserted.iter_mut().for_each(|at| *at = out.len() - *at);
        out
    }

    /// Counts those of the last `tail` bytes of the last piece that are not the input's.
    pub(crate) fn inserted_in_last(&self, tail: usize) -> usize {
        self.inserted.iter().filter(|from_end| **from_end <= tail).count()
    }
}

/// Lines that go one by one, each when its time has come.
#[derive(Debug)]
pub(crate) struct Pace {
    delay: Duration,
    waiting: Vec<u8>,
    not_before: Option<Instant>,
}

impl Pace {
    pub(crate) const fn new(delay: Duration) -> Self {
        Self { delay, waiting: Vec::new(), not_before: None }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    pub(crate) const fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Returns when the next line may go; `None` when nothing waits.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        (!self.is_empty()).then(|| self.not_before.unwrap_or_else(Instant::now))
    }

    /// Takes the next line if its time has come.
    pub(crate) fn take_due(&mut self) -> Option<Vec<u8>> {
        self.next_at().filter(|at| *at <= Instant::now())?;
        let end = self.waiting.iter().position(|byte| *byte == b'\n').map_or(self.waiting.len(), |at| at + 1);
        self.not_before = Some(later(Instant::now(), self.delay));
        Some(self.waiting.drain(..end).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_line_feeds_get_a_carriage_return_across_pieces() {
        let mut crlf = Crlf::default();
        let mut out = Vec::new();
        for piece in [&b"a\nb\r"[..], b"\nc\n\n", b"\r", b"x"] {
            out.extend(crlf.push(piece));
        }
        assert_eq!(out, b"a\r\nb\r\nc\r\n\r\n\rx");
    }

    #[test]
    fn what_was_put_in_is_known_from_the_end() {
        let mut crlf = Crlf::default();
        assert_eq!(crlf.push(b"a\nb\r\nc\n"), b"a\r\nb\r\nc\r\n");
        assert_eq!([0, 1, 2, 7, 8, 9].map(|tail| crlf.inserted_in_last(tail)), [0, 0, 1, 1, 2, 2]);
    }
}
