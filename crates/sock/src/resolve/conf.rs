//! The resolver's configuration: the text of /etc/resolv.conf.
//!
//! Read are `nameserver` (three at most), `search`, `domain`, and of `options` ndots, timeout, attempts and rotate, each
//! with the manual's upper bound; everything else is passed over, as the manual asks. The environment (`LOCALDOMAIN`,
//! `RES_OPTIONS`) is not read. Source: resolv.conf(5).

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV6};
use std::time::Duration;

use crate::name::DOMAIN;
use crate::name::services::words;
use crate::text::{decimal, parse_ip};

/// `MAXNS`, and the upper bounds of the options.
const SERVERS_MAX: usize = 3;
const NDOTS_MAX: usize = 15;
const TIMEOUT_MAX: u64 = 30;
const ATTEMPTS_MAX: u32 = 5;
/// The manual has no bound, but each domain costs questions.
const SEARCH_MAX: usize = 32;

/// What resolv.conf says, defaults where it is silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Conf {
    pub(super) servers: Vec<SocketAddr>,
    /// Whether the text names them, or they are the default.
    pub(super) names_servers: bool,
    /// The domains to try; `None` when neither `search` nor `domain` is there, which means this host's own.
    pub(super) search: Option<Vec<Vec<u8>>>,
    /// A name with fewer dots is tried with the search domains first.
    pub(super) ndots: usize,
    /// How long one server has for an answer.
    pub(super) timeout: Duration,
    /// How often the list of servers is gone through.
    pub(super) attempts: u32,
    /// Begins with another server each time.
    pub(super) rotate: bool,
}

impl Default for Conf {
    fn default() -> Self {
        let here = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), DOMAIN);
        Self {
            servers: vec![here],
            names_servers: false,
            search: None,
            ndots: 1,
            timeout: Duration::from_secs(5),
            attempts: 2,
            rotate: false,
        }
    }
}

impl Conf {
    /// Reads the text; `scope` finds the index of the interface that a scope names.
    pub(super) fn parse(text: &[u8], mut scope: impl FnMut(&[u8]) -> Option<u32>) -> Self {
        let mut conf = Self::default();
        let mut servers = Vec::new();
        for line in text.split(|byte| *byte == b'\n') {
            // A comment begins in the first column, with a semicolon too.
            if line.first() == Some(&b';') {
                continue;
            }
            let mut words = words(line);
            match words.next() {
                Some(b"nameserver") if servers.len() < SERVERS_MAX => {
                    servers.extend(words.next().and_then(|word| server(word, &mut scope)));
                }
                Some(b"domain") => conf.search = words.next().map(|domain| vec![domain.to_vec()]),
                Some(b"search") => {
                    conf.search = Some(words.take(SEARCH_MAX).map(<[u8]>::to_vec).collect());
                }
                Some(b"options") => words.for_each(|word| conf.option(word)),
                _ => {}
            }
        }
        if !servers.is_empty() {
            conf.servers = servers;
            conf.names_servers = true;
        }
        conf
    }

    fn option(&mut self, word: &[u8]) {
        if word == b"rotate" {
            self.rotate = true;
        } else if let Some(ndots) = word.strip_prefix(b"ndots:").and_then(decimal::<usize>) {
            self.ndots = ndots.min(NDOTS_MAX);
        } else if let Some(seconds) = word.strip_prefix(b"timeout:").and_then(decimal::<u64>) {
            self.timeout = Duration::from_secs(seconds.clamp(1, TIMEOUT_MAX));
        } else if let Some(attempts) = word.strip_prefix(b"attempts:").and_then(decimal::<u32>) {
            self.attempts = attempts.clamp(1, ATTEMPTS_MAX);
        }
    }
}

fn server(word: &[u8], scope: &mut impl FnMut(&[u8]) -> Option<u32>) -> Option<SocketAddr> {
    Some(match parse_ip(word)? {
        (IpAddr::V4(v4), _) => SocketAddr::new(IpAddr::V4(v4), DOMAIN),
        (IpAddr::V6(v6), name) => {
            let index = match name {
                Some(name) => scope(name)?,
                None => 0,
            };
            SocketAddr::V6(SocketAddrV6::new(v6, DOMAIN, 0, index))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Conf {
        Conf::parse(text.as_bytes(), |name| (name == b"eth0").then_some(3))
    }

    #[test]
    fn nothing_said_is_the_server_of_this_machine() {
        for text in ["", "# nothing\n; nothing\n", "nameserver\nnameserver nonsense\n", "\0\u{1}garbage \n\n"]
        {
            assert_eq!(parse(text), Conf::default(), "{text}");
        }
        assert_eq!(Conf::default().servers, ["127.0.0.1:53".parse().unwrap()]);
    }

    #[test]
    fn three_servers_of_any_family_count() {
        let conf = parse(
            "nameserver 10.0.0.1\nnameserver\tfe80::1%eth0\r\nnameserver bad\nnameserver fe80::1%none\n\
             nameserver 2001:db8::1 # note\nnameserver 10.0.0.4\n",
        );
        let expected = ["10.0.0.1:53", "[fe80::1%3]:53", "[2001:db8::1]:53"];
        assert_eq!(conf.servers, expected.map(|text| text.parse().unwrap()));
    }

    #[test]
    fn options_are_bounded_and_unknown_ones_passed_over() {
        let conf = parse("options ndots:99 timeout:0 attempts:9 rotate edns0 trust-ad no-such:1 ndots:x\n");
        assert_eq!((conf.ndots, conf.timeout, conf.attempts), (15, Duration::from_secs(1), 5));
        assert!(conf.rotate);
        let conf = parse("options timeout:3\noptions attempts:1 ndots:0\n");
        assert_eq!((conf.ndots, conf.timeout, conf.attempts), (0, Duration::from_secs(3), 1));
    }

    #[test]
    fn the_last_of_search_and_domain_counts() {
        let search = |text| parse(text).search.unwrap();
        assert_eq!(search("domain a.example\nsearch b.example c.example\n"), [b"b.example", b"c.example"]);
        assert_eq!(search("search b.example c.example\ndomain a.example\n"), [b"a.example"]);
        assert_eq!(search("search .\n"), [b"."]);
        assert_eq!(search("search\n"), Vec::<Vec<u8>>::new());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_a_panic(text: Vec<u8>) {
            let _ = Conf::parse(&text, |_| None);
        }
    }
}
