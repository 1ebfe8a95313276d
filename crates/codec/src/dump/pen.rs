//! Writing into a slice that has room, place after place, without counting each byte in the buffer.

use super::glyph::Glyph;
use crate::Buffer;

/// A place in the room of a [`Buffer`]. What does not fit is not written; the room is asked for large enough.
pub(super) struct Pen<'a> {
    room: &'a mut [u8],
    at: usize,
}

impl Pen<'_> {
    /// Writes what `write` writes, at most `most` bytes, to the buffer.
    pub(super) fn write(out: &mut Buffer, most: usize, write: impl FnOnce(&mut Pen<'_>)) {
        let mut pen = Pen { room: out.room(most.saturating_add(16)), at: 0 };
        pen.run(write);
        let at = pen.at;
        out.commit(at);
    }

    /// Writes with a pen of its own, whose place the compiler can keep in a register.
    #[inline(always)]
    pub(super) fn run(&mut self, write: impl FnOnce(&mut Pen<'_>)) {
        let mut pen = Pen { room: &mut *self.room, at: self.at };
        write(&mut pen);
        let at = pen.at;
        self.at = at;
    }

    /// Writes a whole array and counts the first `len` bytes of it.
    #[inline(always)]
    pub(super) fn put<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        if let Some(place) = self.room.get_mut(self.at..).and_then(|room| room.first_chunk_mut::<N>()) {
            *place = *bytes;
            self.at += len;
        }
    }

    #[inline(always)]
    pub(super) fn glyph(&mut self, glyph: &Glyph) {
        self.put(&glyph.bytes, usize::from(glyph.len));
    }

    #[inline(always)]
    pub(super) fn char(&mut self, char: u8) {
        self.put(&[char], 1);
    }

    #[inline(always)]
    pub(super) fn text(&mut self, text: &[u8]) {
        if let Some(place) = self.room.get_mut(self.at..).and_then(|room| room.get_mut(..text.len())) {
            place.copy_from_slice(text);
            self.at += text.len();
        }
    }

    #[inline(always)]
    pub(super) fn blanks(&mut self, count: usize) {
        if let Some(place) = self.room.get_mut(self.at..).and_then(|room| room.get_mut(..count)) {
            place.fill(b' ');
            self.at += count;
        }
    }
}
