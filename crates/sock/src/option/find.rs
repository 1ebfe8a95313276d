//! Finding rows: by the name that a person types, and by the number that a trace has.

use std::fmt;

use sys::c;

use super::{Opt, all};

/// Finds an option by its name, in any case, with or without its prefix: `SO_REUSEADDR`, `so_reuseaddr`, `reuseaddr`.
///
/// ```
/// use jackfield_sock::option;
///
/// assert_eq!(option::by_name("nodelay")?.name, "TCP_NODELAY");
/// assert_eq!(option::by_name("recverr").unwrap_err().candidates, ["IP_RECVERR", "IPV6_RECVERR"]);
/// # Ok::<(), option::UnknownName>(())
/// ```
///
/// # Errors
/// [`UnknownName`] when no option has the name, or several have it without their prefix.
pub fn by_name(name: &str) -> Result<&'static Opt, UnknownName> {
    let wanted = name.to_ascii_uppercase().replace('-', "_");
    if let Some(row) = all().find(|row| names(row).any(|name| name == wanted)) {
        return Ok(row);
    }
    let mut same = all().filter(|row| names(row).any(|name| bare(name) == wanted));
    match (same.next(), same.next()) {
        (Some(row), None) => Ok(row),
        (Some(one), Some(two)) => {
            let candidates = [one, two].into_iter().chain(same).map(|row| row.name).collect();
            Err(UnknownName { name: name.to_owned(), candidates, ambiguous: true })
        }
        (None, _) => Err(UnknownName { name: name.to_owned(), candidates: near(&wanted), ambiguous: false }),
    }
}

/// Finds an option by its level and number, as a trace has them.
#[must_use]
pub fn by_number(level: i32, number: i32) -> Option<&'static Opt> {
    all().find(|row| row.level == level && row.number == number)
}

/// Names a level: `"SOL_SOCKET"`; `None` for a number that has no name here.
#[must_use]
pub fn level_name(level: i32) -> Option<&'static str> {
    LEVELS.iter().find(|(_, number)| *number == level).map(|(name, _)| *name)
}

/// Finds a level by its name, in any case, with or without `SOL_` or `IPPROTO_`.
#[must_use]
pub fn level_by_name(name: &str) -> Option<i32> {
    let wanted = name.to_ascii_uppercase();
    let wanted = wanted.strip_prefix("SOL_").or_else(|| wanted.strip_prefix("IPPROTO_")).unwrap_or(&wanted);
    LEVELS.iter().find(|(name, _)| name.strip_prefix("SOL_") == Some(wanted)).map(|(_, number)| *number)
}

macro_rules! levels {
    ($($name:ident = $path:path),+ $(,)?) => {
        /// Every level that has a name here.
        const LEVELS: &[(&str, i32)] = &[$((stringify!($name), $path)),+];
    };
}

levels! {
    SOL_SOCKET = c::SOL_SOCKET, SOL_IP = c::SOL_IP, SOL_ICMP = c::option::SOL_ICMP, SOL_TCP = c::SOL_TCP,
    SOL_UDP = c::SOL_UDP, SOL_IPV6 = c::SOL_IPV6, SOL_ICMPV6 = c::option::SOL_ICMPV6, SOL_SCTP = c::option::SOL_SCTP,
    SOL_UDPLITE = c::option::SOL_UDPLITE, SOL_RAW = c::SOL_RAW, SOL_PACKET = c::SOL_PACKET,
    SOL_NETLINK = c::SOL_NETLINK, SOL_DCCP = c::option::SOL_DCCP, SOL_TIPC = c::option::SOL_TIPC,
    SOL_RXRPC = c::option::SOL_RXRPC, SOL_BLUETOOTH = c::option::SOL_BLUETOOTH, SOL_ALG = c::option::SOL_ALG,
    SOL_KCM = c::option::SOL_KCM, SOL_TLS = c::option::SOL_TLS, SOL_XDP = c::option::SOL_XDP,
    SOL_MPTCP = c::option::SOL_MPTCP, SOL_VSOCK = c::option::SOL_VSOCK, SOL_CAN_BASE = c::option::SOL_CAN_BASE,
    SOL_CAN_RAW = c::option::SOL_CAN_RAW,
}

/// A name that leads to no option, or to several.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownName {
    /// What was asked for.
    pub name: String,
    /// The options that it may have meant.
    pub candidates: Vec<&'static str>,
    /// Whether it is short for each of the candidates.
    pub ambiguous: bool,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, candidates) = (self.name.escape_debug(), self.candidates.join(", "));
        if self.ambiguous {
            write!(f, "socket option \"{name}\" is one of {candidates}: write it out")
        } else if candidates.is_empty() {
            write!(
                f,
                "no socket option is called \"{name}\": give its numbers instead, LEVEL:NUMBER=VALUE, \
                 where VALUE is an integer or hex:…"
            )
        } else {
            write!(f, "no socket option is called \"{name}\": did you mean {candidates}?")
        }
    }
}

impl std::error::Error for UnknownName {}

/// A row's names, its own first.
fn names(row: &Opt) -> impl Iterator<Item = &'static str> {
    std::iter::once(row.name).chain(row.aliases.iter().copied())
}

/// Cuts the prefix off a name: `SO_REUSEADDR` is `REUSEADDR`.
fn bare(name: &str) -> &str {
    name.split_once('_').map_or(name, |(_, bare)| bare)
}

/// Names up to three options that a name may have been meant for: one holds it, or at most two letters differ; of a
/// short one, a third of them.
fn near(wanted: &str) -> Vec<&'static str> {
    let wanted: String = wanted.chars().take(64).collect();
    let mut found: Vec<(usize, &'static str)> = all()
        .flat_map(names)
        .map(|name| (distance(name, &wanted).min(distance(bare(name), &wanted)), name))
        .filter(|(distance, name)| {
            *distance <= 2.min(wanted.len() / 3) || (wanted.len() > 3 && name.contains(&wanted))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).take(3).collect()
}

/// Counts the letters to insert, delete or replace: Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut corner = i;
        for (j, y) in b.chars().enumerate() {
            let Some(above) = row.get(j + 1).copied() else { break };
            let here = (corner + usize::from(x != y)).min(above + 1).min(left + 1);
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            (corner, left) = (above, here);
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_with_and_without_prefix() {
        for name in ["SO_REUSEADDR", "so_reuseaddr", "REUSEADDR", "reuseaddr"] {
            assert_eq!(by_name(name).unwrap().name, "SO_REUSEADDR");
        }
        assert_eq!(by_name("ip-add-membership").unwrap().name, "IP_ADD_MEMBERSHIP");
        assert_eq!(by_name("IPV6_JOIN_GROUP").unwrap().name, "IPV6_ADD_MEMBERSHIP");
        assert_eq!(
            by_name("cork").unwrap_err().to_string(),
            "socket option \"cork\" is one of TCP_CORK, UDP_CORK: write it out"
        );
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(by_name("TCP_NODELY").unwrap_err().candidates, ["TCP_NODELAY"]);
        assert_eq!(by_name("broadcst").unwrap_err().candidates, ["SO_BROADCAST"]);
        assert!(by_name("reuse").unwrap_err().candidates.contains(&"SO_REUSEADDR"));
        assert_eq!(by_name("mrk").unwrap_err().candidates, ["SO_MARK"]);
        assert!(by_name("FOO").unwrap_err().candidates.is_empty(), "two letters of three are another word");
        assert!(by_name(&"x".repeat(100_000)).unwrap_err().candidates.is_empty());
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("abc", "")), (3, 3, 3));
    }

    #[test]
    fn numbers_have_names() {
        assert_eq!(by_number(c::SOL_TCP, 1).unwrap().name, "TCP_NODELAY");
        assert_eq!(by_number(c::SOL_IP, 80).unwrap().name, "SO_ORIGINAL_DST");
        assert_eq!(by_number(c::SOL_TCP, 4242), None);
        assert_eq!((level_name(c::SOL_UDP), level_name(4242)), (Some("SOL_UDP"), None));
        assert_eq!(
            (level_by_name("ipproto_tcp"), level_by_name("Socket")),
            (Some(c::SOL_TCP), Some(c::SOL_SOCKET))
        );
    }

    #[test]
    fn no_name_is_two_options() {
        let mut all_names: Vec<_> = all().flat_map(names).collect();
        all_names.sort_unstable();
        let len = all_names.len();
        all_names.dedup();
        assert_eq!(all_names.len(), len);
    }
}
