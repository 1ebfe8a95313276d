//! Protocols: their names and numbers, from /etc/protocols, or from a small table where there is no such file.
//!
//! The table's numbers are those of [`Protocol`]. Sources: protocols(5), IANA's Assigned Internet Protocol Numbers.

use crate::family::Protocol;
use crate::name::services::words;
use crate::text::decimal;

/// The protocols that [`Protocol`] names, with their aliases.
const TABLE: &[(&str, &[&str], Protocol)] = &[
    ("ip", &["IP"], Protocol::DEFAULT),
    ("icmp", &["ICMP"], Protocol::ICMP),
    ("igmp", &["IGMP"], Protocol::IGMP),
    ("tcp", &["TCP"], Protocol::TCP),
    ("udp", &["UDP"], Protocol::UDP),
    ("ipv6-icmp", &["IPv6-ICMP", "icmpv6", "icmp6"], Protocol::ICMPV6),
    ("sctp", &["SCTP"], Protocol::SCTP),
    ("udplite", &["UDPLite"], Protocol::UDPLITE),
];

/// Finds a protocol by its name or an alias of it, in the text of /etc/protocols if there is one.
pub(crate) fn by_name(file: Option<&[u8]>, name: &[u8]) -> Option<Protocol> {
    let Some(text) = file else {
        let is = |word: &str| word.as_bytes() == name;
        let row = TABLE.iter().find(|(first, aliases, _)| is(first) || aliases.iter().copied().any(is));
        return row.map(|(_, _, protocol)| *protocol);
    };
    text.split(|byte| *byte == b'\n').find_map(|line| {
        let mut words = words(line);
        let first = words.next()?;
        let number: u16 = decimal(words.next()?)?;
        (first == name || words.any(|alias| alias == name)).then_some(Protocol(number.into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_and_table_know_the_common_ones() {
        let file = b"ip\t0\tIP\t\t# pseudo\ntcp 6 TCP\nbad\nipv6-icmp 58 IPv6-ICMP\nbig 70000\n";
        for source in [None, Some(&file[..])] {
            assert_eq!(by_name(source, b"tcp"), Some(Protocol::TCP));
            assert_eq!(by_name(source, b"IPv6-ICMP"), Some(Protocol::ICMPV6));
            assert_eq!(by_name(source, b"ip"), Some(Protocol::DEFAULT));
            for name in ["bad", "big", "", "Tcp", "# pseudo"] {
                assert_eq!(by_name(source, name.as_bytes()), None, "{name}");
            }
        }
    }
}
