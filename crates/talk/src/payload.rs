//! Bytes given beforehand (`--data`, `--reply`), on their way to one peer.
//!
//! The bytes are shared by all who are told them; what each has of its own is a place in them, and the time of the next
//! line. How they are cut is the transport's nature: a stream takes them in pieces, a datagram socket as one message.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::time::later;

/// How a payload is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Into pieces of at most so many bytes.
    Pieces(usize),
    /// Not at all: it is one message, an empty one too.
    Message,
    /// After each line, which go so far apart.
    Lines(Duration),
}

/// Shared bytes, and how far they have been handed on.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    bytes: Arc<[u8]>,
    at: usize,
    is_over: bool,
    cut: Cut,
    not_before: Option<Instant>,
}

impl Payload {
    pub(crate) fn new(bytes: Arc<[u8]>, cut: Cut) -> Self {
        let is_over = bytes.is_empty() && cut != Cut::Message;
        Self { bytes, at: 0, is_over, cut, not_before: None }
    }

    /// Makes one that has ended.
    pub(crate) fn nothing() -> Self {
        Self { is_over: true, ..Self::new(Arc::default(), Cut::Message) }
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// Returns when the next piece may go; `None` when there is none.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        (!self.is_over).then(|| self.not_before.unwrap_or_else(Instant::now))
    }

    /// Returns how long the next piece is.
    pub(crate) fn next_len(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match self.cut {
            Cut::Pieces(most) => rest.len().min(most),
            Cut::Message => rest.len(),
            Cut::Lines(_) => {
                rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |newline| newline + 1)
            }
        }
    }

    /// Takes the next piece if its time has come.
    pub(crate) fn take(&mut self) -> Option<&[u8]> {
        self.next_at().filter(|at| *at <= Instant::now())?;
        let from = self.at;
        self.at += self.next_len();
        self.is_over = self.at >= self.bytes.len();
        if let Cut::Lines(apart) = self.cut {
            self.not_before = Some(later(Instant::now(), apart));
        }
        self.bytes.get(from..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(bytes: &[u8], cut: Cut) -> Vec<Vec<u8>> {
        let mut payload = Payload::new(bytes.into(), cut);
        let mut pieces = Vec::new();
        while let Some(piece) = payload.take() {
            pieces.push(piece.to_vec());
        }
        assert!(payload.is_over() && payload.next_at().is_none());
        pieces
    }

    #[test]
    fn a_message_is_whole_and_may_be_empty() {
        assert_eq!(pieces(b"", Cut::Message), [b""]);
        assert_eq!(pieces(&[7; 100_000], Cut::Message), [[7; 100_000]]);
        assert!(Payload::nothing().is_over() && pieces(b"", Cut::Pieces(10)).is_empty());
        assert!(pieces(b"", Cut::Lines(Duration::ZERO)).is_empty());
    }

    #[test]
    fn the_pieces_are_the_bytes() {
        assert_eq!(pieces(b"abcde", Cut::Pieces(2)), [&b"ab"[..], b"cd", b"e"]);
        assert_eq!(pieces(b"one\n\ntwo", Cut::Lines(Duration::ZERO)), [&b"one\n"[..], b"\n", b"two"]);
    }

    #[test]
    fn a_line_waits_for_its_time() {
        let mut payload = Payload::new(b"one\ntwo\n"[..].into(), Cut::Lines(Duration::from_secs(3600)));
        assert_eq!(payload.take(), Some(&b"one\n"[..]));
        assert_eq!(payload.take(), None);
        assert!(!payload.is_over() && payload.next_at() > Some(Instant::now()));
    }
}
