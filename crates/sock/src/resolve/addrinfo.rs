//! What getaddrinfo(3) does around the lookup of the host: hints, services, numeric hosts, families, order.
//!
//! Where manual and habit leave room, the C library most people use is followed: which types are answered when none was
//! asked for, which `EAI_…` code a contradiction gives. Unlike there a port above 65535 is an error. `AI_ADDRCONFIG`
//! concerns names alone, never addresses or "localhost". Source: getaddrinfo(3), RFC 3493 section 6.1.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sys::c;

use super::Resolver;
use super::destination::{Scoped, address_of, sort};
use super::host::{Families, Host, is_localhost};
use crate::family::{Family, Protocol, Type};
use crate::interface;
use crate::name::error::Why;
use crate::name::{
    AI_ADDRCONFIG, AI_ALL, AI_CANONNAME, AI_FLAGS, AI_NUMERICHOST, AI_NUMERICSERV, AI_PASSIVE, AI_V4MAPPED,
    AddrInfo, Eai, Hints, Reason,
};
use crate::text::{decimal, parse_old_v4, parse_v6, split_scope};
use crate::timeout::Deadline;

type Outcome<T> = Result<T, Why>;

/// Which types a name may be looked up for, with the protocol's name in services(5); the first three unasked.
const KINDS: &[(Type, Protocol, &str)] = &[
    (Type::STREAM, Protocol::TCP, "tcp"),
    (Type::DGRAM, Protocol::UDP, "udp"),
    (Type::RAW, Protocol::DEFAULT, ""),
    (Type::STREAM, Protocol::SCTP, "sctp"),
    (Type::SEQPACKET, Protocol::SCTP, "sctp"),
    (Type::DGRAM, Protocol::UDPLITE, "udplite"),
    (Type::DCCP, Protocol(c::IPPROTO_DCCP), "dccp"),
    (Type::STREAM, Protocol::MPTCP, "tcp"),
];
const UNASKED: usize = 3;

/// A type to answer with, and the port in it.
struct Target {
    kind: Type,
    protocol: Protocol,
    port: u16,
}

impl Resolver {
    /// Does what [`Resolver::getaddrinfo`] reports; a failure comes with whether the service was to blame.
    pub(super) fn addrinfo(
        &self,
        host: Option<&[u8]>,
        service: Option<&[u8]>,
        hints: &Hints,
        deadline: Deadline,
    ) -> Result<Vec<AddrInfo>, (Why, bool)> {
        let about_host = |why| (why, false);
        check(host, service, hints).map_err(about_host)?;
        let kinds = kinds(hints).map_err(about_host)?;
        let targets = self.targets(service, hints, &kinds).map_err(|why| (why, true))?;
        let found = self.addresses(host, hints, deadline).map_err(about_host)?;
        let canonname = (hints.flags & AI_CANONNAME != 0).then_some(found.name);
        let mut list = Vec::with_capacity(found.addresses.len() * targets.len());
        for address in found.addresses {
            for target in &targets {
                list.push(AddrInfo {
                    family: if address.0.is_ipv4() { Family::INET } else { Family::INET6 },
                    kind: target.kind,
                    protocol: target.protocol,
                    canonname: canonname.clone().filter(|_| list.is_empty()),
                    address: address_of(address, target.port),
                });
            }
        }
        Ok(list)
    }

    /// Finds the port for each type.
    fn targets(
        &self,
        service: Option<&[u8]>,
        hints: &Hints,
        kinds: &[(Type, Protocol, &'static str)],
    ) -> Outcome<Vec<Target>> {
        let at = |port| {
            let kinds = kinds.iter();
            kinds.map(|(kind, protocol, _)| Target { kind: *kind, protocol: *protocol, port }).collect()
        };
        let Some(service) = service.filter(|service| !service.is_empty()) else { return Ok(at(0)) };
        if service.iter().all(u8::is_ascii_digit) {
            return match decimal(service) {
                Some(port) => Ok(at(port)),
                None => Err(Why(Eai::Service, Reason::PortTooLarge)),
            };
        }
        if hints.flags & AI_NUMERICSERV != 0 {
            return Err(Why(Eai::NoName, Reason::ServiceNotNumeric));
        }
        if let [(Type::RAW, ..)] = kinds {
            return Err(Why(Eai::Service, Reason::NoServiceOfRaw));
        }
        let services = self.services()?;
        let mut targets = Vec::new();
        for (kind, protocol, name) in kinds.iter().filter(|(_, _, name)| !name.is_empty()) {
            if let Some(found) = services.by_name(service, Some(name)) {
                targets.push(Target { kind: *kind, protocol: *protocol, port: found.port });
            }
        }
        if targets.is_empty() {
            let only = if let [(_, _, name)] = kinds { name } else { "" };
            return Err(Why(Eai::Service, Reason::UnknownService(only)));
        }
        Ok(targets)
    }

    /// Finds the addresses of the host, sorted.
    fn addresses(&self, host: Option<&[u8]>, hints: &Hints, deadline: Deadline) -> Outcome<Host> {
        let families = match hints.family {
            Family::INET => Families::V4,
            Family::INET6 => Families { v4: false, v6: true },
            _ => Families::BOTH,
        };
        let Some(host) = host.filter(|host| !host.is_empty()) else {
            let any = host.is_some() || hints.flags & AI_PASSIVE != 0;
            return Ok(Host { name: String::new(), aliases: Vec::new(), addresses: own(any, families)? });
        };
        let as_text = || String::from_utf8_lossy(host).into_owned();
        if let Some(v4) = parse_old_v4(host) {
            let address = match hints.family {
                Family::INET6 if hints.flags & AI_V4MAPPED != 0 => IpAddr::V6(v4.to_ipv6_mapped()),
                Family::INET6 => return Err(Why(Eai::AddrFamily, Reason::OtherFamily(Family::INET6))),
                _ => IpAddr::V4(v4),
            };
            return Ok(Host { name: as_text(), aliases: Vec::new(), addresses: vec![(address, 0)] });
        }
        let (text, scope) = split_scope(host);
        if let Some(v6) = parse_v6(text) {
            if hints.family == Family::INET {
                return Err(Why(Eai::AddrFamily, Reason::OtherFamily(Family::INET)));
            }
            let scope = match scope {
                None => 0,
                Some(scope) => interface::scope_id(scope).ok_or(Why(Eai::NoName, Reason::NoSuchScope))?,
            };
            return Ok(Host { name: as_text(), aliases: Vec::new(), addresses: vec![(v6.into(), scope)] });
        }
        if hints.flags & AI_NUMERICHOST != 0 {
            return Err(Why(Eai::NoName, Reason::NotNumeric));
        }
        self.looked_up(host, hints, families, deadline)
    }

    /// Looks a name up for the families that `AI_ADDRCONFIG` leaves and `AI_V4MAPPED` adds.
    fn looked_up(
        &self,
        host: &[u8],
        hints: &Hints,
        mut families: Families,
        deadline: Deadline,
    ) -> Outcome<Host> {
        let mapped = hints.family == Family::INET6 && hints.flags & AI_V4MAPPED != 0;
        if mapped {
            families.v4 = true;
        }
        if hints.flags & AI_ADDRCONFIG != 0 && !is_localhost(host) {
            families = configured(families, hints.family)?;
        }
        let mut found = self.host(host, families, deadline)?;
        if mapped {
            let has_v6 = found.addresses.iter().any(|(ip, _)| ip.is_ipv6());
            if has_v6 && hints.flags & AI_ALL == 0 {
                found.addresses.retain(|(ip, _)| ip.is_ipv6());
            }
        }
        found.addresses = sort(found.addresses)?;
        if mapped {
            for (ip, _) in &mut found.addresses {
                if let IpAddr::V4(v4) = ip {
                    *ip = IpAddr::V6(v4.to_ipv6_mapped());
                }
            }
        }
        Ok(found)
    }
}

/// Refuses a question that makes no sense.
fn check(host: Option<&[u8]>, service: Option<&[u8]>, hints: &Hints) -> Outcome<()> {
    let known = AI_FLAGS.iter().fold(0, |all, (_, flag)| all | flag);
    if hints.flags & !known != 0 {
        return Err(Why(Eai::BadFlags, Reason::BadFlags(hints.flags & !known)));
    }
    if host.is_none() && service.is_none() {
        return Err(Why(Eai::NoName, Reason::NothingAsked));
    }
    if host.is_none() && hints.flags & AI_CANONNAME != 0 {
        return Err(Why(Eai::BadFlags, Reason::BadFlags(AI_CANONNAME)));
    }
    if !matches!(hints.family, Family::UNSPEC | Family::INET | Family::INET6) {
        return Err(Why(Eai::Family, Reason::BadFamily(hints.family)));
    }
    Ok(())
}

/// Chooses the types: those that go unasked, or the first that fits what was asked.
fn kinds(hints: &Hints) -> Outcome<Vec<(Type, Protocol, &'static str)>> {
    let (any_kind, any_protocol) = (hints.kind == Type(0), hints.protocol == Protocol::DEFAULT);
    if any_kind && any_protocol {
        return Ok(KINDS.iter().take(UNASKED).copied().collect());
    }
    let fits = |(kind, protocol, _): &&(Type, Protocol, &str)| {
        let fits_protocol = any_protocol || *kind == Type::RAW || *protocol == hints.protocol;
        (any_kind || *kind == hints.kind) && fits_protocol
    };
    // A raw socket takes any protocol, so it comes last: a protocol that has a type of its own means that one.
    let (raw, other): (Vec<_>, Vec<_>) = KINDS.iter().filter(fits).partition(|(kind, ..)| *kind == Type::RAW);
    match other.first().or_else(|| raw.first()).copied() {
        Some((Type::RAW, _, name)) if known(hints.protocol) || !any_kind => {
            Ok(vec![(Type::RAW, hints.protocol, name)])
        }
        Some(row) if row.0 != Type::RAW => Ok(vec![row]),
        _ => {
            let eai = if any_kind { Eai::Service } else { Eai::SockType };
            Err(Why(eai, Reason::BadType(hints.kind, hints.protocol)))
        }
    }
}

/// A protocol without a type is taken as one of raw sockets if it can be one: the kernel's numbers have eight bits.
fn known(protocol: Protocol) -> bool {
    u8::try_from(protocol.0).is_ok()
}

/// The addresses of no host. Any address needs no way to it: IPv4 goes first, as its label matches. The loopback is probed,
/// because many containers have no `::1`.
fn own(any: bool, families: Families) -> Outcome<Vec<Scoped>> {
    let both: [IpAddr; 2] = if any {
        [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()]
    } else {
        [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]
    };
    let wanted = both.into_iter().filter(|ip| families.has(*ip)).map(|ip| (ip, 0)).collect();
    if any { Ok(wanted) } else { Ok(sort(wanted)?) }
}

/// Leaves the families that this machine has addresses of; both when it has none at all, which a lookup cannot mend.
fn configured(families: Families, wanted: Family) -> Outcome<Families> {
    let here = interface::configured()?;
    if !here.v4 && !here.v6 {
        return Ok(families);
    }
    let left = Families { v4: families.v4 && here.v4, v6: families.v6 && here.v6 };
    if !left.v4 && !left.v6 {
        return Err(Why(Eai::NoName, Reason::NotConfigured(wanted)));
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds_of(kind: i32, protocol: i32) -> Vec<(i32, i32)> {
        let hints = Hints { kind: Type(kind), protocol: Protocol(protocol), ..Hints::default() };
        kinds(&hints).unwrap().iter().map(|(kind, protocol, _)| (kind.0, protocol.0)).collect()
    }

    #[test]
    fn types_are_those_of_the_manual() {
        assert_eq!(kinds_of(0, 0), [(1, 6), (2, 17), (3, 0)]);
        assert_eq!(kinds_of(1, 0), [(1, 6)]);
        assert_eq!(kinds_of(0, 17), [(2, 17)]);
        assert_eq!(kinds_of(5, 0), [(5, 132)]);
        assert_eq!(kinds_of(0, 132), [(1, 132)]);
        assert_eq!(kinds_of(0, 1), [(3, 1)]);
        assert_eq!(kinds_of(3, 58), [(3, 58)]);
        for (kind, protocol, eai) in [(2, 6, Eai::SockType), (99, 0, Eai::SockType), (0, 999, Eai::Service)] {
            let hints = Hints { kind: Type(kind), protocol: Protocol(protocol), ..Hints::default() };
            assert_eq!(kinds(&hints).unwrap_err().0, eai);
        }
    }
}
