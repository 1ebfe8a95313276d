//! Fields of TCP and what it carries, under the names and with the values that Wireshark gives them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic, its helpers too")]

use jackfield_wire::Dissector;
use jackfield_wire::json::Json;
use serde_json::{Value, json};

/// Returns the fields of the sample with these words.
fn sample(words: &str) -> Value {
    let samples =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/tcp.txt")).unwrap();
    let line = samples.lines().find(|line| line.ends_with(words)).unwrap();
    let (hex, _) = line.split_once("  # ").unwrap();
    let (link_type, hex) = hex.split_once(' ').unwrap();
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
    let mut dissector = Dissector::new();
    let packet = dissector.dissect(link_type.parse().unwrap(), &bytes, bytes.len());
    let mut out = b"{\"sample\":true".to_vec();
    Json::new().members(&packet, &mut out);
    out.push(b'}');
    serde_json::from_slice(&out).unwrap()
}

fn check(words: &str, expected: &Value) {
    let fields = sample(words);
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&fields[name], value, "{name} of {words}");
    }
}

#[test]
fn options_have_their_fields() {
    check(
        "a SYN as Linux sends it, accurate ECN offered",
        &json!({
            "tcp.flags": "0x01c2", "tcp.flags.str": "···ACE····S·", "tcp.len": 0, "tcp.options.mss_val": 1460,
            "tcp.options.wscale.shift": 7, "tcp.options.wscale.multiplier": 128,
            "tcp.options.timestamp.tsval": 1, "tcp.options.timestamp.tsecr": 0,
            "tcp.options": "02:04:05:b4:04:02:08:0a:00:00:00:01:00:00:00:00:01:03:03:07",
        }),
    );
    check(
        "TCP: fast open as an experiment",
        &json!({"tcp.options.experimental.exid": "0xf989", "tcp.options.tfo.cookie": "00:01:02:03:04:05:06:07"}),
    );
    check(
        "TCP: user timeout",
        &json!({"tcp.options.user_to_granularity": true, "tcp.options.user_to_val": 5}),
    );
    check(
        "TCP: accurate ECN, two counters",
        &json!({"tcp.options.acc_ecn.ee1b": 258, "tcp.options.acc_ecn.eceb": 197_637, "tcp.options.acc_ecn.ee0b": null}),
    );
    check(
        "MPTCP: DSS, long numbers and a checksum",
        &json!({
            "tcp.options.mptcp.subtype": 2, "tcp.options.mptcp.rawdataack": 72_623_859_790_382_856_u64,
            "tcp.options.mptcp.subflowseqno": 286_397_204, "tcp.options.mptcp.datalvllen": 5398,
            "tcp.options.mptcp.checksum": "0x1718", "tcp.options.mptcp.datafin.flag": true,
        }),
    );
}

#[test]
fn text_protocols_have_their_fields() {
    check(
        "HTTP: GET /a?b=1 HTTP/1.1",
        &json!({
            "http.request": true, "http.request.method": "GET", "http.request.uri": "/a?b=1", "http.request.uri.query": "b=1",
            "http.request.version": "HTTP/1.1", "http.host": "example.com", "http.content_length": 4,
            "http.cookie_pair": ["a=b", "c=d"], "data.data": "62:6f:64:79",
        }),
    );
    check(
        "HTTP: HTTP/1.1 404 Not Found",
        &json!({"http.response": true, "http.response.code": "404", "http.response.phrase": "Not Found", "http.location": "/q"}),
    );
    check(
        "FTP: USER anonymous",
        &json!({"ftp.request": true, "ftp.request.command": "USER", "ftp.request.arg": "anonymous"}),
    );
    check("FTP: 230-a", &json!({"ftp.response.code": "230", "ftp.response.arg": "a"}));
    check(
        "SMTP: 250-mail",
        &json!({"smtp.response.code": "250", "smtp.rsp.parameter": ["mail", "SIZE 100", "OK"], "smtp.response": "250-mail\r\n"}),
    );
    check("POP3: -ERR no", &json!({"pop.response.indicator": "-ERR", "pop.response.description": "no"}));
    check(
        "IMAP: a3 UID FETCH 1:* (FLAGS)",
        &json!({"imap.request_tag": "a3", "imap.request.command": "FETCH", "imap.request.command.uid": true}),
    );
    check(
        "SSH: the offer of algorithms",
        &json!({"ssh.message_code": 20, "ssh.kex_algorithms": "curve25519-sha256,ext-info-c", "ssh.direction": false}),
    );
}

#[test]
fn greetings_of_tls_have_their_fields() {
    check(
        "TLS: ClientHello",
        &json!({
            "tls.record.content_type": 22, "tls.handshake.type": 1, "tls.handshake.version": "0x0303",
            "tls.handshake.extensions_server_name": "www.example.test",
            "tls.handshake.extensions_alpn_str": ["h2", "http/1.1"],
            "tls.handshake.extensions.supported_version": "0x0304", "tls.handshake.extensions_key_share_group": 29,
            "tls.handshake.ciphersuite": ["0x1302", "0x1303", "0x1301", "0x00ff"],
        }),
    );
    check(
        "TLS: ServerHello, Certificate, ServerKeyExchange, ServerHelloDone",
        &json!({"tls.handshake.type": [2, 11, 12, 14], "tls.handshake.ciphersuite": "0xc030", "tls.handshake.certificate_length": 787}),
    );
    check("TLS: an alert", &json!({"tls.alert_message.level": 2, "tls.alert_message.desc": 40}));
    check("TLS: the middle of a record", &json!({"tls.record.content_type": null}));
}

#[test]
fn a_segment_is_no_longer_than_what_was_on_the_wire() {
    // An IPv4 header that says 60 bytes, and 43 of them.
    let mut bytes = vec![0x45, 0, 0, 60, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    bytes.extend_from_slice(&[
        0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0, b'a', b'b', b'c',
    ]);
    for (wire_len, len) in [(bytes.len(), 3), (50, 10), (60, 20), (70, 20)] {
        let mut dissector = Dissector::new();
        let packet = dissector.dissect(228, &bytes, wire_len);
        let mut out = b"{\"sample\":true".to_vec();
        Json::new().members(&packet, &mut out);
        out.push(b'}');
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap()["tcp.len"], len, "{wire_len}");
    }
}
