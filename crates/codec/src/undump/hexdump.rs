//! `hexdump -C`: single bytes in two halves, the text between bars, `*`, and the offset of the end.
//!
//! Our own dumps in this style can have groups and bits, which are read, too; what has no text or no offsets when
//! the form is told, and offsets in another base when that is.

use super::row::{Blanks, Row, Text, Unit};
use super::{Form, Reader, Told, rows};

pub(super) const EXAMPLE: &str = "\
00000000  4a 61 63 6b 0a                                    |Jack.|\n\
00000005\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let row = Row {
        after: b"  ",
        groups: &[1],
        blanks: Blanks::Halves,
        text: Text::Barred(b'|', b'|'),
        shows: told.shows(),
        ends: true,
        ..Row::XXD
    };
    let mut all: Vec<_> = told.radixes(&[16]).map(|radix| rows(Row { radix, ..row })).collect();
    let told_form = told.form == Some(Form::Hexdump);
    let text = if told_form { Text::Optional(b'|', b'|') } else { row.text };
    let mut radixes: Vec<_> = told.radixes(if told.base.is_some() { &[16, 8, 10] } else { &[16] }).collect();
    radixes.extend(told_form.then_some(None));
    for radix in radixes {
        for little in told.orders(&[false, true]) {
            for unit in [Unit::Hex, Unit::Bits] {
                all.push(rows(Row { radix, groups: &[], little, aligned: little, unit, text, ..row }));
            }
        }
    }
    all
}
