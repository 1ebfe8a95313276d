//! The lines of `od -Ax -tx1z` (od(1)): `000000 4d 65 73 73 61 67 65 0a                          >Message.<`

use super::grid::{End, Shape, reversed};
use super::layout::Radix;
use super::style::Style;

pub(super) fn shape(style: &Style) -> Shape {
    let columns = style.record();
    let group = style.group.unwrap_or(1);
    let group = if group == 0 { columns } else { group.min(columns) };
    let at = |place: usize| 1 + place * style.base.width() + place / group;
    let places = if style.little_endian { columns.next_multiple_of(group) } else { columns };
    Shape {
        lead: b" ",
        hex_at: (0..columns)
            .map(|byte| at(if style.little_endian { reversed(byte, group) } else { byte }))
            .collect(),
        chars_at: at(places.saturating_sub(1)) + style.base.width() + 3,
        open: b">",
        close: b"<",
        width: if matches!(style.radix, None | Some(Radix::Hex)) { 6 } else { 7 },
        end: End::Always,
        fill: None,
    }
}
