//! Names for addresses and ports, for lines that are to have some: each is looked up once.

use core::net::IpAddr;
use std::collections::HashMap;

use jackfield::sock::interface;
use jackfield::sock::name::Resolver;
use jackfield::wire::Space;
use jackfield::wire::line::Names;

/// Looks up names.
#[derive(Debug)]
pub(crate) struct Lookup {
    resolver: Resolver,
    /// Names end before their domain.
    short: bool,
    /// Addresses and ports stay numbers.
    is_numeric: bool,
    interfaces: Option<HashMap<u32, Option<String>>>,
    addresses: HashMap<IpAddr, Option<String>>,
    ports: HashMap<(Space, u16), Option<String>>,
}

impl Lookup {
    /// Asks this resolver; `short` leaves the domain of a name out.
    pub(crate) fn new(resolver: Resolver, short: bool) -> Self {
        Self {
            resolver,
            short,
            is_numeric: false,
            interfaces: None,
            addresses: HashMap::new(),
            ports: HashMap::new(),
        }
    }

    /// Leaves addresses and ports numbers.
    pub(crate) const fn numeric(mut self, is_numeric: bool) -> Self {
        self.is_numeric = is_numeric;
        self
    }

    /// Names interfaces as they are called on this machine, not by their indices.
    pub(crate) fn with_interfaces(mut self) -> Self {
        self.interfaces = Some(HashMap::new());
        self
    }
}

impl Names for Lookup {
    fn address(&mut self, address: IpAddr, out: &mut Vec<u8>) -> bool {
        let Self { resolver, short, addresses, is_numeric, .. } = self;
        if *is_numeric {
            return false;
        }
        let known = addresses.entry(address).or_insert_with(|| {
            let name = resolver.gethostbyaddr(address).ok()?.name;
            let first = name.split('.').next().filter(|_| *short).map(str::to_owned);
            Some(first.unwrap_or(name))
        });
        append(known.as_deref(), out)
    }

    fn port(&mut self, space: Space, port: u16, out: &mut Vec<u8>) -> bool {
        let Self { resolver, ports, is_numeric, .. } = self;
        let protocol = match space {
            _ if *is_numeric => return false,
            Space::TcpPort => "tcp",
            Space::UdpPort => "udp",
            _ => return false,
        };
        let known =
            ports.entry((space, port)).or_insert_with(|| resolver.getservbyport(port, Some(protocol)));
        append(known.as_deref(), out)
    }

    fn names_protocols(&self) -> bool {
        !self.is_numeric
    }

    fn interface(&mut self, index: u32, out: &mut Vec<u8>) -> bool {
        let Some(interfaces) = &mut self.interfaces else {
            out.extend_from_slice(format!("if{index}").as_bytes());
            return true;
        };
        let known = interfaces.entry(index).or_insert_with(|| interface::if_indextoname(index).ok());
        append(known.as_deref(), out)
    }
}

fn append(name: Option<&str>, out: &mut Vec<u8>) -> bool {
    name.inspect(|name| out.extend_from_slice(name.as_bytes())).is_some()
}
