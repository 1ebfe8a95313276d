//! Scapy's `hexdump()`: bytes in upper case, the text two blanks behind them.

use super::row::Row;
use super::{Reader, Told, rows};

pub(super) const EXAMPLE: &str = "\
0000  45 00 00 20 00 01 00 00 40 11 7C CA 7F 00 00 01  E.. ....@.|.....\n\
0010  7F 00 00 01 00 35 00 35 00 0C 31 38 4A 61 63 6B  .....5.5..18Jack\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let row = Row {
        digits: 4,
        after: b"  ",
        groups: &[1],
        shows: told.shows(),
        squeezes: false,
        restarts: true,
        ..Row::XXD
    };
    vec![rows(row)]
}
