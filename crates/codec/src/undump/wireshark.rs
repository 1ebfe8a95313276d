//! What Wireshark copies as a hex dump, and `tshark -x`: a record for each packet, with headings such as
//! `Frame (74 bytes):` where a packet has more than one source of bytes.

use super::row::{Blanks, Heads, Row};
use super::{Reader, Told, rows};

pub(super) const EXAMPLE: &str = "\
0000  45 00 00 20 00 01 40 00 40 11 3c ca 7f 00 00 01   E.. ..@.@.<.....\n\
0010  7f 00 00 01 9c 40 00 07 00 0c fe 1f 4a 61 63 6b   .....@......Jack\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let afters: [&[u8]; 2] = [b"  ", b"   "];
    let row = |after| Row {
        digits: 4,
        after,
        groups: &[1],
        blanks: Blanks::Half,
        shows: told.shows(),
        squeezes: false,
        restarts: true,
        heads: Heads::Counts,
        ..Row::XXD
    };
    afters.map(row).map(rows).into()
}
