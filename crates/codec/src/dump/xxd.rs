//! The lines of xxd(1): `00000000: 4d65 7373 6167 650a                      Message.`
//!
//! Every byte has its place, and where xxd's arithmetic puts two things at one place, the later one stands: with
//! `-e`, columns that are no power of two and a group as long as the line, digits run into the characters.

use super::grid::{End, Shape};
use super::style::{Base, Style};

pub(super) fn shape(style: &Style) -> Shape {
    let columns = style.record();
    let group = match (style.group, style.base) {
        (None, _) if style.little_endian => 4,
        (None, Base::Binary) => 1,
        (None, _) => 2,
        (Some(0), _) => columns,
        (Some(group), _) => group,
    }
    .min(columns);
    let cell = style.base.width() * group + 1;
    let lead: &[u8] = if style.position { b": " } else { b"" };
    let hex_at = (0..columns).map(|byte| lead.len() + cell * place(byte, group, style) / group);
    // Groups of little-endian are whole, so that their low bytes have their place.
    let shown = if style.little_endian { columns.next_multiple_of(group) } else { columns };
    Shape {
        lead,
        hex_at: hex_at.collect(),
        chars_at: lead.len() + (cell * shown - 1) / group + 2,
        open: b"",
        close: b"",
        width: 8,
        end: End::Nothing,
        fill: (style.base != Base::Binary).then_some((group, cell)),
    }
}

/// Which byte of the line, counted by where it stands, shows this one.
fn place(byte: usize, group: usize, style: &Style) -> usize {
    match style.little_endian {
        false => byte,
        true if group == style.record() => byte ^ (group - 1),
        true => super::grid::reversed(byte, group),
    }
}
