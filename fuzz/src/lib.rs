//! What the fuzz targets do, one function each: bytes of any kind in, no panic, and a law or two held.
//!
//! It is one file that knows the crate `jackfield` alone, so that libFuzzer (fuzz_targets/) and the ordinary tests
//! (crates/jackfield/tests/fuzz.rs) run the same code.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use jackfield::codec::{Sanitizer, check, data, quote, sanitize};
use jackfield::pcap::check::check_pcap;
use jackfield::sock::name::{Hints, Resolver};
use jackfield::sock::option::Setting;
use jackfield::sock::{Address, cmsg, fuzzing, text, trace};
use jackfield::talk::Endpoint;
use jackfield::wire;

/// A target: its name and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, for those who run each of them.
pub const TARGETS: &[Target] = &[
    ("dns_message", dns_message),
    ("resolv_conf", resolv_conf),
    ("hosts", hosts),
    ("endpoint", endpoint),
    ("control", control),
    ("address", address),
    ("netlink", netlink),
    ("tables", tables),
    ("data", data),
    ("undump", undump),
    ("dump", dump),
    ("arrays", arrays),
    ("decoders", decoders),
    ("pack", pack),
    ("kernels", kernels),
    ("escape", escape),
    ("setting", setting),
    ("name", name),
    ("trace", trace),
    ("pcap", pcap),
    ("packet", packet),
    ("build", build),
    ("capture", capture),
];

/// Reads an answer of a DNS server.
pub fn dns_message(bytes: &[u8]) {
    fuzzing::dns_message(bytes);
}

/// Reads the text of /etc/resolv.conf.
pub fn resolv_conf(bytes: &[u8]) {
    fuzzing::resolv_conf(bytes);
}

/// Reads the text of /etc/hosts, and looks for the name in its first line.
pub fn hosts(bytes: &[u8]) {
    let name = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    fuzzing::hosts(bytes, name);
}

/// Reads an endpoint as typed; one that is read is read again from its own words.
pub fn endpoint(bytes: &[u8]) {
    match Endpoint::parse(OsStr::from_bytes(bytes)) {
        Ok(endpoint) => assert!(!endpoint.to_string().is_empty()),
        Err(error) => assert!(error.to_string().len() < 1024, "{} bytes of words", error.to_string().len()),
    }
}

/// Walks control messages; what is read is built again and read the same.
pub fn control(bytes: &[u8]) {
    for message in cmsg::walk_bytes(bytes) {
        let built = cmsg::Builder::default().push(&message).build();
        let again: Vec<_> = cmsg::walk_bytes(&built).map(|message| format!("{message:?}")).collect();
        assert_eq!(again, [format!("{message:?}")]);
    }
}

/// Reads a `sockaddr`; what is written again is read the same.
pub fn address(bytes: &[u8]) {
    let address = Address::decode(bytes);
    assert!(address.to_string().chars().all(|c| !c.is_control()), "{address:?}");
    // No address is written as one of the family AF_UNSPEC, which connect(2) takes.
    if let (false, Ok(encoded)) = (address == Address::Unspecified, address.encode()) {
        assert_eq!(Address::decode(&encoded), address);
    }
}

/// Reads answers of the kernel's routing socket.
pub fn netlink(bytes: &[u8]) {
    fuzzing::netlink(bytes);
}

/// Reads the tables of /proc/net.
pub fn tables(bytes: &[u8]) {
    fuzzing::socket_tables(&String::from_utf8_lossy(bytes));
}

/// Reads a payload expression; an error is one short line.
pub fn data(bytes: &[u8]) {
    if let Err(error) = data::parse(OsStr::from_bytes(bytes)) {
        let words = error.to_string();
        assert!(words.len() < 1024 && !words.contains(['\n', '\x1b']), "{words:?}");
    }
}

/// Reads a dump as every form and with the automaton of `xxd -r`; cuts and fast paths make no difference.
pub fn undump(bytes: &[u8]) {
    check::undump(bytes);
}

/// Reads a dump of the bytes back, in a style that the first eight choose.
pub fn dump(bytes: &[u8]) {
    check::dump(bytes);
}

/// Reads arrays of the bytes back.
pub fn arrays(bytes: &[u8]) {
    check::arrays(bytes);
}

/// Decodes in every alphabet under every policy, and base85; what was encoded is decoded to what it was.
pub fn decoders(bytes: &[u8]) {
    check::decoders(bytes);
}

/// Reads a format of `struct` in the first line, and unpacks and packs the rest.
pub fn pack(bytes: &[u8]) {
    check::pack(bytes);
}

/// Runs the vector kernels beside their scalar twins.
pub fn kernels(bytes: &[u8]) {
    check::kernels(bytes);
}

/// Cleans bytes for a terminal, whole and cut in two: the same text, without anything that acts.
pub fn escape(bytes: &[u8]) {
    let whole = sanitize(bytes);
    let words = std::str::from_utf8(&whole).expect("text");
    let acts = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}');
    assert!(!words.contains(acts), "{words:?}");
    assert!(!quote(bytes).contains(|c: char| c.is_control()));
    let (left, right) = bytes.split_at(bytes.len() / 2);
    let (mut sanitizer, mut pieces) = (Sanitizer::new(), Vec::new());
    sanitizer.push(left, &mut pieces);
    sanitizer.push(right, &mut pieces);
    sanitizer.finish(&mut pieces);
    assert_eq!(pieces, whole);
}

/// Reads a socket option as typed.
pub fn setting(bytes: &[u8]) {
    if let Err(error) = String::from_utf8_lossy(bytes).parse::<Setting>() {
        assert!(!error.to_string().contains('\x1b'), "{error}");
    }
}

/// Looks a name up with no time to ask a server: what is no name is said, in one clean line.
pub fn name(bytes: &[u8]) {
    let _ = text::inet_aton(bytes);
    let resolver =
        Resolver::system().without_hosts().resolv_conf_text(b"search\n").services_text(b"http 80/tcp\n");
    let resolver = resolver.budget(Duration::ZERO);
    if let Err(error) = resolver.getaddrinfo(Some(bytes), Some(bytes), &Hints::default()) {
        let words = error.to_string();
        assert!(words.len() < 1024 && words.chars().all(|c| !c.is_control()), "{words:?}");
    }
}

/// Traces a step that carries the bytes: one line of printable ASCII as JSON, one line without control characters for
/// people.
pub fn trace(bytes: &[u8]) {
    let (_, records) = trace::collect(|| text::inet_aton(bytes));
    for record in records {
        let json = record.to_json();
        assert!(json.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{json:?}");
        assert!(!record.call_text(48).contains(|c: char| c.is_control()));
        let short = record.call_text_within(40, 48);
        assert!(short.chars().count() <= 80, "{short}");
    }
}

/// Reads a capture file to its end; what was read is written, and reads the same.
pub fn pcap(bytes: &[u8]) {
    check_pcap(bytes);
}

/// Takes a packet of any link type apart and writes it in every form; what is read is built again.
pub fn packet(bytes: &[u8]) {
    wire::check::packet(bytes);
}

/// Builds a packet of layers and values that the bytes choose.
pub fn build(bytes: &[u8]) {
    wire::check::build(bytes);
}

/// Reads a capture, alone and beside itself, and writes it in every form.
pub fn capture(bytes: &[u8]) {
    jackfield::capture::file::check::capture(bytes);
}
