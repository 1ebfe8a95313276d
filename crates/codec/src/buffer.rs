//! Room to write into, initialised once.
//!
//! A kernel writes 16 to 64 bytes at a time into a slice. A `Vec` would have to be filled with zeros before each
//! chunk, which at these speeds is a third of the work; a [`Buffer`] keeps what it has initialised, so clearing it
//! costs nothing and its slices can be handed out without `unsafe`.

use core::fmt;
use core::ops::Deref;

/// Bytes that are appended and taken again, over memory that is initialised once.
///
/// It dereferences to the bytes that were appended.
///
/// ```
/// use jackfield_codec::Buffer;
///
/// let mut out = Buffer::new();
/// out.push(b'j');
/// out.extend_from_slice(b"ack");
/// assert_eq!(&out[..], b"jack");
/// out.clear();
/// assert!(out.is_empty());
/// ```
#[derive(Clone, Default)]
pub struct Buffer {
    /// All of it initialised; the first `len` bytes are the contents.
    memory: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// Makes an empty buffer, which allocates nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { memory: Vec::new(), len: 0 }
    }

    /// Makes an empty buffer with room for so many bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { memory: vec![0; capacity], len: 0 }
    }

    /// Returns the contents.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.memory.get(..self.len).unwrap_or(&[])
    }

    /// Forgets the contents and keeps the memory.
    pub const fn clear(&mut self) {
        self.len = 0;
    }

    /// Keeps the first `len` bytes; does nothing when there are fewer.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Appends one byte.
    pub fn push(&mut self, byte: u8) {
        self.extend_from_slice(&[byte]);
    }

    /// Appends bytes.
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        let room = self.room(bytes.len());
        if let Some(room) = room.get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
        }
        self.commit(bytes.len());
    }

    /// Appends a byte a number of times.
    pub fn fill(&mut self, byte: u8, count: usize) {
        if let Some(room) = self.room(count).get_mut(..count) {
            room.fill(byte);
        }
        self.commit(count);
    }

    /// Returns the memory behind the contents, at least `count` bytes of it, to be written to before
    /// [`commit`](Self::commit). What it holds is of no meaning.
    pub fn room(&mut self, count: usize) -> &mut [u8] {
        let needed = self.len.saturating_add(count);
        if self.memory.len() < needed {
            self.memory.resize(needed.max(self.memory.len().saturating_mul(2)), 0);
        }
        self.memory.get_mut(self.len..).unwrap_or(&mut [])
    }

    /// Counts the first `count` bytes of [`room`](Self::room) as contents; no more than there is room for.
    pub fn commit(&mut self, count: usize) {
        self.len = self.len.saturating_add(count).min(self.memory.len());
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl Extend<u8> for Buffer {
    fn extend<I: IntoIterator<Item = u8>>(&mut self, bytes: I) {
        bytes.into_iter().for_each(|byte| self.push(byte));
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer")
            .field("bytes", &crate::quote(self))
            .field("capacity", &self.memory.len())
            .finish()
    }
}

impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Buffer {}

impl std::io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl From<Buffer> for Vec<u8> {
    fn from(buffer: Buffer) -> Self {
        let Buffer { mut memory, len } = buffer;
        memory.truncate(len);
        memory
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cleared_is_not_seen_again() {
        let mut buffer = Buffer::new();
        buffer.extend_from_slice(b"a longer text");
        buffer.clear();
        buffer.extend_from_slice(b"ab");
        buffer.push(b'c');
        assert_eq!(&buffer[..], b"abc");
        assert_eq!(Vec::from(buffer), b"abc");
    }

    #[test]
    fn room_is_at_least_what_was_asked_for_and_counts_only_when_committed() {
        let mut buffer = Buffer::with_capacity(4);
        buffer.room(10)[..10].copy_from_slice(b"0123456789");
        assert!(buffer.is_empty());
        buffer.commit(3);
        assert_eq!(&buffer[..], b"012");
        buffer.commit(usize::MAX);
        assert_eq!(buffer.len(), buffer.as_slice().len());
    }

    #[test]
    fn it_compares_and_prints_by_its_contents_alone() {
        let mut one = Buffer::with_capacity(100);
        one.fill(b'x', 2);
        let mut two = Buffer::new();
        two.extend(*b"xx");
        assert_eq!(one, two);
        assert_eq!(format!("{two:?}"), r#"Buffer { bytes: "b\"xx\"", capacity: 2 }"#);
    }
}
