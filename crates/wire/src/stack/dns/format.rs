//! How the data of records, of EDNS options and of SVCB parameters is laid out: one table for each.
//!
//! The rows of a table say how they are read: a domain name goes up to its end, a row with a width has that, a row behind its
//! own length has as many bytes, and any other has the rest. Rows that are parts stand behind the row they lie in, and count
//! from its first bit.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::field::{Computed, Field, Kind, Rule};
use crate::header::Mac;
use crate::line::{Line, Reader, Told};
use crate::name;
use crate::walk::Walk;

/// The layout of the data of a type of record, of an option or of a parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format {
    /// The number that means it.
    pub(super) number: u16,
    /// Its name.
    pub(super) name: &'static str,
    /// Its rows, in the order of the wire.
    pub(super) rows: &'static [Field],
    /// What no rows can say: it walks what is behind them.
    pub(super) then: Then,
}

/// Walks what is behind the rows; it is given the whole data, and the offset of the header at which the message begins.
pub(super) type Then = for<'a> fn(&mut Walk<'a, '_>, data: &'a [u8], message: usize);

impl Format {
    pub(super) const fn new(number: u16, name: &'static str, rows: &'static [Field]) -> Self {
        Self { number, name, rows, then: |_, _, _| {} }
    }

    /// Adds what is behind the rows.
    pub(super) const fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    /// Finds a number in a table that is in their order.
    pub(super) fn find(table: &'static [Self], number: u16) -> Option<&'static Self> {
        table.binary_search_by_key(&number, |format| format.number).ok().and_then(|at| table.get(at))
    }

    /// Walks data, all that is left of a record.
    pub(super) fn walk(&self, walk: &mut Walk<'_, '_>, message: usize) {
        let data = walk.rest();
        rows(walk, self.rows, message);
        (self.then)(walk, data, message);
    }
}

/// Makes a row of a number.
pub(super) const fn dec(name: &'static str, path: &'static str, bits: u16, doc: &'static str) -> Field {
    Field { to: bits, ..Field::variable(name, path, Kind::Dec, doc) }
}

/// Makes a row of a number in hexadecimal.
pub(super) const fn hex(name: &'static str, path: &'static str, bits: u16, doc: &'static str) -> Field {
    Field { to: bits, ..Field::variable(name, path, Kind::Hex, doc) }
}

/// Makes a row of something of a fixed width.
pub(super) const fn fixed(name: &'static str, path: &'static str, kind: Kind, bits: u16, doc: &'static str) -> Field {
    Field { to: bits, ..Field::variable(name, path, kind, doc) }
}

/// Makes a row of bits of the row before it.
pub(super) const fn part(name: &'static str, path: &'static str, from: u16, to: u16, kind: Kind, doc: &'static str) -> Field {
    Field { from, to, rule: Rule::Part, ..Field::variable(name, path, kind, doc) }
}

/// Makes a row of how many bytes the row behind it has.
pub(super) const fn length(name: &'static str, path: &'static str, bits: u16, doc: &'static str) -> Field {
    Field { rule: Rule::Computed(Computed::Behind), ..dec(name, path, bits, doc) }
}

/// Makes a row of a domain name.
pub(super) const fn domain(name: &'static str, path: &'static str, doc: &'static str) -> Field {
    Field::variable(name, path, Kind::DomainName, doc)
}

/// Makes a row of text.
pub(super) const fn text(name: &'static str, path: &'static str, doc: &'static str) -> Field {
    Field::variable(name, path, Kind::Text, doc)
}

/// Makes a row of bytes.
pub(super) const fn bytes(name: &'static str, path: &'static str, doc: &'static str) -> Field {
    Field::bytes(name, path, doc)
}

/// Takes a row and its parts off the rows.
fn row_and_parts(rows: &'static [Field]) -> Option<(&'static Field, &'static [Field], &'static [Field])> {
    let row = rows.first()?;
    let parts = rows.iter().skip(1).take_while(|row| row.rule == Rule::Part).count();
    rows.split_at_checked(1 + parts).map(|(these, rest)| (row, these, rest))
}

/// Walks rows, as far as there is something for them.
pub(super) fn rows(walk: &mut Walk<'_, '_>, mut rows: &'static [Field], message: usize) {
    let mut counted = None;
    while let Some((row, these, rest)) = row_and_parts(rows) {
        rows = rest;
        match (row.kind, row.width()) {
            (Kind::DomainName, _) => {
                let Some(len) = name::len(walk.rest()) else { return };
                walk.domain_name(row, len, message);
            }
            (_, 0) => walk.bytes(row, counted.take().unwrap_or(usize::MAX)),
            (_, bits) => {
                let here = walk.rest();
                if !walk.table(these, usize::from(bits / 8)) {
                    return;
                }
                if row.rule == Rule::Computed(Computed::Behind) {
                    counted = usize::try_from(row.read(here)).ok();
                }
            }
        }
    }
}

/// Walks the rows again and again, until nothing is left.
pub(super) fn repeat(walk: &mut Walk<'_, '_>, again: &'static [Field], message: usize) {
    loop {
        let before = walk.walked();
        rows(walk, again, message);
        if walk.rest().is_empty() || walk.walked() == before {
            return;
        }
    }
}

/// Writes data that ends at an offset by its rows, each with a blank before it: numbers, names, quoted text; bytes to the end
/// are left out.
pub(super) fn words(
    line: &mut Line<'_>,
    data: &mut Reader<'_>,
    end: usize,
    mut rows: &'static [Field],
    name: fn(&mut Line<'_>, &mut Reader<'_>) -> Told,
) -> Told {
    let mut counted = None;
    while let Some((row, _, rest)) = row_and_parts(rows) {
        rows = rest;
        let len = match (row.kind, row.width()) {
            (Kind::DomainName, _) => {
                line.text(" ");
                name(line, data)?;
                continue;
            }
            (Kind::Text, 0) => Some(counted.take().unwrap_or_else(|| end.saturating_sub(data.at()))),
            (_, 0) => counted.take(),
            (_, bits) => Some(usize::from(bits / 8)),
        };
        let Some(len) = len else { return Ok(()) };
        let bytes = data.take(len)?;
        if row.rule == Rule::Computed(Computed::Behind) {
            counted = usize::try_from(row.read(bytes)).ok();
            continue;
        }
        line.text(" ");
        match row.kind {
            Kind::Text => {
                line.text("\"");
                line.safe(bytes);
                line.text("\"");
            }
            Kind::Ipv4 => line.ipv4(<[u8; 4]>::try_from(bytes).map_or(Ipv4Addr::UNSPECIFIED, Ipv4Addr::from)),
            Kind::Ipv6 => line.ipv6(<[u8; 16]>::try_from(bytes).map_or(Ipv6Addr::UNSPECIFIED, Ipv6Addr::from)),
            Kind::Mac => line.mac(Mac(<[u8; 6]>::try_from(bytes).unwrap_or_default())),
            kind if !kind.is_number() => bytes.iter().for_each(|byte| line.hex_wide(*byte, 2)),
            Kind::DecOf(names) => match names(row.read(bytes)) {
                Some(name) => line.text(name),
                None => line.dec(row.read(bytes)),
            },
            _ => line.dec(row.read(bytes)),
        }
    }
    Ok(())
}
