//! Options in words, as `--sockopt NAME=VALUE` gives them.

use jackfield_sock::option::{SetError, Setting, so, tcp};
use jackfield_sock::{Family, Protocol, Socket, Type};
use sys::cap::{self, Capability};

use crate::probe::{Probe, loopback, open, row};

fn tcp_socket() -> Socket {
    Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap()
}

fn apply(words: &str, socket: &Socket) -> Result<(), SetError> {
    words.parse::<Setting>().and_then(|setting| setting.apply(socket))
}

#[test]
fn words_set_what_words_read() {
    let index = loopback().to_string();
    let cases = [
        (Probe::Tcp4, "SO_KEEPALIVE", "on", "1"),
        (Probe::Tcp4, "linger", "5s", "5s"),
        (Probe::Tcp4, "linger", "off", "off"),
        (Probe::Tcp4, "rcvtimeo", "1500ms", "1500ms"),
        (Probe::Tcp4, "keepidle", "2m", "120s"),
        (Probe::Tcp4, "user_timeout", "1.5s", "1500ms"),
        (Probe::Tcp4, "congestion", "reno", "reno"),
        (
            Probe::Tcp4,
            "fastopen_key",
            "hex:000102030405060708090a0b0c0d0e0f",
            "hex:000102030405060708090a0b0c0d0e0f",
        ),
        (Probe::Udp4, "bindtodevice", "lo", "lo"),
        (
            Probe::Udp4,
            "SO_TIMESTAMPING",
            "rx_software|software",
            "SOF_TIMESTAMPING_RX_SOFTWARE|SOF_TIMESTAMPING_SOFTWARE",
        ),
        (Probe::Udp4, "max_pacing_rate", "1048576", "1048576"),
        (Probe::Udp4, "IP_MTU_DISCOVER", "do", "IP_PMTUDISC_DO"),
        (Probe::Udp4, "tos", "0x10", "16"),
        (Probe::Udp4, "IP_UNICAST_IF", "lo", &index),
        (Probe::Udp4, "IP_MULTICAST_IF", "127.0.0.1", "127.0.0.1"),
        (Probe::Udp4, "attach_filter", "1,6 0 0 65535", "1,6 0 0 65535"),
        (Probe::Udp6, "IPV6_MULTICAST_IF", "lo", &index),
        (Probe::Unix, "passcred", "yes", "1"),
    ];
    for (probe, name, text, expected) in cases {
        if probe.is_v6() && !crate::probe::has_ipv6() {
            eprintln!("skipped: {name}: no IPv6 here");
            continue;
        }
        let opened = open(probe).unwrap();
        apply(&format!("{name}={text}"), &opened.socket).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(row(name).get_text(&opened.socket).unwrap(), expected, "{name}");
    }
}

#[test]
fn what_can_only_be_read_reads_as_words() {
    let connected = open(Probe::Connected4).unwrap();
    let read = |name: &str| row(name).get_text(&connected.socket).unwrap();
    assert_eq!(read("SO_TYPE"), "SOCK_STREAM");
    assert_eq!(read("SO_DOMAIN"), "AF_INET");
    assert_eq!(read("SO_PROTOCOL"), "IPPROTO_TCP");
    assert_eq!(read("SO_ERROR"), "0");
    assert_eq!(read("SO_PEERNAME"), connected.socket.getpeername().unwrap().to_string());
    assert!(read("TCP_INFO").contains("state: ESTABLISHED"));
    assert_eq!(read("SO_MEMINFO").split(' ').count(), 9);
}

#[test]
fn a_name_alone_switches_on_and_numbers_pass_through() {
    let socket = tcp_socket();
    apply("reuseaddr", &socket).unwrap();
    assert!(so::reuse_address(&socket).unwrap());
    apply("SOL_TCP:1=1", &socket).unwrap();
    assert!(tcp::no_delay(&socket).unwrap());
    apply("1:9=hex:01000000", &socket).unwrap();
    assert!(so::keep_alive(&socket).unwrap());
    let datagrams = open(Probe::Udp4).unwrap();
    apply("SO_ATTACH_FILTER=1,6 0 0 1", &datagrams.socket).unwrap();
    apply("SO_DETACH_FILTER", &datagrams.socket).unwrap();
    assert_eq!(so::filter(&datagrams.socket).unwrap(), []);
}

#[test]
fn a_refusal_names_option_value_errno_and_privilege() {
    let said = std::thread::spawn(|| {
        let socket = tcp_socket();
        let mut sets = cap::get().unwrap();
        sets.effective = 0;
        cap::set(&sets).unwrap();
        assert!(!cap::get().unwrap().has(Capability::NetAdmin));
        apply("mark=5", &socket).unwrap_err().to_string()
    });
    assert_eq!(
        said.join().unwrap(),
        "socket option SO_MARK=5: Operation not permitted (EPERM); it takes CAP_NET_ADMIN or CAP_NET_RAW to set"
    );
    let socket = tcp_socket();
    let said = |words: &str| apply(words, &socket).unwrap_err().to_string();
    assert_eq!(
        said("IP_UNICAST_IF=nosuchif"),
        "socket option IP_UNICAST_IF: interface \"nosuchif\": No such device (ENODEV)"
    );
    assert!(said("TCP_CONGESTION=nosuch").starts_with("socket option TCP_CONGESTION=nosuch: "));
    assert_eq!(said("4242:7=1"), "socket option 4242:7=1: Protocol not available (ENOPROTOOPT)");
}
