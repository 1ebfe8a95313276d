//! Tree and JSON: every field, by title, value, place and name.

use jackfield_wire::json::Json;
use jackfield_wire::select::Selection;
use jackfield_wire::{Dissector, Field, Value, Visit, show, tree};
use proptest::prelude::*;

/// An answer in a datagram: one address, by a pointer to the question's name.
const ANSWER: &[u8] = &[
    0x45, 0x00, 0x00, 0x4a, 0x00, 0x01, 0x40, 0x00, 0x40, 0x11, 0x00, 0x00, 127, 0, 0, 1, 127, 0, 0,
    2, // IPv4
    0x00, 0x35, 0x04, 0xd2, 0x00, 0x36, 0x00, 0x00, // UDP
    0x59, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, // DNS
    7, b'e', b'x', b'a', b'm', b'p', b'l', b'e', 4, b't', b'e', b's', b't', 0, 0, 1, 0, 1, // question
    0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 7, // answer
];

fn json(bytes: &[u8], link_type: u32) -> serde_json::Value {
    let mut out = b"{\"schema\":1".to_vec();
    let mut dissector = Dissector::new();
    Json::new().members(&dissector.dissect(link_type, bytes, bytes.len()), &mut out);
    out.push(b'}');
    serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&out)))
}

#[test]
fn json_has_wireshark_s_names() {
    let packet = json(ANSWER, 228);
    assert_eq!(packet["ip.hdr_len"], 20);
    assert_eq!(packet["ip.id"], "0x0001");
    assert_eq!(packet["ip.flags.df"], true);
    assert_eq!(packet["ip.src"], "127.0.0.1");
    assert_eq!(packet["dns.qry.name"], "example.test");
    assert_eq!(packet["dns.resp.name"], "example.test");
    assert_eq!(packet["dns.a"], "10.0.0.7");
    assert_eq!(packet["dns.flags"], "0x8180");
    assert_eq!(packet["layers"], serde_json::json!(["raw", "ip", "udp", "dns"]));
}

#[test]
fn a_name_that_is_there_twice_has_an_array() {
    let mut tunnel = vec![0x45, 0, 0, 94, 0, 1, 0, 0, 64, 4, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    tunnel.extend_from_slice(ANSWER);
    assert_eq!(json(&tunnel, 228)["ip.src"], serde_json::json!(["10.0.0.1", "127.0.0.1"]));
}

#[test]
fn the_tree_has_places() {
    let mut dissector = Dissector::new();
    let mut out = Vec::new();
    tree::write(&dissector.dissect(228, ANSWER, ANSWER.len()), &mut out);
    let tree = String::from_utf8_lossy(&out);
    for line in [
        "     0-20  Internet Protocol Version 4 (ip)\n",
        "    0.0+4    Version: 4  (ip.version)\n",
        "    0.4+4    Header length: 20  (ip.hdr_len)\n",
        "      2-4    Total length: 74  (ip.len)\n",
        "    6.1+1      Don't fragment: 1  (ip.flags.df)\n",
        "     9-10    Protocol: 17 UDP  (ip.proto)\n",
        "    58-74    Answer\n",
        "    70-74      Address: 10.0.0.7  (dns.a)\n",
    ] {
        assert!(tree.contains(line), "{line:?} is not in\n{tree}");
    }
}

#[test]
fn the_tree_says_what_is_wrong() {
    let mut dissector = Dissector::new();
    let mut out = Vec::new();
    tree::write(&dissector.dissect(228, &ANSWER[..24], ANSWER.len()), &mut out);
    let tree = String::from_utf8_lossy(&out);
    assert!(tree.contains("(udp)  [truncated at 0: needs a UDP header (8), has 4]"), "{tree}");
    let mut out = Vec::new();
    tree::write(&dissector.dissect(228, &ANSWER[..70], ANSWER.len()), &mut out);
    assert!(String::from_utf8_lossy(&out).contains("malformed"), "{}", String::from_utf8_lossy(&out));
}

#[test]
fn what_a_packet_holds_cannot_forge_a_line_of_the_tree() {
    let mut message = vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]; // IPv4
    message.extend_from_slice(&[0x13, 0x88, 0x02, 0x02, 0, 0, 0, 0]); // UDP to port 514
    message.extend_from_slice("<14>a\r\n  b\t\\\x1b[2J\x07\u{9b}\u{202e}\u{2066}\u{2028}é".as_bytes());
    message.extend_from_slice(b"\x9b\xff.");
    let len = message.len();
    message[3] = len.try_into().unwrap();
    message[25] = (len - 20).try_into().unwrap();
    let mut dissector = Dissector::new();
    let mut out = Vec::new();
    tree::write(&dissector.dissect(228, &message, len), &mut out);
    let tree = String::from_utf8(out).unwrap();
    let shown = r"a\r\n  b\t\\\x1b[2J\x07\u{9b}\u{202e}\u{2066}\u{2028}é\x9b\xff.";
    assert!(tree.contains(&format!(": {shown}  (syslog.msg)\n")), "{tree}");
}

fn chosen(bytes: &[u8], name: &str) -> Vec<String> {
    let mut dissector = Dissector::new();
    let packet = dissector.dissect(228, bytes, bytes.len());
    let mut values = Vec::new();
    let Some(selection) = Selection::named(name) else { panic!("no field is called {name}") };
    selection.values(&packet, |field, value| {
        let mut out = Vec::new();
        show::value(field, value, &mut out);
        values.push(String::from_utf8_lossy(&out).into_owned());
    });
    values
}

#[test]
fn fields_are_chosen_by_name() {
    assert_eq!(chosen(ANSWER, "ip.ttl"), ["64"]);
    assert_eq!(chosen(ANSWER, "ip.flags.df"), ["1"]);
    assert_eq!(chosen(ANSWER, "ip.addr"), ["127.0.0.1", "127.0.0.2"]);
    assert_eq!(chosen(ANSWER, "dns.a"), ["10.0.0.7"]);
    assert_eq!(chosen(ANSWER, "tcp.srcport"), [""; 0]);
    assert!(Selection::named("ip.nothing").is_none() && Selection::named("").is_none());
}

#[test]
fn a_field_behind_a_prefix_is_found() {
    let segment = [
        &[0x45, 0, 0, 54, 0, 1, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2][..], // IPv4
        &[0x04, 0xd2, 0, 53, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0], // TCP
        &[0, 12, 0x12, 0x34, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], // a message of DNS and its length
    ]
    .concat();
    assert_eq!(chosen(&segment, "dns.id"), ["0x1234"]);
    assert_eq!(chosen(&segment, "dns.length"), ["12"]);
}

/// Collects every field by name.
struct All(Vec<(&'static str, String)>);

impl<'a> Visit<'a> for All {
    fn field(&mut self, field: &'static Field, _bits: core::ops::Range<usize>, value: Value<'a>) {
        let mut out = Vec::new();
        show::value(field, value, &mut out);
        self.0.push((field.path, String::from_utf8_lossy(&out).into_owned()));
    }
}

proptest! {
    #[test]
    fn what_is_chosen_is_what_a_walk_shows(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), cut in 0usize..80,
    ) {
        let mut bytes = ANSWER.to_vec();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut);
        let mut dissector = Dissector::new();
        let packet = dissector.dissect(228, &bytes, ANSWER.len());
        let mut all = All(Vec::new());
        for index in 0..packet.layers.len() {
            packet.walk(index, &mut all);
        }
        for name in ["ip.ttl", "ip.flags.mf", "ip.src", "udp.length", "dns.qry.name", "dns.resp.ttl", "dns.a"] {
            let walked: Vec<_> = all.0.iter().filter(|(path, _)| *path == name).map(|(_, value)| value.clone()).collect();
            prop_assert_eq!(chosen(&bytes, name), walked, "{}", name);
        }
    }
}

proptest! {
    #[test]
    fn any_packet_is_json_and_a_tree(bytes in proptest::collection::vec(any::<u8>(), 0..200), mend: bool) {
        let mut bytes = bytes;
        if mend && bytes.len() > 24 {
            bytes[0] = 0x45;
            bytes[9] = 17;
            bytes[20..24].copy_from_slice(&[0, 53, 0, 53]);
        }
        json(&bytes, 228);
        json(&bytes, 1);
        let mut dissector = Dissector::new();
        tree::write(&dissector.dissect(228, &bytes, bytes.len()), &mut Vec::new());
    }
}
