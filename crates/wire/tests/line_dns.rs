//! The lines of DNS, mDNS, TFTP, syslog and NTP, as tcpdump 4.99.3 writes them.

use jackfield_wire::Dissector;
use jackfield_wire::line::{self, Memory, Numeric, Style};

/// Returns what a line says of a datagram's payload.
fn told(payload: &[u8], (from, to): (u16, u16), style: Style) -> String {
    let len = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    let mut packet = vec![0x45, 0];
    packet.extend_from_slice(&(28 + len).to_be_bytes());
    packet.extend_from_slice(&[0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    for number in [from, to, 8 + len, 0] {
        packet.extend_from_slice(&number.to_be_bytes());
    }
    packet.extend_from_slice(payload);
    let (mut dissector, mut out) = (Dissector::new(), Vec::new());
    let packet = dissector.dissect(228, &packet, packet.len());
    line::write(&packet, style, &mut Memory::default(), &mut Numeric, &mut out);
    let line = String::from_utf8_lossy(&out);
    let Some((_, told)) = line.split_once(&format!("10.0.0.2.{to}: ")) else { panic!("no ends: {line}") };
    told.replacen("[no cksum] ", "", 1)
}

/// A payload, its ports, how often `-v` was said, and what tcpdump says of it.
type Case = (&'static [u8], (u16, u16), u8, &'static str);

fn check(cases: &[Case]) {
    for (payload, ports, verbose, expected) in cases {
        let style = Style { verbose: *verbose, ..Style::default() };
        assert_eq!(told(payload, *ports, style), *expected, "-v {verbose} times, {payload:02x?}");
    }
}

#[test]
fn questions_have_their_marks_and_counts() {
    let packet_1: &[u8] = b"\x124\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x03www\x07example\x04test\x00\x00\x1c\x00\x01\x00\x00)\x10\x00\x00\x00\x80\x00\x00\x14\x00\x0a\x00\x1012345678abcdefgh";
    let packet_3: &[u8] = b"\x124(\x00\x00\x01\x00\x01\x00\x01\x00\x00\x01z\x04test\x00\x00\x06\x00\x01\x01a\x01z\x04test\x00\x00\xff\x00\xfe\x00\x00\x00<\x00\x00\x01b\x01z\x04test\x00\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04";
    check(&[
        (packet_1, (1000, 53), 0, "4660+ [1au] AAAA? www.example.test. (65)"),
        (
            packet_1,
            (1000, 53),
            2,
            "4660+ [1au] AAAA? www.example.test. ar: . OPT UDPsize=4096 DO [COOKIE 3132333435363738 6162636465666768] (65)",
        ),
        (
            b"\x124\x09\x12\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01",
            (1000, 53),
            0,
            "4660 inv_q+% [b2&3=0x912] [1q] [0a] A? a.test. (24)",
        ),
        (packet_3, (1000, 53), 0, "4660 update [1a] [1n] SOA? z.test. (68)"),
        (
            packet_3,
            (1000, 53),
            2,
            "4660 update [1a] [1n] SOA? z.test. a.z.test. (Class 254) ANY ns: b.z.test. A 1.2.3.4 (68)",
        ),
    ]);
}

#[test]
fn answers_tell_records() {
    let packet_1: &[u8] = b"\x124\x81\x80\x00\x01\x00\x04\x00\x00\x00\x00\x01a\x04test\x00\x00\xff\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x01_\xcd\x00\x04\x01\x02\x03\x04\xc0\x0c\x00\x1c\x00\x01\x00\x01_\xcd\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\xc0\x0c\x00\x05\x00\x01\x00\x01_\xcd\x00\x08\x01n\x04test\x00\xc0\x0c\x00\x0f\x00\x01\x00\x01_\xcd\x00\x0a\x00\x0a\x01n\x04test\x00";
    let packet_2: &[u8] = b"\x124\x81\x80\x00\x01\x00\x05\x00\x00\x00\x00\x01a\x04test\x00\x00\xff\x00\x01\xc0\x0c\x00\x06\x00\x01\x00\x01_\xcd\x00!\x01n\x04test\x00\x01r\x01t\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\xff\xff\xff\xff\xc0\x0c\x00!\x00\x01\x00\x01_\xcd\x00\x0e\x00\x01\x00\x02\x00P\x01n\x04test\x00\xc0\x0c\x00\x10\x00\x01\x00\x01_\xcd\x00\x0a\x03abc\x05d\x22e\xc3\xa9\xc0\x0c\x00\x02\x00\x01\x00\x01_\xcd\x00\x08\x01n\x04test\x00\xc0\x0c\x00\x0c\x00\x01\x00\x01_\xcd\x00\x08\x01n\x04test\x00";
    let packet_3: &[u8] = b"\x124\x81\x80\x00\x01\x00\x07\x00\x00\x00\x00\x01a\x04test\x00\x00\xff\x00\x01\xc0\x0c\x00\xfa\x00\x01\x00\x01_\xcd\x00\x1b\x01n\x04test\x00\x00\x00eS\xf1\x00\x01,\x00\x02ab\x00\x05\x00\x06\x00\x01x\xc0\x0c\x01\x00\x00\x01\x00\x01_\xcd\x00\x0c\x00\x01\x00\x02http://x\xc0\x0c\x00&\x00\x01\x00\x01_\xcd\x00\x11@\x00\x00\x00\x00\x00\x00\x00\x01\x01n\x04test\x00\xc0\x0c\x00'\x00\x01\x00\x01_\xcd\x00\x08\x01n\x04test\x00\xc0\x0c\x00+\x00\x01\x00\x01_\xcd\x00$\x04\xd2\x08\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc0\x0c\x00A\x00\x01\x00\x01_\xcd\x00\x0a\x00\x00\x01n\x04test\x00\xc0\x0c\x01\x01\x00\x01\x00\x01_\xcd\x00\x0e\x80\x05issueca.test";
    let packet_4: &[u8] = b"\x124\x85\x83\x00\x01\x00\x00\x00\x01\x00\x00\x02no\x04test\x00\x00\x01\x00\x01\x04test\x00\x00\x06\x00\x01\x00\x00\x00<\x00!\x01n\x04test\x00\x01r\x01t\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\xff\xff\xff\xff";
    check(&[
        (packet_1, (53, 1000), 0, "4660 4/0/0 A 1.2.3.4, AAAA ::1, CNAME n.test., MX n.test. 10 (110)"),
        (
            packet_1,
            (53, 1000),
            1,
            "4660 4/0/0 a.test. A 1.2.3.4, a.test. AAAA ::1, a.test. CNAME n.test., a.test. MX n.test. 10 (110)",
        ),
        (
            packet_1,
            (53, 1000),
            3,
            "4660 q: ANY? a.test. 4/0/0 a.test. [1d1h1m1s] A 1.2.3.4, a.test. [1d1h1m1s] AAAA ::1, a.test. [1d1h1m1s] CNAME n.test., a.test. [1d1h1m1s] MX n.test. 10 (110)",
        ),
        (
            packet_2,
            (53, 1000),
            0,
            "4660 5/0/0 SOA, SRV n.test.:80 1 2, TXT \"abc\" \"d\"eM-CM-)\", NS n.test., PTR n.test. (157)",
        ),
        (
            packet_2,
            (53, 1000),
            1,
            "4660 5/0/0 a.test. SOA n.test. r.t. 1 2 3 4 4294967295, a.test. SRV n.test.:80 1 2, a.test. TXT \"abc\" \"d\"eM-CM-)\", a.test. NS n.test., a.test. PTR n.test. (157)",
        ),
        (
            packet_3,
            (53, 1000),
            0,
            "4660 7/0/0 TSIG, URI 1 2 http://x, A6 64 ::1 n.test., DNAME n.test., DS, Type65, Type257 (232)",
        ),
        (
            packet_3,
            (53, 1000),
            1,
            "4660 7/0/0 a.test. TSIG n.test. fudge=300 maclen=2 origid=5 error=6 otherlen=1, a.test. URI 1 2 http://x, a.test. A6 64 ::1 n.test., a.test. DNAME n.test., a.test. DS, a.test. Type65, a.test. Type257 (232)",
        ),
        (packet_4, (53, 1000), 0, "4660 NXDomain* 0/1/0 (74)"),
        (
            packet_4,
            (53, 1000),
            2,
            "4660 NXDomain* q: A? no.test. 0/1/0 ns: test. SOA n.test. r.t. 1 2 3 4 4294967295 (74)",
        ),
    ]);
}

#[test]
fn options_of_edns_are_told() {
    let packet_1: &[u8] = b"\x124\x81\x80\x00\x01\x00\x00\x00\x00\x00\x01\x01a\x04test\x00\x00\x01\x00\x01\x00\x00)\x04\xd0\x01\x00\x80\x00\x00\xd3\x00\x01\x00\x12\x00\x01aaaaaaaaaaaaaaaa\x00\x03\x00\x03ns1\x00\x05\x00\x02\x08\x0d\x00\x06\x00\x02\x01\x02\x00\x07\x00\x01\x01\x00\x08\x00\x07\x00\x01\x18\x00\x01\x02\x03\x00\x08\x00\x0b\x00\x028\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x0b\x00\x038\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09\x00\x04\x00\x00\x00\x0a\x00\x09\x00\x00\x00\x0a\x00\x0812345678\x00\x0a\x00\x1012345678abcdefgh\x00\x0b\x00\x02\x00\x0a\x00\x0b\x00\x00\x00\x0c\x00\x04\x00\x00\x00\x00\x00\x0d\x00\x08\x01n\x04test\x00\x00\x0e\x00\x04\x00\x01\x00\x02\x00\x0f\x00\x09\x00\x12blocked\x00\x0f\x00\x02\x00\x03\x00\x10\x00\x02\x00\x01\x00\x12\x00\x08\x01n\x04test\x00iB\x00\x01x";
    check(&[
        (packet_1, (53, 1000), 0, "4660 BadVers 0/0/1 (246)"),
        (
            packet_1,
            (53, 1000),
            2,
            "4660 BadVers q: A? a.test. 0/0/1 ar: . OPT UDPsize=1232 DO [LLQ 000161616161616161616161616161616161,NSID 6e7331,DAU RSASHA256 ECDSAP256SHA256,DHU SHA-1 SHA-256,N3U SHA-1,ECS 1.2.3.0/24/0,ECS ::/56/0,ECS  (invalid),EXPIRE 10 sec,EXPIRE,COOKIE 3132333435363738,COOKIE 3132333435363738 6162636465666768,KEEPALIVE 1.0 sec,KEEPALIVE,PADDING (4),CHAIN n.test.,KEY-TAG 1 2,Opt15 0012626c6f636b6564,Opt15 0003,CLIENT-TAG 0001,Opt18 016e047465737400,Opt26946 78] (246)",
        ),
    ]);
}

#[test]
fn names_that_lead_nowhere_say_so() {
    check(&[
        (b"\x124\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01\xc0\xff\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (53, 1000), 1, "4660 1/0/0 <BAD PTR> [|domain]"),
        (b"\x124\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01\x01b\xc0\x18\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (53, 1000), 1, "4660 1/0/0 b.<BAD PTR> [|domain]"),
        (b"\x124\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01B\x00\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (53, 1000), 1, "4660 1/0/0 <ELT 2> [|domain]"),
        (b"\x124\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01\x80a\x00\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (53, 1000), 1, "4660 1/0/0 <BAD LABEL TYPE> [|domain]"),
        (b"\x124\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01A\x05\xf8\x00\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (53, 1000), 1, "4660 1/0/0 \\[xf8/5]. A 1.2.3.4 (42)"),
        (b"\x124\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x00\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (53, 1000), 1, "4660 1/0/0 a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.<DOMAIN NAME TOO LONG> A 1.2.3.4 (295)"),
        (b"\x124\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x01a\x04bbbb\x00\x00\x01\x00\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (53, 1000), 1, "4660 1/0/0 a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.bbb<DOMAIN NAME TOO LONG> A 1.2.3.4 (296)"),
    ]);
}

#[test]
fn multicast_has_its_bits() {
    check(&[
        (b"\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x01a\x05local\x00\x00\x01\x80\x01\x01b\x05local\x00\x00\x1c\x00\x01", (5353, 5353), 0, "0 [2q] A (QU)? a.local. AAAA (QM)? b.local. (38)"),
        (b"\x00\x00\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00\x01a\x05local\x00\x00\x01\x80\x01\x00\x00\x00<\x00\x04\x01\x02\x03\x04", (5353, 5353), 0, "0*- [0q] 1/0/0 (Cache flush) A 1.2.3.4 (35)"),
    ]);
}

#[test]
fn transfers_of_files_are_told() {
    check(&[
        (
            b"\x00\x01f\x00octet\x00blksize\x00512\x00tsize\x000\x00",
            (1000, 69),
            0,
            "TFTP, length 30, RRQ \"f\" octet blksize 512 tsize 0",
        ),
        (b"\x00\x02f\x00netascii\x00", (1000, 69), 0, "TFTP, length 13, WRQ \"f\" netascii"),
        (b"\x00\x03\x00\x01abc", (1000, 69), 0, "TFTP, length 7, DATA block 1"),
        (b"\x00\x04\x00\x01", (1000, 69), 0, "TFTP, length 4, ACK block 1"),
        (b"\x00\x05\x00\x01oops\x00", (1000, 69), 0, "TFTP, length 9, ERROR ENOTFOUND \"oops\""),
        (b"\x00\x06blksize\x00512\x00", (1000, 69), 0, "TFTP, length 14, OACK blksize 512"),
        (b"\x00\x07abc", (1000, 69), 0, "TFTP, length 5, tftp-#7"),
        (b"\x00\x05\x00\x09x\x00", (1000, 69), 0, "TFTP, length 6, ERROR tftp-err-#9 \" \"x\""),
        (b"\x00\x01f\x00oct", (1000, 69), 0, "TFTP, length 7, RRQ \"f\" oct [|tftp]"),
    ]);
}

#[test]
fn syslog_has_facility_and_severity() {
    let packet_1: &[u8] = b"<165>Oct 11 22:14:15 host app: a\x0ab";
    check(&[
        (packet_1, (1000, 514), 0, "SYSLOG local4.notice, length: 34"),
        (
            packet_1,
            (1000, 514),
            1,
            "SYSLOG, length: 34\n\tFacility local4 (20), Severity notice (5)\n\tMsg: Oct 11 22:14:15 host app: a^Jb",
        ),
        (
            packet_1,
            (1000, 514),
            2,
            "SYSLOG, length: 34\n\tFacility local4 (20), Severity notice (5)\n\tMsg: Oct 11 22:14:15 host app: a^Jb\n\t0x0000:  3c31 3635 3e4f 6374 2031 3120 3232 3a31\n\t0x0010:  343a 3135 2068 6f73 7420 6170 703a 2061\n\t0x0020:  0a62",
        ),
        (b"<999>x", (1000, 514), 0, "SYSLOG unknown (124).debug, length: 6"),
        (b"nope", (1000, 514), 0, " (invalid)"),
        (b"<13", (1000, 514), 0, " [|syslog]"),
    ]);
}

#[test]
fn the_time_is_told() {
    let packet_1: &[u8] = b"#\x01\xfd\xec\x00\x01\x02\x03\x80\x00\xff\xffGPS\x00\xe0\x00\x00\x00@\x00\x00\x00\xe0\x00\x00\x01\x80\x00\x00\x00\xe0\x00\x00\x02\x00\x00\x00\x00\xe0\x00\x00\x03\xff\xff\xff\xff\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13";
    let packet_3: &[u8] = b"\x16\xa2\x00\x01\x06\x15\x00\x00\x00\x00\x00\x03a=1";
    check(&[
        (packet_1, (1000, 123), 0, "NTPv4, Client, length 68"),
        (packet_1, (1000, 123), 1, "NTPv4, Client, length 68\n\tLeap indicator:  (0), Stratum 1 (primary reference), poll -3 (1/8s), precision -20\n\tRoot Delay: 1.007858, Root dispersion: 32768.999984, Reference-ID: GPS^@\n\t  Reference Timestamp:  3758096384.250000000 (2019-02-02T11:39:44Z)\n\t  Originator Timestamp: 3758096385.500000000 (2019-02-02T11:39:45Z)\n\t  Receive Timestamp:    3758096386.000000000 (2019-02-02T11:39:46Z)\n\t  Transmit Timestamp:   3758096387.999999999 (2019-02-02T11:39:47Z)\n\t    Originator - Receive Timestamp:  +0.500000000\n\t    Originator - Transmit Timestamp: +2.499999999\n\tKey id: 66051\n\tAuthentication: 0405060708090a0b0c0d0e0f10111213"),
        (b"\xe3\x00\x06\xec\x00\x01\x02\x03\x80\x00\xff\xff\x01\x02\x03\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\xe0\x00\x00\x00\x80\x00\x00\x00xy", (1000, 123), 1, "NTPv4, Client, length 50\n\tLeap indicator: clock unsynchronized (192), Stratum 0 (unspecified), poll 6 (64s), precision -20\n\tRoot Delay: 1.007858, Root dispersion: 32768.999984, Reference-ID: (unspec)\n\t  Reference Timestamp:  0.000000000\n\t  Originator Timestamp: 0.000000000\n\t  Receive Timestamp:    5.000000000 (1900-01-01T00:00:05Z)\n\t  Transmit Timestamp:   3758096384.500000000 (2019-02-02T11:39:44Z)\n\t    Originator - Receive Timestamp:  5.000000000 (1900-01-01T00:00:05Z)\n\t    Originator - Transmit Timestamp: 3758096384.500000000 (2019-02-02T11:39:44Z)\n\t(2 more bytes after the header)"),
        (packet_3, (1000, 123), 0, "NTPv2, Control Message, length 15"),
        (packet_3, (1000, 123), 1, "NTPv2, Control Message, length 15\n\tLeap indicator:  (0), Response, OK, More, OpCode=2\n\tSequence=1, Status=0x615, Assoc.=0, Offset=0, Count=3\n\tTO-BE-DONE: data not interpreted"),
        (b"\x17\x00\x03*\x00\x00\x00\x00", (1000, 123), 1, "NTPv2, Reserved, length 8\n\tLeap indicator:  (0)"),
        (b"#\x02\x06\xec\x00\x01\x02\x03\x80\x00\xff\xff\x01\x02\x03\x04\xe0\x00\x00\x00", (1000, 123), 1, "NTPv4, Client, length 20\n\tLeap indicator:  (0) (invalid)"),
    ]);
}

#[test]
fn our_own_style_tells_more_types() {
    let own = Style { own: true, ..Style::default() };
    let https = b"\x124\x81\x80\x00\x01\x00\x03\x00\x00\x00\x00\x01a\x04test\x00\x00A\x00\x01\xc0\x0c\x00A\x00\x01\x00\x00\x00<\x00\x1b\x00\x01\x00\x00\x01\x00\x06\x02h3\x02h2\x00\x03\x00\x02\x01\xbb\x00\x04\x00\x04\xc0\x00\x02\x01\xc0\x0c\x01\x01\x00\x01\x00\x00\x00<\x00\x0e\x80\x05issueca.test\xc0\x0c\x00+\x00\x01\x00\x00\x00<\x00$\x04\xd2\x08\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    assert_eq!(
        told(https, (53, 1000), own),
        "4660 3/0/0 HTTPS 1 . alpn=h3,h2 port=443 ipv4hint=192.0.2.1, CAA 128 \"issue\" \"ca.test\", DS 1234 8 2 (137)"
    );
    let reason = b"\x124\x81\x82\x00\x01\x00\x00\x00\x00\x00\x01\x01a\x04test\x00\x00\x01\x00\x01\x00\x00)\x04\xd0\x00\x00\x00<\x00\x0d\x00\x0f\x00\x09\x00\x12blocked";
    assert_eq!(
        told(reason, (53, 1000), Style { verbose: 2, ..own }),
        "4660 ServFail q: A? a.test. 0/0/1 ar: . OPT UDPsize=1232 [EDE 18 \"blocked\"] (48)"
    );
}
