//! The one table of flags: every flag of every job and dialect, with what it takes and what it means.
//!
//! From it come the parsers, `-h`, `--help`, the manual page and the completions. The rows stand by subject: `talk.rs`,
//! `read.rs`, `tcpdump.rs`, `hex.rs`, `bytes.rs`, and `common.rs` for what jobs of all kinds have. A long name means the same in every job (a test walks the
//! table); a short one belongs to the job and is its model's: OpenBSD nc for connect and listen, tcpdump for read, GNU's base64
//! for base64, xxd for hex.

mod bytes;
mod common;
mod hex;
mod read;
mod talk;
mod tcpdump;

use crate::face::Face;

/// One flag, or one operand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag {
    /// The name by which the code asks for it; unique among the flags of a face.
    pub(crate) id: &'static str,
    /// The long name, without the dashes.
    pub(crate) long: Option<&'static str>,
    /// The letter.
    pub(crate) short: Option<char>,
    /// Who has it.
    pub(crate) faces: &'static [Face],
    /// What follows it.
    pub(crate) takes: Takes,
    /// Under which heading help shows it; `None` for what needs none.
    pub(crate) group: Option<Group>,
    /// Whether few will need it: `-h` leaves it to `--help`.
    pub(crate) rare: bool,
    /// One line for `-h`, without a full stop.
    pub(crate) help: &'static str,
    /// More for `--help`; may be empty.
    pub(crate) more: &'static str,
}

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing: it is there or not.
    Switch,
    /// Nothing; it counts how often it is there.
    Count,
    /// One value.
    One(Kind),
    /// One value each time.
    Many(Kind),
    /// An optional value, joined by `=`; the text is what it means without.
    Maybe(Kind, &'static str),
    /// Operands: at least and at most so many.
    Operands(usize, usize),
    /// Words that name a topic of the manual, or none.
    Topic,
    /// Everything that follows, flags included.
    Rest,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `200ms`, `5s`, `2m`; a bare number is seconds.
    Duration,
    /// A number of bytes: `4K`, `1MiB`, `0x200`.
    Size,
    /// The same with a sign: `-16`, `+4K`.
    Signed,
    /// A whole number.
    Number,
    /// Words; the text names them in help.
    Text(&'static str),
    /// A file.
    Path,
    /// One of these; the text names them in help.
    Choice(&'static str, &'static [&'static str]),
}

/// The headings of help, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Peer,
    Capture,
    Lines,
    Dump,
    Forms,
    Bytes,
    Time,
    Output,
}

impl Group {
    /// Returns the words of the heading.
    pub(crate) const fn heading(self) -> &'static str {
        match self {
            Self::Peer => "Peer",
            Self::Capture => "Capture",
            Self::Lines => "Lines",
            Self::Dump => "Dump",
            Self::Forms => "Other forms, and back",
            Self::Bytes => "Bytes",
            Self::Time => "Time and the end",
            Self::Output => "Output",
        }
    }
}

impl Flag {
    /// What most rows do not have.
    const BARE: Self = Self {
        id: "",
        long: None,
        short: None,
        faces: &[],
        takes: Takes::Switch,
        group: None,
        rare: false,
        help: "",
        more: "",
    };
}

/// Lists every flag there is, in the order of help.
pub(crate) fn all() -> impl Iterator<Item = &'static Flag> {
    [talk::FLAGS, read::FLAGS, tcpdump::FLAGS, hex::FLAGS, bytes::FLAGS, common::FLAGS].into_iter().flatten()
}

/// Lists the flags that jobs have, not only dialects.
pub(crate) fn of_jobs() -> impl Iterator<Item = &'static Flag> {
    all().filter(|flag| flag.faces.iter().any(|face| face.is_job()))
}

/// Lists the flags of a face in the order of the table.
pub(crate) fn of(face: Face) -> impl Iterator<Item = &'static Flag> {
    all().filter(move |flag| flag.faces.contains(&face))
}

impl Kind {
    /// What help calls the value.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Duration => "DURATION",
            Self::Size => "BYTES",
            Self::Signed => "[-]BYTES",
            Self::Number => "N",
            Self::Text(name) | Self::Choice(name, _) => name,
            Self::Path => "FILE",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_long_name_means_the_same_in_every_job() {
        let mut meanings: BTreeMap<&str, (&str, Takes)> = BTreeMap::new();
        for flag in of_jobs() {
            let Some(long) = flag.long else { continue };
            // What there is to choose from may be the job's: a dialect does one job.
            let takes = match flag.takes {
                Takes::One(Kind::Choice(name, _)) => Takes::One(Kind::Choice(name, &[])),
                takes => takes,
            };
            let meaning = (flag.id, takes);
            assert_eq!(*meanings.entry(long).or_insert(meaning), meaning, "--{long} has two meanings");
        }
    }

    #[test]
    fn a_face_has_no_letter_and_no_id_twice() {
        for face in Face::ALL {
            let mut letters: Vec<_> = of(*face).filter_map(|flag| flag.short).collect();
            let mut ids: Vec<_> = of(*face).map(|flag| flag.id).collect();
            let (letter_count, id_count) = (letters.len(), ids.len());
            letters.sort_unstable();
            letters.dedup();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!((letters.len(), ids.len()), (letter_count, id_count), "{face:?}");
        }
    }

    #[test]
    fn help_lines_fit_and_end_without_a_stop() {
        for flag in all() {
            assert!(!flag.help.ends_with('.') && !flag.help.is_empty(), "{}", flag.id);
            assert!(flag.help.chars().count() <= 95, "{}: {}", flag.id, flag.help.chars().count());
        }
    }

    #[test]
    fn every_flag_of_a_job_that_has_many_is_in_a_group() {
        let has_groups = |face: &Face| of(*face).any(|flag| flag.group.is_some());
        for face in Face::jobs().filter(has_groups) {
            for flag in of(face).filter(|flag| flag.long.is_some() || flag.short.is_some()) {
                assert!(flag.group.is_some(), "{face:?}: {}", flag.id);
            }
        }
    }

    #[test]
    fn shared_letters_are_the_same_everywhere() {
        for flag in all() {
            let expected = match flag.short {
                Some('4') => "ipv4",
                Some('6') => "ipv6",
                _ => continue,
            };
            assert_eq!(flag.id, expected);
        }
    }
}
