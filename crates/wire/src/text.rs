//! Protocols whose messages are lines of text: how bytes are split into lines, how lines are walked, and how tcpdump tells them.
//!
//! A line ends with CR LF, or with LF alone from senders that are careless; what has no end is a line too, whose end may be in
//! a later segment.

use crate::field::{Field, Kind};
use crate::line::{Cut, Line, Told};
use crate::packet::{Layer, Packet};
use crate::walk::Walk;

/// What stands between the words of a line.
pub(crate) const SEPARATOR: &Field =
    &Field::variable("sep", "", Kind::Text, "Separator: what stands between two words.");
/// The end of a line.
pub(crate) const END: &Field = &Field::variable("eol", "", Kind::Text, "End of line: CR LF, or LF alone.");

/// A line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextLine<'a> {
    /// What it says.
    pub(crate) text: &'a [u8],
    /// How many bytes end it: none where the bytes ran out.
    pub(crate) end: usize,
}

impl TextLine<'_> {
    /// Returns how many bytes it has.
    pub(crate) const fn len(&self) -> usize {
        self.text.len() + self.end
    }
}

/// Returns the first line; `None` where there are no bytes.
pub(crate) fn first(bytes: &[u8]) -> Option<TextLine<'_>> {
    if bytes.is_empty() {
        return None;
    }
    let Some(feed) = bytes.iter().position(|byte| *byte == b'\n') else {
        return Some(TextLine { text: bytes, end: 0 });
    };
    let text = bytes.get(..feed).unwrap_or_default();
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    Some(TextLine { text, end: feed + 1 - text.len() })
}

/// Returns the first word of a text, up to a blank.
pub(crate) fn word(text: &[u8]) -> &[u8] {
    text.split(|byte| matches!(byte, b' ' | b'\t')).next().unwrap_or_default()
}

/// Tells whether a text is printable throughout.
pub(crate) fn is_printable(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'\t' | 0x20..=0x7e))
}

/// Shows a word of at most so many bytes, and the blanks behind it.
pub(crate) fn walk_word(walk: &mut Walk<'_, '_>, field: &'static Field, len: usize) {
    walk.bytes(field, len);
    let blanks = walk.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    walk.bytes(SEPARATOR, blanks);
}

/// Shows the lines of a layer one after the other as records, whose inside a function walks up to their ends.
pub(crate) fn walk_lines<'a>(
    walk: &mut Walk<'a, '_>,
    record: &'static Field,
    mut inside: impl FnMut(&mut Walk<'a, '_>, TextLine<'a>),
) {
    while let Some(line) = first(walk.rest()) {
        walk.record(record, line.len(), |walk| {
            inside(walk, line);
            walk.bytes(Field::RAW, walk.rest().len().saturating_sub(line.end));
            walk.bytes(END, line.end);
        });
    }
}

/// What there is of a line that is to be told.
enum Piece<'a> {
    /// It is whole; behind it is the rest.
    Whole(&'a [u8], &'a [u8]),
    /// The bytes end without an end of the line.
    Open(&'a [u8]),
    /// They were not all captured.
    Cut,
    /// It cannot be printed.
    Odd,
}

fn line_of(bytes: &[u8], is_cut: bool) -> Piece<'_> {
    let odd = bytes.iter().position(|byte| !matches!(byte, b'\t' | 0x20..=0x7e)).unwrap_or(bytes.len());
    let (text, rest) = bytes.split_at_checked(odd).unwrap_or((bytes, &[]));
    match rest {
        [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => Piece::Whole(text, rest),
        [] | [b'\r'] if is_cut => Piece::Cut,
        [] => Piece::Open(text),
        _ => Piece::Odd,
    }
}

/// Writes a layer of text as tcpdump does: the title, and where it is known what the text is, its first line, or with `-v` all
/// lines that can be printed; the mark is for what ends without an end of line, or was cut off.
pub(crate) fn write(
    line: &mut Line<'_>,
    (title, mark): (&str, &'static str),
    (packet, layer): (&Packet<'_>, &Layer),
    is_known: bool,
) -> Told {
    line.text(": ");
    line.text(title);
    if !is_known {
        return Ok(());
    }
    let bytes = packet.whole(layer);
    let wire_len = layer.wire_end.saturating_sub(layer.start);
    let is_cut = bytes.len() < wire_len;
    let is_verbose = line.style().verbose > 0;
    if is_verbose {
        line.text(", length: ");
        line.len(wire_len);
    }
    let mut rest = bytes;
    loop {
        let (text, is_open) = match line_of(rest, is_cut) {
            Piece::Whole(text, behind) => {
                rest = behind;
                (text, false)
            }
            Piece::Open(text) => (text, true),
            Piece::Cut => return Err(Cut(mark)),
            Piece::Odd => return Ok(()),
        };
        line.text(if is_verbose { "\n\t" } else { ": " });
        line.bytes(text);
        if is_open {
            line.cut(mark);
        }
        if is_open || !is_verbose || (rest.is_empty() && !is_cut) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_a_feed_or_with_the_bytes() {
        let line = |text, end| Some(TextLine { text, end });
        assert_eq!(first(b"a\r\nb"), line(&b"a"[..], 2));
        assert_eq!(first(b"a\rb\n"), line(&b"a\rb"[..], 1));
        assert_eq!(first(b"a\r"), line(&b"a\r"[..], 0));
        assert_eq!((first(b"\n"), first(b"")), (line(&b""[..], 1), None));
        assert_eq!((word(b"GET /"), word(b"QUIT"), word(b"")), (&b"GET"[..], &b"QUIT"[..], &b""[..]));
    }
}
