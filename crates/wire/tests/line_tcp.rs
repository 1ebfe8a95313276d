//! The lines of TCP and what it carries, as tcpdump 4.99.3 writes them, and our own.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic, its helpers too")]

use jackfield_wire::Dissector;
use jackfield_wire::line::{self, Memory, Numeric, Style};

/// A segment: flags, options, data, the port that it goes to, how often `-v` was said, how many bytes at its end were not
/// captured; and what is told of it behind the addresses.
type Case = (u8, &'static [u8], &'static [u8], u16, u8, usize, &'static str);

/// Makes a segment from port 1000 of 10.0.0.1 to a port of 10.0.0.2, without checksums; options are filled up with zeros.
fn segment(flags: u8, options: &[u8], data: &[u8], port: u16) -> Vec<u8> {
    let words = options.len().div_ceil(4);
    let len = u16::try_from(40 + words * 4 + data.len()).unwrap();
    let mut packet = vec![0x45, 0];
    packet.extend_from_slice(&len.to_be_bytes());
    packet.extend_from_slice(&[0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x03, 0xe8]);
    packet.extend_from_slice(&port.to_be_bytes());
    packet.extend_from_slice(&5000_u32.to_be_bytes());
    packet.extend_from_slice(&9000_u32.to_be_bytes());
    packet.extend_from_slice(&[u8::try_from(5 + words).unwrap() << 4, flags, 0, 100, 0, 0, 0, 0]);
    packet.extend_from_slice(options);
    packet.resize(40 + words * 4, 0);
    packet.extend_from_slice(data);
    packet
}

/// Returns what the line of a packet says behind the addresses.
fn told(packet: &[u8], wire_len: usize, style: Style) -> String {
    let (mut dissector, mut out) = (Dissector::new(), Vec::new());
    let packet = dissector.dissect(228, packet, wire_len);
    line::write(&packet, style, &mut Memory::default(), &mut Numeric, &mut out);
    let line = String::from_utf8(out).unwrap();
    let (_, told) = line.split_once("> 10.0.0.2").unwrap();
    told.split_once(':').unwrap().1.to_owned()
}

fn check(cases: &[Case]) {
    for (flags, options, data, port, verbose, cut, expected) in cases {
        let style = Style { verbose: *verbose, absolute: true, ..Style::default() };
        let packet = segment(*flags, options, data, *port);
        let captured = &packet[..packet.len() - cut];
        assert_eq!(told(captured, packet.len(), style), *expected, "{flags:x} {options:02x?} {data:02x?}");
    }
}

#[test]
fn options_are_told() {
    check(&[
        (
            0x02,
            b"\x02\x04\x05\xb4\x04\x02\x08\n\x00\x00\x00\x01\x00\x00\x00\x02\x01\x03\x03\x07",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7], length 0",
        ),
        (
            0x02,
            b"\x06\x06\x01\x02\x03\x04\x07\x06\x01\x02\x03\x04",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [echo 16909060,echoreply 16909060], length 0",
        ),
        (
            0x02,
            b"\x0b\x06\x00\x00\x00\x01\x0c\x06\x00\x00\x00\x02\r\x06\x00\x00\x00\x03",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [cc 1,ccnew 2, 3,eol], length 0",
        ),
        (
            0x10,
            b"\x01\x01\x05\x12\x00\x00#\x8c\x00\x00#\xf0\x00\x00$T\x00\x00$\xb8",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [nop,nop,sack 2 {9100:9200}{9300:9400}], length 0",
        ),
        (
            0x02,
            b"\x13\x12\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [md5 shared secret not supplied with -M, can't check - 000102030405060708090a0b0c0d0e0f,eol], length 0",
        ),
        (
            0x02,
            b"\x14\x04\xa0\x07",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [scps cap a0 id 7], length 0",
        ),
        (
            0x02,
            b"\x1c\x04\x80\x04\x1c\x04\x00\x05",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [uto 0x8004 16386,uto 0x5 120], length 0",
        ),
        (
            0x02,
            b"\x1d\x04\x01\x02\x1d\x08\x01\x02\x03\x04\x05\x06",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [tcp-ao keyid 1 rnextkeyid 2,tcp-ao keyid 1 rnextkeyid 2 mac 0x03040506], length 0",
        ),
        (
            0x02,
            b"\"\x02\x01\x01",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [tfo  cookiereq,nop,nop], length 0",
        ),
        (
            0x02,
            b"\"\x06\x01\x02\x03\x04",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [tfo  cookie 01020304,eol], length 0",
        ),
        (
            0x02,
            b"\xfe\x04\xf9\x89\xfe\x08\xf9\x89\x01\x02\x03\x04",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [exp-tfo cookiereq,exp-tfo cookie 01020304], length 0",
        ),
        (
            0x02,
            b"\xfe\x06\x124\x01\x02\xfd\x04\x01\x02",
            b"",
            9,
            0,
            0,
            " Flags [S], seq 5000, win 100, options [exp-1234,unknown-253 0x0102,eol], length 0",
        ),
        (
            0x10,
            b"\xae\x05\x00\x00\x01",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [unknown-174 0x000001,eol], length 0",
        ),
    ]);
}

#[test]
fn multipath_options_are_told() {
    check(&[
        (0x02, b"\x1e\x0c\x01\x81\x01\x02\x03\x04\x05\x06\x07\x08", b"", 9, 0, 0, " Flags [S], seq 5000, win 100, options [mptcp 12 capable v1 csum {0x102030405060708}], length 0"),
        (0x02, b"\x1e\x04\x02\x01", b"", 9, 0, 0, " Flags [S], seq 5000, win 100, options [mptcp 4 capable Unknown Version (2)], length 0"),
        (0x10, b"\x1e\x14\x01\x01\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 20 capable v1 {0x102030405060708,0x90a0b0c0d0e0f10}], length 0"),
        (0x10, b"\x1e\x16\x01\x01\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 22 capable v1 {0x102030405060708,0x90a0b0c0d0e0f10},eol], length 0"),
        (0x02, b"\x1e\x0c\x11\x05\x01\x02\x03\x04\x05\x06\x07\x08", b"", 9, 0, 0, " Flags [S], seq 5000, win 100, options [mptcp 12 join backup id 5 token 0x1020304 nonce 0x5060708], length 0"),
        (0x12, b"\x1e\x10\x10\x05\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c", b"", 9, 0, 0, " Flags [S.], seq 5000, ack 9000, win 100, options [mptcp 16 join id 5 hmac 0x102030405060708 nonce 0x90a0b0c], length 0"),
        (0x10, b"\x1e\x18\x10\x05\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 24 join hmac 0x0102030405060708090a0b0c0d0e0f1011121314], length 0"),
        (0x10, b"\x1e\x1c \x1f\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 28 dss fin ack 72623859790382856 seq 651345242494996240 subseq 286397204 len 5398 csum 0x1718], length 0"),
        (0x10, b"\x1e\x08 \x01\x01\x02\x03\x04", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 8 dss ack 16909060], length 0"),
        (0x10, b"\x1e\x0e \x04\x01\x02\x03\x04\x05\x06\x07\x08\t\n", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 14 dss seq 16909060 subseq 84281096 len 2314,eol], length 0"),
        (0x10, b"\x1e\x100\x05\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 16 add-addr v1 id 5 1.2.3.4 hmac 0x5060708090a0b0c], length 0"),
        (0x10, b"\x1e\x161\x05\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 22 add-addr v1-echo id 5 102:304:506:708:90a:b0c:d0e:f10:4370,eol], length 0"),
        (0x10, b"\x1e\x084\x05\x01\x02\x03\x04", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 8 add-addr v0-ip4 id 5 1.2.3.4], length 0"),
        (0x10, b"\x1e\x085\x05\x01\x02\x03\x04", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 8 add-addr [bad version/echo] id 5 1.2.3.4], length 0"),
        (0x10, b"\x1e\x05@\x05\x06", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 5 rem-addr id 5 6,eol], length 0"),
        (0x10, b"\x1e\x04Q\x05", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 4 prio backup id 5], length 0"),
        (0x10, b"\x1e\x03P", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 3 prio non-backup,eol], length 0"),
        (0x10, b"\x1e\x0c`\x00\x00\x00\x00\x00\x00\x00\x00\x00", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 12 fail seq 0], length 0"),
        (0x10, b"\x1e\x0cp\x00\x00\x01\x02\x03\x04\x05\x06\x07", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 12 fast-close key 0x1020304050607], length 0"),
        (0x10, b"\x1e\x04\x85\x03", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp 4 unknown], length 0"),
    ]);
}

#[test]
fn lengths_that_cannot_be_end_the_options() {
    check(&[
        (0x10, b"\x02\x01\x00\x00", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [[bad opt]"),
        (0x10, b"\x01\x02\x01\x00", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [nop,[bad opt]]"),
        (
            0x10,
            b"\x02\x06\x01\x02\x03\x04\x00\x00",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [mss 258[len 6],wscale 0[len 4],eol], length 0",
        ),
        (
            0x10,
            b"\x03\x02\x00\x00",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [wscale 0[len 2],eol], length 0",
        ),
        (
            0x10,
            b"\x05\t\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [sack invalid sack,eol], length 0",
        ),
        (
            0x10,
            b"\x01\x01\x01\x03",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [nop,nop,nop, [|tcp]",
        ),
        (
            0x10,
            b"\x01\x01\x01\x03",
            b"\x03",
            9,
            0,
            0,
            " Flags [.], seq 5000:5001, ack 9000, win 100, options [nop,nop,nop,[bad opt]]",
        ),
        (
            0x10,
            b"\x1d\x03\x01\x00",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [tcp-ao (invalid),eol], length 0",
        ),
        (
            0x10,
            b"\"\x03\x01\x00",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [tfo  (invalid),eol], length 0",
        ),
        (0x10, b"\xfe\x03\x01\x00", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [exp[bad opt]"),
        (0x10, b"\x1e\x02\x01\x01", b"", 9, 0, 0, " Flags [.], ack 9000, win 100, options [mptcp[bad opt]"),
        (
            0x10,
            b"\x1e\x08 \x00\x00\x00\x00\x00",
            b"",
            9,
            0,
            0,
            " Flags [.], ack 9000, win 100, options [mptcp 8 dss[bad opt]",
        ),
    ]);
}

#[test]
fn what_is_cut_off_is_marked() {
    check(&[
        (0x10, b"\x02\x04\x05\xb4", b"", 9, 0, 1, " Flags [.], ack 9000, win 100, options [mss [|tcp]"),
        (
            0x10,
            b"\x01\x03\x03\x07",
            b"",
            9,
            0,
            1,
            " Flags [.], ack 9000, win 100, options [nop,wscale [|tcp]>",
        ),
        (
            0x10,
            b"\x01\x01\x08\n\x00\x00\x00\x00\x00\x00\x00\x00",
            b"",
            9,
            0,
            3,
            " Flags [.], ack 9000, win 100, options [nop,nop,TS [|tcp]>",
        ),
        (
            0x10,
            b"c\x06\x01\x02\x03\x04\x01\x01",
            b"",
            9,
            0,
            4,
            " Flags [.], ack 9000, win 100, options [unknown-99 0x0102 [|tcp]",
        ),
        (
            0x10,
            b"\x1e\x04\x85\x03\x02\x04\x05\xb4",
            b"",
            9,
            0,
            3,
            " Flags [.], ack 9000, win 100, options [mptcp 4 unknown, [|mptcp]",
        ),
        (
            0x10,
            b"\x00\x00\x00\x00",
            b"data",
            9,
            0,
            6,
            " Flags [.], seq 5000:5004, ack 9000, win 100, options [eol], length 4 [remaining caplen(22) < header length(24)] [|tcp]",
        ),
        (0x10, b"", b"", 9, 0, 5, "  [|tcp]"),
        (0x10, b"", b"", 9, 0, 17, " [|tcp]"),
    ]);
}

#[test]
fn flags_numbers_and_checksums_are_told() {
    check(&[
        (0xff, b"", b"", 9, 0, 0, " Flags [FSRP.UEW], seq 5000, ack 9000, win 100, urg 0, length 0"),
        (0x00, b"", b"ab", 9, 0, 0, " Flags [none], seq 5000:5002, win 100, length 2"),
        (
            0x10,
            b"",
            b"",
            9,
            1,
            0,
            " Flags [.], cksum 0x0000 (incorrect -> 0x60cd), ack 9000, win 100, length 0",
        ),
        (
            0x10,
            b"",
            b"",
            9,
            2,
            0,
            " Flags [.], cksum 0x0000 (incorrect -> 0x60cd), seq 5000, ack 9000, win 100, length 0",
        ),
        (
            0x04,
            b"",
            b"no\x01\xff",
            9,
            1,
            0,
            " Flags [R], cksum 0x0000 (incorrect -> 0xf066), seq 5000:5004, win 100, length 4 [RST no^AM-^?]",
        ),
        (
            0x04,
            b"",
            b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            9,
            1,
            0,
            " Flags [R], cksum 0x0000 (incorrect -> 0xf747), seq 5000:5040, win 100, length 40 [RST+ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]",
        ),
        (0x04, b"", b"reason", 9, 1, 3, " Flags [R], seq 5000:5006, win 100, length 6 [!RST rea]"),
        (0x20, b"", b"", 9, 0, 0, " Flags [U], win 100, urg 0, length 0"),
    ]);
}

#[test]
fn text_is_told_on_the_ports_of_its_protocols() {
    check(&[
        (
            0x10,
            b"",
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\nbody",
            80,
            0,
            0,
            " Flags [.], seq 5000:5031, ack 9000, win 100, length 31: HTTP: GET / HTTP/1.1",
        ),
        (
            0x10,
            b"",
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\nbody",
            8080,
            1,
            0,
            " Flags [.], cksum 0x0000 (incorrect -> 0x1bab), seq 5000:5031, ack 9000, win 100, length 31: HTTP, length: 31\n\tGET / HTTP/1.1\n\tHost: a\n\t\n\tbody [|http]",
        ),
        (
            0x10,
            b"",
            b"HTTP/1.1 200 OK\r\n\r\n\x89PNG\r\n",
            80,
            1,
            0,
            " Flags [.], cksum 0x0000 (incorrect -> 0xf4b5), seq 5000:5025, ack 9000, win 100, length 25: HTTP, length: 25\n\tHTTP/1.1 200 OK\n\t",
        ),
        (
            0x10,
            b"",
            b"HTTP/1.1 20 OK\r\n\r\n",
            80,
            1,
            0,
            " Flags [.], cksum 0x0000 (incorrect -> 0xacbb), seq 5000:5018, ack 9000, win 100, length 18: HTTP",
        ),
        (
            0x10,
            b"",
            b"more of it\r\n",
            80,
            0,
            0,
            " Flags [.], seq 5000:5012, ack 9000, win 100, length 12: HTTP",
        ),
        (
            0x10,
            b"",
            b"GET /\xff\r\n",
            80,
            0,
            0,
            " Flags [.], seq 5000:5008, ack 9000, win 100, length 8: HTTP",
        ),
        (
            0x10,
            b"",
            b"GET / HTTP/1.1\r\nHost: a\r\n",
            80,
            0,
            12,
            " Flags [.], seq 5000:5025, ack 9000, win 100, length 25: HTTP [|http]",
        ),
        (
            0x10,
            b"",
            b"GET / HTTP/1.1\r\nHost: a\r\n",
            80,
            1,
            4,
            " Flags [.], seq 5000:5025, ack 9000, win 100, length 25: HTTP, length: 25\n\tGET / HTTP/1.1 [|http]",
        ),
        (
            0x10,
            b"",
            b"GET / HTTP/1.1\r\n",
            3128,
            0,
            0,
            " Flags [.], seq 5000:5016, ack 9000, win 100, length 16",
        ),
        (
            0x10,
            b"",
            b"250-a\r\n250 b\r\n",
            25,
            0,
            0,
            " Flags [.], seq 5000:5014, ack 9000, win 100, length 14: SMTP: 250-a",
        ),
        (
            0x10,
            b"",
            b"250-a\r\n250 b\r\n",
            25,
            1,
            0,
            " Flags [.], cksum 0x0000 (incorrect -> 0x3071), seq 5000:5014, ack 9000, win 100, length 14: SMTP, length: 14\n\t250-a\n\t250 b",
        ),
        (
            0x10,
            b"",
            b"EHLO a",
            25,
            0,
            0,
            " Flags [.], seq 5000:5006, ack 9000, win 100, length 6: SMTP: EHLO a [|smtp]",
        ),
        (0x10, b"", b"EHLO a\r\n", 587, 0, 0, " Flags [.], seq 5000:5008, ack 9000, win 100, length 8"),
        (
            0x10,
            b"",
            b"USER a\tb\n",
            21,
            0,
            0,
            " Flags [.], seq 5000:5009, ack 9000, win 100, length 9: FTP: USER a\tb",
        ),
        (0x10, b"", b"USER a\rb\n", 21, 0, 0, " Flags [.], seq 5000:5009, ack 9000, win 100, length 9: FTP"),
        (
            0x10,
            b"",
            b"USER a\r\n",
            21,
            0,
            8,
            " Flags [.], seq 5000:5008, ack 9000, win 100, length 8: FTP [|ftp]",
        ),
        (
            0x10,
            b"",
            b"SSH-2.0-a b\r\nx",
            22,
            0,
            0,
            " Flags [.], seq 5000:5014, ack 9000, win 100, length 14: SSH: SSH-2.0-a b",
        ),
        (0x10, b"", b"SSH-2.0-a b", 22, 0, 0, " Flags [.], seq 5000:5011, ack 9000, win 100, length 11"),
        (
            0x10,
            b"",
            b"SSH-2.0-a b\r\n",
            22,
            0,
            3,
            " Flags [.], seq 5000:5013, ack 9000, win 100, length 13 [|ssh]",
        ),
        (0x10, b"", b"SS", 22, 0, 0, " Flags [.], seq 5000:5002, ack 9000, win 100, length 2 [|ssh]"),
        (
            0x10,
            b"",
            b"\x00\x00\x00\x0c\n\x15",
            22,
            0,
            0,
            " Flags [.], seq 5000:5006, ack 9000, win 100, length 6",
        ),
        (0x10, b"", b"+OK\r\n", 110, 0, 0, " Flags [.], seq 5000:5005, ack 9000, win 100, length 5"),
        (0x10, b"", b"* OK\r\n", 143, 0, 0, " Flags [.], seq 5000:5006, ack 9000, win 100, length 6"),
        (
            0x10,
            b"",
            b"\x16\x03\x01\x00\x01\x01",
            443,
            0,
            0,
            " Flags [.], seq 5000:5006, ack 9000, win 100, length 6",
        ),
    ]);
}

#[test]
fn our_own_line_tells_more() {
    let own = |data: &[u8], port| {
        let packet = segment(0x18, b"", data, port);
        let told = told(&packet, packet.len(), Style { own: true, ..Style::default() });
        told.split_once("length ").unwrap().1.split_once(' ').unwrap().1.to_owned()
    };
    assert_eq!(
        own(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", 80),
        "HTTP: GET / HTTP/1.1, host example.com"
    );
    assert_eq!(
        own(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", 8001),
        "HTTP: GET / HTTP/1.1, host example.com"
    );
    assert_eq!(own(b"+OK ready\r\n", 110), "POP3: +OK ready");
    let client_hello = b"\x16\x03\x01\0\x52\x01\0\0\x4e\x03\x03\
        0123456789abcdef0123456789abcdef\0\0\x02\x13\x01\x01\0\0\x23\
        \0\0\0\x0d\0\x0b\0\0\x08host.com\0\x10\0\x0e\0\x0c\x02h2\x08http/1.1";
    assert_eq!(own(client_hello, 443), "TLS ClientHello, SNI host.com, ALPN h2 http/1.1");
    let records = b"\x16\x03\x03\0\x32\x02\0\0\x2e\x03\x03\
        0123456789abcdef0123456789abcdef\0\x13\x01\0\0\x06\0\x2b\0\x02\x03\x04\
        \x14\x03\x03\0\x01\x01\x17\x03\x03\0\x02ab\x15\x03\x03\0\x02\x02\x28";
    assert_eq!(
        own(records, 12345),
        "TLS ServerHello, TLS 1.3, ChangeCipherSpec, ApplicationData, Alert handshake_failure"
    );
}
