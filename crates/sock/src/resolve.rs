//! The stub resolver: names through our own sockets, so that a lookup is traced like everything else.
//!
//! It reads /etc/hosts, /etc/resolv.conf, /etc/services and /etc/protocols, asks DNS servers by datagrams and TCP, and
//! knows nothing else: no nsswitch.conf, no mDNS, no cache unless one is asked for. What each part does stands at its head; the format of the
//! messages is in `message.rs` alone. Sources: resolver(3), resolv.conf(5), RFC 1034, RFC 1035, RFC 6724.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use sys::door::{self, Value};
use sys::{Address, Op};

use crate::error::Result;
use crate::family::{Family, Protocol};
use crate::interface;
use crate::name::error::Why;
use crate::name::services::Services;
use crate::name::{
    AI_FLAGS, AddrInfo, Eai, Hints, HostEntry, NI_DGRAM, NI_FLAGS, NI_NAMEREQD, NI_NOFQDN, NI_NUMERICHOST,
    NI_NUMERICSERV, NameError, Reason, gethostname, protocols, shown_flags, shown_name,
};
use crate::text::{parse_ip, parse_old_v4, shown};
use crate::timeout::Deadline;

mod addrinfo;
mod chain;
mod client;
mod conf;
mod destination;
mod files;
mod host;
mod message;

use client::{Client, Memory};
use conf::Conf;
use files::Source;
use host::Families;

/// Looks names up: which files it reads, which servers it asks and how patiently.
///
/// ```
/// use std::net::IpAddr;
/// use jackfield_sock::name::Resolver;
///
/// let resolver = Resolver::system().hosts_text(b"192.0.2.7 printer printer.example\n");
/// assert_eq!(resolver.gethostbyname(b"printer")?.to_string(), "192.0.2.7");
/// assert_eq!(resolver.getfqdn(b"printer"), "printer.example");
/// # Ok::<(), jackfield_sock::name::NameError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Resolver {
    hosts: Source,
    conf: Source,
    services: Source,
    protocols: Source,
    /// Asked instead of the servers of resolv.conf.
    servers: Vec<SocketAddr>,
    /// Who named those.
    named: String,
    timeout: Option<Duration>,
    attempts: Option<u32>,
    budget: Option<Duration>,
    until: Deadline,
    memory: Option<Memory>,
}

impl Resolver {
    /// Looks names up as this machine is configured: /etc/hosts, /etc/resolv.conf, /etc/services, /etc/protocols.
    #[must_use]
    pub fn system() -> Self {
        let file = |path: &str| Source::Path(path.as_bytes().to_vec());
        Self {
            hosts: file("/etc/hosts"),
            conf: file("/etc/resolv.conf"),
            services: file("/etc/services"),
            protocols: file("/etc/protocols"),
            servers: Vec::new(),
            named: "the program".to_owned(),
            timeout: None,
            attempts: None,
            budget: None,
            until: Deadline::NEVER,
            memory: None,
        }
    }

    /// Looks names up with these servers instead of those of resolv.conf; the rest of it, and the hosts file, still count.
    /// No servers are those of resolv.conf again.
    #[must_use]
    pub fn with_servers(servers: Vec<SocketAddr>) -> Self {
        Self { servers, ..Self::system() }
    }

    /// Says who named the servers of [`Resolver::with_servers`], for the words of a failure: a flag, another file.
    #[must_use]
    pub fn servers_named_by(self, place: &str) -> Self {
        Self { named: place.to_owned(), ..self }
    }

    /// Keeps what servers say as long as this resolver and its clones live: a question is asked once, and the lookups of
    /// several functions share the answer, or the silence. Without it each lookup asks anew.
    #[must_use]
    pub fn remembering(self) -> Self {
        Self { memory: Some(Memory::default()), ..self }
    }

    /// Leaves the hosts file out.
    #[must_use]
    pub fn without_hosts(self) -> Self {
        Self { hosts: Source::Nothing, ..self }
    }

    /// Reads another hosts file.
    #[must_use]
    pub fn hosts_path(self, path: &Path) -> Self {
        Self { hosts: path_of(path), ..self }
    }

    /// Takes this text for the hosts file.
    #[must_use]
    pub fn hosts_text(self, text: &[u8]) -> Self {
        Self { hosts: Source::Text(text.to_vec()), ..self }
    }

    /// Reads another resolv.conf.
    #[must_use]
    pub fn resolv_conf_path(self, path: &Path) -> Self {
        Self { conf: path_of(path), ..self }
    }

    /// Takes this text for resolv.conf.
    #[must_use]
    pub fn resolv_conf_text(self, text: &[u8]) -> Self {
        Self { conf: Source::Text(text.to_vec()), ..self }
    }

    /// Reads another file of services.
    #[must_use]
    pub fn services_path(self, path: &Path) -> Self {
        Self { services: path_of(path), ..self }
    }

    /// Takes this text for the file of services.
    #[must_use]
    pub fn services_text(self, text: &[u8]) -> Self {
        Self { services: Source::Text(text.to_vec()), ..self }
    }

    /// Reads another file of protocols.
    #[must_use]
    pub fn protocols_path(self, path: &Path) -> Self {
        Self { protocols: path_of(path), ..self }
    }

    /// Takes this text for the file of protocols.
    #[must_use]
    pub fn protocols_text(self, text: &[u8]) -> Self {
        Self { protocols: Source::Text(text.to_vec()), ..self }
    }

    /// Gives each server this long for an answer, instead of what resolv.conf says.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// Goes through the list of servers this often, instead of what resolv.conf says; at least once.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: Some(attempts.max(1)), ..self }
    }

    /// Ends each lookup after this long, answer or not.
    #[must_use]
    pub fn budget(self, budget: Duration) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Ends all lookups together at this time, answers or not.
    #[must_use]
    pub fn until(self, deadline: Deadline) -> Self {
        Self { until: deadline, ..self }
    }

    /// Finds the addresses of a host and a service, the best first. Source: getaddrinfo(3), RFC 6724.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn getaddrinfo(
        &self,
        host: Option<&[u8]>,
        service: Option<&[u8]>,
        hints: &Hints,
    ) -> std::result::Result<Vec<AddrInfo>, NameError> {
        let args = || {
            vec![
                ("node", shown_name(host)),
                ("service", shown_name(service)),
                ("family", Value::Word(format!("{:?}", hints.family))),
                (
                    "type",
                    Value::Word(if hints.kind.0 == 0 { "0".to_owned() } else { format!("{:?}", hints.kind) }),
                ),
                ("protocol", Value::Word(format!("{:?}", hints.protocol))),
                ("flags", shown_flags(hints.flags, AI_FLAGS)),
            ]
        };
        let body = || {
            let deadline = hints.deadline.sooner(self.deadline());
            self.addrinfo(host, service, hints, deadline).map_err(|(why, about_service)| {
                let asked = if about_service { service } else { host.or(service) };
                NameError::new(Op::Getaddrinfo, asked.unwrap_or_default(), why)
            })
        };
        told(Op::Getaddrinfo, args, body, |list| {
            Value::List(list.iter().map(|one| Value::Address(one.address.clone())).collect())
        })
    }

    /// Finds the names of a host and a service. Source: getnameinfo(3).
    ///
    /// A host whose name cannot be found out is told by its address, unless `NI_NAMEREQD` wants a name.
    ///
    /// # Errors
    /// `EAI_FAMILY` for an address that is no Internet address, `EAI_BADFLAGS`; with `NI_NAMEREQD` those of
    /// [`Resolver::gethostbyaddr`].
    pub fn getnameinfo(
        &self,
        address: &Address,
        flags: i32,
    ) -> std::result::Result<(String, String), NameError> {
        let args =
            || vec![("address", Value::Address(address.clone())), ("flags", shown_flags(flags, NI_FLAGS))];
        let body = || {
            let names = self.nameinfo(address, flags);
            names.map_err(|why| NameError::new(Op::Getnameinfo, address.to_string().as_bytes(), why))
        };
        told(Op::Getnameinfo, args, body, |(host, service)| {
            Value::List(vec![Value::Text(host.clone()), Value::Text(service.clone())])
        })
    }

    /// Finds an IPv4 address of a host. Source: gethostbyname(3).
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn gethostbyname(&self, name: &[u8]) -> std::result::Result<Ipv4Addr, NameError> {
        let entry = self.gethostbyname_ex(name)?;
        let v4 = entry.addresses.iter().find_map(|ip| match ip {
            IpAddr::V4(v4) => Some(*v4),
            IpAddr::V6(_) => None,
        });
        v4.ok_or_else(|| {
            let why = Why(Eai::AddrFamily, Reason::OtherFamily(Family::INET));
            NameError::new(Op::Gethostbyname, name, why)
        })
    }

    /// Finds names and all IPv4 addresses of a host: Python's `gethostbyname_ex`. Source: gethostbyname(3).
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn gethostbyname_ex(&self, name: &[u8]) -> std::result::Result<HostEntry, NameError> {
        let body = || {
            let entry = self.entry(name, Families::V4);
            entry.map_err(|why| NameError::new(Op::Gethostbyname, name, why))
        };
        told(Op::Gethostbyname, || vec![("name", shown(name))], body, shown_entry)
    }

    /// Finds the names of an address. Source: gethostbyaddr(3).
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn gethostbyaddr(&self, ip: IpAddr) -> std::result::Result<HostEntry, NameError> {
        let body = || match self.host_of(ip, self.deadline()) {
            Ok(host) => Ok(entry_of(host)),
            Err(why) => Err(NameError::new(Op::Gethostbyaddr, ip.to_string().as_bytes(), why)),
        };
        told(Op::Gethostbyaddr, || vec![("addr", Value::Word(ip.to_string()))], body, shown_entry)
    }

    /// Returns the full name of a host, of this one when `name` is empty: the first of its names that has a dot, else
    /// what it was asked for. Never fails. Source: Python's `socket.getfqdn`.
    #[must_use]
    pub fn getfqdn(&self, name: &[u8]) -> String {
        let body = || {
            let name = match name.trim_ascii() {
                b"" | b"0.0.0.0" | b"::" => gethostname().unwrap_or_default().into_bytes(),
                name => name.to_vec(),
            };
            let ip =
                self.entry(&name, Families::BOTH).ok().and_then(|entry| entry.addresses.first().copied());
            let Some(Ok(entry)) = ip.map(|ip| self.gethostbyaddr(ip)) else {
                return String::from_utf8_lossy(&name).into_owned();
            };
            let full = entry.aliases.iter().find(|alias| alias.contains('.'));
            match full {
                Some(full) if !entry.name.contains('.') => full.clone(),
                _ => entry.name,
            }
        };
        door::compose(Op::Getfqdn, || vec![("name", shown(name))], body, |found| Ok(shown(found.as_bytes())))
    }

    /// Finds the port of a service; without a protocol of the first that has the name. Source: getservbyname(3).
    #[must_use]
    pub fn getservbyname(&self, name: &[u8], protocol: Option<&str>) -> Option<u16> {
        let args = || vec![("name", shown(name)), ("proto", shown_name(protocol.map(str::as_bytes)))];
        let body = || Some(self.services().ok()?.by_name(name, protocol)?.port);
        door::compose(Op::Getservbyname, args, body, |port: &Option<u16>| {
            Ok(port.map_or(Value::Null, |port| Value::Int(port.into())))
        })
    }

    /// Finds the name of a service by its port. Source: getservbyport(3).
    #[must_use]
    pub fn getservbyport(&self, port: u16, protocol: Option<&str>) -> Option<String> {
        let args =
            || vec![("port", Value::Int(port.into())), ("proto", shown_name(protocol.map(str::as_bytes)))];
        let body = || {
            let services = self.services().ok()?;
            Some(services.by_port(port, protocol)?.name.escape_ascii().to_string())
        };
        door::compose(Op::Getservbyport, args, body, |name: &Option<String>| {
            Ok(name.clone().map_or(Value::Null, Value::Text))
        })
    }

    /// Finds a protocol by its name. Source: getprotobyname(3).
    #[must_use]
    pub fn getprotobyname(&self, name: &[u8]) -> Option<Protocol> {
        let body = || protocols::by_name(self.protocols.read().ok()?.as_deref(), name);
        door::compose(
            Op::Getprotobyname,
            || vec![("name", shown(name))],
            body,
            |found: &Option<Protocol>| Ok(found.map_or(Value::Null, |protocol| Value::Int(protocol.0.into()))),
        )
    }

    /// Reads the services, or takes the built-in ones where there is no file.
    fn services(&self) -> Result<Services> {
        Ok(self.services.read()?.map_or(Services::Table, Services::File))
    }

    fn conf(&self) -> Result<Conf> {
        let text = self.conf.read()?.unwrap_or_default();
        Ok(Conf::parse(&text, interface::scope_id))
    }

    fn client(&self, conf: Conf, deadline: Deadline) -> Client {
        let named = match (&self.conf, self.servers.is_empty()) {
            (_, false) => self.named.clone(),
            (Source::Path(path), true) if conf.names_servers => path.escape_ascii().to_string(),
            (Source::Path(path), true) => {
                format!("default, as {} names none", path.escape_ascii())
            }
            (Source::Text(_) | Source::Nothing, true) => "the program".to_owned(),
        };
        Client {
            named,
            memory: self.memory.clone(),
            servers: if self.servers.is_empty() { conf.servers } else { self.servers.clone() },
            timeout: self.timeout.unwrap_or(conf.timeout),
            attempts: self.attempts.unwrap_or(conf.attempts),
            rotate: conf.rotate,
            deadline,
        }
    }

    fn deadline(&self) -> Deadline {
        Deadline::after_if(self.budget).sooner(self.until)
    }

    /// Describes a host by its name or its address as text.
    fn entry(&self, name: &[u8], families: Families) -> std::result::Result<HostEntry, Why> {
        let numeric = |ip: IpAddr| {
            let name = String::from_utf8_lossy(name).into_owned();
            Ok(HostEntry { name, aliases: Vec::new(), addresses: vec![ip] })
        };
        if name.is_empty() {
            return numeric(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        }
        match (parse_old_v4(name), parse_ip(name)) {
            (Some(v4), _) => numeric(IpAddr::V4(v4)),
            (None, Some((ip, _))) if families.v6 => numeric(ip),
            (None, Some(_)) => Err(Why(Eai::AddrFamily, Reason::OtherFamily(Family::INET))),
            (None, None) => self.host(name, families, self.deadline()).map(entry_of),
        }
    }

    fn nameinfo(&self, address: &Address, flags: i32) -> std::result::Result<(String, String), Why> {
        let known = NI_FLAGS.iter().fold(0, |all, (_, flag)| all | flag);
        if flags & !known != 0 {
            return Err(Why(Eai::BadFlags, Reason::BadFlags(flags & !known)));
        }
        let Some(socket) = address.ip() else {
            return Err(Why(Eai::Family, Reason::BadFamily(Family(address.family()))));
        };
        let host = if flags & NI_NUMERICHOST != 0 { None } else { self.named(socket.ip(), flags)? };
        let protocol = if flags & NI_DGRAM == 0 { "tcp" } else { "udp" };
        let service = match flags & NI_NUMERICSERV {
            0 => self.getservbyport(socket.port(), Some(protocol)),
            _ => None,
        };
        Ok((host.unwrap_or_else(|| numeric(socket)), service.unwrap_or_else(|| socket.port().to_string())))
    }

    /// Finds the name of an address; `None` when it has none and needs none.
    fn named(&self, ip: IpAddr, flags: i32) -> std::result::Result<Option<String>, Why> {
        match self.host_of(ip, self.deadline()) {
            Ok(host) if flags & NI_NOFQDN != 0 => {
                let domain = self.own_domain()?.unwrap_or_default();
                Ok(Some(match host.name.split_once('.') {
                    Some((first, rest)) if rest.as_bytes().eq_ignore_ascii_case(&domain) => first.to_owned(),
                    _ => host.name,
                }))
            }
            Ok(host) => Ok(Some(host.name)),
            Err(why) if flags & NI_NAMEREQD != 0 || why.0 == Eai::System => Err(why),
            Err(_) => Ok(None),
        }
    }
}

/// Reads a message as the client does, question and records.
pub(crate) fn read_message(bytes: &[u8]) {
    let Ok(reply) = message::Reply::open(bytes) else { return };
    let question = message::Question { name: message::DomainName::root(), kind: message::A };
    let _ = (reply.answers(0, &question), reply.is_truncated(), reply.code());
    if let Ok(records) = reply.records() {
        // A record takes a name, type, class, time and length: 11 bytes at least.
        assert!(records.len() * 11 <= bytes.len(), "{} records of {} bytes", records.len(), bytes.len());
        for record in records {
            let text = record.owner.to_text();
            assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
        }
    }
}

/// Reads the text of a resolv.conf and holds it to its bounds.
pub(crate) fn read_conf(text: &[u8]) {
    let conf = Conf::parse(text, |_| Some(1));
    assert!((1..=3).contains(&conf.servers.len()) && conf.ndots <= 15 && (1..=5).contains(&conf.attempts));
}

/// Reads the text of a hosts file and looks for a name.
pub(crate) fn read_hosts(text: &[u8], name: &[u8]) {
    let lines =
        files::host_lines(text).inspect(|line| assert!(!line.names.is_empty(), "a line without names"));
    let _ = lines.filter(|line| line.has(name)).count();
}

/// Writes an address without its port, with the scope by the interface's name where the address is a link's.
fn numeric(socket: SocketAddr) -> String {
    let SocketAddr::V6(v6) = socket else { return socket.ip().to_string() };
    let scope = v6.scope_id();
    if scope == 0 {
        return v6.ip().to_string();
    }
    let link_local = v6.ip().is_unicast_link_local() || v6.ip().octets().starts_with(&[0xff, 0x02]);
    let name = link_local.then(|| interface::if_indextoname(scope).ok()).flatten();
    format!("{}%{}", v6.ip(), name.unwrap_or_else(|| scope.to_string()))
}

fn entry_of(host: host::Host) -> HostEntry {
    let addresses = host.addresses.into_iter().map(|(ip, _)| ip).collect();
    HostEntry { name: host.name, aliases: host.aliases, addresses }
}

fn shown_entry(entry: &HostEntry) -> Value {
    let list = |items: Vec<String>| Value::List(items.into_iter().map(Value::Text).collect());
    Value::Fields(vec![
        ("name", Value::Text(entry.name.clone())),
        ("aliases", list(entry.aliases.clone())),
        ("addresses", list(entry.addresses.iter().map(ToString::to_string).collect())),
    ])
}

/// Runs a lookup as the composite `op`, whose calls point to it.
fn told<T>(
    op: Op,
    args: impl FnOnce() -> Vec<door::Arg>,
    body: impl FnOnce() -> std::result::Result<T, NameError>,
    show: impl FnOnce(&T) -> Value,
) -> std::result::Result<T, NameError> {
    door::compose(op, args, body, |outcome| match outcome {
        Ok(found) => Ok(show(found)),
        Err(error) => error.told(),
    })
}

fn path_of(path: &Path) -> Source {
    Source::Path(path.as_os_str().as_bytes().to_vec())
}
