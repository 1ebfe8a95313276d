//! The rows of the data of records, a table for each layout. Source: the RFCs that IANA's registry of DNS parameters names.

use super::format::{bytes, dec, domain, fixed, hex, length, part, text};
use super::record::record_type;
use crate::field::{Field, Kind};

pub(super) const A: &[Field] = &[fixed("a", "dns.a", Kind::Ipv4, 32, "Address: of the host.")];
pub(super) const NS: &[Field] = &[domain("nsdname", "dns.ns", "Name server: that knows the zone.")];
pub(super) const MD: &[Field] = &[domain("madname", "dns.md", "Mail destination: obsolete.")];
pub(super) const MF: &[Field] = &[domain("mafname", "dns.mf", "Mail forwarder: obsolete.")];
pub(super) const CNAME: &[Field] = &[domain("cname", "dns.cname", "Canonical name: the name that is meant.")];
pub(super) const SOA: &[Field] = &[
    domain("mname", "dns.soa.mname", "Primary name server: that has the zone."),
    domain("rname", "dns.soa.rname", "Mailbox: of who is in charge of the zone."),
    dec("serial", "dns.soa.serial_number", 32, "Serial number: it grows with each change of the zone."),
    dec("refresh", "dns.soa.refresh_interval", 32, "Refresh interval: in seconds."),
    dec("retry", "dns.soa.retry_interval", 32, "Retry interval: in seconds."),
    dec("expire", "dns.soa.expire_limit", 32, "Expire limit: in seconds."),
    dec("minimum", "dns.soa.minimum_ttl", 32, "Minimum: how many seconds a name's absence may be kept."),
];
pub(super) const MB: &[Field] = &[domain("madname", "dns.mb", "Mailbox: the host that has it.")];
pub(super) const MG: &[Field] = &[domain("mgmname", "dns.mg", "Mail group: one of its members.")];
pub(super) const MR: &[Field] = &[domain("newname", "dns.mr", "Mail rename: the new name.")];
pub(super) const NULL: &[Field] = &[bytes("null", "dns.null", "Anything: it means nothing.")];
pub(super) const WKS: &[Field] = &[
    fixed("wksaddress", "dns.wks.address", Kind::Ipv4, 32, "Address: of the host."),
    dec("wksprotocol", "dns.wks.protocol", 8, "Protocol: of the services."),
];
pub(super) const WKS_BITS: &[Field] = &[hex("bitmap", "dns.wks.bits", 8, "Bits: of eight ports, the first is the highest.")];
pub(super) const PTR: &[Field] = &[domain("ptrdname", "dns.ptr.domain_name", "Domain name: of the address.")];
pub(super) const HINFO: &[Field] = &[
    length("cpulen", "dns.hinfo.cpu_length", 8, "CPU length: of what follows."),
    text("cpu", "dns.hinfo.cpu", "CPU: the machine."),
    length("oslen", "dns.hinfo.os_length", 8, "OS length: of what follows."),
    text("os", "dns.hinfo.os", "OS: the system."),
];
pub(super) const MINFO: &[Field] = &[
    domain("rmailbx", "dns.minfo.r", "Responsible mailbox: of the list."),
    domain("emailbx", "dns.minfo.e", "Error mailbox: of the list."),
];
pub(super) const MX: &[Field] = &[
    dec("preference", "dns.mx.preference", 16, "Preference: the lowest is tried first."),
    domain("exchange", "dns.mx.mail_exchange", "Mail exchange: the host that takes mail."),
];
pub(super) const TXT: &[Field] = &[
    length("txtlen", "dns.txt.length", 8, "Text length: of what follows."),
    text("txt", "dns.txt", "Text: of a TXT record."),
];
pub(super) const RP: &[Field] = &[
    domain("mbox", "dns.rp.mailbox", "Mailbox: of who is responsible."),
    domain("txtdname", "dns.rp.txt_rr", "Text: the name whose TXT record says more."),
];
pub(super) const AFSDB: &[Field] = &[
    dec("subtype", "dns.afsdb.subtype", 16, "Subtype: 1 is AFS, 2 is DCE."),
    domain("afshost", "dns.afsdb.hostname", "Host: that has the database."),
];
pub(super) const X25: &[Field] = &[
    length("psdnlen", "dns.x25.length", 8, "Length: of what follows."),
    text("psdn", "dns.x25.psdn_address", "PSDN address: in the X.25 network."),
];
pub(super) const ISDN: &[Field] = &[
    length("isdnlen", "dns.idsn.length", 8, "Length: of what follows."),
    text("isdn", "dns.idsn.address", "ISDN address: its number."),
    length("salen", "dns.idsn.sa.length", 8, "Length: of what follows."),
    text("sa", "dns.idsn.sa.address", "Subaddress: of the number."),
];
pub(super) const RT: &[Field] = &[
    dec("rtpreference", "dns.rt.subtype", 16, "Preference: the lowest is tried first."),
    domain("intermediate", "dns.rt.intermediate_host", "Intermediate host: that carries packets on."),
];
pub(super) const RRSIG: &[Field] = &[
    fixed("typecovered", "dns.rrsig.type_covered", Kind::DecOf(record_type), 16, "Type covered: of the records that are signed."),
    dec("rrsigalgorithm", "dns.rrsig.algorithm", 8, "Algorithm: of the signature."),
    dec("labels", "dns.rrsig.labels", 8, "Labels: of the name that was signed."),
    dec("originalttl", "dns.rrsig.original_ttl", 32, "Original TTL: which was signed."),
    fixed("expiration", "dns.rrsig.signature_expiration", Kind::UnixTime, 32, "Expiration: it is good until then."),
    fixed("inception", "dns.rrsig.signature_inception", Kind::UnixTime, 32, "Inception: it is good from then on."),
    dec("rrsigkeytag", "dns.rrsig.key_tag", 16, "Key tag: of the key that signed."),
    domain("signersname", "dns.rrsig.signers_name", "Signer's name: whose key it is."),
    bytes("signature", "dns.rrsig.signature", "Signature: over the records."),
];
pub(super) const KEY: &[Field] = &[
    hex("keyflags", "dns.key.flags", 16, "Flags: what the key is for."),
    part("keyauth", "dns.key.flags.authentication", 0, 1, Kind::Flag, "No authentication: it must not be used for it."),
    part("keyconf", "dns.key.flags.confidentiality", 1, 2, Kind::Flag, "No confidentiality: it must not be used for it."),
    part("keyrequired", "dns.key.flags.required", 2, 3, Kind::Flag, "Required: messages without it are to be refused."),
    part("keyuser", "dns.key.flags.associated_user", 5, 6, Kind::Flag, "User: it is a user's."),
    part("keyentity", "dns.key.flags.associated_named_entity", 6, 7, Kind::Flag, "Entity: it is that of what has the name."),
    part("keyipsec", "dns.key.flags.ipsec", 8, 9, Kind::Flag, "IPsec: it is for that."),
    part("keymime", "dns.key.flags.mime", 9, 10, Kind::Flag, "MIME: it is for signed mail."),
    part("keysignatory", "dns.key.flags.signatory", 12, 16, Kind::Dec, "Signatory: what it may sign."),
    dec("keyprotocol", "dns.key.protocol", 8, "Protocol: that uses the key."),
    dec("keyalgorithm", "dns.key.algorithm", 8, "Algorithm: of the key."),
    bytes("key", "dns.key.public_key", "Public key: its numbers."),
];
pub(super) const PX: &[Field] = &[
    dec("pxpreference", "dns.px.preference", 16, "Preference: the lowest is tried first."),
    domain("map822", "dns.px.map822", "Name: as RFC 822 has it."),
    domain("mapx400", "dns.px.map400", "Name: as X.400 has it."),
];
pub(super) const GPOS: &[Field] = &[
    length("longitudelen", "dns.gpos.longitude_length", 8, "Length: of what follows."),
    text("gposlongitude", "dns.gpos.longitude", "Longitude: in degrees."),
    length("latitudelen", "dns.gpos.latitude_length", 8, "Length: of what follows."),
    text("gposlatitude", "dns.gpos.latitude", "Latitude: in degrees."),
    length("altitudelen", "dns.gpos.altitude_length", 8, "Length: of what follows."),
    text("gposaltitude", "dns.gpos.altitude", "Altitude: in metres."),
];
pub(super) const AAAA: &[Field] = &[fixed("aaaa", "dns.aaaa", Kind::Ipv6, 128, "IPv6 address: of the host.")];
pub(super) const LOC: &[Field] = &[
    dec("locversion", "dns.loc.version", 8, "Version: 0."),
    dec("size", "dns.loc.size", 8, "Size: digit and power of ten of centimetres."),
    dec("horiz", "dns.loc.horizontal_precision", 8, "Horizontal precision: written as the size is."),
    dec("vert", "dns.loc.vertical_precision", 8, "Vertical precision: written as the size is."),
    dec("latitude", "dns.loc.latitude", 32, "Latitude: in thousandths of a second of arc; 2^31 is the equator."),
    dec("longitude", "dns.loc.longitude", 32, "Longitude: in thousandths of a second of arc; 2^31 is Greenwich."),
    dec("altitude", "dns.loc.altitude", 32, "Altitude: in centimetres from 100,000 m below the ellipsoid."),
];
pub(super) const NXT: &[Field] = &[domain("nxtname", "dns.nxt.next_domain_name", "Next domain name: of the zone.")];
pub(super) const SRV: &[Field] = &[
    dec("priority", "dns.srv.priority", 16, "Priority: the lowest is tried first."),
    dec("weight", "dns.srv.weight", 16, "Weight: how often, among those of a priority."),
    dec("port", "dns.srv.port", 16, "Port: where the service is."),
    domain("target", "dns.srv.target", "Target: the host of the service."),
];
pub(super) const NAPTR: &[Field] = &[
    dec("order", "dns.naptr.order", 16, "Order: the lowest is taken first."),
    dec("naptrpreference", "dns.naptr.preference", 16, "Preference: among those of an order."),
    length("flags_len", "dns.naptr.flags_length", 8, "Length: of what follows."),
    text("naptrflags", "dns.naptr.flags", "Flags: what comes out of it."),
    length("services_len", "dns.naptr.service_length", 8, "Length: of what follows."),
    text("services", "dns.naptr.service", "Service: what is to be had."),
    length("regexp_len", "dns.naptr.regex_length", 8, "Length: of what follows."),
    text("regexp", "dns.naptr.regex", "Regular expression: with what it becomes."),
    domain("replacement", "dns.naptr.replacement", "Replacement: the next name, without an expression."),
];
pub(super) const KX: &[Field] = &[
    dec("kxpreference", "dns.kx.preference", 16, "Preference: the lowest is tried first."),
    domain("exchanger", "dns.kx.key_exchange", "Key exchanger: the host that exchanges keys."),
];
pub(super) const CERT: &[Field] = &[
    dec("certtype", "dns.cert.type", 16, "Type: 1 is X.509."),
    hex("certkeytag", "dns.cert.key_tag", 16, "Key tag: of the key in it."),
    dec("certalgorithm", "dns.cert.algorithm", 8, "Algorithm: of the key in it."),
    bytes("certificate", "dns.cert.certificate", "Certificate: or list of those taken back."),
];
pub(super) const A6: &[Field] = &[
    dec("prefixlen", "dns.a6.prefix_len", 8, "Prefix length: how many bits come from the other name."),
];
pub(super) const A6_PARTS: &[Field] = &[
    Field::variable("suffix", "dns.a6.address_suffix", Kind::Bytes, "Address suffix: the other bits."),
    domain("prefixname", "dns.a6.prefix_name", "Prefix name: where the first bits are."),
];
pub(super) const DNAME: &[Field] = &[domain("dname", "dns.dname", "Target: the names below are below it.")];
pub(super) const APL: &[Field] = &[
    dec("family", "dns.apl.address_family", 16, "Address family: 1 is IPv4, 2 is IPv6."),
    dec("prefix", "dns.apl.coded_prefix", 8, "Prefix: how many bits count."),
    hex("aplbyte", "", 8, "Negation and length: of the address."),
    part("n", "dns.apl.negation", 0, 1, Kind::Flag, "Negation: all but these."),
    part("afdlength", "dns.apl.afdlength", 1, 8, Kind::Dec, "Length: of the bytes that are not zero at the end."),
];
pub(super) const APL_PARTS: &[Field] = &[
    Field::variable("apl4", "dns.apl.afdpart.ipv4", Kind::Ipv4Prefix, "Address: of the prefix."),
    Field::variable("apl6", "dns.apl.afdpart.ipv6", Kind::Ipv6Prefix, "IPv6 address: of the prefix."),
    bytes("apldata", "dns.apl.afdpart.data", "Address: of another family."),
];
pub(super) const DS: &[Field] = &[
    hex("keytag", "dns.ds.key_id", 16, "Key tag: of the key."),
    dec("dsalgorithm", "dns.ds.algorithm", 8, "Algorithm: of the key."),
    dec("digesttype", "dns.ds.digest_type", 8, "Digest type: how it was made."),
    bytes("digest", "dns.ds.digest", "Digest: of the key."),
];
pub(super) const SSHFP: &[Field] = &[
    dec("sshfpalgorithm", "dns.sshfp.algorithm", 8, "Algorithm: of the host's key."),
    dec("fptype", "dns.sshfp.fingerprint.type", 8, "Fingerprint type: how it was made."),
    bytes("fingerprint", "dns.sshfp.fingerprint", "Fingerprint: of the key."),
];
pub(super) const IPSECKEY: &[Field] = &[
    dec("precedence", "dns.ipseckey.gateway_precedence", 8, "Precedence: the lowest is tried first."),
    dec("gatewaytype", "dns.ipseckey.gateway_type", 8, "Gateway type: 0 is none, 1 IPv4, 2 IPv6, 3 a name."),
    dec("ipsecalgorithm", "dns.ipseckey.gateway_algorithm", 8, "Algorithm: of the key."),
];
pub(super) const IPSECKEY_PARTS: &[Field] = &[
    fixed("gateway4", "dns.ipseckey.gateway_ipv4", Kind::Ipv4, 32, "Gateway: its address."),
    fixed("gateway6", "dns.ipseckey.gateway_ipv6", Kind::Ipv6, 128, "Gateway: its IPv6 address."),
    domain("gatewayname", "dns.ipseckey.gateway_dns", "Gateway: its name."),
    bytes("ipseckey", "dns.ipseckey.public_key", "Public key: its numbers."),
];
pub(super) const NSEC: &[Field] = &[domain("nextname", "dns.nsec.next_domain_name", "Next domain name: of the zone.")];
pub(super) const DNSKEY: &[Field] = &[
    hex("dnskeyflags", "dns.dnskey.flags", 16, "Flags: what the key is for."),
    part("zonekey", "dns.dnskey.flags.zone_key", 7, 8, Kind::Flag, "Zone key: it signs the zone's records."),
    part("revoke", "dns.dnskey.flags.key_revoked", 8, 9, Kind::Flag, "Revoked: it must not be trusted any more."),
    part("sep", "dns.dnskey.flags.secure_entry_point", 15, 16, Kind::Flag, "Secure entry point: it signs keys."),
    dec("protocol", "dns.dnskey.protocol", 8, "Protocol: 3."),
    dec("algorithm", "dns.dnskey.algorithm", 8, "Algorithm: of the key."),
    bytes("publickey", "dns.dnskey.public_key", "Public key: its numbers."),
];
pub(super) const DHCID: &[Field] = &[bytes("dhcid", "dns.dhcid.rdata", "Identifier: of a DHCP client, hashed.")];
pub(super) const NSEC3: &[Field] = &[
    dec("hashalg", "dns.nsec3.algo", 8, "Hash algorithm: 1 is SHA-1."),
    dec("nsec3flags", "dns.nsec3.flags", 8, "Flags: of the record."),
    part("optout", "dns.nsec3.flags.opt_out", 7, 8, Kind::Flag, "Opt-out: names without signatures may lie between."),
    dec("iterations", "dns.nsec3.iterations", 16, "Iterations: how often more it was hashed."),
    length("saltlength", "dns.nsec3.salt_length", 8, "Salt length: of what follows."),
    bytes("salt", "dns.nsec3.salt_value", "Salt: hashed with the name."),
    length("hashlength", "dns.nsec3.hash_length", 8, "Hash length: of what follows."),
    Field::variable("nexthashedownername", "dns.nsec3.hash_value", Kind::Base32Hex, "Next hashed name: of the zone."),
];
pub(super) const NSEC3PARAM: &[Field] = &[
    dec("hashalg", "dns.nsec3.algo", 8, "Hash algorithm: 1 is SHA-1."),
    dec("nsec3flags", "dns.nsec3.flags", 8, "Flags: zero."),
    dec("iterations", "dns.nsec3.iterations", 16, "Iterations: how often more it is hashed."),
    length("saltlength", "dns.nsec3.salt_length", 8, "Salt length: of what follows."),
    bytes("salt", "dns.nsec3.salt_value", "Salt: hashed with the name."),
];
pub(super) const TLSA: &[Field] = &[
    dec("usage", "dns.tlsa.certificate_usage", 8, "Certificate usage: which of the chain is meant."),
    dec("selector", "dns.tlsa.selector", 8, "Selector: all of it, or its key."),
    dec("matchingtype", "dns.tlsa.matching_type", 8, "Matching type: as it is, or hashed."),
    bytes("association", "dns.tlsa.certificate_association_data", "Association data: what must match."),
];
pub(super) const HIP: &[Field] = &[
    dec("hitlen", "dns.hip.hit.length", 8, "HIT length: of the tag."),
    dec("pkalgo", "dns.hip.hit.pk.algo", 8, "Algorithm: of the key."),
    dec("pklen", "dns.hip.pk.length", 16, "Key length: of the public key."),
];
pub(super) const HIP_PARTS: &[Field] = &[
    bytes("hit", "dns.hip.hit", "Host identity tag: the hash of the key."),
    bytes("hippk", "dns.hip.pk", "Public key: the host's identity."),
    domain("rendezvous", "dns.hip.rendezvous_server", "Rendezvous server: that knows where the host is."),
];
pub(super) const OPENPGPKEY: &[Field] = &[text("openpgpkey", "dns.openpgpkey", "Key: of OpenPGP.")];
pub(super) const CSYNC: &[Field] = &[
    dec("csyncserial", "dns.csync.soa", 32, "Serial number: of the zone."),
    hex("csyncflags", "dns.csync.flags", 16, "Flags: how it is to be taken."),
    part("soaminimum", "dns.csync.flags.soaminimum", 14, 15, Kind::Flag, "SOA minimum: the serial number is the least."),
    part("immediate", "dns.csync.flags.immediate", 15, 16, Kind::Flag, "Immediate: without asking anybody."),
];
pub(super) const SVCB: &[Field] = &[
    dec("svc_priority", "dns.svcb.svcpriority", 16, "Priority: the lowest is tried first, 0 is another name."),
    domain("target_name", "dns.svcb.targetname", "Target name: the host of the service."),
];
pub(super) const SPF: &[Field] = &[
    length("spflen", "dns.spf.length", 8, "Text length: of what follows."),
    text("spf", "dns.spf", "Text: which hosts may send mail."),
];
pub(super) const NID: &[Field] = &[
    dec("nidpreference", "dns.ilnp.nid.preference", 16, "Preference: the lowest is tried first."),
    fixed("nid", "dns.ilnp.nid", Kind::Bytes, 64, "Node identifier: of the host."),
];
pub(super) const L32: &[Field] = &[
    dec("l32preference", "dns.ilnp.l32.preference", 16, "Preference: the lowest is tried first."),
    fixed("l32", "dns.ilnp.l32", Kind::Ipv4, 32, "Locator: of the network."),
];
pub(super) const L64: &[Field] = &[
    dec("l64preference", "dns.ilnp.l64.preference", 16, "Preference: the lowest is tried first."),
    fixed("l64", "dns.ilnp.l64", Kind::Bytes, 64, "Locator: of the network."),
];
pub(super) const LP: &[Field] = &[
    dec("lppreference", "dns.ilnp.lp.preference", 16, "Preference: the lowest is tried first."),
    domain("lp", "dns.ilnp.lp", "Locator: the name that has it."),
];
pub(super) const EUI48: &[Field] = &[fixed("eui48", "dns.eui48", Kind::Mac, 48, "EUI-48: an Ethernet address.")];
pub(super) const EUI64: &[Field] = &[fixed("eui64", "dns.eui64", Kind::Bytes, 64, "EUI-64: an address of 8 bytes.")];
pub(super) const TKEY: &[Field] = &[
    domain("tkeyalgo", "dns.tkey.algo_name", "Algorithm name: of the key."),
    fixed("tkeyinception", "dns.tkey.signature_inception", Kind::UnixTime, 32, "Inception: it is good from then on."),
    fixed("tkeyexpiration", "dns.tkey.signature_expiration", Kind::UnixTime, 32, "Expiration: it is good until then."),
    dec("mode", "dns.tkey.mode", 16, "Mode: how the key is agreed on."),
    dec("tkeyerror", "dns.tkey.error", 16, "Error: how it went."),
    length("keysize", "dns.tkey.key_size", 16, "Key size: of what follows."),
    bytes("keydata", "dns.tkey.key_data", "Key data: what is agreed on."),
    length("tkeyotherlen", "dns.tkey.other_size", 16, "Other size: of what follows."),
    bytes("tkeyother", "dns.tkey.other_data", "Other data: none."),
];
pub(super) const TSIG: &[Field] = &[
    domain("algo_name", "dns.tsig.algorithm_name", "Algorithm name: of the signature."),
    fixed("time_signed", "dns.tsig.time_signed", Kind::UnixTime, 48, "Time signed: when it was made."),
    dec("fudge", "dns.tsig.fudge", 16, "Fudge: how many seconds clocks may differ."),
    length("mac_len", "dns.tsig.mac_size", 16, "MAC size: of what follows."),
    bytes("mac_data", "dns.tsig.mac", "MAC: the signature."),
    dec("original_id", "dns.tsig.original_id", 16, "Original ID: of the message that was signed."),
    dec("error", "dns.tsig.error", 16, "Error: how checking it went."),
    length("other_len", "dns.tsig.other_len", 16, "Other length: of what follows."),
    bytes("other_data", "dns.tsig.other_data", "Other data: the server's time, if clocks differ too much."),
];
pub(super) const URI: &[Field] = &[
    dec("uripriority", "", 16, "Priority: the lowest is tried first."),
    dec("uriweight", "", 16, "Weight: how often, among those of a priority."),
    text("uri", "", "Target: the URI."),
];
pub(super) const CAA: &[Field] = &[
    hex("caaflags", "dns.caa.flags", 8, "Flags: of the property."),
    part("critical", "dns.caa.flags.issuer_critical", 0, 1, Kind::Flag, "Issuer critical: who does not know it must not issue."),
    length("taglen", "dns.caa.tag_length", 8, "Tag length: of what follows."),
    text("tag", "dns.caa.tag", "Tag: the property's name."),
    text("value", "dns.caa.value", "Value: of the property."),
];

/// What has several forms, or follows from the rest.
pub(super) const PARTS: &[Field] = &[
    bytes("rdata", "dns.data", "Data: of a type that is not described."),
    bytes("csynctypes", "dns.csync.type_bitmap", "Type bitmap: which records are to be copied."),
    bytes("typebitmaps", "", "Type bitmaps: which types of records there are."),
    Field::variable("bitmaptype", "dns.resp.type", Kind::DecOf(record_type), "Type: that there is.").derived(),
    Field::variable("key_id", "dns.dnskey.key_id", Kind::Dec, "Key tag: by which signatures name the key.").derived(),
    Field::variable("keykey_id", "dns.key.key_id", Kind::Dec, "Key tag: by which signatures name the key.").derived(),
    Field::variable("issue", "dns.caa.issue", Kind::Text, "Issue: who may issue certificates.").derived(),
    Field::variable("issuewild", "dns.caa.issuewild", Kind::Text, "Issue wildcard: who may issue them for all names below.").derived(),
    Field::variable("iodef", "dns.caa.iodef", Kind::Text, "Report: where to tell of refusals.").derived(),
    Field::variable("caaunknown", "dns.caa.unknown", Kind::Text, "Property: not known.").derived(),
];
