//! Services: their names and ports, from /etc/services, or from a small table where there is no such file.
//!
//! [`WELL_KNOWN`] is the one place in the workspace that says which port belongs to which service. Sources: services(5),
//! IANA's Service Name and Transport Protocol Port Number Registry.

use crate::text::decimal;

/// A row of [`WELL_KNOWN`]: the name, its aliases, the port, the protocols.
pub type WellKnown = (&'static str, &'static [&'static str], u16, &'static [&'static str]);

/// The port of DNS servers: "domain".
pub const DOMAIN: u16 = 53;

const TCP: &[&str] = &["tcp"];
const UDP: &[&str] = &["udp"];
const BOTH: &[&str] = &["tcp", "udp"];

/// The commonest services, for machines without /etc/services, as many containers are.
pub const WELL_KNOWN: &[WellKnown] = &[
    ("echo", &[], 7, BOTH),
    ("discard", &["sink", "null"], 9, BOTH),
    ("daytime", &[], 13, BOTH),
    ("chargen", &["ttytst", "source"], 19, BOTH),
    ("ftp-data", &[], 20, TCP),
    ("ftp", &[], 21, TCP),
    ("ssh", &[], 22, TCP),
    ("telnet", &[], 23, TCP),
    ("smtp", &["mail"], 25, TCP),
    ("time", &["timserver"], 37, BOTH),
    ("whois", &["nicname"], 43, TCP),
    ("domain", &[], DOMAIN, BOTH),
    ("bootps", &[], 67, UDP),
    ("bootpc", &[], 68, UDP),
    ("tftp", &[], 69, UDP),
    ("gopher", &[], 70, TCP),
    ("finger", &[], 79, TCP),
    ("http", &["www"], 80, TCP),
    ("kerberos", &["kerberos5", "krb5"], 88, BOTH),
    ("pop3", &["pop-3"], 110, TCP),
    ("sunrpc", &["portmapper"], 111, BOTH),
    ("ident", &["auth"], 113, TCP),
    ("nntp", &["readnews"], 119, TCP),
    ("ntp", &[], 123, UDP),
    ("netbios-ns", &[], 137, UDP),
    ("netbios-dgm", &[], 138, UDP),
    ("netbios-ssn", &[], 139, TCP),
    ("imap2", &["imap"], 143, TCP),
    ("snmp", &[], 161, BOTH),
    ("snmp-trap", &["snmptrap"], 162, BOTH),
    ("bgp", &[], 179, TCP),
    ("irc", &[], 194, BOTH),
    ("ldap", &[], 389, BOTH),
    ("https", &[], 443, BOTH),
    ("microsoft-ds", &[], 445, BOTH),
    ("submissions", &["ssmtp", "smtps"], 465, TCP),
    ("isakmp", &[], 500, UDP),
    ("syslog", &[], 514, UDP),
    ("printer", &["spooler"], 515, TCP),
    ("submission", &[], 587, TCP),
    ("ldaps", &[], 636, BOTH),
    ("domain-s", &[], 853, BOTH),
    ("rsync", &[], 873, TCP),
    ("imaps", &[], 993, TCP),
    ("pop3s", &[], 995, TCP),
    ("socks", &[], 1080, TCP),
    ("ms-sql-s", &[], 1433, TCP),
    ("mqtt", &[], 1883, TCP),
    ("nfs", &[], 2049, BOTH),
    ("mysql", &[], 3306, TCP),
    ("ms-wbt-server", &[], 3389, TCP),
    ("sip", &[], 5060, BOTH),
    ("mdns", &[], 5353, UDP),
    ("postgresql", &["postgres"], 5432, TCP),
    ("amqp", &[], 5672, BOTH),
    ("redis", &[], 6379, TCP),
    ("http-alt", &["webcache"], 8080, TCP),
];

/// A service of the file or of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Service<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) port: u16,
    pub(crate) protocol: &'a [u8],
}

/// The services of one source.
#[derive(Debug)]
pub(crate) enum Services {
    /// The text of /etc/services.
    File(Vec<u8>),
    /// [`WELL_KNOWN`].
    Table,
}

impl Services {
    /// Finds a service by its name or an alias of it.
    pub(crate) fn by_name(&self, name: &[u8], protocol: Option<&str>) -> Option<Service<'_>> {
        self.find(|service, mut aliases| {
            serves(service, protocol)
                && (service.name == name || Iterator::any(&mut aliases, |alias| alias == name))
        })
    }

    /// Finds a service by its port.
    pub(crate) fn by_port(&self, port: u16, protocol: Option<&str>) -> Option<Service<'_>> {
        self.find(|service, _| serves(service, protocol) && service.port == port)
    }

    fn find(
        &self,
        mut wanted: impl FnMut(Service<'_>, &mut dyn Iterator<Item = &[u8]>) -> bool,
    ) -> Option<Service<'_>> {
        match self {
            Self::File(text) => text.split(|byte| *byte == b'\n').find_map(|line| {
                let mut words = words(line);
                let name = words.next()?;
                let (port, protocol) = split_at_slash(words.next()?)?;
                let service = Service { name, port: decimal(port)?, protocol };
                wanted(service, &mut words).then_some(service)
            }),
            Self::Table => WELL_KNOWN.iter().find_map(|(name, aliases, port, protocols)| {
                protocols.iter().find_map(|protocol| {
                    let service =
                        Service { name: name.as_bytes(), port: *port, protocol: protocol.as_bytes() };
                    let mut aliases = aliases.iter().map(|alias| alias.as_bytes());
                    wanted(service, &mut aliases).then_some(service)
                })
            }),
        }
    }
}

/// Cuts a line of a table such as /etc/hosts into words; a `#` ends it.
pub(crate) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let end = line.iter().position(|byte| *byte == b'#').unwrap_or(line.len());
    let line = line.get(..end).unwrap_or_default();
    line.split(|byte| byte.is_ascii_whitespace() || *byte == 0).filter(|word| !word.is_empty())
}

fn serves(service: Service<'_>, protocol: Option<&str>) -> bool {
    protocol.is_none_or(|protocol| service.protocol == protocol.as_bytes())
}

fn split_at_slash(word: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = word.iter().position(|byte| *byte == b'/')?;
    Some((word.get(..at)?, word.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"# services(5)\r\n\
        smtp 25/tcp mail # and a comment\r\n\
        \tdomain\t53/tcp\n\
        domain 53/udp\n\
        garbage\n\
        toolarge 65536/tcp\n\
        negative -1/tcp\n\
        noproto 7\n\
        \xff\xfe 9/tcp\n\
        last 65535/udp final";

    #[test]
    fn a_file_is_read_with_aliases_comments_and_garbage() {
        let services = Services::File(FILE.to_vec());
        assert_eq!(services.by_name(b"mail", Some("tcp")).unwrap().port, 25);
        assert_eq!(services.by_name(b"smtp", Some("udp")), None);
        assert_eq!(services.by_name(b"domain", Some("udp")).unwrap().protocol, b"udp");
        assert_eq!(services.by_name(b"domain", None).unwrap().protocol, b"tcp");
        assert_eq!(services.by_name(b"final", None).unwrap().port, 65535);
        assert_eq!(services.by_port(25, None).unwrap().name, b"smtp");
        for name in ["garbage", "toolarge", "negative", "noproto", "#", "and", "SMTP", ""] {
            assert_eq!(services.by_name(name.as_bytes(), None), None, "{name}");
        }
        assert_eq!(services.by_port(9, None).unwrap().name, b"\xff\xfe");
    }

    #[test]
    fn the_table_answers_where_there_is_no_file() {
        let services = Services::Table;
        assert_eq!(services.by_name(b"http", Some("tcp")).unwrap().port, 80);
        assert_eq!(services.by_name(b"www", None).unwrap().name, b"http");
        assert_eq!(services.by_name(b"http", Some("udp")), None);
        assert_eq!(services.by_port(DOMAIN, Some("udp")).unwrap().name, b"domain");
    }

    #[test]
    fn the_table_is_in_order_and_has_no_port_twice() {
        assert!(WELL_KNOWN.windows(2).all(|pair| pair[0].2 < pair[1].2));
    }

    proptest::proptest! {
        #[test]
        fn no_file_is_a_panic(text: Vec<u8>, name: Vec<u8>, port: u16) {
            let services = Services::File(text);
            let _ = (services.by_name(&name, None), services.by_port(port, Some("tcp")));
        }
    }
}
