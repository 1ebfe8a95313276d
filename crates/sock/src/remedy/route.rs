//! Why an address cannot be reached: what the kernel's routing table says of it.
//!
//! A connect or a send fails with an errno that several things can mean: EACCES is a broadcast address or a route that
//! forbids, EINVAL a route that swallows, ENETUNREACH no route or a loopback that is down. The routing table is asked
//! about the address as `ip route get` does, and tells which. Sources: rtnetlink(7), ip-route(8), ip(7), ipv6(7).

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use sys::{Address, Errno, c, door};

use super::Remedy;
use crate::family::{Family, Protocol, Type};
use crate::interface::{self, HEADER, Messages, refusal};
use crate::socket::Socket;
use crate::timeout::Mode;

/// What the table says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// A way, to one host or to many.
    Way,
    /// The address stands for all hosts of a network.
    Broadcast,
    /// The address stands for a group.
    Multicast,
    /// A route of type `prohibit`: refused, and the sender is told.
    Prohibit,
    /// A route of type `blackhole`: dropped without a word.
    Blackhole,
    /// A route of type `unreachable`: refused, and the sender is told.
    Unreachable,
    /// No route.
    None,
}

/// Explains why an address cannot be reached. `None` where the errno says nothing about the way.
pub(super) fn explain(to: SocketAddr, errno: Errno) -> Option<Remedy> {
    if !is_about_the_way(errno) {
        return None;
    }
    let route = door::for_the_trace(|| ask(to));
    let loopback_is_down = explain_loopback(to.ip()).is_some();
    match to {
        SocketAddr::V6(v6)
            if errno == Errno::EINVAL && v6.scope_id() == 0 && v6.ip().is_unicast_link_local() =>
        {
            Some(Remedy {
                reason: "this address counts on one link only, and it does not say on which".to_owned(),
                fix: format!("add the interface: {}%INTERFACE; ip -6 address shows them", v6.ip()),
            })
        }
        _ => told(to.ip(), errno, route, loopback_is_down),
    }
}

/// Explains why this machine does not reach itself, where that is so: what goes to a loopback that was taken down is
/// dropped without a word.
pub(super) fn explain_loopback(ip: IpAddr) -> Option<Remedy> {
    let down = ip.to_canonical().is_loopback() && door::for_the_trace(interface::is_loopback_up) == Ok(false);
    down.then(loopback_is_down_here)
}

fn loopback_is_down_here() -> Remedy {
    Remedy {
        reason: "the loopback interface is down, so this machine does not even reach itself".to_owned(),
        fix: "ip link set lo up (as root, or in the namespace that has it)".to_owned(),
    }
}

const fn is_about_the_way(errno: Errno) -> bool {
    matches!(
        errno,
        Errno::EACCES | Errno::EINVAL | Errno::ENETUNREACH | Errno::EHOSTUNREACH | Errno::EADDRNOTAVAIL
    )
}

fn told(ip: IpAddr, errno: Errno, route: Option<Route>, loopback_is_down: bool) -> Option<Remedy> {
    let get = format!("ip route get {ip}");
    let remedy = |reason: &str, fix: String| Some(Remedy { reason: reason.to_owned(), fix });
    let refusing = |kind: &str, does: &str| {
        Some(Remedy {
            reason: format!(
                "a route or rule of this machine is of type {kind}: it {does} everything to this address on purpose"
            ),
            fix: format!(
                "ip route show table all type {kind} and ip rule show it; sudo ip route del {kind} PREFIX removes it"
            ),
        })
    };
    if loopback_is_down {
        return Some(loopback_is_down_here());
    }
    let is_broadcast = ip == IpAddr::V4(std::net::Ipv4Addr::BROADCAST) || route == Some(Route::Broadcast);
    match (errno, route) {
        (Errno::EACCES, _) if is_broadcast => remedy(
            "this is a broadcast address, to which only a socket with SO_BROADCAST may send",
            "set the option SO_BROADCAST before (--sockopt SO_BROADCAST=1), or give the address of one host"
                .to_owned(),
        ),
        (Errno::EACCES, Some(Route::Prohibit)) => refusing("prohibit", "refuses"),
        (Errno::EACCES, _) => remedy(
            "this machine forbids the way there: a rule that prohibits it, or a security policy",
            format!("{get} says whether it is a route, ip rule whether it is a rule"),
        ),
        (Errno::EINVAL, Some(Route::Blackhole)) => refusing("blackhole", "swallows"),
        (Errno::ENETUNREACH | Errno::EHOSTUNREACH, Some(Route::Unreachable)) => {
            refusing("unreachable", "refuses")
        }
        (Errno::ENETUNREACH, Some(Route::Broadcast | Route::Multicast)) => remedy(
            "this address stands for many hosts, and a stream has one peer",
            "give the address of one host, or send datagrams (-u)".to_owned(),
        ),
        (Errno::ENETUNREACH, _) => remedy(
            "no route leads to this address, not even a default one",
            match ip {
                IpAddr::V4(_) => format!("{get} asks for the way; ip route shows the routes"),
                IpAddr::V6(_) => format!("{get} asks for the way; ip -6 route shows the routes"),
            },
        ),
        (Errno::EHOSTUNREACH, _) => remedy(
            "there is a route, but the host does not answer on the link, or a router or firewall on the way says that it \
             cannot be reached",
            format!("{get} shows the way there, and ip neighbour whether the next hop answers"),
        ),
        _ => None,
    }
}

/// Asks the kernel which route it would take; `None` where it cannot be asked.
fn ask(to: SocketAddr) -> Option<Route> {
    let kernel = Address::Netlink { pid: 0, groups: 0 };
    let patience = Mode::Timeout(Duration::from_secs(1));
    let protocol = Protocol(c::NETLINK_ROUTE);
    let socket = Socket::open_with(Family::NETLINK, Type::RAW, protocol, patience).ok()?;
    socket.sendto(&request(to), 0, &kernel).ok()?;
    let mut answer = vec![0; 16 * 1024];
    let (len, sender) = socket.recvfrom_into(&mut answer, 0).ok()?;
    (sender == kernel).then(|| read(answer.get(..len)?)).flatten()
}

/// `struct nlmsghdr`, `struct rtmsg` (family and the prefix' length, the rest open), and the address.
fn request(to: SocketAddr) -> Vec<u8> {
    let attribute = |kind: u16, bytes: &[u8]| {
        let len = u16::try_from(4 + bytes.len()).unwrap_or_default();
        [&len.to_ne_bytes()[..], &kind.to_ne_bytes(), bytes].concat()
    };
    let (family, address, scope) = match to {
        SocketAddr::V4(v4) => (c::AF_INET, v4.ip().octets().to_vec(), 0),
        SocketAddr::V6(v6) => (c::AF_INET6, v6.ip().octets().to_vec(), v6.scope_id()),
    };
    let prefix = u8::try_from(address.len() * 8).unwrap_or_default();
    let mut body = vec![u8::try_from(family).unwrap_or_default(), prefix];
    body.resize(ROUTE_INFO, 0);
    body.extend(attribute(c::RTA_DST, &address));
    if scope != 0 {
        body.extend(attribute(c::RTA_OIF, &scope.to_ne_bytes()));
    }
    let mut request = Vec::with_capacity(HEADER + body.len());
    request.extend(u32::try_from(HEADER + body.len()).unwrap_or_default().to_ne_bytes());
    request.extend(c::RTM_GETROUTE.to_ne_bytes());
    request.extend(u16::try_from(c::NLM_F_REQUEST).unwrap_or_default().to_ne_bytes());
    request.extend([0; 8]);
    request.extend(body);
    request
}

/// The length of `struct rtmsg`, and where its type stands.
const ROUTE_INFO: usize = 12;
const ROUTE_TYPE: usize = 7;

/// Reads the answer: a route, or the errno that a packet would get.
pub(super) fn read(answer: &[u8]) -> Option<Route> {
    let message = Messages(answer).next()?;
    if i32::from(message.kind) == c::NLMSG_ERROR {
        return match refusal(message.body) {
            Errno::EACCES => Some(Route::Prohibit),
            Errno::EINVAL => Some(Route::Blackhole),
            Errno::EHOSTUNREACH => Some(Route::Unreachable),
            Errno::ENETUNREACH => Some(Route::None),
            _ => None,
        };
    }
    if message.kind != c::RTM_NEWROUTE {
        return None;
    }
    Some(match *message.body.get(ROUTE_TYPE)? {
        c::RTN_BROADCAST => Route::Broadcast,
        c::RTN_MULTICAST => Route::Multicast,
        c::RTN_BLACKHOLE => Route::Blackhole,
        c::RTN_UNREACHABLE => Route::Unreachable,
        c::RTN_PROHIBIT => Route::Prohibit,
        _ => Route::Way,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_this_machine_is_known() {
        assert_eq!(ask("127.0.0.1:9".parse().unwrap()), Some(Route::Way));
        assert_eq!(interface::is_loopback_up(), Ok(true));
    }

    #[test]
    fn each_kind_of_refusal_has_its_own_reason() {
        let one: IpAddr = [10, 0, 0, 1].into();
        let all: IpAddr = [255; 4].into();
        for (ip, errno, route, down, part) in [
            (all, Errno::EACCES, None, false, "broadcast address"),
            (one, Errno::EACCES, Some(Route::Broadcast), false, "broadcast address"),
            (one, Errno::EACCES, Some(Route::Prohibit), false, "type prohibit"),
            (one, Errno::EACCES, None, false, "forbids the way"),
            (one, Errno::EINVAL, Some(Route::Blackhole), false, "type blackhole"),
            (one, Errno::EHOSTUNREACH, Some(Route::Unreachable), false, "type unreachable"),
            (one, Errno::ENETUNREACH, Some(Route::Unreachable), false, "type unreachable"),
            (one, Errno::EHOSTUNREACH, Some(Route::Way), false, "there is a route"),
            (one, Errno::ENETUNREACH, Some(Route::None), false, "not even a default one"),
            (one, Errno::ENETUNREACH, Some(Route::Multicast), false, "many hosts"),
            ([127, 0, 0, 1].into(), Errno::ENETUNREACH, None, true, "loopback interface is down"),
        ] {
            let remedy = told(ip, errno, route, down).unwrap();
            assert!(remedy.reason.contains(part), "{errno:?} {route:?}: {remedy:?}");
            let says_broadcast = remedy.reason.contains("broadcast") || remedy.fix.contains("SO_BROADCAST");
            assert_eq!(says_broadcast, part.contains("broadcast"), "{remedy:?}");
        }
        assert_eq!(told(one, Errno::EINVAL, Some(Route::Way), false), None);
        assert_eq!(told(one, Errno::ECONNREFUSED, Some(Route::Way), false), None);
    }

    proptest::proptest! {
        #[test]
        fn no_answer_is_a_panic(answer: Vec<u8>) {
            let _ = read(&answer);
        }
    }
}
