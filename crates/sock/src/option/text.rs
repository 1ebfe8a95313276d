//! The values of options in words, both ways; what [`Opt::show`] writes, `encode` reads.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use sys::filter::Instruction;

use super::kind::{self, Decode, Encode};
use super::{Kind, LinkMembership, Opt, PortRange, value};
use crate::Family;

/// A value on its way to the kernel.
pub(super) enum Encoded {
    Bytes(Vec<u8>),
    Program(Vec<Instruction>),
}

/// Reads words as a value of an option; `None` when they are none. `resolve` finds an interface's index by its name.
pub(super) fn encode(row: &Opt, text: &str, resolve: &dyn Fn(&str) -> Option<u32>) -> Option<Encoded> {
    let interface = |text: &str| text.parse().ok().or_else(|| resolve(text));
    let bytes = match row.kind {
        Kind::Bool => bytes::<kind::Bool>(boolean(text)?),
        Kind::Int | Kind::IntQuery => bytes::<kind::Int>(named(row, text)?),
        Kind::Unsigned => bytes::<kind::Int>(named(row, text)?),
        Kind::Byte => bytes::<kind::Byte>(u8::try_from(named(row, text)?).ok()?),
        Kind::Long => bytes::<kind::Long>(text.parse().ok().or_else(|| radix(text))?),
        Kind::Seconds => bytes::<kind::Seconds>(duration(text)?),
        Kind::Milliseconds => bytes::<kind::Milliseconds>(duration(text)?),
        Kind::Microseconds => bytes::<kind::Microseconds>(duration(text)?),
        Kind::Timeval if text == "off" => bytes::<kind::Timeval>(None),
        Kind::Timeval => bytes::<kind::Timeval>(Some(duration(text)?).filter(|time| !time.is_zero())),
        Kind::Linger if text == "off" => bytes::<kind::Linger>(None),
        Kind::Linger => bytes::<kind::Linger>(Some(duration(text)?)),
        Kind::Text => text.as_bytes().to_vec(),
        Kind::Interface => bytes::<kind::Interface>(interface(text)?),
        Kind::InterfaceBe => bytes::<kind::InterfaceBe>(interface(text)?),
        Kind::Ipv4Interface => match text.parse() {
            Ok(address) => bytes::<kind::Ipv4Interface>(address),
            Err(_) => bytes::<kind::Ipv4Membership>(value::Ipv4Membership {
                group: Ipv4Addr::UNSPECIFIED,
                local: Ipv4Addr::UNSPECIFIED,
                interface: interface(text)?,
            }),
        },
        Kind::Ipv4Membership => {
            let (group, place) = split(text, '%');
            let local: Option<Ipv4Addr> = place.and_then(|place| place.parse().ok());
            let interface = if local.is_some() { Some(0) } else { place.map_or(Some(0), interface) };
            bytes::<kind::Ipv4Membership>(value::Ipv4Membership {
                group: group.parse().ok()?,
                local: local.unwrap_or(Ipv4Addr::UNSPECIFIED),
                interface: interface?,
            })
        }
        Kind::Ipv4Source => {
            let (source, group) = text.split_once('@')?;
            let (group, local) = split(group, '%');
            bytes::<kind::Ipv4Source>(value::Ipv4Source {
                group: group.parse().ok()?,
                local: local.map_or(Some(Ipv4Addr::UNSPECIFIED), |local| local.parse().ok())?,
                source: source.parse().ok()?,
            })
        }
        Kind::Ipv6Membership => {
            let (group, interface) = scoped(text, &interface)?;
            bytes::<kind::Ipv6Membership>(value::Ipv6Membership { group, interface })
        }
        Kind::Ipv6PacketInfo => {
            let (address, interface) = scoped(text, &interface)?;
            bytes::<kind::Ipv6PacketInfo>(value::Ipv6PacketInfo { address, interface })
        }
        Kind::LinkMembership => bytes::<kind::LinkMembership>(&link_membership(text, &interface)?),
        Kind::PortRange => {
            let (low, high) = text.split_once('-')?;
            bytes::<kind::PortRange>(PortRange { low: low.parse().ok()?, high: high.parse().ok()? })
        }
        Kind::TransmitTime => {
            let (clock, flags) = split(text, ':');
            bytes::<kind::TransmitTime>(value::TransmitTime {
                clock: integer(clock)?,
                flags: flags.map_or(Some(0), integer)?.cast_unsigned(),
            })
        }
        Kind::Bytes | Kind::Query => hex(text.strip_prefix("hex:")?)?,
        Kind::Family => bytes::<kind::Family>(Family(family(text)?)),
        Kind::Nothing if text.is_empty() => bytes::<kind::Nothing>(()),
        Kind::Descriptor => bytes::<kind::Int>(integer(text).filter(|fd| *fd >= 0)?),
        Kind::Program => return Some(Encoded::Program(instructions(text)?)),
        // What can only be read.
        Kind::Nothing
        | Kind::PacketStatistics
        | Kind::Credentials
        | Kind::TcpInfo
        | Kind::PathMtu
        | Kind::Words
        | Kind::Address
        | Kind::SocketType
        | Kind::Protocol
        | Kind::Error
        | Kind::NewDescriptor => return None,
    };
    Some(Encoded::Bytes(bytes))
}

/// Says in words what an option takes.
pub(super) fn allowed(row: &Opt) -> String {
    let words = match row.kind {
        Kind::Bool => "1, on, yes, true, 0, off, no or false",
        Kind::Int | Kind::IntQuery | Kind::Unsigned => "an integer, in decimal or as 0x…",
        Kind::Byte => "an integer from 0 to 255",
        Kind::Long => "an integer that is not negative",
        Kind::Seconds | Kind::Milliseconds | Kind::Microseconds => {
            "a time such as 200ms, 5s or 2m; a bare number is seconds"
        }
        Kind::Timeval => "a time such as 200ms, 5s or 2m, or off for no limit",
        Kind::Linger => "a time such as 5s, or off",
        Kind::Text => "text",
        Kind::Interface | Kind::InterfaceBe => "an interface's name or index, 0 for none",
        Kind::Ipv4Interface => "an interface's IPv4 address, name or index",
        Kind::Ipv4Membership => "GROUP or GROUP%INTERFACE, the interface by address, name or index",
        Kind::Ipv4Source => "SOURCE@GROUP or SOURCE@GROUP%ADDRESS, the address being an interface's",
        Kind::Ipv6Membership => "GROUP or GROUP%INTERFACE, the interface by name or index",
        Kind::Ipv6PacketInfo => "ADDRESS or ADDRESS%INTERFACE, the interface by name or index",
        Kind::LinkMembership => {
            "promisc%INTERFACE, allmulti%INTERFACE, multicast:ADDRESS%INTERFACE or unicast:ADDRESS%INTERFACE"
        }
        Kind::PortRange => "LOW-HIGH, 0-0 for the system's own range",
        Kind::TransmitTime => "CLOCK or CLOCK:FLAGS, both as numbers",
        Kind::Bytes | Kind::Query => "bytes as hex:…",
        Kind::Family => "a family such as AF_INET",
        Kind::Nothing => "no value",
        Kind::Descriptor => "the number of a descriptor",
        Kind::Program => {
            "a program of classic BPF: its length, then CODE JT JF K for each instruction, with commas between: \
             1,6 0 0 65535"
        }
        _ => "no value: it can only be read",
    };
    let short: Vec<_> = row.values.iter().map(|(name, _)| short(row, name).to_ascii_lowercase()).collect();
    match short.as_slice() {
        [] => words.to_owned(),
        names => format!("{words}, or one of {}", names.join(", ")),
    }
}

impl Opt {
    /// Writes the bytes of a value in words, as a trace shows them; never fails.
    #[must_use]
    pub fn show(&self, value: &[u8]) -> String {
        match self.kind {
            Kind::Bool => i32::from(kind::Bool::decode(value)).to_string(),
            Kind::Int | Kind::Byte | Kind::IntQuery => self.show_named(kind::Int::decode(value)),
            Kind::Descriptor | Kind::Nothing => kind::Int::decode(value).to_string(),
            Kind::Unsigned => match kind::Int::decode(value) {
                number if self.values.is_empty() => number.cast_unsigned().to_string(),
                number => self.show_named(number),
            },
            Kind::Long => kind::Long::decode(value).to_string(),
            Kind::Seconds => time(kind::Seconds::decode(value)),
            Kind::Milliseconds => time(kind::Milliseconds::decode(value)),
            Kind::Microseconds => time(kind::Microseconds::decode(value)),
            Kind::Timeval => kind::Timeval::decode(value).map_or_else(|| "off".to_owned(), time),
            Kind::Linger => kind::Linger::decode(value).map_or_else(|| "off".to_owned(), time),
            Kind::Text => kind::Text::decode(value),
            Kind::Interface => kind::Interface::decode(value).to_string(),
            Kind::InterfaceBe => kind::InterfaceBe::decode(value).to_string(),
            Kind::Ipv4Interface => kind::Ipv4Interface::decode(value).to_string(),
            Kind::Ipv4Membership => {
                let it = kind::Ipv4Membership::decode(value);
                if it.interface != 0 {
                    format!("{}%{}", it.group, it.interface)
                } else if it.local.is_unspecified() {
                    it.group.to_string()
                } else {
                    format!("{}%{}", it.group, it.local)
                }
            }
            Kind::Ipv4Source => {
                let it = kind::Ipv4Source::decode(value);
                format!("{}@{}%{}", it.source, it.group, it.local)
            }
            Kind::Ipv6Membership => {
                let it = kind::Ipv6Membership::decode(value);
                format!("{}%{}", it.group, it.interface)
            }
            Kind::Ipv6PacketInfo => {
                let it = kind::Ipv6PacketInfo::decode(value);
                format!("{}%{}", it.address, it.interface)
            }
            Kind::PacketStatistics => format!("{:?}", kind::PacketStatistics::decode(value)),
            Kind::Credentials => {
                let it = kind::Credentials::decode(value);
                format!("pid={} uid={} gid={}", it.pid, it.uid, it.gid)
            }
            Kind::TcpInfo => format!("{:?}", kind::TcpInfo::decode(value)),
            Kind::PathMtu => {
                let it = kind::PathMtu::decode(value);
                format!("{} {}", it.mtu, it.destination)
            }
            Kind::PortRange => {
                let it = kind::PortRange::decode(value);
                format!("{}-{}", it.low, it.high)
            }
            Kind::TransmitTime => {
                let it = kind::TransmitTime::decode(value);
                format!("{}:{}", it.clock, it.flags)
            }
            Kind::Words => {
                let words: Vec<_> = kind::Words::decode(value).iter().map(u32::to_string).collect();
                words.join(" ")
            }
            Kind::Address => kind::Address::decode(value).to_string(),
            Kind::Family => {
                let it = kind::Family::decode(value);
                it.name().map_or_else(|| it.0.to_string(), str::to_owned)
            }
            Kind::SocketType => format!("{:?}", kind::SocketType::decode(value)),
            Kind::Protocol => format!("{:?}", kind::Protocol::decode(value)),
            Kind::Error => {
                kind::Error::decode(value).map_or_else(|| "0".to_owned(), |errno| format!("{errno:?}"))
            }
            Kind::LinkMembership | Kind::Bytes | Kind::Query | Kind::Program | Kind::NewDescriptor => {
                let digits: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("hex:{digits}")
            }
        }
    }

    /// Writes a number by name: the one that it is, or those whose bits it has.
    fn show_named(&self, number: i32) -> String {
        if let Some((name, _)) = self.values.iter().find(|(_, value)| *value == number) {
            return (*name).to_owned();
        }
        let are_flags = self.values.iter().all(|(_, value)| value.count_ones() == 1);
        let (mut rest, mut names) = (number, Vec::new());
        for (name, bit) in self.values.iter().filter(|_| are_flags) {
            if number & bit != 0 {
                names.push(*name);
                rest &= !bit;
            }
        }
        if names.is_empty() || rest != 0 { number.to_string() } else { names.join("|") }
    }

    /// How many bytes the kind wants to read.
    pub(super) const fn default_room(&self) -> usize {
        match self.kind {
            Kind::Long => kind::Long::ROOM,
            Kind::Timeval => kind::Timeval::ROOM,
            Kind::Linger => kind::Linger::ROOM,
            Kind::Text => kind::Text::ROOM,
            Kind::Bytes => kind::Bytes::ROOM,
            Kind::Ipv6Membership => kind::Ipv6Membership::ROOM,
            Kind::Ipv6PacketInfo => kind::Ipv6PacketInfo::ROOM,
            Kind::PacketStatistics => kind::PacketStatistics::ROOM,
            Kind::Credentials => kind::Credentials::ROOM,
            Kind::TcpInfo => kind::TcpInfo::ROOM,
            Kind::PathMtu => kind::PathMtu::ROOM,
            Kind::TransmitTime => kind::TransmitTime::ROOM,
            _ => size_of::<i32>(),
        }
    }
}

fn bytes<K: Encode>(value: K::In<'_>) -> Vec<u8> {
    K::encode(value, <[u8]>::to_vec)
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(left, right)| (left, Some(right)))
}

fn scoped(text: &str, interface: &dyn Fn(&str) -> Option<u32>) -> Option<(Ipv6Addr, u32)> {
    let (address, scope) = split(text, '%');
    Some((address.parse().ok()?, scope.map_or(Some(0), interface)?))
}

fn boolean(text: &str) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["1", "on", "yes", "true"]) { Some(true) } else { is(["0", "off", "no", "false"]).then_some(false) }
}

/// Reads an `int`: decimal, or `0x…` for all 32 bits.
pub(super) fn integer(text: &str) -> Option<i32> {
    let unsigned = || radix(text).or_else(|| text.parse().ok()).and_then(|n| u32::try_from(n).ok());
    text.parse().ok().or_else(|| unsigned().map(u32::cast_signed))
}

fn radix(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    u64::from_str_radix(digits, 16).ok()
}

/// Reads an integer's bytes, or those that `hex:` gives.
pub(super) fn number_or_hex(text: &str) -> Option<Vec<u8>> {
    match text.strip_prefix("hex:") {
        Some(digits) => hex(digits),
        None => integer(text).map(|number| number.to_ne_bytes().to_vec()),
    }
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[a, b]| Some(digit(*a)? << 4 | digit(*b)?)).collect())?
}

/// Reads a number or the names of values, several with `|` between them.
fn named(row: &Opt, text: &str) -> Option<i32> {
    let one = |text: &str| {
        let same =
            |name: &str| text.eq_ignore_ascii_case(name) || text.eq_ignore_ascii_case(short(row, name));
        integer(text).or_else(|| row.values.iter().find(|(name, _)| same(name)).map(|(_, value)| *value))
    };
    text.split('|').map(one).try_fold(0, |all, part| Some(all | part?))
}

/// Reads a family's number, or its name with or without `AF_`.
fn family(text: &str) -> Option<i32> {
    let same = |name: &str| name.eq_ignore_ascii_case(text);
    let is = |name: &str| same(name) || name.strip_prefix("AF_").is_some_and(same);
    let named = || sys::names::FAMILIES.iter().find(|(name, _)| is(name));
    integer(text).or_else(|| i32::try_from(named()?.1).ok())
}

/// Cuts off what the names of all values of an option begin with: `IP_PMTUDISC_DO` is `DO`.
fn short<'a>(row: &Opt, name: &'a str) -> &'a str {
    let parts = name.match_indices('_').map(|(at, _)| name.split_at(at + 1));
    let mut common = parts.filter(|(head, _)| row.values.iter().all(|(other, _)| other.starts_with(head)));
    common.next_back().map_or(name, |(_, tail)| tail)
}

/// Reads a time: a decimal number and a unit, seconds without one.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) =
        text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()));
    let nanos: u128 = match unit {
        "ns" => 1,
        "us" | "µs" => 1_000,
        "ms" => 1_000_000,
        "" | "s" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => return None,
    };
    let (whole, fraction) = split(number, '.');
    let fraction = fraction.unwrap_or_default();
    if whole.is_empty() || fraction.len() > 9 {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let part: u128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let whole = whole.parse::<u64>().ok()?;
    let total = (u128::from(whole) * scale + part).checked_mul(nanos)? / scale;
    Some(Duration::from_nanos(u64::try_from(total).ok()?))
}

/// Writes a time in the largest unit of which it is a whole number.
fn time(time: Duration) -> String {
    match time.as_nanos() {
        nanos if nanos % 1_000_000_000 == 0 => format!("{}s", nanos / 1_000_000_000),
        nanos if nanos % 1_000_000 == 0 => format!("{}ms", nanos / 1_000_000),
        nanos if nanos % 1_000 == 0 => format!("{}us", nanos / 1_000),
        nanos => format!("{nanos}ns"),
    }
}

fn link_membership(text: &str, interface: &dyn Fn(&str) -> Option<u32>) -> Option<LinkMembership> {
    use sys::c::option::{PACKET_MR_ALLMULTI, PACKET_MR_MULTICAST, PACKET_MR_PROMISC, PACKET_MR_UNICAST};
    let (what, place) = text.split_once('%')?;
    let (kind, address) = split(what, ':');
    let kind = match (kind, address) {
        ("promisc", None) => PACKET_MR_PROMISC,
        ("allmulti", None) => PACKET_MR_ALLMULTI,
        ("multicast", Some(_)) => PACKET_MR_MULTICAST,
        ("unicast", Some(_)) => PACKET_MR_UNICAST,
        _ => return None,
    };
    let address = hex(&address.unwrap_or_default().replace(':', ""))?;
    let kind = u16::try_from(kind).ok()?;
    (address.len() <= 8).then_some(LinkMembership { interface: interface(place)?, kind, address })
}

/// Reads a program as `tcpdump -ddd` writes it, with commas or newlines between the instructions.
fn instructions(text: &str) -> Option<Vec<Instruction>> {
    let mut lines = text.split([',', '\n']).map(str::trim).filter(|line| !line.is_empty());
    let len: usize = lines.next()?.parse().ok()?;
    let program: Option<Vec<Instruction>> = lines
        .map(|line| {
            let mut fields = line.split_ascii_whitespace();
            let instruction = Instruction {
                code: fields.next()?.parse().ok()?,
                jt: fields.next()?.parse().ok()?,
                jf: fields.next()?.parse().ok()?,
                k: fields.next()?.parse().ok()?,
            };
            fields.next().is_none().then_some(instruction)
        })
        .collect();
    program.filter(|program| program.len() == len)
}

/// Writes a program as `tcpdump -ddd` does, with commas for newlines.
pub(super) fn program(program: &[Instruction]) -> String {
    let lines = program.iter().map(|at| format!(",{} {} {} {}", at.code, at.jt, at.jf, at.k));
    std::iter::once(program.len().to_string()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{all, by_name};
    use super::*;

    fn encoded(name: &str, text: &str) -> Option<Vec<u8>> {
        match encode(by_name(name).unwrap(), text, &|interface| (interface == "lo").then_some(1))? {
            Encoded::Bytes(bytes) => Some(bytes),
            Encoded::Program(_) => None,
        }
    }

    #[test]
    fn words_are_the_bytes_that_the_manual_wants() {
        let int = |n: i32| Some(n.to_ne_bytes().to_vec());
        assert_eq!(encoded("SO_KEEPALIVE", "Yes"), int(1));
        assert_eq!(encoded("IP_TTL", "-1"), int(-1));
        assert_eq!(encoded("SO_MARK", "0xffffffff"), int(-1));
        assert_eq!(encoded("SO_MARK", "4294967295"), int(-1));
        assert_eq!(encoded("IP_TOS", "256"), None);
        assert_eq!(encoded("IP_MTU_DISCOVER", "do"), int(2));
        assert_eq!(encoded("SO_TIMESTAMPING", "rx_software|software"), int(8 | 16));
        assert_eq!(encoded("TCP_KEEPIDLE", "2m"), int(120));
        assert_eq!(encoded("TCP_KEEPIDLE", "1.5s"), int(2));
        assert_eq!(encoded("TCP_USER_TIMEOUT", "1.5"), int(1500));
        assert_eq!(encoded("SO_LINGER", "5s"), Some([1_i32.to_ne_bytes(), 5_i32.to_ne_bytes()].concat()));
        assert_eq!(encoded("SO_LINGER", "off"), Some(vec![0; 8]));
        assert_eq!(
            encoded("SO_RCVTIMEO", "1500ms"),
            Some([1_i64.to_ne_bytes(), 500_000_i64.to_ne_bytes()].concat())
        );
        assert_eq!(
            encoded("IP_ADD_MEMBERSHIP", "224.0.0.251%lo"),
            Some(vec![224, 0, 0, 251, 0, 0, 0, 0, 1, 0, 0, 0])
        );
        assert_eq!(
            encoded("IP_ADD_MEMBERSHIP", "224.0.0.251%127.0.0.1"),
            Some(vec![224, 0, 0, 251, 127, 0, 0, 1, 0, 0, 0, 0])
        );
        assert_eq!(encoded("IP_ADD_MEMBERSHIP", "224.0.0.251%eth7"), None);
        assert_eq!(encoded("IP_UNICAST_IF", "lo"), Some(vec![0, 0, 0, 1]));
        assert_eq!(encoded("IP_LOCAL_PORT_RANGE", "1000-2000"), int(2000 << 16 | 1000));
        assert_eq!(encoded("IP_OPTIONS", "hex:0101"), Some(vec![1, 1]));
        assert_eq!(encoded("IP_OPTIONS", "hex:010"), None);
        assert_eq!(
            encoded("PACKET_ADD_MEMBERSHIP", "multicast:01:00:5e:00:00:fb%lo"),
            Some(vec![1, 0, 0, 0, 0, 0, 6, 0, 1, 0, 0x5e, 0, 0, 0xfb, 0, 0])
        );
    }

    #[test]
    fn words_that_are_no_value_are_refused_without_panic() {
        for row in all() {
            for text in [
                "",
                "x",
                "-",
                "%",
                "@%",
                ":",
                "0x",
                "hex:",
                "hex:zz",
                "9".repeat(99).as_str(),
                "1.",
                "ä",
                "5 s",
            ] {
                let _ = encode(row, text, &|_| None);
            }
            assert!(!allowed(row).is_empty());
        }
        for text in
            ["", ".", "1..2", "1.0000000001s", "5x", "18446744073709551616", "99999999999999999999d", "-1s"]
        {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_read_back_as_the_same_bytes() {
        for row in
            all().filter(|row| row.access.can_set() && !matches!(row.kind, Kind::Program | Kind::Nothing))
        {
            for seed in [0_u8, 1, 7] {
                let bytes = match row.kind {
                    Kind::Text => b"cubic".to_vec(),
                    Kind::LinkMembership => continue,
                    Kind::Linger => [[1, 0, 0, 0], [seed, 0, 0, 0]].concat(),
                    Kind::Bool => i32::from(seed != 0).to_ne_bytes().to_vec(),
                    Kind::Timeval => [i64::from(seed), 1000].map(i64::to_ne_bytes).concat(),
                    Kind::Family => i32::from(seed).to_ne_bytes().to_vec(),
                    // Words name the interface by index or by address.
                    Kind::Ipv4Membership => vec![224, 0, 0, seed, 0, 0, 0, 0, seed, 0, 0, 0],
                    _ => {
                        let mut bytes = vec![0; row.default_room().max(row.room)];
                        bytes[0] = seed;
                        if row.kind == Kind::Ipv4Source { [bytes, vec![seed; 8]].concat() } else { bytes }
                    }
                };
                let text = row.show(&bytes);
                let Some(Encoded::Bytes(again)) = encode(row, &text, &|_| None) else {
                    panic!("{}={text}", row.name)
                };
                assert_eq!(again, bytes, "{}={text}", row.name);
            }
        }
    }

    #[test]
    fn a_program_is_read_and_written() {
        let words = "2,40 0 0 12,6 0 0 65535";
        let read = instructions(words).unwrap();
        assert_eq!(read.last(), Some(&Instruction { code: 6, jt: 0, jf: 0, k: 65535 }));
        assert_eq!(program(&read), words);
        assert_eq!(instructions("2\n6 0 0 1\n"), None);
        assert_eq!(instructions("1,6 0 0 1 9"), None);
    }
}
