//! The faces of the command: its jobs, and the dialects of the tools it stands for.
//!
//! What is known of a face is one [`Record`], which stands in the file of its code; here is only who they are. A new job is
//! its file in `cmd/`, a line in `faces!`, and its rows among the flags.

use std::ffi::{OsStr, OsString};

use crate::args::Given;
use crate::exit::Outcome;
use crate::flags::{self, Takes};
use crate::{cmd, dialect};

/// What is known of a job or a dialect.
#[derive(Debug)]
pub(crate) struct Record {
    /// The word that is typed.
    pub(crate) name: &'static str,
    /// What it does, in one line.
    pub(crate) about: &'static str,
    /// How it is typed, one form a line.
    pub(crate) usage: &'static [&'static str],
    pub(crate) kind: Kind,
}

/// Which of the two it is, and how it is run.
#[derive(Debug)]
pub(crate) enum Kind {
    Job(Job),
    Dialect(Dialect),
}

/// A job of `jack`.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) run: fn(&Given) -> Outcome,
    /// Whether `jack explain` can rehearse it.
    pub(crate) plans: bool,
    /// Examples for `--help`: a command and what it does.
    pub(crate) examples: &'static [(&'static str, &'static str)],
    /// The references of the manual that belong to it.
    pub(crate) references: &'static [&'static str],
}

/// The dialect of a tool.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// What else the tool is called.
    pub(crate) aliases: &'static [&'static str],
    /// Runs it, called by a word that begins its messages; returns the exit code.
    pub(crate) run: fn(&OsStr, Vec<OsString>) -> u8,
    /// Runs it for `jack explain`, with the door in dry mode: what it would say is not said.
    pub(crate) rehearse: fn(&OsStr, Vec<OsString>) -> Result<(), String>,
}

/// Makes the faces from their records.
macro_rules! faces {
    ($($face:ident => $record:path,)*) => {
        /// A job or a dialect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Face {
            $($face,)*
        }

        impl Face {
            /// Lists every face, in the order of help.
            pub(crate) const ALL: &[Self] = &[$(Self::$face,)*];

            /// Returns what is known of it.
            pub(crate) const fn record(self) -> &'static Record {
                match self {
                    $(Self::$face => &$record,)*
                }
            }
        }
    };
}

faces! {
    Connect => cmd::connect::JOB,
    Listen => cmd::listen::JOB,
    Relay => cmd::relay::JOB,
    Resolve => cmd::resolve::JOB,
    Read => cmd::read::JOB,
    Base64 => cmd::base64::JOB,
    Hex => cmd::hex::JOB,
    Explain => cmd::explain::JOB,
    Doctor => cmd::doctor::JOB,
    Tour => cmd::tour::JOB,
    Gen => cmd::generate::JOB,
    Nc => dialect::nc::DIALECT,
    Tcpdump => dialect::tcpdump::DIALECT,
    GnuBase64 => dialect::basenc::BASE64,
    GnuBase32 => dialect::basenc::BASE32,
    Basenc => dialect::basenc::BASENC,
    Xxd => dialect::xxd::DIALECT,
}

impl Face {
    /// Returns the word that is typed.
    pub(crate) const fn name(self) -> &'static str {
        self.record().name
    }

    /// Lists the jobs of `jack`.
    pub(crate) fn jobs() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|face| face.is_job())
    }

    /// Lists the dialects.
    pub(crate) fn dialects() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|face| !face.is_job())
    }

    /// Returns what a job has and a dialect has not.
    pub(crate) const fn as_job(self) -> Option<&'static Job> {
        match &self.record().kind {
            Kind::Job(job) => Some(job),
            Kind::Dialect(_) => None,
        }
    }

    /// Returns what a dialect has and a job has not.
    pub(crate) const fn as_dialect(self) -> Option<&'static Dialect> {
        match &self.record().kind {
            Kind::Job(_) => None,
            Kind::Dialect(dialect) => Some(dialect),
        }
    }

    /// Tells whether it is a job of `jack`, not a dialect.
    pub(crate) const fn is_job(self) -> bool {
        self.as_job().is_some()
    }

    /// Finds the job of a name.
    pub(crate) fn job(name: &str) -> Option<Self> {
        Self::jobs().find(|face| face.name() == name)
    }

    /// Finds the dialect of a name: that of the tool, or what else it is called.
    pub(crate) fn dialect(name: &str) -> Option<Self> {
        Self::dialects().find(|face| {
            face.name() == name || face.as_dialect().is_some_and(|dialect| dialect.aliases.contains(&name))
        })
    }

    /// Lists the tools whose dialects do the work of this job: what its `--dialect` takes.
    pub(crate) fn spoken(self) -> &'static [&'static str] {
        let flag = flags::of(self).find(|flag| flag.id == "dialect");
        match flag.map(|flag| flag.takes) {
            Some(Takes::One(flags::Kind::Choice(_, tools))) => tools,
            _ => &[],
        }
    }
}
