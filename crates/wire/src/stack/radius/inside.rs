//! What is in the attributes of RADIUS that have parts: tags of tunnels, VLANs, attributes of vendors.

use super::attributes::kind;
use super::names;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::walk::{Value, Walk};

header! {
    /// A VLAN that a port sends, RFC 4675.
    pub struct EgressVlan: 4 bytes;

    /// Tag: whether its frames are tagged.
    tag: u8 = 0..8, Hex, "radius.egress_vlanid_tag", default(0x31);
    /// Pad: must be zero.
    pad: u16 = 8..20, Hex, "radius.egress_vlanid_pad", default(0);
    /// VLAN ID: which it is.
    vlan: u16 = 20..32, Dec, "radius.egress_vlanid", default(1);
}

header! {
    /// What stands before an attribute of a vendor.
    pub struct VendorAttribute: 2 bytes;

    /// Vendor type: which it is, as the vendor counts.
    kind: u8 = 0..8, Dec, "radius.avp.vendor_type", default(1);
    /// Vendor length: of the whole attribute.
    length: u8 = 8..16, Dec, "radius.avp.vendor_len", computed(Record);
}

/// A row of a tag, which holds together the attributes of a tunnel.
const fn tag(name: &'static str, path: &'static str) -> Field {
    Field::variable(name, path, Kind::Hex, "Tag: which tunnel it is about, RFC 2868.").wide(8)
}

/// The rows of what has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("chap_ident", "radius.CHAP_Ident", Kind::Hex, "CHAP Ident: of the answer.").wide(8),
    Field::bytes("chap_string", "radius.CHAP_String", "CHAP String: the answer."),
    Field::bytes("chap", "radius.CHAP_Password", "CHAP-Password: the answer, with its number.").derived(),
    Field::variable("vlan_tag", "radius.egress_vlan_name_tag", Kind::Hex, "Tag: whether its frames are tagged.").wide(8),
    Field::variable("vlan_name", "radius.egress_vlan_name", Kind::Text, "VLAN name: which it is."),
    tag("tunnel_type_tag", "radius.Tunnel_Type.tag"),
    Field::variable("tunnel_type", "radius.Tunnel_Type", Kind::DecOf(names::tunnel_type), "Tunnel-Type: which protocol."),
    tag("medium_tag", "radius.Tunnel_Medium_Type.tag"),
    Field::variable("medium", "radius.Tunnel_Medium_Type", Kind::DecOf(names::tunnel_medium), "Tunnel-Medium-Type: over what."),
    tag("client_tag", "radius.Tunnel_Client_Endpoint.tag"),
    Field::variable("client", "radius.Tunnel_Client_Endpoint", Kind::Text, "Tunnel-Client-Endpoint: the near end."),
    tag("server_tag", "radius.Tunnel_Server_Endpoint.tag"),
    Field::variable("server", "radius.Tunnel_Server_Endpoint", Kind::Text, "Tunnel-Server-Endpoint: the far end."),
    tag("password_tag", "radius.Tunnel_Password.tag"),
    Field::bytes("password", "radius.Tunnel_Password_encrypted", "Tunnel-Password: a salt and the hidden password."),
    tag("group_tag", "radius.Tunnel_Private_Group_Id.tag"),
    Field::variable("group", "radius.Tunnel_Private_Group_Id", Kind::Text, "Tunnel-Private-Group-ID: the group."),
    tag("assignment_tag", "radius.Tunnel_Assignment_Id.tag"),
    Field::variable("assignment", "radius.Tunnel_Assignment_Id", Kind::Text, "Tunnel-Assignment-ID: which tunnel."),
    tag("preference_tag", "radius.Tunnel_Preference.tag"),
    Field::variable("preference", "radius.Tunnel_Preference", Kind::Dec, "Tunnel-Preference: the lowest first."),
    tag("client_auth_tag", "radius.Tunnel_Client_Auth_Id.tag"),
    Field::variable("client_auth", "radius.Tunnel_Client_Auth_Id", Kind::Text, "Tunnel-Client-Auth-ID: the near end's name."),
    tag("server_auth_tag", "radius.Tunnel_Server_Auth_Id.tag"),
    Field::variable("server_auth", "radius.Tunnel_Server_Auth_Id", Kind::Text, "Tunnel-Server-Auth-ID: the far end's name."),
    Field::variable("vendor", "radius.avp.vendor_id", Kind::DecOf(names::vendor), "Vendor ID: whose attributes they are."),
    Field::variable("va", "", Kind::Record, "Vendor attribute: as the vendor defined it."),
    Field::bytes("va_value", "radius.Unknown_Attribute", "Value: as the vendor defined it."),
];

/// Shows what is in an attribute, which is the rest; what is not understood is left over.
pub(super) fn walk(walk: &mut Walk<'_, '_>, number: u8) {
    let len = walk.rest().len();
    match number {
        kind::CHAP_PASSWORD if len == 17 => {
            walk.derived(row!(PARTS, "chap"), Value::Bytes(walk.rest()));
            walk.bytes(row!(PARTS, "chap_ident"), 1);
            walk.bytes(row!(PARTS, "chap_string"), 16);
        }
        kind::VENDOR_SPECIFIC if len >= 4 => vendor(walk),
        kind::EGRESS_VLANID if len == EgressVlan::LEN => _ = walk.table(EgressVlan::FIELDS, EgressVlan::LEN),
        kind::EGRESS_VLAN_NAME => {
            walk.bytes(row!(PARTS, "vlan_tag"), 1);
            walk.bytes(row!(PARTS, "vlan_name"), usize::MAX);
        }
        kind::TUNNEL_TYPE if len == 4 => tagged(walk, row!(PARTS, "tunnel_type_tag"), row!(PARTS, "tunnel_type")),
        kind::TUNNEL_MEDIUM_TYPE if len == 4 => tagged(walk, row!(PARTS, "medium_tag"), row!(PARTS, "medium")),
        kind::TUNNEL_CLIENT_ENDPOINT => tagged(walk, row!(PARTS, "client_tag"), row!(PARTS, "client")),
        kind::TUNNEL_SERVER_ENDPOINT => tagged(walk, row!(PARTS, "server_tag"), row!(PARTS, "server")),
        kind::TUNNEL_PASSWORD => tagged(walk, row!(PARTS, "password_tag"), row!(PARTS, "password")),
        kind::TUNNEL_PRIVATE_GROUP_ID => tagged(walk, row!(PARTS, "group_tag"), row!(PARTS, "group")),
        kind::TUNNEL_ASSIGNMENT_ID => tagged(walk, row!(PARTS, "assignment_tag"), row!(PARTS, "assignment")),
        kind::TUNNEL_PREFERENCE if len == 4 => tagged(walk, row!(PARTS, "preference_tag"), row!(PARTS, "preference")),
        kind::TUNNEL_CLIENT_AUTH_ID => tagged(walk, row!(PARTS, "client_auth_tag"), row!(PARTS, "client_auth")),
        kind::TUNNEL_SERVER_AUTH_ID => tagged(walk, row!(PARTS, "server_auth_tag"), row!(PARTS, "server_auth")),
        _ => {}
    }
}

/// Shows a value behind a tag; a first byte that is no tag is part of a text.
fn tagged(walk: &mut Walk<'_, '_>, tag: &'static Field, value: &'static Field) {
    let is_tag = walk.rest().first().is_some_and(|byte| *byte <= 0x1f);
    if is_tag || !matches!(value.kind, Kind::Text) {
        walk.bytes(tag, 1);
    }
    walk.bytes(value, usize::MAX);
}

/// Shows the attributes of a vendor.
fn vendor(walk: &mut Walk<'_, '_>) {
    walk.bytes(row!(PARTS, "vendor"), 4);
    while let [_, len, ref value @ ..] = *walk.rest() {
        let len = usize::from(len);
        if len < VendorAttribute::LEN || len - VendorAttribute::LEN > value.len() {
            return;
        }
        walk.record(row!(PARTS, "va"), len, |walk| {
            walk.table(VendorAttribute::FIELDS, VendorAttribute::LEN);
            walk.bytes(row!(PARTS, "va_value"), usize::MAX);
        });
    }
}
