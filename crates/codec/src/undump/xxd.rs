//! `xxd` in all its variants: `-c`, `-g`, `-u`, `-e`, `-b`, `-d`, `-o`, and the `*` of `-a`.
//!
//! `-e` is known by the text column, which says in which order the bytes of a group stand; `-d` by the second line.
//! Where neither is there, the dump is read as without them, which is what can be told otherwise. Our own dumps in this
//! style can have offsets in octal, which are read when the base is told, or none, when the form is.

use super::row::{Row, Unit};
use super::{Form, Reader, Told, rows};

pub(super) const EXAMPLE: &str = "00000000: 4a61 636b 0a                             Jack.\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let told_form = told.form == Some(Form::Xxd);
    let mut radixes: Vec<_> =
        told.radixes(if told.base.is_some() { &[16, 10, 8] } else { &[16, 10] }).collect();
    radixes.extend(told_form.then_some(None));
    let mut all = Vec::new();
    for radix in radixes {
        let row = Row { radix, shows: told.shows(), ..Row::XXD };
        for little in told.orders(&[false, true]) {
            all.push(rows(Row { little, aligned: little, ..row }));
        }
        for little in told.orders(&[false]) {
            all.push(rows(Row { unit: Unit::Bits, little, aligned: little, ..row }));
        }
    }
    all
}
