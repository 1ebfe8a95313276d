//! Names for addresses and ports, for lines that are to have some: each is looked up once.

use core::net::IpAddr;
use std::collections::HashMap;

use jackfield::sock::name::Resolver;
use jackfield::wire::Space;
use jackfield::wire::line::Names;

/// Looks up names.
#[derive(Debug)]
pub(crate) struct Lookup {
    resolver: Resolver,
    /// Names end before their domain.
    short: bool,
    addresses: HashMap<IpAddr, Option<String>>,
    ports: HashMap<(Space, u16), Option<String>>,
}

impl Lookup {
    /// Asks this resolver; `short` leaves the domain of a name out.
    pub(crate) fn new(resolver: Resolver, short: bool) -> Self {
        Self { resolver, short, addresses: HashMap::new(), ports: HashMap::new() }
    }
}

impl Names for Lookup {
    fn address(&mut self, address: IpAddr, out: &mut Vec<u8>) -> bool {
        let Self { resolver, short, addresses, .. } = self;
        let known = addresses.entry(address).or_insert_with(|| {
            let name = resolver.gethostbyaddr(address).ok()?.name;
            let first = name.split('.').next().filter(|_| *short).map(str::to_owned);
            Some(first.unwrap_or(name))
        });
        append(known.as_deref(), out)
    }

    fn port(&mut self, space: Space, port: u16, out: &mut Vec<u8>) -> bool {
        let Self { resolver, ports, .. } = self;
        let protocol = match space {
            Space::TcpPort => "tcp",
            Space::UdpPort => "udp",
            _ => return false,
        };
        let known =
            ports.entry((space, port)).or_insert_with(|| resolver.getservbyport(port, Some(protocol)));
        append(known.as_deref(), out)
    }
}

fn append(name: Option<&str>, out: &mut Vec<u8>) -> bool {
    name.inspect(|name| out.extend_from_slice(name.as_bytes())).is_some()
}
