//! `xxd` in all its variants: `-c`, `-g`, `-u`, `-e`, `-b`, `-d`, `-o`, and the `*` of `-a`.
//!
//! `-e` is known by the text column, which says in which order the bytes of a group stand; `-d` by the second line.
//! Where neither is there, the dump is read as without them, which is what can be told otherwise.

use super::row::{Row, Unit};
use super::{Reader, Told, rows};

pub(super) const EXAMPLE: &str = "00000000: 4a61 636b 0a                             Jack.\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let mut all = Vec::new();
    for radix in told.radixes(&[16, 10]) {
        for little in told.orders(&[false, true]) {
            all.push(rows(Row { radix, little, aligned: little, shows: told.shows(), ..Row::XXD }));
        }
        all.push(rows(Row { radix, unit: Unit::Bits, shows: told.shows(), ..Row::XXD }));
    }
    all
}
