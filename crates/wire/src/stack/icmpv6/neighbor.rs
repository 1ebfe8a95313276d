//! Neighbor Discovery: RFC 4861; route information RFC 4191, servers and search lists RFC 8106, the nonce RFC 3971, the prefix of
//! NAT64 RFC 8781, the captive portal RFC 8910, agents at home RFC 6275.
//!
//! ```text
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! | Cur Hop Limit |M|O|H|Prf|P|Rs |       Router Lifetime         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Reachable Time                        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                          Retrans Timer                        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |   Options ...
//! +-+-+-+-+-+-+-+-+-+-+-+-
//! ```
//!
//! An option is a type, a length in words of 8 bytes that counts both, and what the type says.

use core::net::Ipv6Addr;

use super::{PARTS as COMMON, kind};
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::name::name as domain;
use crate::line::{Line, Reader, Told};
use crate::name;
use crate::walk::Walk;

header! {
    /// A router advertisement, behind the first word.
    pub struct RouterAdvertisement: 12 bytes;

    /// Current hop limit: that hosts are to send with; 0 where the router does not say.
    chlim: u8 = 0..8, Dec, "icmpv6.nd.ra.cur_hop_limit", default(0);
    /// Flags: how hosts are to get on.
    flags: u8 = 8..16, Hex, "icmpv6.nd.ra.flag", default(0);
    /// Managed: addresses come by DHCPv6.
    m: bool = 8..9, Flag, "icmpv6.nd.ra.flag.m", part;
    /// Other: what else there is to know comes by DHCPv6.
    o: bool = 9..10, Flag, "icmpv6.nd.ra.flag.o", part;
    /// Home agent: the router is one.
    h: bool = 10..11, Flag, "icmpv6.nd.ra.flag.h", part;
    /// Preference: 1 is high, 3 is low.
    prf: u8 = 11..13, Dec, "icmpv6.nd.ra.flag.prf", part;
    /// Proxy: the router is one, RFC 4389.
    p: bool = 13..14, Flag, "icmpv6.nd.ra.flag.p", part;
    /// Reserved: must be zero.
    rsv: u8 = 14..16, Dec, "icmpv6.nd.ra.flag.rsv", part;
    /// Router lifetime: for how many seconds it may be used by default.
    routerlifetime: u16 = 16..32, Dec, "icmpv6.nd.ra.router_lifetime", default(1800);
    /// Reachable time: how long a neighbour that answered is reachable, in milliseconds.
    reachabletime: u32 = 32..64, Dec, "icmpv6.nd.ra.reachable_time", default(0);
    /// Retransmission timer: the time between questions, in milliseconds.
    retranstimer: u32 = 64..96, Dec, "icmpv6.nd.ra.retrans_timer", default(0);
}

header! {
    /// A neighbor advertisement, behind the first word.
    pub struct Advertisement: 20 bytes;

    /// Flags: how the answer is meant.
    flags: u32 = 0..32, Hex, "icmpv6.nd.na.flag", default(0xa000_0000);
    /// Router: the sender is one.
    r: bool = 0..1, Flag, "icmpv6.nd.na.flag.r", part;
    /// Solicited: it was asked.
    s: bool = 1..2, Flag, "icmpv6.nd.na.flag.s", part;
    /// Override: what the cache holds is to go.
    o: bool = 2..3, Flag, "icmpv6.nd.na.flag.o", part;
    /// Reserved: must be zero.
    rsv: u32 = 3..32, Dec, "icmpv6.nd.na.flag.rsv", part;
    /// Target address: whose link address is told.
    tgt: Ipv6Addr = 32..160, Ipv6, "icmpv6.nd.na.target_address", default(0);
}

header! {
    /// What an option begins with.
    pub struct Opt: 2 bytes;

    /// Type: which option it is.
    opt_type: u8 = 0..8, DecOf(option_name), "icmpv6.opt.type", default(1);
    /// Length: of the whole option, in words of 8 bytes.
    opt_len: u8 = 8..16, Dec, "icmpv6.opt.length", default(1);
}

header! {
    /// Prefix information, behind type and length.
    pub struct Prefix: 30 bytes;

    /// Prefix length: in bits.
    prefixlen: u8 = 0..8, Dec, "icmpv6.opt.prefix.length", default(64);
    /// Flags: what the prefix is for.
    prefix_flags: u8 = 8..16, Hex, "icmpv6.opt.prefix.flag", default(0xc0);
    /// On-link: its addresses are on this link.
    l: bool = 8..9, Flag, "icmpv6.opt.prefix.flag.l", part;
    /// Autonomous: hosts may make themselves addresses of it.
    a: bool = 9..10, Flag, "icmpv6.opt.prefix.flag.a", part;
    /// Router address: the prefix is the whole address of the router.
    prefix_r: bool = 10..11, Flag, "icmpv6.opt.prefix.flag.r", part;
    /// Reserved: must be zero.
    prefix_rsv: u8 = 11..16, Dec, "icmpv6.opt.prefix.flag.reserved", part;
    /// Valid lifetime: in seconds.
    validlifetime: u32 = 16..48, Dec, "icmpv6.opt.prefix.valid_lifetime", default(0xffff_ffff);
    /// Preferred lifetime: in seconds.
    preferredlifetime: u32 = 48..80, Dec, "icmpv6.opt.prefix.preferred_lifetime", default(0xffff_ffff);
    /// Reserved: must be zero.
    prefix_res2: u32 = 80..112, Hex, "", default(0);
    /// Prefix: of addresses.
    prefix: Ipv6Addr = 112..240, Ipv6, "icmpv6.opt.prefix", default(0);
}

header! {
    /// Route information, behind type and length, without its prefix.
    pub struct Route: 6 bytes;

    /// Prefix length: in bits.
    plen: u8 = 0..8, Dec, "icmpv6.opt.prefix.length", default(0);
    /// Flags: how much the route is worth.
    route_flags: u8 = 8..16, Hex, "icmpv6.opt.route_info.flag", default(0);
    /// Reserved: must be zero.
    res1: u8 = 8..11, Dec, "", part;
    /// Route preference: 1 is high, 3 is low.
    prf: u8 = 11..13, Dec, "icmpv6.opt.route_info.flag.route_preference", part;
    /// Route lifetime: in seconds.
    rtlifetime: u32 = 16..48, Dec, "icmpv6.opt.route_lifetime", default(0xffff_ffff);
}

/// What has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("option", "icmpv6.opt", Kind::Record, "Option: what else is told."),
    Field::variable("ns_tgt", "icmpv6.nd.ns.target_address", Kind::Ipv6, "Target address: who is sought."),
    Field::variable("rd_tgt", "icmpv6.nd.rd.target_address", Kind::Ipv6, "Target address: of the hop that is nearer."),
    Field::variable("rd_dst", "icmpv6.rd.na.destination_address", Kind::Ipv6, "Destination address: that it leads to."),
    Field::variable("src_lladdr", "icmpv6.opt.src_linkaddr", Kind::Mac, "Source link-layer address: of the sender."),
    Field::variable("tgt_lladdr", "icmpv6.opt.target_linkaddr", Kind::Mac, "Target link-layer address: of the target."),
    Field::bytes("res", "", "Reserved: must be zero."),
    Field::bytes("pkt", "icmpv6.opt.redirected_packet", "Redirected packet: its beginning."),
    Field::variable("opt_mtu", "icmpv6.opt.mtu", Kind::Dec, "MTU: of the link."),
    Field::variable("advint", "icmpv6.opt.advertisement_interval", Kind::Dec, "Advertisement interval: in milliseconds."),
    Field::variable("pref", "icmpv6.opt.home_agent_preference", Kind::Dec, "Home agent preference: the greatest is tried first."),
    Field::variable("ha_lifetime", "icmpv6.opt.home_agent_lifetime", Kind::Dec, "Home agent lifetime: in seconds."),
    Field::bytes("nonce", "icmpv6.opt.nonce", "Nonce: by which question and answer belong together."),
    Field::variable("route_prefix", "icmpv6.opt.prefix", Kind::Ipv6, "Prefix: to which the route leads."),
    Field::bytes("route_start", "", "Prefix: as many bytes of it as the length wants."),
    Field::variable("rdnss_lifetime", "icmpv6.opt.rdnss.lifetime", Kind::Dec, "Lifetime: of the servers, in seconds."),
    Field::variable("dns", "icmpv6.opt.rdnss", Kind::Ipv6, "Recursive DNS server: its address."),
    Field::variable("dnssl_lifetime", "icmpv6.opt.dnssl.lifetime", Kind::Dec, "Lifetime: of the list, in seconds."),
    Field::variable("searchlist", "icmpv6.opt.dnssl", Kind::DomainName, "Domain: in which names are sought."),
    Field::variable("uri", "icmpv6.opt.captive_portal", Kind::Text, "Captive portal: where its interface is."),
    Field::variable("pref64_lifetime", "icmpv6.opt.pref64.scaled_lifetime", Kind::Dec, "Scaled lifetime: in units of 8 seconds."),
    Field::bytes("padding", "", "Padding: zeros up to a whole word."),
    Field::bytes("other", "icmpv6.data", "Data: of an option that is not described."),
];

/// Types of options. Source: IANA's registry of ICMPv6 parameters.
mod opt {
    pub(super) const SOURCE: u8 = 1;
    pub(super) const TARGET: u8 = 2;
    pub(super) const PREFIX: u8 = 3;
    pub(super) const REDIRECTED: u8 = 4;
    pub(super) const MTU: u8 = 5;
    pub(super) const INTERVAL: u8 = 7;
    pub(super) const HOME_AGENT: u8 = 8;
    pub(super) const NONCE: u8 = 14;
    pub(super) const ROUTE: u8 = 24;
    pub(super) const SERVERS: u8 = 25;
    pub(super) const SEARCH_LIST: u8 = 31;
    pub(super) const CAPTIVE_PORTAL: u8 = 37;
}

fn option_name(number: u64) -> Option<&'static str> {
    Some(match u8::try_from(number).ok()? {
        opt::SOURCE => "source link-address",
        opt::TARGET => "destination link-address",
        opt::PREFIX => "prefix info",
        opt::REDIRECTED => "redirected header",
        opt::MTU => "mtu",
        opt::INTERVAL => "advertisement interval",
        opt::HOME_AGENT => "homeagent information",
        opt::ROUTE => "route info",
        opt::SERVERS => "rdnss",
        opt::SEARCH_LIST => "dnssl",
        _ => return None,
    })
}

/// Shows a message behind its first word.
pub(super) fn walk(walk: &mut Walk<'_, '_>, number: u8) {
    match number {
        kind::ROUTER_ADVERTISEMENT => {
            walk.table(RouterAdvertisement::FIELDS, RouterAdvertisement::LEN);
        }
        kind::NEIGHBOR_ADVERTISEMENT => {
            walk.table(Advertisement::FIELDS, Advertisement::LEN);
        }
        _ => {
            walk.bytes(row!(COMMON, "reserved_bytes"), 4);
            match number {
                kind::NEIGHBOR_SOLICITATION => walk.bytes(row!(PARTS, "ns_tgt"), 16),
                kind::REDIRECT => {
                    walk.bytes(row!(PARTS, "rd_tgt"), 16);
                    walk.bytes(row!(PARTS, "rd_dst"), 16);
                }
                _ => {}
            }
        }
    }
    walk_options(walk);
}

/// Shows options up to the end of the message.
pub(super) fn walk_options(walk: &mut Walk<'_, '_>) {
    while !walk.rest().is_empty() {
        let option = Opt::new(walk.rest()).map(|option| (option.opt_type(), usize::from(option.opt_len()) * 8));
        let Some((number, len)) = option.filter(|(_, len)| *len > 0 && *len <= walk.rest().len()) else {
            return walk.malformed(8, "an option's length that fits");
        };
        walk.record(row!(PARTS, "option"), len, |walk| {
            walk.table(Opt::FIELDS, Opt::LEN);
            walk_option(walk, number);
        });
    }
}

/// Shows an option behind type and length.
fn walk_option(walk: &mut Walk<'_, '_>, number: u8) {
    let all = usize::MAX;
    let reserved = |walk: &mut Walk<'_, '_>, len| walk.bytes(row!(PARTS, "res"), len);
    match number {
        opt::SOURCE => walk.bytes(row!(PARTS, "src_lladdr"), 6),
        opt::TARGET => walk.bytes(row!(PARTS, "tgt_lladdr"), 6),
        opt::PREFIX => {
            walk.table(Prefix::FIELDS, Prefix::LEN);
        }
        opt::REDIRECTED => {
            reserved(walk, 6);
            walk.bytes(row!(PARTS, "pkt"), all);
        }
        opt::MTU => {
            reserved(walk, 2);
            walk.bytes(row!(PARTS, "opt_mtu"), 4);
        }
        opt::INTERVAL => {
            reserved(walk, 2);
            walk.bytes(row!(PARTS, "advint"), 4);
        }
        opt::HOME_AGENT => {
            reserved(walk, 2);
            walk.bytes(row!(PARTS, "pref"), 2);
            walk.bytes(row!(PARTS, "ha_lifetime"), 2);
        }
        opt::NONCE => walk.bytes(row!(PARTS, "nonce"), all),
        opt::ROUTE => {
            walk.table(Route::FIELDS, Route::LEN);
            let is_whole = walk.rest().len() == 16;
            let prefix = if is_whole { row!(PARTS, "route_prefix") } else { row!(PARTS, "route_start") };
            walk.bytes(prefix, all);
        }
        opt::SERVERS => {
            reserved(walk, 2);
            walk.bytes(row!(PARTS, "rdnss_lifetime"), 4);
            while walk.rest().len() >= 16 {
                walk.bytes(row!(PARTS, "dns"), 16);
            }
        }
        opt::SEARCH_LIST => {
            reserved(walk, 2);
            walk.bytes(row!(PARTS, "dnssl_lifetime"), 4);
            while walk.rest().first().is_some_and(|len| *len != 0)
                && let Some(len) = name::len(walk.rest())
            {
                // Names are not shortened here: each is a message of its own.
                walk.domain_name(row!(PARTS, "searchlist"), len, walk.walked());
            }
            walk.bytes(row!(PARTS, "padding"), all);
        }
        opt::CAPTIVE_PORTAL => {
            let rest = walk.rest();
            let len = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            walk.bytes(row!(PARTS, "uri"), len);
            walk.bytes(row!(PARTS, "padding"), all);
        }
        _ => {
            walk.bytes(row!(PARTS, "other"), all);
        }
    }
}

/// Writes a message of so many bytes, without its name.
pub(super) fn words(line: &mut Line<'_>, reader: Reader<'_>, number: u8, len: usize) -> Told {
    let is_verbose = line.style().verbose > 0;
    match number {
        kind::ROUTER_SOLICITATION => {
            if is_verbose {
                options(line, reader, 8, len)?;
            }
        }
        kind::ROUTER_ADVERTISEMENT => {
            if is_verbose {
                router_advertisement(line, reader)?;
                options(line, reader, 16, len)?;
            }
        }
        kind::NEIGHBOR_SOLICITATION => {
            let target = reader.from(8).ipv6()?;
            line.text(", who has ");
            line.address(target);
            if is_verbose {
                options(line, reader, 24, len)?;
            }
        }
        kind::NEIGHBOR_ADVERTISEMENT => {
            let target = reader.from(8).ipv6()?;
            line.text(", tgt is ");
            line.address(target);
            if is_verbose {
                let flags = reader.from(4).u8()?;
                line.text(", Flags [");
                flag_names(line, flags, &[(0x80, "router"), (0x40, "solicited"), (0x20, "override")]);
                line.text("]");
                options(line, reader, 24, len)?;
            }
        }
        _ => {
            let mut fields = reader.from(8);
            let (target, destination) = (fields.ipv6()?, fields.ipv6()?);
            line.text(", ");
            line.address(destination);
            line.text(" to ");
            line.address(target);
            if is_verbose {
                options(line, reader, 40, len)?;
            }
        }
    }
    Ok(())
}

/// Writes the names of the flags that are set, or that none is.
fn flag_names(line: &mut Line<'_>, flags: u8, names: &[(u8, &str)]) {
    let mut before = "";
    for (_, name) in names.iter().filter(|(bit, _)| flags & bit != 0) {
        line.text(before);
        line.text(name);
        before = ", ";
    }
    if before.is_empty() {
        line.text("none");
    }
}

/// Names a preference: RFC 4191, section 2.1.
const fn preference(flags: u8) -> &'static str {
    match flags >> 3 & 3 {
        0 => "medium",
        1 => "high",
        2 => "rsv",
        _ => "low",
    }
}

fn router_advertisement(line: &mut Line<'_>, reader: Reader<'_>) -> Told {
    let mut fields = reader.from(4);
    fields.need(RouterAdvertisement::LEN)?;
    let (hop_limit, flags, lifetime) = (fields.u8()?, fields.u8()?, fields.u16()?);
    line.fmt(format_args!("\n\thop limit {hop_limit}, Flags ["));
    flag_names(line, flags, &[(0x80, "managed"), (0x40, "other stateful"), (0x20, "home agent"), (0x02, "ipv6 only")]);
    line.fmt(format_args!("], pref {}, router lifetime {lifetime}s", preference(flags)));
    let (reachable, retransmission) = (fields.u32()?, fields.u32()?);
    line.fmt(format_args!(", reachable time {reachable}ms, retrans timer {retransmission}ms"));
    Ok(())
}

/// Writes the options from an offset on.
pub(super) fn options(line: &mut Line<'_>, reader: Reader<'_>, at: usize, _len: usize) -> Told {
    let first = reader.from(at);
    let mut next = first;
    while !next.is_empty() {
        let option = next;
        let mut fields = next;
        if fields.left() < Opt::LEN {
            return Err(fields.cut());
        }
        let (number, words) = (fields.u8()?, fields.u8()?);
        let len = usize::from(words) * 8;
        if words == 0 || len > option.left() {
            return Err(fields.cut());
        }
        line.text("\n\t  ");
        line.text(option_name(number.into()).unwrap_or("unknown"));
        line.fmt(format_args!(" option ({number}), length {len} ({words}): "));
        let rest = option.rest().get(Opt::LEN..len).unwrap_or_default();
        match number {
            // As tcpdump has it, from the first option on.
            opt::REDIRECTED => line.hex_rows("\n\t    ", first.rest().get(..len).unwrap_or_default()),
            _ if option_name(number.into()).is_some() => option_words(line, fields, number, len, option.rest())?,
            // What is not known is the last that is told, unless all is told in hex.
            _ if line.style().verbose < 2 => {
                line.hex_rows("\n\t  ", rest);
                return Ok(());
            }
            _ => {}
        }
        if line.style().verbose > 1 {
            line.hex_rows("\n\t    ", rest);
        }
        next = option.from(option.at() + len);
    }
    Ok(())
}

/// Writes what an option of so many bytes says behind type and length; `whole` is from its beginning to the end of the message.
fn option_words(line: &mut Line<'_>, mut fields: Reader<'_>, number: u8, len: usize, whole: &[u8]) -> Told {
    let end = fields.at() + len - Opt::LEN;
    match number {
        opt::SOURCE | opt::TARGET => colons(line, fields.take(len - Opt::LEN)?),
        opt::PREFIX => {
            let bytes = fields.take(Prefix::LEN)?;
            let Some(prefix) = Prefix::new(bytes) else { return Ok(()) };
            line.address(prefix.prefix());
            line.fmt(format_args!("/{}", prefix.prefixlen()));
            line.text(if len == Opt::LEN + Prefix::LEN { ", Flags [" } else { "badlen, Flags [" });
            flag_names(line, prefix.prefix_flags(), &[(0x80, "onlink"), (0x40, "auto"), (0x20, "router")]);
            line.text("], valid time ");
            lifetime(line, prefix.validlifetime());
            line.text(", pref. time ");
            lifetime(line, prefix.preferredlifetime());
        }
        opt::MTU => {
            fields.take(2)?;
            line.fmt(format_args!(" {}", fields.u32()?));
            if len != 8 {
                line.text("bad option length");
            }
        }
        opt::INTERVAL => {
            fields.take(2)?;
            line.fmt(format_args!(" {}ms", fields.u32()?));
        }
        opt::HOME_AGENT => {
            fields.take(2)?;
            line.fmt(format_args!(" preference {}, lifetime {}", fields.u16()?, fields.u16()?));
        }
        opt::ROUTE => route(line, fields, len)?,
        opt::SERVERS => {
            fields.take(2)?;
            line.fmt(format_args!(" lifetime {}s,", fields.u32()?));
            while fields.at() + 16 <= end {
                let address = fields.ipv6()?;
                line.text(" addr: ");
                line.address(address);
            }
        }
        _ => {
            fields.take(2)?;
            line.fmt(format_args!(" lifetime {}s, domain(s):", fields.u32()?));
            // Their pointers count from the beginning of the option.
            let mut names = Reader::new("icmp6", whole);
            names.take(Opt::LEN + 6)?;
            while names.at() < len && names.rest().first().is_some_and(|byte| *byte != 0) {
                line.text(" ");
                domain(line, &mut names)?;
            }
        }
    }
    Ok(())
}

/// Writes a route, of whose prefix there is as much as its length wants.
fn route(line: &mut Line<'_>, mut fields: Reader<'_>, len: usize) -> Told {
    let (prefix_len, flags, time) = (fields.u8()?, fields.u8()?, fields.u32()?);
    let mut prefix = [0; 16];
    let start = fields.take(len.saturating_sub(8))?;
    if start.len() > prefix.len() {
        return Err(fields.cut());
    }
    for (byte, is) in prefix.iter_mut().zip(start) {
        *byte = *is;
    }
    line.text(" ");
    line.address(Ipv6Addr::from(prefix));
    line.fmt(format_args!("/{prefix_len}, pref={}, lifetime=", preference(flags)));
    lifetime(line, time);
    Ok(())
}

/// Writes a lifetime in seconds.
fn lifetime(line: &mut Line<'_>, seconds: u32) {
    match seconds {
        u32::MAX => line.text("infinity"),
        seconds => line.fmt(format_args!("{seconds}s")),
    }
}

/// Writes a link address.
fn colons(line: &mut Line<'_>, bytes: &[u8]) {
    let mut before = "";
    for byte in bytes {
        line.text(before);
        line.hex_wide(*byte, 2);
        before = ":";
    }
}
