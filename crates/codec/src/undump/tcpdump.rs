//! `tcpdump -x`, `-X`, `-xx`, `-XX`: a record for each packet, with the lines about it before its bytes.

use super::row::{Heads, Row, Shows};
use super::{Reader, Told, rows};

pub(super) const EXAMPLE: &str = "\
12:00:00.000000 IP localhost.40000 > localhost.7: UDP, length 4\n\
\t0x0000:  4500 0020 0001 4000 4011 3cca 7f00 0001  E.....@.@.<.....\n\
\t0x0010:  7f00 0001 9c40 0007 000c fe1f 4a61 636b  .....@......Jack\n";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    // With a tab as tcpdump writes it, as a terminal shows it, and as it is quoted.
    let leads: [&[u8]; 3] = [b"\t0x", b"        0x", b"0x"];
    let row = |lead| Row {
        lead,
        digits: 4,
        after: b":  ",
        groups: &[1, 2],
        shows: if told.text { Shows::NoBlank } else { Shows::Any },
        squeezes: false,
        restarts: true,
        heads: Heads::Led,
        ..Row::XXD
    };
    leads.map(row).map(rows).into()
}
