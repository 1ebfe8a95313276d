//! The ways in which `jack read` runs, and the one table that says which flag counts in which: what does not count is
//! refused, with the reason. A test wants a row for every flag.

use std::ffi::OsStr;

use jackfield::wire::stack;

use crate::args::Given;
use crate::exit::{Exit, Failure};
use crate::modes;
use crate::render::error::Advised;

/// What is made of the packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Lines,
    Json,
    Table,
    Tree,
    Count,
    Write,
    /// No packets: the list of fields.
    Fields,
}

use Way::{Count, Fields, Json, Lines, Table, Tree, Write};

const ALL: &[Way] = &[Lines, Json, Table, Tree, Count, Write, Fields];
/// Those that read.
const READING: &[Way] = &[Lines, Json, Table, Tree, Count, Write];
/// Those that look into packets.
const SHOWING: &[Way] = &[Lines, Json, Table, Tree];

/// Flags, the ways in which they count, and why they do not in the others.
#[rustfmt::skip]
const COUNTS: &[(&[&str], &[Way], &str)] = &[
    (&["dialect", "trace", "trace-file"], ALL, ""),
    (&["captures", "read-file", "max-count", "filter-file"], READING, "the list of fields reads no packets"),
    (&["snapshot-length"], &[Lines, Json, Table, Tree, Write], "it needs no bytes of packets"),
    (&["linktype"], &[Lines, Json, Table, Tree, Write], "it does not look at packets"),
    (&["decode-as"], SHOWING, "it does not look into packets"),
    (&["verbose", "quiet", "link-header", "number", "stamp", "absolute"], &[Lines], "it is for lines of text"),
    (&["hex", "hex-and-ascii", "ascii"], &[Lines], "bytes are shown behind lines of text"),
    // No way but that of lines names anything, so that it is obeyed in all; fingers that know tcpdump type it with -w.
    (&["no-resolve"], READING, "the list of fields names no addresses"),
    (&["resolve", "short-names"], &[Lines], "names are for lines of text"),
    (&["nano", "micro"], &[Lines, Write], "times are told exactly"),
    (&["line-buffered"], SHOWING, "there are no lines that could come later"),
    (&["tree"], &[Tree], "a tree is another form"),
    (&["field"], &[Table], "chosen fields are another form"),
    (&["format"], &[Table], "it is how the values of --field are written"),
    (&["json"], &[Json, Count, Fields], "JSON is another form; fields have --format json"),
    (&["count"], &[Count], "a number is another form"),
    (&["fields"], &[Fields], "the list of fields reads no packets"),
    (&["output"], &[Write], "a capture is another form"),
];

impl Way {
    /// Finds the way that is asked for.
    pub(super) fn of(given: &Given) -> Self {
        if given.is_typed("fields") {
            Fields
        } else if given.switch("count") {
            Count
        } else if given.text("output").is_some() {
            Write
        } else if given.is_typed("field") || given.is_typed("format") {
            Table
        } else if given.switch("tree") {
            Tree
        } else if given.switch("json") {
            Json
        } else {
            Lines
        }
    }

    /// Refuses the first flag that was typed and does not count.
    pub(super) fn check(self, given: &Given) -> Result<(), Failure> {
        for (flags, ways, why) in COUNTS.iter().filter(|(_, ways, _)| !ways.contains(&self)) {
            debug_assert!(!why.is_empty() || ways.len() == ALL.len(), "{flags:?}");
            if let Some(flag) = flags.iter().find(|flag| given.is_typed(flag)) {
                if *flag == "captures" {
                    let words = given.all("captures");
                    return Err(operand_of_fields(&words.first().cloned().unwrap_or_default()));
                }
                let flag = modes::name(flag);
                return Err(Failure::usage(format!("{flag} does not go with {}: {why}", self.words())));
            }
        }
        if self == Table && !given.is_typed("field") {
            return Err(Failure::usage("--format is for the fields of --field: name some"));
        }
        if given.switch("short-names") && !given.switch("resolve") {
            return Err(Failure::usage("-N shortens the names of --resolve"));
        }
        Ok(())
    }

    /// How it is asked for.
    const fn words(self) -> &'static str {
        match self {
            Lines => "lines of text",
            Json => "--json",
            Table => "--field",
            Tree => "--tree",
            Count => "--count",
            Write => "--output",
            Fields => "--fields",
        }
    }
}

/// What is said of a word behind `--fields`, which takes its protocol with `=` because it needs none.
fn operand_of_fields(word: &OsStr) -> Failure {
    let word = word.to_string_lossy().escape_debug().to_string();
    let words = format!("--fields reads no capture, and '{word}' stands there as one");
    let fix = Some(if stack::named(&word).is_some() {
        format!("jack read --fields={word} lists the fields of this protocol")
    } else {
        "leave it out; jack read --fields=tcp lists the fields of one protocol".to_owned()
    });
    Failure { exit: Exit::Usage, ..Failure::failed(Advised { words, fix }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::Face;
    use crate::flags;

    #[test]
    fn every_flag_has_one_row_and_counts_somewhere() {
        let listed = || COUNTS.iter().flat_map(|(flags, ..)| *flags);
        for flag in flags::of(Face::Read) {
            assert_eq!(listed().filter(|id| **id == flag.id).count(), 1, "{}", flag.id);
        }
        for id in listed() {
            assert!(flags::of(Face::Read).any(|flag| flag.id == *id), "{id} is no flag of read");
        }
        assert!(COUNTS.iter().all(|(_, ways, _)| !ways.is_empty()));
    }
}
