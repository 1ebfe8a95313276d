//! Options after a header, as IPv4 and TCP have them: a type, and but for two of them a length that counts both.
//!
//! A protocol lists its options as [`OptionRow`]s; walking and going through them is the same for all. A length that cannot be
//! ends the options, and what is left stays bytes.
//!
//! Where there are many, as in DHCP, `options!` makes the rows from a table: number, what tcpdump calls it and in which form it
//! writes it; name, Wireshark's name and shape; documentation. The shapes are
//!
//! - `one: Ipv4 32`: a value of so many bits, and nothing else;
//! - `many: Ipv4 32`: such values one after the other, at least one;
//! - `text` and `bytes`: all there is;
//! - `parts`: the protocol goes through it.

use crate::field::{Field, Kind};
use crate::walk::Walk;

/// The option that ends the list, of one byte.
pub const END: u8 = 0;
/// The option that means nothing, of one byte.
pub const NO_OPERATION: u8 = 1;

/// An option that is known.
#[derive(Clone, Copy, Debug)]
pub struct OptionRow {
    /// Its type.
    pub number: u16,
    /// Its names.
    pub record: Field,
    /// The rows of its fixed part, type and length included.
    pub fields: &'static [Field],
    /// The length of its fixed part.
    pub len: usize,
    /// What follows as often as there is room: rows and length.
    pub each: (&'static [Field], usize),
    /// What all the rest of it is.
    pub rest: Option<&'static Field>,
    /// Shows what follows that no rows say; it is given the whole option.
    pub inside: fn(walk: &mut Walk<'_, '_>, option: &[u8]),
}

impl OptionRow {
    /// A row of nothing, for those that fill it.
    pub(crate) const NONE: Self = Self::new(0, ("", ""), &[], 0, "");

    /// Makes the row of an option whose parts are fixed.
    pub(crate) const fn new(
        number: u16,
        names: (&'static str, &'static str),
        fields: &'static [Field],
        len: usize,
        doc: &'static str,
    ) -> Self {
        Self {
            number,
            record: Field::variable(names.0, names.1, Kind::Record, doc),
            fields,
            len,
            each: (&[], 0),
            rest: None,
            inside: |_, _| {},
        }
    }

    /// Adds a function that shows what follows.
    pub(crate) const fn with_inside(mut self, inside: fn(walk: &mut Walk<'_, '_>, option: &[u8])) -> Self {
        self.inside = inside;
        self
    }
}

/// Makes rows of options from a table; the head of this file says how it is written.
///
/// `head` gives Wireshark's name of the whole, the fields before the value and how many bits these have, `words` the type of the forms and what is said of an
/// option that is not listed.
macro_rules! options {
    (
        head $record:literal $TYPE:ident $LENGTH:ident $bits:literal;
        words $Form:ident, else $unknown:literal $otherwise:ident;
        $(
            $number:literal $words:literal $form:ident,
            $name:literal $path:literal $shape:ident $(: $kind:tt $width:literal)?, $doc:literal;
        )*
    ) => {
        /// The options that are known.
        pub const OPTIONS: &[$crate::option::OptionRow] = &[$(
            $crate::option::OptionRow {
                number: $number,
                record: $crate::Field::variable($name, $record, $crate::Kind::Record, $doc),
                ..$crate::option::options!(@$shape $TYPE $LENGTH $bits, $name $path $($kind $width)?, $doc)
            },
        )*];

        /// The rows of their values.
        pub(super) const VALUES: &[$crate::Field] = &[$(
            $crate::Field::variable($name, $path, $crate::option::options!(@kind $shape $($kind)?), $doc),
        )*];

        /// What tcpdump calls an option, and the form in which it writes what is in it.
        pub(super) fn words(number: u16) -> (&'static str, $Form) {
            match number {
                $($number => ($words, $Form::$form),)*
                _ => ($unknown, $Form::$otherwise),
            }
        }
    };
    (@kind $shape:ident ($($kind:tt)+)) => { $crate::Kind::$($kind)+ };
    (@kind $shape:ident $kind:ident) => { $crate::Kind::$kind };
    (@kind text) => { $crate::Kind::Text };
    (@kind $shape:ident) => { $crate::Kind::Bytes };
    (@one $TYPE:ident $LENGTH:ident $bits:literal, $name:literal $path:literal $kind:tt $width:literal, $doc:literal) => {
        $crate::option::OptionRow {
            fields: const { &[
                $TYPE,
                $LENGTH,
                $crate::Field {
                    from: $bits,
                    to: $bits + $width,
                    ..$crate::Field::variable($name, $path, $crate::option::options!(@kind one $kind), $doc)
                },
            ] },
            len: ($bits + $width) / 8,
            ..$crate::option::OptionRow::NONE
        }
    };
    (@many $TYPE:ident $LENGTH:ident $bits:literal, $name:literal $path:literal $kind:tt $width:literal, $doc:literal) => {
        $crate::option::OptionRow {
            each: (
                const { &[$crate::Field::variable($name, $path, $crate::option::options!(@kind many $kind), $doc).wide($width)] },
                $width / 8,
            ),
            ..$crate::option::options!(@one $TYPE $LENGTH $bits, $name $path $kind $width, $doc)
        }
    };
    (@$shape:ident $TYPE:ident $LENGTH:ident $bits:literal, $name:literal $path:literal, $doc:literal) => {
        $crate::option::OptionRow {
            fields: const { &[$TYPE, $LENGTH] },
            len: $bits / 8,
            rest: Some(const { &$crate::Field::variable($name, $path, $crate::option::options!(@kind $shape), $doc) }),
            ..$crate::option::OptionRow::NONE
        }
    };
}
pub(crate) use options;

/// Goes through options.
#[derive(Clone, Debug)]
pub struct Options<'a>(&'a [u8]);

impl<'a> Options<'a> {
    /// Begins with the first.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns what has not been gone through: after the last item, what cannot be an option.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.0
    }
}

impl<'a> Iterator for Options<'a> {
    /// The type, and the whole option.
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let number = *self.0.first()?;
        let len = match (number, self.0.get(1)) {
            (END | NO_OPERATION, _) => 1,
            (_, Some(len)) if *len >= 2 => usize::from(*len),
            _ => return None,
        };
        let (option, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some((number, option))
    }
}

/// Walks the options that fill the rest of a header; `unknown` names what no row knows.
pub(crate) fn walk(walk: &mut Walk<'_, '_>, rows: &'static [OptionRow], unknown: &'static OptionRow) {
    walk_with(walk, rows, unknown, |walk, row| {
        let option = walk.rest();
        walk.table(row.fields, row.len);
        let (fields, len) = row.each;
        while len > 0 && walk.rest().len() >= len {
            walk.table(fields, len);
        }
        if let Some(field) = row.rest {
            walk.bytes(field, usize::MAX);
        }
        (row.inside)(walk, option);
    });
}

/// Walks the options that fill the rest of a header; a function walks the inside of each.
pub(crate) fn walk_with(
    walk: &mut Walk<'_, '_>,
    rows: &'static [OptionRow],
    unknown: &'static OptionRow,
    mut inside: impl FnMut(&mut Walk<'_, '_>, &'static OptionRow),
) {
    let mut options = Options::new(walk.rest());
    for (number, option) in &mut options {
        let row = rows.iter().find(|row| row.number == u16::from(number)).unwrap_or(unknown);
        walk.record(&row.record, option.len(), |walk| inside(walk, row));
        if number == END {
            return;
        }
    }
    if !options.rest().is_empty() {
        walk.malformed(2, "an option's length that fits");
    }
}
