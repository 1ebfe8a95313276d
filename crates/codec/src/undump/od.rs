//! `od -tx1`, `-tx2`, `-tx4`, `-tx8`, with `z` or without, offsets in any base (`-Ax`, `-Ao`, `-Ad`) or none (`-An`);
//! `hexdump` without options, which writes the same as `od -tx2` with offsets in hex.
//!
//! Groups of more than one byte are numbers of the machine that wrote them, so the last byte stands first unless the
//! text or the caller says otherwise. The last number is filled up with zeros, and the text or the offset of the end
//! says how far; our own dumps in this style leave it short, and can have any groups, which are read when the form is
//! told. Seven digits can be an offset in three bases; what fits no other decides, and what fits two of them
//! to different ends is an error.

use super::row::{Row, Text};
use super::{Form, Reader, Told, rows};

pub(super) const EXAMPLE: &str = "\
000000 4a 61 63 6b 0a                                   >Jack.<\n\
000005\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let row = Row {
        after: b" ",
        groups: &[1, 2, 4, 8],
        text: Text::Optional(b'>', b'<'),
        shows: told.shows(),
        ends: true,
        pads: true,
        ..Row::XXD
    };
    let mut all = Vec::new();
    for little in told.orders(&[true, false]) {
        let row = Row { little, ..row };
        for (base, digits) in [(16, 6), (8, 7), (10, 7)] {
            all.extend(told.radixes(&[base]).map(|radix| rows(Row { radix, digits, ..row })));
        }
        let hexdump = |radix| Row { radix, digits: 7, groups: &[2], ..row };
        all.extend(told.radixes(&[16]).map(hexdump).map(rows));
        let bare = Row { lead: b" ", radix: None, pads: false, ..row };
        // Without offsets and text it could be any plain hex, so the order of bytes is nothing to guess.
        if told.form == Some(Form::Od) {
            all.push(rows(bare));
            let ours = Row { groups: &[], pads: false, aligned: little, ..row };
            for (base, digits) in [(16, 6), (8, 7), (10, 7)] {
                all.extend(told.radixes(&[base]).map(|radix| rows(Row { radix, digits, ..ours })));
            }
            all.push(rows(Row { groups: &[], aligned: little, ..bare }));
        } else {
            all.push(rows(Row { groups: &[1], ..bare }));
            all.push(rows(Row { text: Text::Barred(b'>', b'<'), ..bare }));
        }
    }
    all
}
