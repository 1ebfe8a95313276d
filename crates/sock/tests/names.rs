//! Names and addresses side by side with Python's `socket` on the same machine: same question, same answer.
//!
//! Where Python is absent, or built on another C library than the one whose habits are followed, a test says so and is
//! passed over; with `CI` set that is a failure. Where we differ on purpose, a test of its own says how.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "this is a test: it may fail, and says what it skips"
)]

use std::net::{Ipv6Addr, SocketAddrV6};
use std::process::Command;

use jackfield_sock::interface::{if_indextoname, if_nameindex, if_nametoindex};
use jackfield_sock::name::{
    self, AI_CANONNAME, AI_NUMERICHOST, AI_NUMERICSERV, AI_PASSIVE, AI_V4MAPPED, AddrInfo, Eai, Hints,
    NI_DGRAM, NI_NUMERICHOST, NI_NUMERICSERV, Reason,
};
use jackfield_sock::order::{htonl, htons, ntohl, ntohs};
use jackfield_sock::text::{inet_aton, inet_ntop, inet_pton};
use jackfield_sock::{Address, Family, Protocol, Type};

/// Runs a Python program that answers each of the arguments with a line; `None` where there is no such Python.
fn python(program: &str, arguments: &[String]) -> Option<Vec<String>> {
    let head = "import platform, socket, sys\n\
        if platform.libc_ver()[0] != 'glibc': sys.exit(77)\n";
    let run = Command::new("python3").arg("-c").arg(format!("{head}{program}")).args(arguments).output();
    let missing = match &run {
        Ok(output) => (output.status.code() == Some(77)).then(|| "python3 is not built on glibc".to_owned()),
        Err(error) => Some(format!("python3: {error}")),
    };
    if let Some(missing) = missing {
        assert!(std::env::var_os("CI").is_none(), "CI must have it: {missing}");
        eprintln!("SKIPPED: {missing}");
        return None;
    }
    let output = run.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<_> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), arguments.len(), "a line for each argument");
    Some(lines)
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|one| (*one).to_owned()).collect()
}

/// What is written where there is no answer.
fn none() -> String {
    "-".to_owned()
}

/// One getaddrinfo: host and service (`-` is none), family, type, protocol, flags.
struct Case(&'static str, &'static str, i32, i32, i32, i32);

fn optional(text: &str) -> Option<&[u8]> {
    (text != "-").then_some(text.as_bytes())
}

fn ours(case: &Case) -> String {
    let hints = Hints {
        family: Family(case.2),
        kind: Type(case.3),
        protocol: Protocol(case.4),
        flags: case.5,
        ..Hints::default()
    };
    match name::getaddrinfo(optional(case.0), optional(case.1), &hints) {
        Ok(list) => list.iter().map(line).collect::<Vec<_>>().join(" "),
        Err(error) => format!("error {}", error.eai()),
    }
}

fn line(one: &AddrInfo) -> String {
    let socket = one.address.ip().unwrap();
    let scope = if let std::net::SocketAddr::V6(v6) = socket { v6.scope_id() } else { 0 };
    let (family, kind, protocol) = (one.family.0, one.kind.0, one.protocol.0);
    let canonname = one.canonname.as_deref().unwrap_or_default();
    format!("{family}/{kind}/{protocol}/{canonname}/{}/{}/{scope}", socket.ip(), socket.port())
}

#[test]
fn getaddrinfo_answers_as_pythons_does() {
    const NONE: i32 = 0;
    let (stream, datagram, raw, inet, inet6) = (1, 2, 3, Family::INET.0, Family::INET6.0);
    let cases = [
        // Hosts as numbers, in every form.
        Case("127.0.0.1", "80", 0, stream, 0, NONE),
        Case("127.1", "80", 0, stream, 0, NONE),
        Case("127.0.1", "80", 0, stream, 0, NONE),
        Case("0x7f.1", "80", 0, stream, 0, NONE),
        Case("0177.0.0.01", "80", 0, stream, 0, NONE),
        Case("2130706433", "80", 0, stream, 0, NONE),
        Case("0", "80", 0, stream, 0, NONE),
        Case("255.255.255.255", "80", 0, stream, 0, NONE),
        Case("127.0.0.1 ", "80", 0, stream, 0, AI_NUMERICHOST),
        Case("256.1.1.1", "80", 0, stream, 0, AI_NUMERICHOST),
        Case("1.2.3.4.5", "80", 0, stream, 0, AI_NUMERICHOST),
        Case("::1", "80", 0, stream, 0, NONE),
        Case("::", "80", 0, stream, 0, NONE),
        Case("::ffff:1.2.3.4", "80", 0, stream, 0, NONE),
        Case("2001:db8::1", "65535", 0, datagram, 0, NONE),
        Case("fe80::1%lo", "1", 0, stream, 0, NONE),
        Case("fe80::1%1", "1", 0, stream, 0, NONE),
        Case("2001:db8::1%1", "1", 0, stream, 0, NONE),
        Case("fe80::1%no-such-if", "1", 0, stream, 0, NONE),
        Case("1::2::3", "1", 0, stream, 0, AI_NUMERICHOST),
        Case("nohost", "1", 0, stream, 0, AI_NUMERICHOST),
        // Families.
        Case("::1", "1", inet, stream, 0, NONE),
        Case("127.0.0.1", "1", inet6, stream, 0, NONE),
        Case("127.0.0.1", "1", inet6, stream, 0, AI_V4MAPPED),
        Case("127.0.0.1", "1", inet, stream, 0, NONE),
        Case("127.0.0.1", "1", 1, stream, 0, NONE),
        Case("127.0.0.1", "1", 17, stream, 0, NONE),
        // No host.
        Case("-", "80", 0, 0, 0, NONE),
        Case("-", "80", 0, 0, 0, AI_PASSIVE),
        Case("-", "80", inet, stream, 0, AI_PASSIVE),
        Case("-", "80", inet6, stream, 0, NONE),
        Case("-", "-", 0, 0, 0, NONE),
        // Types and protocols.
        Case("127.0.0.1", "80", 0, 0, 0, NONE),
        Case("127.0.0.1", "-", 0, 0, 0, NONE),
        Case("127.0.0.1", "-", 0, raw, 0, NONE),
        Case("127.0.0.1", "-", 0, raw, 1, NONE),
        Case("127.0.0.1", "-", 0, 0, 1, NONE),
        Case("127.0.0.1", "-", 0, 0, 6, NONE),
        Case("127.0.0.1", "-", 0, 0, 17, NONE),
        Case("127.0.0.1", "-", 0, 0, 132, NONE),
        Case("127.0.0.1", "-", 0, 5, 0, NONE),
        Case("127.0.0.1", "-", 0, 6, 0, NONE),
        Case("127.0.0.1", "-", 0, datagram, 6, NONE),
        Case("127.0.0.1", "-", 0, stream, 17, NONE),
        Case("127.0.0.1", "-", 0, 99, 0, NONE),
        // Services.
        Case("127.0.0.1", "", 0, stream, 0, NONE),
        Case("127.0.0.1", "0", 0, stream, 0, NONE),
        Case("127.0.0.1", "http", 0, stream, 0, NONE),
        Case("127.0.0.1", "http", 0, 0, 0, NONE),
        Case("127.0.0.1", "domain", 0, 0, 0, NONE),
        Case("127.0.0.1", "ntp", 0, 0, 0, NONE),
        Case("127.0.0.1", "http", 0, raw, 0, NONE),
        Case("127.0.0.1", "no-such-service", 0, stream, 0, NONE),
        Case("127.0.0.1", "no-such-service", 0, 0, 0, NONE),
        Case("127.0.0.1", "http", 0, stream, 0, AI_NUMERICSERV),
        Case("127.0.0.1", "-1", 0, stream, 0, NONE),
        Case("127.0.0.1", "80x", 0, stream, 0, NONE),
        // Flags.
        Case("127.0.0.1", "1", 0, stream, 0, AI_CANONNAME),
        Case("127.1", "1", 0, 0, 0, AI_CANONNAME),
        Case("::1", "1", 0, stream, 0, AI_CANONNAME),
        Case("-", "1", 0, stream, 0, AI_CANONNAME),
        Case("127.0.0.1", "1", 0, stream, 0, 0x4000),
    ];
    let program = "
for text in sys.argv[1:]:
    host, service, *numbers = text.split('|')
    none = lambda text: None if text == '-' else text
    try:
        found = socket.getaddrinfo(none(host), none(service), *map(int, numbers))
        print(*('%d/%d/%d/%s/%s/%d/%d' % (*one[:4], one[4][0].split('%')[0], one[4][1], (*one[4], 0, 0)[3])
            for one in found))
    except socket.gaierror as error:
        print('error', error.errno)
";
    let arguments: Vec<_> = cases
        .iter()
        .map(|Case(host, service, family, kind, protocol, flags)| {
            format!("{host}|{service}|{family}|{kind}|{protocol}|{flags}")
        })
        .collect();
    let Some(theirs) = python(program, &arguments) else { return };
    for ((case, arguments), theirs) in cases.iter().zip(&arguments).zip(theirs) {
        assert_eq!(ours(case), theirs, "{arguments}");
    }
}

#[test]
fn every_service_of_this_machine_is_found_both_ways() {
    let Ok(file) = std::fs::read_to_string("/etc/services") else {
        eprintln!("SKIPPED: there is no /etc/services");
        return;
    };
    let mut questions = Vec::new();
    for line in file.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let (Some(name), Some((port, protocol))) =
            (words.next(), words.next().and_then(|w| w.split_once('/')))
        else {
            continue;
        };
        for name in std::iter::once(name).chain(words) {
            questions.push(format!("{name}|{port}|{protocol}"));
            questions.push(format!("{name}|{port}|"));
        }
    }
    questions.push("no-such-service|1|tcp".to_owned());
    questions.push("HTTP|64999|no-such-protocol".to_owned());
    let program = "
for text in sys.argv[1:]:
    name, port, *protocol = text.split('|')
    protocol = [word for word in protocol if word]
    def ask(what, *arguments):
        try: return what(*arguments)
        except OSError: return '-'
    print(ask(socket.getservbyname, name, *protocol), ask(socket.getservbyport, int(port), *protocol))
";
    let Some(theirs) = python(program, &questions) else { return };
    for (question, theirs) in questions.iter().zip(theirs) {
        let [name, port, protocol] = question.split('|').collect::<Vec<_>>()[..] else {
            panic!("{question}")
        };
        let protocol = (!protocol.is_empty()).then_some(protocol);
        let found = name::getservbyname(name.as_bytes(), protocol);
        let found = found.map_or_else(none, |port| port.to_string());
        let named = name::getservbyport(port.parse().unwrap(), protocol);
        assert_eq!(format!("{found} {}", named.as_deref().unwrap_or("-")), theirs, "{question}");
    }
}

#[test]
fn every_protocol_of_this_machine_is_found() {
    let Ok(file) = std::fs::read_to_string("/etc/protocols") else {
        eprintln!("SKIPPED: there is no /etc/protocols");
        return;
    };
    let mut names = strings(&["no-such-protocol", "Tcp", ""]);
    for line in file.lines() {
        let words = line.split('#').next().unwrap_or_default().split_whitespace();
        names.extend(words.enumerate().filter(|(at, _)| *at != 1).map(|(_, word)| word.to_owned()));
    }
    let program = "
for name in sys.argv[1:]:
    try: print(socket.getprotobyname(name))
    except OSError: print('-')
";
    let Some(theirs) = python(program, &names) else { return };
    for (name, theirs) in names.iter().zip(theirs) {
        let found = name::getprotobyname(name.as_bytes());
        assert_eq!(found.map_or_else(none, |protocol| protocol.0.to_string()), theirs, "{name}");
    }
}

#[test]
fn addresses_as_text_are_read_as_python_reads_them() {
    let texts = strings(&[
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "1",
        "0",
        "0x7f.1",
        "0X7F.1",
        "0x7f000001",
        "0177.1",
        "017700000001",
        "4294967295",
        "4294967296",
        "1.16777215",
        "1.16777216",
        "1.2.65535",
        "1.2.65536",
        "1.2.3.255",
        "1.2.3.256",
        "256.1",
        "1.256.1",
        "1.2.256.1",
        "1.2.3.4.5",
        "1.2.3.4.",
        ".1.2.3",
        "1..2",
        "",
        " ",
        ".",
        "08",
        "09.1",
        "0x",
        "0xg",
        "1.2.3.4x",
        "1.2.3.4 x",
        "1.2.3.4\tx",
        "1.2.3.4\u{b}",
        " 1.2.3.4",
        "+1.2.3.4",
        "-1",
        "1.2.3.-4",
        "a.b.c.d",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.04",
        "00.0.0.0",
        "1.2.3.0000004",
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "1::2::3",
        ":::",
        ":1",
        "1:",
        "::1%lo",
        "::1%1",
        "::ffff:1.2.3.4",
        "::1.2.3.4",
        "::1.2.3",
        "::1.2.3.256",
        "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "12345::",
        "g::",
        "::FFFF",
        "fe80::1",
        " ::1",
        "::1 ",
        "[::1]",
        "::1/128",
        "::01",
        "::00001",
        "::ffff:01.2.3.4",
    ]);
    let program = "
def ask(what, *arguments):
    try: return what(*arguments).hex()
    except OSError: return '-'
for text in sys.argv[1:]:
    print(ask(socket.inet_aton, text), ask(socket.inet_pton, socket.AF_INET, text),
        ask(socket.inet_pton, socket.AF_INET6, text))
";
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let pton = |family, text: &str| match inet_pton(family, text.as_bytes()) {
        Ok(std::net::IpAddr::V4(v4)) => hex(&v4.octets()),
        Ok(std::net::IpAddr::V6(v6)) => hex(&v6.octets()),
        Err(_) => none(),
    };
    let Some(theirs) = python(program, &texts) else { return };
    for (text, theirs) in texts.iter().zip(theirs) {
        let old = inet_aton(text.as_bytes()).map_or_else(|_| none(), |v4| hex(&v4.octets()));
        let ours = format!("{old} {} {}", pton(Family::INET, text), pton(Family::INET6, text));
        assert_eq!(ours, theirs, "{text:?}");
    }
}

#[test]
fn addresses_are_written_as_python_writes_them() {
    let packed = strings(&[
        "7f000001",
        "00000000",
        "ffffffff",
        "20010db8000000000000000000000001",
        "00000000000000000000000000000000",
        "00000000000000000000000000000001",
        "00010000000000010000000000000001",
        "00010000000000000001000000000001",
        "20010db8000000010001000100010001",
        "20010000000100000001000000010000",
        "00000000000000000000ffff01020304",
        "fe800000000000000000000000000001",
        "ff020000000000000000000000000001",
        "0000000000000000ffff000001020304",
        "00",
        "",
        "000000000000000000",
    ]);
    let program = "
def ask(family, packed):
    try: return socket.inet_ntop(family, bytes.fromhex(packed))
    except ValueError: return '-'
for text in sys.argv[1:]:
    print(ask(socket.AF_INET, text), ask(socket.AF_INET6, text))
";
    let Some(theirs) = python(program, &packed) else { return };
    for (text, theirs) in packed.iter().zip(theirs) {
        let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        let bytes: Vec<_> = digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
        let ntop = |family| inet_ntop(family, &bytes).unwrap_or_else(|_| none());
        assert_eq!(format!("{} {}", ntop(Family::INET), ntop(Family::INET6)), theirs, "{text}");
    }
}

#[test]
fn numbers_change_order_as_in_python() {
    let numbers = strings(&["0", "1", "80", "54321", "65535"]);
    let program = "
for text in sys.argv[1:]:
    n = int(text)
    print(socket.htons(n), socket.ntohs(n), socket.htonl(n), socket.ntohl(n))
";
    let Some(theirs) = python(program, &numbers) else { return };
    for (text, theirs) in numbers.iter().zip(theirs) {
        let n: u16 = text.parse().unwrap();
        assert_eq!(
            format!("{} {} {} {}", htons(n), ntohs(n), htonl(n.into()), ntohl(n.into())),
            theirs,
            "{n}"
        );
    }
}

#[test]
fn numeric_names_of_addresses_are_pythons() {
    let numeric = NI_NUMERICHOST | NI_NUMERICSERV;
    let cases: [(&str, u16, u32, i32); 10] = [
        ("127.0.0.1", 80, 0, numeric),
        ("127.0.0.1", 80, 0, NI_NUMERICHOST),
        ("127.0.0.1", 53, 0, NI_NUMERICHOST | NI_DGRAM),
        ("127.0.0.1", 123, 0, NI_NUMERICHOST | NI_DGRAM),
        ("127.0.0.1", 64999, 0, NI_NUMERICHOST),
        ("::1", 443, 0, NI_NUMERICHOST),
        ("fe80::1", 80, 1, numeric),
        ("fe80::1", 80, 64999, numeric),
        ("2001:db8::1", 80, 1, numeric),
        ("ff02::1", 80, 1, numeric),
    ];
    let program = "
for text in sys.argv[1:]:
    host, port, scope, flags = text.split('|')
    address = (host, int(port), 0, int(scope)) if ':' in host else (host, int(port))
    print(*socket.getnameinfo(address, int(flags)))
";
    let arguments: Vec<_> =
        cases.iter().map(|(host, port, scope, flags)| format!("{host}|{port}|{scope}|{flags}")).collect();
    let Some(theirs) = python(program, &arguments) else { return };
    for ((host, port, scope, flags), theirs) in cases.into_iter().zip(theirs) {
        let address = match host.parse::<Ipv6Addr>() {
            Ok(v6) => Address::V6(SocketAddrV6::new(v6, port, 0, scope)),
            Err(_) => format!("{host}:{port}").parse().unwrap(),
        };
        let (name, service) = name::getnameinfo(&address, flags).unwrap();
        assert_eq!(format!("{name} {service}"), theirs, "{host} {port} {scope} {flags}");
    }
}

#[test]
fn interfaces_are_those_that_python_sees() {
    let program = "print(*(f'{index}={name}' for index, name in sorted(socket.if_nameindex())))";
    let Some(theirs) = python(program, &strings(&["once"])) else { return };
    let ours: Vec<_> =
        if_nameindex().unwrap().iter().map(|(index, name)| format!("{index}={name}")).collect();
    assert_eq!(ours.join(" "), theirs[0]);
    for (index, name) in if_nameindex().unwrap() {
        assert_eq!(if_nametoindex(name.as_bytes()).unwrap(), index);
        assert_eq!(if_indextoname(index).unwrap(), name);
    }
}

#[test]
fn hosts_that_need_no_server_are_those_that_python_finds() {
    let program = "
for text in sys.argv[1:]:
    print(socket.gethostbyname(text) if text else socket.gethostname())
";
    let hosts = strings(&["", "localhost", "127.1", "0x7f000001", "255.255.255.255", "<broadcast>"]);
    let Some(theirs) = python(program, &hosts) else { return };
    assert_eq!(name::gethostname().unwrap(), theirs[0]);
    for (host, theirs) in hosts.iter().zip(theirs).skip(1) {
        assert_eq!(name::gethostbyname(host.as_bytes()).unwrap().to_string(), theirs, "{host}");
    }
}

/// An empty host is any address everywhere, as Python's own socket addresses have it.
#[test]
fn an_empty_host_is_any_address() {
    assert_eq!(name::gethostbyname(b"").unwrap().to_string(), "0.0.0.0");
    let hints = Hints { kind: Type::STREAM, ..Hints::default() };
    let list = name::getaddrinfo(Some(b""), Some(b"80"), &hints).unwrap();
    let found: Vec<_> = list.iter().map(|one| one.address.to_string()).collect();
    assert_eq!(found, ["0.0.0.0:80", "[::]:80"]);
}

#[test]
fn the_word_for_the_broadcast_address_is_version_4s() {
    assert_eq!(name::gethostbyname(b"<broadcast>").unwrap().to_string(), "255.255.255.255");
    for family in [Family::INET, Family::UNSPEC] {
        assert_eq!(name::address(family, "<broadcast>", "9").unwrap().to_string(), "255.255.255.255:9");
    }
    let error = name::address(Family::INET6, "<broadcast>", "9").unwrap_err();
    assert_eq!(error.reason(), &Reason::OtherFamily(Family::INET6), "{error}");
    // To getaddrinfo it is a name like any other, in Python too.
    let error = name::getaddrinfo(Some(b"<broadcast>"), None, &Hints::default()).unwrap_err();
    assert_eq!(error.reason(), &Reason::BadByte { byte: b'<', at: 0 });
}

/// The C library takes 70000 for 4464, and skips white space and a plus.
#[test]
fn a_port_is_digits_up_to_65535() {
    let port = |service: &[u8]| name::getaddrinfo(Some(b"127.0.0.1"), Some(service), &Hints::default());
    let error = port(b"70000").unwrap_err();
    assert_eq!((error.kind(), error.reason(), error.asked()), (Eai::Service, &Reason::PortTooLarge, "70000"));
    assert!(error.to_string().ends_with("a port is at most 65535"), "{error}");
    for service in [&b" 80"[..], b"+80", b"99999999999999999999", b"80\0"] {
        assert_eq!(port(service).unwrap_err().kind(), Eai::Service);
    }
}
