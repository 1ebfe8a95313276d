//! From a host's name to its addresses and back: the hosts file, the names of the loopback, then DNS with the search
//! domains.
//!
//! "localhost" and what ends in ".localhost" are the loopback without asking anybody (RFC 6761 section 6.3); the hosts
//! file comes first. When several domains are tried, the best failure is told: a name without addresses before a server
//! that failed before a name that does not exist. A server that is silent ends the search, as each domain would cost
//! another wait. Sources: resolv.conf(5), hostname(7).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Resolver;
use super::chain::Found;
use super::conf::Conf;
use super::destination::Scoped;
use super::files::{HostLine, host_lines};
use super::message::{A, AAAA, Data, DomainName, PTR};
use crate::error::Result;
use crate::interface;
use crate::name::error::Why;
use crate::name::{Eai, Reason, gethostname};
use crate::text::broken_v4;
use crate::timeout::Deadline;

/// The longest name in its text form, without a dot at its end.
const NAME_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// Which families are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Families {
    pub(super) v4: bool,
    pub(super) v6: bool,
}

impl Families {
    pub(super) const BOTH: Self = Self { v4: true, v6: true };
    pub(super) const V4: Self = Self { v4: true, v6: false };

    pub(super) const fn has(self, ip: IpAddr) -> bool {
        match ip {
            IpAddr::V4(_) => self.v4,
            IpAddr::V6(_) => self.v6,
        }
    }

    fn kinds(self) -> Vec<u16> {
        [(self.v4, A), (self.v6, AAAA)].into_iter().filter(|(is, _)| *is).map(|(_, kind)| kind).collect()
    }
}

/// A host with all that was found out about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) addresses: Vec<Scoped>,
}

impl Resolver {
    /// Finds the addresses of a name that is no address itself.
    pub(super) fn host(
        &self,
        name: &[u8],
        families: Families,
        deadline: Deadline,
    ) -> std::result::Result<Host, Why> {
        check_length(name)?;
        if let Some(host) = self.host_in_file(name, families)? {
            return Ok(host);
        }
        if is_localhost(name) {
            return Ok(loopback(families));
        }
        if is_invalid(name) {
            return Err(why(Reason::NeverExists));
        }
        if let Some(broken) = broken_v4(name) {
            return Err(why(Reason::BrokenAddress(broken)));
        }
        check_labels(name)?;
        let conf = self.conf()?;
        let candidates = candidates(name, &conf)?;
        let client = self.client(conf, deadline);
        let mut failure = None;
        for candidate in candidates {
            let mut reasons = Vec::new();
            let mut host: Option<Host> = None;
            for outcome in client.look_up(&candidate, &families.kinds())? {
                match outcome {
                    Ok(found) => add(host.get_or_insert_with(|| described(&found)), &found),
                    Err(reason) => reasons.push(reason),
                }
            }
            if let Some(host) = host {
                return Ok(host);
            }
            // A name that does not exist has no records of any type (RFC 8020); else what is not known comes first.
            let reason = reasons.into_iter().max_by_key(|reason| match reason {
                Reason::NoSuchName(_) => 3,
                Reason::NoAnswer(_) => 2,
                Reason::EndlessAliases(_) => 1,
                _ => 0,
            });
            let Some(reason) = reason else { continue };
            if is_silence(&reason) {
                return Err(why(reason));
            }
            if failure.as_ref().is_none_or(|before| weight(&reason) > weight(before)) {
                failure = Some(reason);
            }
        }
        Err(failure.map_or(Why(Eai::NoName, Reason::TooLong(name.len())), why))
    }

    /// Finds the names of an address.
    pub(super) fn host_of(&self, ip: IpAddr, deadline: Deadline) -> std::result::Result<Host, Why> {
        let addresses = vec![(ip, 0)];
        let ip = ip.to_canonical();
        if let Some(text) = self.hosts.read()?
            && let Some(line) = host_lines(&text).find(|line| line.ip == ip)
        {
            let mut names = line.names.iter().map(|name| shown(name));
            let name = names.next().unwrap_or_default();
            return Ok(Host { name, aliases: names.collect(), addresses });
        }
        if ip.is_loopback() {
            return Ok(Host { name: LOCALHOST.to_owned(), aliases: Vec::new(), addresses });
        }
        let Some(name) = DomainName::from_text(arpa_name(ip).as_bytes()) else {
            return Err(Why(Eai::NoName, Reason::EmptyLabel));
        };
        let outcome = self.client(self.conf()?, deadline).look_up(&name, &[PTR])?.pop();
        match outcome {
            Some(Ok(found)) => {
                let mut names = found.data.iter().filter_map(|data| match data {
                    Data::Ptr(name) => Some(name.to_text()),
                    _ => None,
                });
                let name = names.next().unwrap_or_default();
                Ok(Host { name, aliases: names.collect(), addresses })
            }
            // That an address has no name is no "address associated with hostname".
            Some(Err(reason @ Reason::NoData(_))) => Err(Why(Eai::NoName, reason)),
            Some(Err(reason)) => Err(why(reason)),
            None => Err(why(Reason::NoAnswer(Vec::new()))),
        }
    }

    /// Returns the domain that this host is in: the first search domain.
    pub(super) fn own_domain(&self) -> Result<Option<Vec<u8>>> {
        Ok(search_domains(&self.conf()?)?.into_iter().next())
    }

    fn host_in_file(&self, name: &[u8], families: Families) -> Result<Option<Host>> {
        let Some(text) = self.hosts.read()? else { return Ok(None) };
        let mut host: Option<Host> = None;
        for line in host_lines(&text).filter(|line| line.has(name) && families.has(line.ip)) {
            let scope = match line.scope {
                None => 0,
                Some(scope) => match interface::scope_id(scope) {
                    Some(scope) => scope,
                    None => continue,
                },
            };
            let host = host.get_or_insert_with(|| named(&line));
            let address = (line.ip, scope);
            if !host.addresses.contains(&address) {
                host.addresses.push(address);
            }
            for alias in line.names.iter().map(|name| shown(name)) {
                if alias != host.name && !host.aliases.contains(&alias) {
                    host.aliases.push(alias);
                }
            }
        }
        Ok(host)
    }
}

const LOCALHOST: &str = "localhost";

/// Refuses what can be no name at all.
fn check_length(name: &[u8]) -> std::result::Result<(), Why> {
    let len = name.strip_suffix(b".").unwrap_or(name).len();
    let no = |reason| Err(Why(Eai::NoName, reason));
    match name.iter().position(|byte| *byte == 0) {
        Some(at) => no(Reason::BadByte { byte: 0, at }),
        None if len > NAME_MAX => no(Reason::TooLong(len)),
        None => Ok(()),
    }
}

/// Refuses what no server can know: parts too long or empty, bytes that host names do not have. An underscore passes.
/// Source: RFC 1035 section 2.3, RFC 1123 section 2.1.
fn check_labels(name: &[u8]) -> std::result::Result<(), Why> {
    let no = |reason| Err(Why(Eai::NoName, reason));
    let is_bad = |byte: &u8| !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    if let Some((at, byte)) = name.iter().enumerate().find(|(_, byte)| is_bad(byte)) {
        return no(Reason::BadByte { byte: *byte, at });
    }
    for label in name.strip_suffix(b".").unwrap_or(name).split(|byte| *byte == b'.') {
        match label.len() {
            0 => return no(Reason::EmptyLabel),
            len if len > LABEL_MAX => return no(Reason::LabelTooLong(len)),
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn is_localhost(name: &[u8]) -> bool {
    last_label(name).eq_ignore_ascii_case(LOCALHOST.as_bytes())
}

/// Tells whether a name is under `.invalid`, where nothing ever is (RFC 6761 section 6.4).
fn is_invalid(name: &[u8]) -> bool {
    last_label(name).eq_ignore_ascii_case(b"invalid")
}

fn last_label(name: &[u8]) -> &[u8] {
    let name = name.strip_suffix(b".").unwrap_or(name);
    name.rsplit(|byte| *byte == b'.').next().unwrap_or_default()
}

fn loopback(families: Families) -> Host {
    let both = [IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let addresses = both.into_iter().filter(|ip| families.has(*ip)).map(|ip| (ip, 0)).collect();
    Host { name: LOCALHOST.to_owned(), aliases: Vec::new(), addresses }
}

/// Lists the names to ask for, in order: the name as it is, before or after those in the search domains.
fn candidates(name: &[u8], conf: &Conf) -> Result<Vec<DomainName>> {
    let as_it_is = DomainName::from_text(name);
    if name.ends_with(b".") {
        return Ok(as_it_is.into_iter().collect());
    }
    let dots = name.iter().filter(|byte| **byte == b'.').count();
    let in_domains = search_domains(conf)?;
    // The root as a search domain is the name as it is.
    let mut list: Vec<_> = in_domains
        .iter()
        .filter_map(|domain| {
            DomainName::from_text(&[name, b".", domain.strip_prefix(b".").unwrap_or(domain)].concat())
        })
        .collect();
    if let Some(as_it_is) = as_it_is {
        let at = if dots >= conf.ndots { 0 } else { list.len() };
        list.insert(at, as_it_is);
    }
    let mut seen: Vec<DomainName> = Vec::new();
    for name in list {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    Ok(seen)
}

/// Returns the search domains; when the file names none, the one that this host's own name is in.
fn search_domains(conf: &Conf) -> Result<Vec<Vec<u8>>> {
    if let Some(search) = &conf.search {
        return Ok(search.clone());
    }
    let own = gethostname()?;
    Ok(own.split_once('.').map(|(_, domain)| domain.as_bytes().to_vec()).into_iter().collect())
}

fn named(line: &HostLine<'_>) -> Host {
    let name = line.names.first().map(|name| shown(name)).unwrap_or_default();
    Host { name, aliases: Vec::new(), addresses: Vec::new() }
}

fn described(found: &Found) -> Host {
    Host {
        name: found.canonical.to_text(),
        aliases: found.aliases.iter().map(DomainName::to_text).collect(),
        addresses: Vec::new(),
    }
}

fn add(host: &mut Host, found: &Found) {
    for data in &found.data {
        let ip = match data {
            Data::A(v4) => IpAddr::V4(*v4),
            Data::Aaaa(v6) => IpAddr::V6(*v6),
            _ => continue,
        };
        if !host.addresses.contains(&(ip, 0)) {
            host.addresses.push((ip, 0));
        }
    }
}

/// A name of a file as text that any terminal may see.
fn shown(name: &[u8]) -> String {
    name.escape_ascii().to_string()
}

/// Says how a reason is told by an `EAI_…` code.
fn why(reason: Reason) -> Why {
    let eai = match &reason {
        Reason::NoData(_) => Eai::NoData,
        Reason::NoAnswer(troubles)
            if troubles.is_empty() || troubles.iter().any(|trouble| trouble.what.is_temporary()) =>
        {
            Eai::Again
        }
        Reason::NoAnswer(_) | Reason::EndlessAliases(_) => Eai::Fail,
        _ => Eai::NoName,
    };
    Why(eai, reason)
}

/// Tells whether nobody answered at all.
fn is_silence(reason: &Reason) -> bool {
    matches!(reason, Reason::NoAnswer(troubles) if !troubles.iter().any(|trouble| trouble.what.is_from_server()))
}

/// How much a failure says, when several domains were tried.
const fn weight(reason: &Reason) -> u8 {
    match reason {
        Reason::NoData(_) => 2,
        Reason::NoSuchName(_) => 0,
        _ => 1,
    }
}

/// Writes the name under which an address' names are kept. Source: RFC 1035 section 3.5, RFC 3596 section 2.5.
fn arpa_name(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(v6) => {
            let nibbles =
                v6.octets().into_iter().rev().map(|byte| format!("{:x}.{:x}.", byte & 0xf, byte >> 4));
            nibbles.collect::<String>() + "ip6.arpa"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str, conf: &str) -> Vec<String> {
        let conf = Conf::parse(conf.as_bytes(), |_| None);
        candidates(name.as_bytes(), &conf).unwrap().iter().map(DomainName::to_text).collect()
    }

    #[test]
    fn ndots_decides_what_comes_first() {
        let conf = "search a.example b.example\n";
        assert_eq!(names("www", conf), ["www.a.example", "www.b.example", "www"]);
        assert_eq!(names("www.c", conf), ["www.c", "www.c.a.example", "www.c.b.example"]);
        assert_eq!(names("www.", conf), ["www"]);
        let more = "search a.example\noptions ndots:2\n";
        assert_eq!(names("www.c", more), ["www.c.a.example", "www.c"]);
        assert_eq!(names("www", "search .\n"), ["www"]);
        assert_eq!(names("www", "search a.example A.EXAMPLE\n"), ["www.a.example", "www"]);
    }

    #[test]
    fn a_candidate_that_would_be_too_long_is_left_out() {
        let long = format!("{0}.{0}.{0}", "a".repeat(60));
        let conf = format!("search {}\n", "b".repeat(63));
        assert_eq!(names(&long, &conf).len(), 2);
        let longer = format!("{long}.{}", "a".repeat(60));
        assert_eq!(names(&longer, &conf), [longer]);
    }

    #[test]
    fn addresses_have_names_of_their_own() {
        assert_eq!(arpa_name([192, 0, 2, 5].into()), "5.2.0.192.in-addr.arpa");
        let v6: IpAddr = "2001:db8::567:89ab".parse().unwrap();
        let expected = "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        assert_eq!(arpa_name(v6), expected);
    }

    #[test]
    fn what_cannot_be_a_name_is_said_exactly() {
        let check = |name: &[u8]| check_length(name).and_then(|()| check_labels(name)).map_err(|why| why.1);
        assert_eq!(check(b"www.example.com."), Ok(()));
        assert_eq!(check(b"_service._tcp.example"), Ok(()));
        assert_eq!(check(b"a\0b"), Err(Reason::BadByte { byte: 0, at: 1 }));
        assert_eq!(check(&[b'a'; 100_000]), Err(Reason::TooLong(100_000)));
        assert_eq!(check(&[b'a'; 64]), Err(Reason::LabelTooLong(64)));
        assert_eq!(check(b"a..b"), Err(Reason::EmptyLabel));
        assert_eq!(check(b"."), Err(Reason::EmptyLabel));
        assert_eq!(check(b"http://x"), Err(Reason::BadByte { byte: b':', at: 4 }));
        assert_eq!(check("bücher".as_bytes()), Err(Reason::BadByte { byte: 0xc3, at: 1 }));
    }

    #[test]
    fn names_of_the_loopback() {
        for name in ["localhost", "LocalHost.", "a.b.localhost"] {
            assert!(is_localhost(name.as_bytes()), "{name}");
        }
        for name in ["localhost.example", "mylocalhost", ""] {
            assert!(!is_localhost(name.as_bytes()), "{name}");
        }
    }
}
