//! The messages of a handshake: RFC 8446, section 4; RFC 5246, section 7.4.
//!
//! ```text
//! +------+--------------+------- ...
//! | type |    length    | body
//! +------+--------------+------- ...
//!     1         3         length bytes
//! ```

use super::{extension, name};
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::walk::Walk;

/// Types of messages. Source: IANA's registry of TLS handshake types.
pub(super) mod message {
    pub(in super::super) const HELLO_REQUEST: u8 = 0;
    pub(in super::super) const CLIENT_HELLO: u8 = 1;
    pub(in super::super) const SERVER_HELLO: u8 = 2;
    pub(in super::super) const NEW_SESSION_TICKET: u8 = 4;
    pub(in super::super) const END_OF_EARLY_DATA: u8 = 5;
    pub(in super::super) const ENCRYPTED_EXTENSIONS: u8 = 8;
    pub(in super::super) const CERTIFICATE: u8 = 11;
    pub(in super::super) const SERVER_KEY_EXCHANGE: u8 = 12;
    pub(in super::super) const CERTIFICATE_REQUEST: u8 = 13;
    pub(in super::super) const SERVER_HELLO_DONE: u8 = 14;
    pub(in super::super) const CERTIFICATE_VERIFY: u8 = 15;
    pub(in super::super) const CLIENT_KEY_EXCHANGE: u8 = 16;
    pub(in super::super) const FINISHED: u8 = 20;
    pub(in super::super) const CERTIFICATE_STATUS: u8 = 22;
    pub(in super::super) const KEY_UPDATE: u8 = 24;
}

header! {
    /// The header of a message.
    pub struct Message: 4 bytes;

    /// Handshake type: what the message is.
    r#type: u8 = 0..8, DecOf(name::handshake), "tls.handshake.type", default(1);
    /// Length: of the message's body.
    len: u32 = 8..32, Dec, "tls.handshake.length", computed(Following);
}

/// What stands in the bodies.
pub(super) const FIELDS: &[Field] = &[
    Field::variable("message", "", Kind::Record, "Handshake message: a step of the handshake."),
    Field::variable("version", "tls.handshake.version", Kind::HexOf(name::version), "Version: the highest before 1.3.").wide(16),
    Field::bytes("random", "tls.handshake.random", "Random: of the side that speaks."),
    Field::variable("sidlen", "tls.handshake.session_id_length", Kind::Dec, "Session ID length: of what follows."),
    Field::bytes("sid", "tls.handshake.session_id", "Session ID: which session is to go on."),
    Field::variable("cipherslen", "tls.handshake.cipher_suites_length", Kind::Dec, "Cipher suites length: of what follows."),
    Field::variable("ciphers", "tls.handshake.ciphersuite", Kind::HexOf(name::suite), "Cipher suite: that may be used, or is.").wide(16),
    Field::variable("complen", "tls.handshake.comp_methods_length", Kind::Dec, "Compression methods length: of what follows."),
    Field::variable("comp", "tls.handshake.comp_method", Kind::Dec, "Compression method: that may be used, or is."),
    Field::variable("extlen", "tls.handshake.extensions_length", Kind::Dec, "Extensions length: of what follows."),
    Field::variable("lifetime", "tls.handshake.session_ticket_lifetime_hint", Kind::Dec, "Ticket lifetime: in seconds."),
    Field::variable("ticketlen", "tls.handshake.session_ticket_length", Kind::Dec, "Ticket length: of what follows."),
    Field::bytes("ticket", "tls.handshake.session_ticket", "Ticket: by which a session goes on."),
    Field::variable("certslen", "tls.handshake.certificates_length", Kind::Dec, "Certificates length: of all."),
    Field::variable("certlen", "tls.handshake.certificate_length", Kind::Dec, "Certificate length: of what follows."),
    Field::bytes("cert", "tls.handshake.certificate", "Certificate: X.509, the own first."),
    Field::variable("statustype", "tls.handshake.cert_status_type", Kind::Dec, "Certificate status type: 1 is OCSP."),
    Field::variable("statuslen", "tls.handshake.ocsp_response_len", Kind::Dec, "OCSP response length: of what follows."),
    Field::bytes("status", "tls.handshake.ocsp_response", "OCSP response: that the certificate holds."),
    Field::bytes("verify", "tls.handshake.verify_data", "Verify data: over the handshake."),
    Field::variable("curvetype", "tls.handshake.server_curve_type", Kind::Dec, "Curve type: 3 is a named one."),
    Field::variable("curve", "tls.handshake.server_named_curve", Kind::HexOf(name::group), "Named curve: for the key exchange.").wide(16),
    Field::variable("serverpointlen", "tls.handshake.server_point_len", Kind::Dec, "Public key length: of what follows."),
    Field::bytes("serverpoint", "tls.handshake.server_point", "Public key: of the server."),
    Field::variable("sigalg", "tls.handshake.sig_hash_alg", Kind::HexOf(name::signature), "Signature algorithm: of what follows.").wide(16),
    Field::variable("siglen", "tls.handshake.sig_len", Kind::Dec, "Signature length: of what follows."),
    Field::bytes("sig", "tls.handshake.sig", "Signature: of the server."),
    Field::variable("pointlen", "tls.handshake.client_point_len", Kind::Dec, "Public key length: of what follows."),
    Field::bytes("point", "tls.handshake.client_point", "Public key: of the client."),
    Field::variable("secretlen", "tls.handshake.epms_len", Kind::Dec, "Encrypted secret length: of what follows."),
    Field::bytes("secret", "tls.handshake.epms", "Encrypted secret: for the server's RSA key."),
    Field::bytes("body", "", "Body: of a message that is not described."),
];

/// Shows messages as long as there may be one; what is left is encrypted. Where the record is cut, a message may be, too.
pub(super) fn walk(walk: &mut Walk<'_, '_>, is_cut: bool) {
    while let Some((message, len)) = message_at(walk.rest(), is_cut) {
        let kind = message.r#type();
        walk.record(row!(FIELDS, "message"), len, |walk| {
            walk.table(Message::FIELDS, Message::LEN);
            body(walk, kind);
            walk.bytes(row!(FIELDS, "body"), usize::MAX);
        });
    }
}

/// Looks at the message that begins here, if one may: what is encrypted has any type and length.
pub(super) fn message_at(bytes: &[u8], is_cut: bool) -> Option<(Message<'_>, usize)> {
    let message = Message::new(bytes)?;
    name::handshake(message.r#type().into())?;
    let len = usize::try_from(message.len()).ok()?.checked_add(Message::LEN)?;
    // A certificate is long, but nothing is longer.
    (len <= bytes.len() || is_cut && len < 1 << 17).then_some((message, len))
}

/// Reads a number of so many bytes that stands here.
pub(super) fn peek(walk: &Walk<'_, '_>, len: usize) -> usize {
    let bytes = walk.rest().get(..len).unwrap_or_default();
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn body(walk: &mut Walk<'_, '_>, kind: u8) {
    match kind {
        message::CLIENT_HELLO => client_hello(walk),
        message::SERVER_HELLO => {
            greeting(walk);
            walk.bytes(row!(FIELDS, "ciphers"), 2);
            walk.bytes(row!(FIELDS, "comp"), 1);
            extensions(walk, kind);
        }
        message::NEW_SESSION_TICKET => {
            walk.bytes(row!(FIELDS, "lifetime"), 4);
            let len = peek(walk, 2);
            walk.bytes(row!(FIELDS, "ticketlen"), 2);
            walk.bytes(row!(FIELDS, "ticket"), len);
        }
        message::ENCRYPTED_EXTENSIONS => extensions(walk, kind),
        message::CERTIFICATE => {
            walk.bytes(row!(FIELDS, "certslen"), 3);
            while !walk.rest().is_empty() {
                let len = peek(walk, 3);
                walk.bytes(row!(FIELDS, "certlen"), 3);
                walk.bytes(row!(FIELDS, "cert"), len);
            }
        }
        message::CERTIFICATE_STATUS => {
            walk.bytes(row!(FIELDS, "statustype"), 1);
            let len = peek(walk, 3);
            walk.bytes(row!(FIELDS, "statuslen"), 3);
            walk.bytes(row!(FIELDS, "status"), len);
        }
        message::SERVER_KEY_EXCHANGE => server_key_exchange(walk),
        message::CLIENT_KEY_EXCHANGE => client_key_exchange(walk),
        message::FINISHED => walk.bytes(row!(FIELDS, "verify"), usize::MAX),
        _ => {}
    }
}

/// Shows what both greetings begin with.
fn greeting(walk: &mut Walk<'_, '_>) {
    walk.bytes(row!(FIELDS, "version"), 2);
    walk.bytes(row!(FIELDS, "random"), 32);
    let len = peek(walk, 1);
    walk.bytes(row!(FIELDS, "sidlen"), 1);
    walk.bytes(row!(FIELDS, "sid"), len);
}

fn client_hello(walk: &mut Walk<'_, '_>) {
    greeting(walk);
    let len = peek(walk, 2);
    walk.bytes(row!(FIELDS, "cipherslen"), 2);
    for _ in 0..len.min(walk.rest().len()) / 2 {
        walk.bytes(row!(FIELDS, "ciphers"), 2);
    }
    let len = peek(walk, 1);
    walk.bytes(row!(FIELDS, "complen"), 1);
    for _ in 0..len.min(walk.rest().len()) {
        walk.bytes(row!(FIELDS, "comp"), 1);
    }
    extensions(walk, message::CLIENT_HELLO);
}

/// Shows the extensions that end a message; without their length there are none.
fn extensions(walk: &mut Walk<'_, '_>, kind: u8) {
    if walk.rest().len() >= 2 {
        walk.bytes(row!(FIELDS, "extlen"), 2);
        extension::walk(walk, kind);
    }
}

/// Shows the key of a server on a named curve: RFC 8422, section 5.4. What it is of other suites, the message does not say.
fn server_key_exchange(walk: &mut Walk<'_, '_>) {
    const NAMED_CURVE: u8 = 3;
    if walk.rest().first() != Some(&NAMED_CURVE) {
        return;
    }
    walk.bytes(row!(FIELDS, "curvetype"), 1);
    walk.bytes(row!(FIELDS, "curve"), 2);
    let len = peek(walk, 1);
    walk.bytes(row!(FIELDS, "serverpointlen"), 1);
    walk.bytes(row!(FIELDS, "serverpoint"), len);
    // Before version 1.2 the algorithm was not said.
    let len = walk.rest().get(2..4).map_or(0, |len| len.iter().fold(0, |len, byte| len << 8 | usize::from(*byte)));
    if len > 0 && walk.rest().len() == len + 4 {
        walk.bytes(row!(FIELDS, "sigalg"), 2);
    }
    walk.bytes(row!(FIELDS, "siglen"), 2);
    walk.bytes(row!(FIELDS, "sig"), usize::MAX);
}

/// Shows the key of a client, or the secret that it has encrypted: which one, the lengths tell.
fn client_key_exchange(walk: &mut Walk<'_, '_>) {
    let len = walk.rest().len();
    if peek(walk, 1) + 1 == len {
        walk.bytes(row!(FIELDS, "pointlen"), 1);
        walk.bytes(row!(FIELDS, "point"), usize::MAX);
    } else if peek(walk, 2) + 2 == len {
        walk.bytes(row!(FIELDS, "secretlen"), 2);
        walk.bytes(row!(FIELDS, "secret"), usize::MAX);
    }
}
