//! The whole table as one list: every operation and every socket option, each with the same eight columns.
//!
//! The rows themselves stand where they belong, operations in `table.rs` and options in the module of their level; here
//! they are only brought into one shape, for who wants to list or search them all.

use std::fmt;

use sys::door::Side;

use super::table::{Row, rows};
use crate::option::{self, Opt};

/// One line of the whole table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, such as `"recv"` or `"SO_REUSEADDR"`.
    pub name: &'static str,
    /// Its number.
    pub number: Number,
    /// What it is made of: the signature of an operation, the type of an option's value.
    pub kind: &'static str,
    /// Where it happens; options are kept in the kernel.
    pub side: Side,
    /// What it takes, `"none"` for most.
    pub privilege: String,
    /// The kernel that brought it, `""` for what happens in the program.
    pub since: &'static str,
    /// What it does.
    pub why: &'static str,
    /// The manual page, or for some options a file of the kernel's own documentation.
    pub man: &'static str,
}

/// The number by which the kernel knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// None: it happens in the program.
    None,
    /// Of a system call, on this machine.
    Call(i64),
    /// Of a socket option.
    Option {
        /// The level, `SOL_…`.
        level: i32,
        /// The number on that level.
        number: i32,
    },
}

/// Walks over the whole table: the operations in the order of [`Op::ALL`](crate::Op::ALL), then the options level by
/// level.
///
/// ```
/// use jackfield_sock::trace;
///
/// let known: Vec<_> = trace::entries().filter(|entry| entry.privilege.contains("CAP_NET_RAW")).collect();
/// assert!(known.iter().any(|entry| entry.name == "socket"));
/// assert!(known.iter().any(|entry| entry.name == "SO_MARK"));
/// ```
pub fn entries() -> impl Iterator<Item = Entry> {
    rows().iter().map(Entry::from).chain(option::all().map(Entry::from))
}

impl From<&Row> for Entry {
    fn from(row: &Row) -> Self {
        Self {
            name: row.op.name(),
            number: row.number.map_or(Number::None, Number::Call),
            kind: row.signature,
            side: row.side,
            privilege: row.privilege.to_owned(),
            since: row.since,
            why: row.why,
            man: row.man,
        }
    }
}

impl From<&Opt> for Entry {
    fn from(row: &Opt) -> Self {
        let privilege = row.privilege.map(|privilege| format!("{} {}", privilege.names(), privilege.when));
        Self {
            name: row.name,
            number: Number::Option { level: row.level, number: row.number },
            kind: row.kind.c_type(),
            side: Side::Kernel,
            privilege: privilege.unwrap_or_else(|| "none".to_owned()),
            since: row.since,
            why: row.about,
            man: row.manual,
        }
    }
}

impl fmt::Display for Number {
    /// Writes `45` of a call, `SOL_SOCKET 2` of an option, `-` of nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("-"),
            Self::Call(number) => number.fmt(f),
            Self::Option { level, number } => match option::level_name(*level) {
                Some(level) => write!(f, "{level} {number}"),
                None => write!(f, "{level} {number}"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sys::Op;

    use super::*;

    #[test]
    fn the_list_is_whole() {
        let entries: Vec<_> = entries().collect();
        assert_eq!(entries.len(), Op::ALL.len() + option::all().count());
        let names: HashSet<_> = entries.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), entries.len(), "each stands there once");
        let options: HashSet<_> = entries
            .iter()
            .filter_map(|entry| match entry.number {
                Number::Option { level, number } => Some((level, number)),
                _ => None,
            })
            .collect();
        assert_eq!(options.len(), option::all().count());
    }

    #[test]
    fn every_entry_has_all_eight_columns() {
        for entry in entries() {
            let name = entry.name;
            assert!(!name.is_empty() && name.is_ascii());
            assert!(!entry.kind.is_empty(), "{name}: a type");
            assert!(!entry.privilege.is_empty(), "{name}: \"none\" is a rule too");
            assert!(entry.why.ends_with('.') && entry.why.contains(' '), "{name}: {}", entry.why);
            assert!(!entry.man.is_empty(), "{name}: where it is documented");
            let kernel = entry.side == Side::Kernel;
            assert_eq!(kernel, entry.number != Number::None, "{name}: what the kernel does has a number");
            assert_eq!(kernel, !entry.since.is_empty(), "{name}: and a first version");
            assert!(entry.since.split('.').all(|part| !kernel || part.parse::<u32>().is_ok()), "{name}");
        }
    }

    #[test]
    fn numbers_are_those_of_the_kernel() {
        let of = |wanted: &str| entries().find(|entry| entry.name == wanted).unwrap();
        // `asm/unistd.h` of each machine.
        let socket = if cfg!(target_arch = "aarch64") { 198 } else { 41 };
        assert_eq!(of("socket").number, Number::Call(socket));
        assert_eq!(of("recv").kind, "ssize_t recv(int fd, void *buffer, size_t length, int flags)");
        assert_eq!(of("htons").number.to_string(), "-");
        let reuse = of("SO_REUSEADDR");
        assert_eq!((reuse.number.to_string().as_str(), reuse.kind), ("SOL_SOCKET 2", "int, 0 or 1"));
        assert_eq!(of("SO_LINGER").kind, "struct linger");
        assert_eq!(of("SO_MARK").privilege, "CAP_NET_ADMIN or CAP_NET_RAW to set");
    }
}
