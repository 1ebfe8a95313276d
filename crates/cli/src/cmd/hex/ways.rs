//! The ways in which `jack hex` runs, and the one table that says which flag counts in which: what does not count is
//! refused, with the reason. A test wants a row for every flag.

use crate::args::Given;
use crate::exit::Failure;
use crate::modes;

/// What is made of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Xxd,
    Hexdump,
    Od,
    Plain,
    Boxed,
    Array,
    /// What `xxd -r` does.
    Reverse,
    /// What `xxd -r -p` does.
    ReversePlain,
    Undump,
    /// Values to bytes, as they are; in a style they are a dump like any other.
    Pack,
    Unpack,
}

use Way::{Array, Boxed, Hexdump, Od, Pack, Plain, Reverse, ReversePlain, Undump, Unpack, Xxd};

const ALL: &[Way] = &[Xxd, Hexdump, Od, Plain, Boxed, Array, Reverse, ReversePlain, Undump, Pack, Unpack];
/// Dumps with offsets.
const DUMPS: &[Way] = &[Xxd, Hexdump, Od, Boxed];
const SHAPED: &[Way] = &[Xxd, Hexdump, Od, Boxed, Plain, Array];
/// Dumps with offsets, and those that are read strictly.
const OFFSETS: &[Way] = &[Xxd, Hexdump, Od, Boxed, Undump];

/// Flags, the ways in which they count, and why they do not in the others.
#[rustfmt::skip]
const COUNTS: &[(&[&str], &[Way], &str)] = &[
    (&["files", "data", "output", "trace", "trace-file", "dialect"], ALL, ""),
    (&["style"], &[Xxd, Hexdump, Od, Boxed, Plain, Reverse, ReversePlain], "it is how the lines of a dump look"),
    (&["plain"], &[Plain, ReversePlain], "it is a form of its own: digits alone"),
    (&["autoskip", "squeeze"], DUMPS, "only of lines with offsets can some be left out"),
    (&["bits"], &[Xxd, Hexdump, Od, Boxed, Array, Reverse], "only dumps with offsets and arrays can have bits"),
    (&["columns"], &[Xxd, Hexdump, Od, Boxed, Plain, Array, Reverse], "what is read has lines as long as it has them"),
    (&["group"], DUMPS, "only the lines of a dump have groups"),
    (&["endian", "little-endian"], OFFSETS, "it is the order of the bytes in the groups of a dump"),
    (&["decimal", "radix"], OFFSETS, "it is the base of the offsets of a dump"),
    (&["ebcdic"], OFFSETS, "it is for the characters beside the digits of a dump"),
    (&["upper"], SHAPED, "digits that are read may be of either case"),
    (&["color"], DUMPS, "only a dump has colours"),
    (&["panels"], &[Boxed], "panels are the parts of a box: --style box"),
    (&["offset"], DUMPS, "it is added to the offsets that a dump shows; with -r, -s is"),
    (&["skip"], &[Xxd, Hexdump, Od, Boxed, Plain, Array, Reverse, ReversePlain, Unpack], "all of it is taken"),
    (&["length"], &[Xxd, Hexdump, Od, Boxed, Plain, Array, Unpack], "all of it is taken"),
    (&["array", "include"], &[Array], "an array is another form"),
    (&["name", "capitals", "terminate"], &[Array], "it is for an array: -i, --array"),
    (&["reverse"], &[Reverse, ReversePlain], "-r reads what xxd has written as dump, -p or -b; --undump reads more"),
    (&["undump"], &[Undump], "it is another thing to do"),
    (&["from", "lenient", "max-gap"], &[Undump], "it is for a dump that is read by --undump"),
    (&["pack"], &[Xxd, Hexdump, Od, Boxed, Plain, Array, Pack], "it makes bytes, which can be dumped"),
    (&["unpack", "json"], &[Unpack], "it is for values that are unpacked: --unpack"),
    (&["version"], &[Xxd], "in xxd it prints the version, elsewhere no line is left out: --squeeze=never"),
];

impl Way {
    /// Finds the way that is asked for.
    pub(super) fn of(given: &Given) -> Result<Self, Failure> {
        let style = given.choice("style");
        if let (true, Some(style)) = (given.switch("plain"), style.filter(|style| *style != "plain")) {
            return Err(Failure::usage(format!("-p and --style {style} exclude each other")));
        }
        let is_plain = given.switch("plain") || style == Some("plain");
        let is_array = given.switch("include") || given.choice("array").is_some();
        Ok(match style {
            _ if given.switch("undump") => Undump,
            _ if given.switch("reverse") && is_plain => ReversePlain,
            None | Some("xxd") if given.switch("reverse") => Reverse,
            Some(style) if given.switch("reverse") => {
                return Err(Failure::usage(format!(
                    "-r does what xxd does, which does not read --style {style}; --undump does"
                )));
            }
            _ if given.text("unpack").is_some() => Unpack,
            _ if is_array => Array,
            None if is_plain => Plain,
            None if given.text("pack").is_some() => Pack,
            None | Some("xxd") => Xxd,
            Some("hexdump") => Hexdump,
            Some("od") => Od,
            Some("box") => Boxed,
            Some(_) => Plain,
        })
    }

    /// Tells whether a file that is written keeps what is in it.
    pub(super) const fn patches(self) -> bool {
        matches!(self, Reverse | ReversePlain)
    }

    /// Refuses the first flag that was typed and does not count.
    pub(super) fn check(self, given: &Given) -> Result<(), Failure> {
        for (flags, ways, why) in COUNTS.iter().filter(|(_, ways, _)| !ways.contains(&self)) {
            debug_assert!(!why.is_empty() || ways.len() == ALL.len(), "{flags:?}");
            if let Some(flag) = flags.iter().find(|flag| given.is_typed(flag)) {
                let flag = modes::name(flag);
                return Err(Failure::usage(format!("{flag} does not go with {}: {why}", self.words())));
            }
        }
        Ok(())
    }

    /// How it is asked for.
    const fn words(self) -> &'static str {
        match self {
            Xxd => "a dump like xxd's",
            Hexdump => "--style hexdump",
            Od => "--style od",
            Plain => "-p (--style plain)",
            Boxed => "--style box",
            Array => "an array (-i, --array)",
            Reverse => "-r (--reverse)",
            ReversePlain => "-r -p",
            Undump => "--undump",
            Pack => "--pack without a --style",
            Unpack => "--unpack",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::Face;
    use crate::flags;

    #[test]
    fn every_flag_has_one_row_and_counts_somewhere() {
        let listed = || COUNTS.iter().flat_map(|(flags, ..)| *flags);
        for flag in flags::of(Face::Hex) {
            assert_eq!(listed().filter(|id| **id == flag.id).count(), 1, "{}", flag.id);
        }
        for id in listed() {
            assert!(flags::of(Face::Hex).any(|flag| flag.id == *id), "{id} is no flag of hex");
        }
        assert!(COUNTS.iter().all(|(_, ways, _)| !ways.is_empty()));
    }
}
