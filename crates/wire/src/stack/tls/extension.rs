//! The extensions of greetings: RFC 8446, section 4.2; RFC 6066; RFC 7301.

use super::handshake::{message, peek};
use super::name;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::walk::Walk;

/// Types of extensions. Source: IANA's registry of TLS extension types.
pub(super) mod kind {
    pub(in super::super) const SERVER_NAME: u16 = 0;
    pub(in super::super) const STATUS_REQUEST: u16 = 5;
    pub(in super::super) const SUPPORTED_GROUPS: u16 = 10;
    pub(in super::super) const EC_POINT_FORMATS: u16 = 11;
    pub(in super::super) const SIGNATURE_ALGORITHMS: u16 = 13;
    pub(in super::super) const ALPN: u16 = 16;
    pub(in super::super) const PRE_SHARED_KEY: u16 = 41;
    pub(in super::super) const SUPPORTED_VERSIONS: u16 = 43;
    pub(in super::super) const COOKIE: u16 = 44;
    pub(in super::super) const PSK_KEY_EXCHANGE_MODES: u16 = 45;
    pub(in super::super) const SIGNATURE_ALGORITHMS_CERT: u16 = 50;
    pub(in super::super) const KEY_SHARE: u16 = 51;
    pub(in super::super) const RENEGOTIATION_INFO: u16 = 0xff01;
}

header! {
    /// The header of an extension.
    pub struct Extension: 4 bytes;

    /// Type: which extension it is.
    r#type: u16 = 0..16, DecOf(name::extension), "tls.handshake.extension.type", default(0);
    /// Length: of the extension's data.
    len: u16 = 16..32, Dec, "tls.handshake.extension.len", computed(Following);
}

/// What stands in the data.
pub(super) const FIELDS: &[Field] = &[
    Field::variable("extension", "", Kind::Record, "Extension: something to agree on."),
    Field::variable("namelistlen", "tls.handshake.extensions_server_name_list_len", Kind::Dec, "Server name list length: of what follows."),
    Field::variable("nametype", "tls.handshake.extensions_server_name_type", Kind::Dec, "Server name type: 0 is a host's."),
    Field::variable("namelen", "tls.handshake.extensions_server_name_len", Kind::Dec, "Server name length: of what follows."),
    Field::variable("servername", "tls.handshake.extensions_server_name", Kind::Text, "Server name: which host is meant."),
    Field::variable("alpnlen", "tls.handshake.extensions_alpn_len", Kind::Dec, "ALPN length: of what follows."),
    Field::variable("alpnstrlen", "tls.handshake.extensions_alpn_str_len", Kind::Dec, "ALPN string length: of what follows."),
    Field::variable("alpn", "tls.handshake.extensions_alpn_str", Kind::Text, "Next protocol: that may be spoken inside, or is."),
    Field::variable("groupslen", "tls.handshake.extensions_supported_groups_length", Kind::Dec, "Supported groups length: of what follows."),
    Field::variable("group", "tls.handshake.extensions_supported_group", Kind::HexOf(name::group), "Supported group: for the key exchange.").wide(16),
    Field::variable("formatslen", "tls.handshake.extensions_ec_point_formats_length", Kind::Dec, "Point formats length: of what follows."),
    Field::variable("format", "tls.handshake.extensions_ec_point_format", Kind::Dec, "Point format: of elliptic curves."),
    Field::variable("algslen", "tls.handshake.sig_hash_alg_len", Kind::Dec, "Signature algorithms length: of what follows."),
    Field::variable("alg", "tls.handshake.sig_hash_alg", Kind::HexOf(name::signature), "Signature algorithm: that may be used.").wide(16),
    Field::variable("versionslen", "tls.handshake.extensions.supported_versions_len", Kind::Dec, "Supported versions length: of what follows."),
    Field::variable("versions", "tls.handshake.extensions.supported_version", Kind::HexOf(name::version), "Supported version: that may be spoken, or is.").wide(16),
    Field::variable("modeslen", "tls.extension.psk_ke_modes_length", Kind::Dec, "Key exchange modes length: of what follows."),
    Field::variable("mode", "tls.extension.psk_ke_mode", Kind::Dec, "Key exchange mode: with a shared key."),
    Field::variable("shareslen", "tls.handshake.extensions_key_share_client_length", Kind::Dec, "Key shares length: of what follows."),
    Field::variable("sharegroup", "tls.handshake.extensions_key_share_group", Kind::DecOf(name::group), "Group: of the key share."),
    Field::variable("selectedgroup", "tls.handshake.extensions_key_share_selected_group", Kind::DecOf(name::group), "Selected group: for which the server wants a share."),
    Field::variable("sharelen", "tls.handshake.extensions_key_share_key_exchange_length", Kind::Dec, "Key exchange length: of what follows."),
    Field::bytes("share", "tls.handshake.extensions_key_share_key_exchange", "Key exchange: a public key."),
    Field::variable("statustype", "tls.handshake.extensions_status_request_type", Kind::Dec, "Status type: 1 is OCSP."),
    Field::variable("responderslen", "tls.handshake.extensions_status_request_responder_ids_len", Kind::Dec, "Responder IDs length: of what follows."),
    Field::bytes("responders", "", "Responder IDs: who may answer."),
    Field::variable("requestextslen", "tls.handshake.extensions_status_request_exts_len", Kind::Dec, "Request extensions length: of what follows."),
    Field::variable("reneglen", "tls.handshake.extensions_reneg_info_len", Kind::Dec, "Renegotiation info length: of what follows."),
    Field::bytes("reneg", "", "Renegotiation info: of the handshake before."),
    Field::variable("cookielen", "tls.handshake.extensions_cookie_len", Kind::Dec, "Cookie length: of what follows."),
    Field::bytes("cookie", "tls.handshake.extensions_cookie", "Cookie: to be sent back."),
    Field::variable("pskslen", "tls.handshake.extensions.psk.identities.length", Kind::Dec, "Identities length: of what follows."),
    Field::variable("psklen", "tls.handshake.extensions.psk.identity.identity_length", Kind::Dec, "Identity length: of what follows."),
    Field::bytes("psk", "tls.handshake.extensions.psk.identity.identity", "Identity: of a shared key, a ticket."),
    Field::variable("age", "tls.handshake.extensions.psk.identity.obfuscated_ticket_age", Kind::Dec, "Ticket age: in milliseconds, with a number added that both know."),
    Field::variable("binderslen", "tls.handshake.extensions.psk.binders_len", Kind::Dec, "Binders length: of what follows."),
    Field::bytes("binders", "tls.handshake.extensions.psk.binders", "Binders: that the keys are known."),
    Field::variable("selectedpsk", "tls.handshake.extensions.psk.identity.selected", Kind::Dec, "Selected identity: which key the server takes."),
    Field::bytes("data", "tls.handshake.extension.data", "Data: of an extension that is not described."),
];

/// Shows the extensions of a message of a type.
pub(super) fn walk(walk: &mut Walk<'_, '_>, message: u8) {
    while let Some(extension) = Extension::new(walk.rest()) {
        let (kind, len) = (extension.r#type(), usize::from(extension.len()));
        walk.record(row!(FIELDS, "extension"), Extension::LEN + len, |walk| {
            walk.table(Extension::FIELDS, Extension::LEN);
            data(walk, kind, message);
            walk.bytes(row!(FIELDS, "data"), usize::MAX);
        });
    }
}

/// Shows a length of so many bytes, and as much behind it as numbers of so many bytes.
fn list(walk: &mut Walk<'_, '_>, (length, bytes): (&'static Field, usize), (item, each): (&'static Field, usize)) {
    let len = peek(walk, bytes);
    walk.bytes(length, bytes);
    for _ in 0..len.min(walk.rest().len()) / each {
        walk.bytes(item, each);
    }
}

/// Shows a length of so many bytes, and as many bytes behind it.
fn counted(walk: &mut Walk<'_, '_>, (length, bytes): (&'static Field, usize), item: &'static Field) {
    let len = peek(walk, bytes);
    walk.bytes(length, bytes);
    walk.bytes(item, len);
}

fn data(walk: &mut Walk<'_, '_>, kind: u16, message: u8) {
    let is_client = message == message::CLIENT_HELLO;
    match kind {
        kind::SERVER_NAME => {
            walk.bytes(row!(FIELDS, "namelistlen"), 2);
            while !walk.rest().is_empty() {
                walk.bytes(row!(FIELDS, "nametype"), 1);
                counted(walk, (row!(FIELDS, "namelen"), 2), row!(FIELDS, "servername"));
            }
        }
        kind::ALPN => {
            walk.bytes(row!(FIELDS, "alpnlen"), 2);
            while !walk.rest().is_empty() {
                counted(walk, (row!(FIELDS, "alpnstrlen"), 1), row!(FIELDS, "alpn"));
            }
        }
        kind::SUPPORTED_GROUPS => list(walk, (row!(FIELDS, "groupslen"), 2), (row!(FIELDS, "group"), 2)),
        kind::EC_POINT_FORMATS => list(walk, (row!(FIELDS, "formatslen"), 1), (row!(FIELDS, "format"), 1)),
        kind::SIGNATURE_ALGORITHMS | kind::SIGNATURE_ALGORITHMS_CERT => {
            list(walk, (row!(FIELDS, "algslen"), 2), (row!(FIELDS, "alg"), 2));
        }
        kind::SUPPORTED_VERSIONS if is_client => {
            list(walk, (row!(FIELDS, "versionslen"), 1), (row!(FIELDS, "versions"), 2));
        }
        kind::SUPPORTED_VERSIONS => walk.bytes(row!(FIELDS, "versions"), 2),
        kind::PSK_KEY_EXCHANGE_MODES => list(walk, (row!(FIELDS, "modeslen"), 1), (row!(FIELDS, "mode"), 1)),
        kind::KEY_SHARE => {
            // A server that wants another share says of which group, and no more.
            if !is_client && walk.rest().len() == 2 {
                return walk.bytes(row!(FIELDS, "selectedgroup"), 2);
            }
            if is_client {
                walk.bytes(row!(FIELDS, "shareslen"), 2);
            }
            while !walk.rest().is_empty() {
                walk.bytes(row!(FIELDS, "sharegroup"), 2);
                counted(walk, (row!(FIELDS, "sharelen"), 2), row!(FIELDS, "share"));
            }
        }
        kind::STATUS_REQUEST if !walk.rest().is_empty() => {
            walk.bytes(row!(FIELDS, "statustype"), 1);
            counted(walk, (row!(FIELDS, "responderslen"), 2), row!(FIELDS, "responders"));
            walk.bytes(row!(FIELDS, "requestextslen"), 2);
        }
        kind::RENEGOTIATION_INFO => counted(walk, (row!(FIELDS, "reneglen"), 1), row!(FIELDS, "reneg")),
        kind::PRE_SHARED_KEY if is_client => shared_keys(walk),
        kind::PRE_SHARED_KEY => walk.bytes(row!(FIELDS, "selectedpsk"), 2),
        kind::COOKIE => counted(walk, (row!(FIELDS, "cookielen"), 2), row!(FIELDS, "cookie")),
        _ => {}
    }
}

/// Shows the keys that a client shares, and what shows that it knows them.
fn shared_keys(walk: &mut Walk<'_, '_>) {
    let len = peek(walk, 2);
    walk.bytes(row!(FIELDS, "pskslen"), 2);
    let behind = walk.rest().len().saturating_sub(len);
    while walk.rest().len() > behind {
        counted(walk, (row!(FIELDS, "psklen"), 2), row!(FIELDS, "psk"));
        walk.bytes(row!(FIELDS, "age"), 4);
    }
    counted(walk, (row!(FIELDS, "binderslen"), 2), row!(FIELDS, "binders"));
}
