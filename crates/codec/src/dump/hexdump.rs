//! The lines of `hexdump -C` (hexdump(1)): `00000000  4d 65 73 73 61 67 65 0a                           |Message.|`

use super::grid::{End, Shape, reversed};
use super::style::Style;

/// Bytes after which there is a wider gap.
const HALF: usize = 8;

pub(super) fn shape(style: &Style) -> Shape {
    let columns = style.record();
    let group = style.group.unwrap_or(1);
    let group = if group == 0 { columns } else { group.min(columns) };
    let lead: &[u8] = if style.position { b"  " } else { b"" };
    let halves = |place: usize| if HALF.is_multiple_of(group) { place / HALF } else { 0 };
    let at = |place: usize| lead.len() + place * style.base.width() + place / group + halves(place);
    let places = if style.little_endian { columns.next_multiple_of(group) } else { columns };
    Shape {
        lead,
        hex_at: (0..columns)
            .map(|byte| at(if style.little_endian { reversed(byte, group) } else { byte }))
            .collect(),
        chars_at: at(places.saturating_sub(1)) + style.base.width() + 3,
        open: b"|",
        close: b"|",
        width: 8,
        end: End::IfAny,
        fill: None,
    }
}
