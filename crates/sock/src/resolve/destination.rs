//! The order in which addresses are worth trying: destination address selection.
//!
//! For each address a datagram socket is connected, which sends nothing: the kernel says whether there is a way, and
//! from which source address. Of RFC 6724 section 6 these rules are kept: 1 (a way), 2 (matching scope), 5 (matching
//! label), 6 (precedence, with the default table of section 2.1), 8 (smaller scope), 9 (longest matching prefix, IPv6
//! only, its first 64 bits), 10 (the order given). Rules 3, 4 and 7 want to know which source addresses are deprecated,
//! of a mobile home or tunnelled, which a connect does not tell; the administrator's own table (gai.conf) is not read.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};

use sys::{Address, Errno};

use crate::error::Error;
use crate::family::{Family, Protocol, Type};
use crate::socket::Socket;
use crate::timeout::Mode;

/// More addresses than this are not probed: they keep their order, behind the others.
const PROBED_MAX: usize = 64;

/// An IP address with its scope id.
pub(super) type Scoped = (IpAddr, u32);

/// Makes a socket address.
pub(super) fn address_of((ip, scope): Scoped, port: u16) -> Address {
    Address::from(match ip {
        IpAddr::V4(v4) => SocketAddr::new(IpAddr::V4(v4), port),
        IpAddr::V6(v6) => SocketAddr::V6(SocketAddrV6::new(v6, port, 0, scope)),
    })
}

/// Sorts addresses, the best first; one alone is not probed.
pub(super) fn sort(mut addresses: Vec<Scoped>) -> Result<Vec<Scoped>, Error> {
    if addresses.len() < 2 {
        return Ok(addresses);
    }
    let rest = addresses.split_off(addresses.len().min(PROBED_MAX));
    let mut ranked = Vec::with_capacity(addresses.len());
    for address in addresses {
        ranked.push((rank(address.0, probe(address)?), address));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, address)| address).chain(rest).collect())
}

/// Where packets to an address would come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// There is none.
    None,
    /// From this address.
    From(IpAddr),
    /// From somewhere: a rehearsal does not know.
    Unknown,
}

fn probe(address: Scoped) -> Result<Way, Error> {
    let family = if address.0.is_ipv4() { Family::INET } else { Family::INET6 };
    let source = Socket::open_with(family, Type::DGRAM, Protocol::UDP, Mode::Blocking).and_then(|socket| {
        socket.connect(&address_of(address, 0))?;
        socket.getsockname()
    });
    match source {
        Ok(source) => Ok(source.ip().map_or(Way::Unknown, |source| Way::From(source.ip()))),
        Err(error) if matches!(error.errno(), Some(Errno::EMFILE | Errno::ENFILE | Errno::EINTR)) => {
            Err(error)
        }
        Err(_) => Ok(Way::None),
    }
}

/// What decides, in the order of the rules; the smaller is the better. A tuple, so that the order is a total one.
type Rank = (bool, bool, bool, Reverse<u8>, u8, Reverse<u32>);

fn rank(destination: IpAddr, way: Way) -> Rank {
    let to = mapped(destination);
    let from = match way {
        Way::From(source) => Some(mapped(source)),
        Way::None | Way::Unknown => None,
    };
    let (precedence, label) = policy(to);
    let scope = scope(to);
    let prefix = match from {
        Some(from) if destination.is_ipv6() => common_prefix(to, from),
        _ => 0,
    };
    (
        way == Way::None,
        from.is_none_or(|from| self::scope(from) != scope),
        from.is_none_or(|from| policy(from).1 != label),
        Reverse(precedence),
        scope,
        Reverse(prefix),
    )
}

const fn mapped(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

/// The default policy table, longest prefix first: prefix, its length, precedence, label. Source: RFC 6724 section 2.1.
const POLICY: &[(u128, u32, u8, u8)] = &[
    (1, 128, 50, 0),
    (0xffff << 32, 96, 35, 4),
    (0, 96, 1, 3),
    (0x2001 << 112, 32, 5, 5),
    (0x2002 << 112, 16, 30, 2),
    (0x3ffe << 112, 16, 1, 12),
    (0xfec0 << 112, 10, 1, 11),
    (0xfc00 << 112, 7, 3, 13),
    (0, 0, 40, 1),
];

/// Returns precedence and label.
fn policy(ip: Ipv6Addr) -> (u8, u8) {
    let bits = ip.to_bits();
    let row = POLICY.iter().find(|(prefix, len, _, _)| (bits ^ prefix).leading_zeros() >= *len);
    row.map_or((40, 1), |(_, _, precedence, label)| (*precedence, *label))
}

const LINK_LOCAL: u8 = 0x2;
const SITE_LOCAL: u8 = 0x5;
const GLOBAL: u8 = 0xe;

/// Returns the scope, a multicast address's own among them. Source: RFC 6724 section 3.1, of IPv4 section 3.2.
const fn scope(ip: Ipv6Addr) -> u8 {
    if let Some(v4) = ip.to_ipv4_mapped() {
        return if v4.is_loopback() || v4.is_link_local() { LINK_LOCAL } else { GLOBAL };
    }
    let first = ip.segments()[0];
    if first & 0xff00 == 0xff00 {
        return ip.octets()[1] & 0x0f;
    }
    match first & 0xffc0 {
        0xfe80 => LINK_LOCAL,
        0xfec0 => SITE_LOCAL,
        _ if ip.is_loopback() => LINK_LOCAL,
        _ => GLOBAL,
    }
}

/// Counts the bits that two addresses share, up to the length of a usual prefix. Source: RFC 6724 section 2.2.
fn common_prefix(a: Ipv6Addr, b: Ipv6Addr) -> u32 {
    (a.to_bits() ^ b.to_bits()).leading_zeros().min(64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(destinations: &[(&str, Option<&str>)]) -> Vec<String> {
        let mut ranked: Vec<_> = destinations
            .iter()
            .map(|(to, from)| {
                let way = from.map_or(Way::None, |from| Way::From(from.parse().unwrap()));
                (rank(to.parse().unwrap(), way), (*to).to_owned())
            })
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, to)| to).collect()
    }

    /// The examples of RFC 6724 section 10.2 that these rules decide: with the default table, from these sources.
    #[test]
    fn the_rfcs_examples_come_out_as_it_says() {
        let v6 = ("2001:db8:1::1", Some("2001:db8:1::2"));
        assert_eq!(order(&[("198.51.100.121", Some("169.254.13.78")), v6])[0], v6.0);
        assert_eq!(order(&[("198.51.100.121", Some("198.51.100.117")), v6])[0], v6.0);
        let from_link = ("2001:db8:1::1", Some("fe80::1"));
        assert_eq!(order(&[from_link, ("198.51.100.121", Some("198.51.100.117"))])[0], "198.51.100.121");
        assert_eq!(order(&[v6, ("fe80::1", Some("fe80::2"))])[0], "fe80::1");
        let sixto4 = ("2002:c633:6401::1", Some("2002:c633:6401::2"));
        assert_eq!(order(&[sixto4, v6])[0], v6.0);
        let near = ("2001:db8:1::1", Some("2001:db8:1::2"));
        let far = ("2001:db8:3ffe::1", Some("2001:db8:3f44::2"));
        assert_eq!(order(&[far, near])[0], near.0);
    }

    #[test]
    fn without_a_way_comes_last_and_equals_keep_their_order() {
        let sorted =
            order(&[("192.0.2.1", None), ("192.0.2.2", Some("192.0.2.9")), ("192.0.2.3", Some("192.0.2.9"))]);
        assert_eq!(sorted, ["192.0.2.2", "192.0.2.3", "192.0.2.1"]);
        assert_eq!(order(&[("0.0.0.0", Some("127.0.0.1")), ("::", Some("::1"))])[0], "0.0.0.0");
        assert_eq!(order(&[("127.0.0.1", Some("127.0.0.1")), ("::1", Some("::1"))])[0], "::1");
    }

    #[test]
    fn the_kernel_is_asked_for_the_way() {
        let here: IpAddr = [127, 0, 0, 1].into();
        assert_eq!(probe((here, 0)), Ok(Way::From(here)));
        let both = vec![(here, 0), ([127, 0, 0, 2].into(), 0)];
        assert_eq!(sort(both.clone()), Ok(both));
    }

    #[test]
    fn many_addresses_are_all_kept() {
        let many: Vec<Scoped> = (0..=255).map(|last| ([127, 0, 0, last].into(), 0)).collect();
        assert_eq!(sort(many.clone()).unwrap().len(), many.len());
    }
}
