//! `hexdump -C`: single bytes in two halves, the text between bars, `*`, and the offset of the end.

use super::row::{Blanks, Row, Text};
use super::{Reader, Told, rows};

pub(super) const EXAMPLE: &str = "\
00000000  4a 61 63 6b 0a                                    |Jack.|\n\
00000005\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let row = Row {
        after: b"  ",
        groups: &[1],
        blanks: Blanks::Half,
        text: Text::Barred(b'|', b'|'),
        shows: told.shows(),
        ends: true,
        ..Row::XXD
    };
    vec![rows(row)]
}
