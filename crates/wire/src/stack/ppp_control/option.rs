//! The words of the options of the control protocols.

use core::net::Ipv4Addr;

use super::PppControl;
use crate::line::{Cut, Line, Reader, Told};
use crate::number::{oui, ppp_protocol};

/// Writes options that have so many bytes in all; one that is longer than the packet ends them.
pub(super) fn options(
    line: &mut Line<'_>,
    reader: &mut Reader<'_>,
    number: u16,
    len: usize,
) -> Told {
    let most = len + PppControl::LEN;
    let (names, mark, unknown): (Name, _, _) = match number {
        ppp_protocol::LCP => (link_name, "lcp", ""),
        ppp_protocol::IPCP => (ip_name, "ipcp", "unknown"),
        ppp_protocol::IPV6CP => (ipv6_name, "ip6cp", "unknown"),
        ppp_protocol::CCP => (compression_name, "ccp", "Unknown"),
        ppp_protocol::BACP => (bandwidth_name, "bacp", "Unknown"),
        _ => return Ok(()),
    };
    let mut left = len;
    while left > 0 {
        let (Ok(kind), Ok(size)) = (reader.u8(), reader.u8()) else {
            line.fmt(format_args!("[|{mark}]"));
            return Ok(());
        };
        let size = usize::from(size);
        if size > most {
            return Ok(());
        }
        match names(kind) {
            None if number == ppp_protocol::LCP => line.fmt(format_args!("\n\tunknown LCP option 0x{kind:02x}")),
            name => line.fmt(format_args!(
                "\n\t  {} Option (0x{kind:02x}), length {size}",
                name.unwrap_or(unknown)
            )),
        }
        if size < 2 {
            line.text(" (length bogus, should be >= 2)");
            return Ok(());
        }
        let is_named = number != ppp_protocol::LCP || names(kind).is_some();
        if is_named {
            let mut data = Data { reader: *reader, size };
            let is_described = match number {
                ppp_protocol::LCP => link(line, &mut data, kind)?,
                ppp_protocol::IPCP => ip(line, &mut data, kind)?,
                ppp_protocol::IPV6CP => ipv6(line, &mut data, kind)?,
                ppp_protocol::CCP => compression(line, &mut data, kind)?,
                _ => bandwidth(line, &mut data, kind)?,
            };
            if is_described && line.style().verbose > 1 {
                let mut reader = *reader;
                line.hex_rows("\n\t    ", reader.take_up_to(size - 2));
            }
        }
        if size > left {
            line.fmt(format_args!(" [remaining options length {left} < {size}]"));
            line.invalid();
            return Ok(());
        }
        let _ = reader.take_up_to(size - 2);
        left -= size;
    }
    Ok(())
}

/// Whether an option was described in words, so that `-vv` shows its bytes too.
type Described = Result<bool, Cut>;

/// Names an option.
type Name = fn(u8) -> Option<&'static str>;

/// The data of an option.
struct Data<'a> {
    reader: Reader<'a>,
    /// The length of the option, type and length included.
    size: usize,
}

impl Data<'_> {
    /// Tells whether the option has a length; says so where it has another.
    fn is(&self, line: &mut Line<'_>, size: usize) -> bool {
        if self.size != size {
            line.fmt(format_args!(" (length bogus, should be = {size})"));
        }
        self.size == size
    }

    /// Tells whether the option has at least a length; says so where it has not.
    fn is_at_least(&self, line: &mut Line<'_>, size: usize) -> bool {
        if self.size < size {
            line.fmt(format_args!(" (length bogus, should be >= {size})"));
        }
        self.size >= size
    }

    /// Writes the data of an option that is not described, in rows of hex.
    fn rows(&mut self, line: &mut Line<'_>) -> Described {
        line.hex_rows("\n\t    ", self.reader.take_up_to(self.size - 2));
        Ok(false)
    }

    /// Writes an IPv4 address.
    fn address(&mut self, line: &mut Line<'_>) -> Described {
        if !self.is(line, 6) {
            return Ok(false);
        }
        let address = self.reader.ipv4()?;
        line.text(": ");
        line.ipv4(address);
        Ok(true)
    }
}

fn link_name(kind: u8) -> Option<&'static str> {
    const NAMES: [&str; 31] = [
        "Vend-Ext",
        "MRU",
        "ACCM",
        "Auth-Prot",
        "Qual-Prot",
        "Magic-Num",
        "deprecated(6)",
        "PFC",
        "ACFC",
        "FCS-Alt",
        "SDP",
        "Num-Mode",
        "deprecated(12)",
        "Call-Back",
        "deprecated(14)",
        "deprecated(15)",
        "deprecated(16)",
        "MRRU",
        "12-Bit seq #",
        "End-Disc",
        "Proprietary",
        "DCE-Id",
        "MP+",
        "Link-Disc",
        "LCP-Auth-Opt",
        "COBS",
        "Prefix-elision",
        "Multilink-header-Form",
        "I18N",
        "SDL-over-SONET/SDH",
        "PPP-Muxing",
    ];
    NAMES.get(usize::from(kind)).copied()
}

fn ip_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "IP-Addrs",
        2 => "IP-Comp",
        3 => "IP-Addr",
        4 => "Home-Addr",
        129 => "Pri-DNS",
        130 => "Pri-NBNS",
        131 => "Sec-DNS",
        132 => "Sec-NBNS",
        _ => return None,
    })
}

fn ipv6_name(kind: u8) -> Option<&'static str> {
    (kind == 1).then_some("Interface-ID")
}

fn bandwidth_name(kind: u8) -> Option<&'static str> {
    (kind == 1).then_some("Favored-Peer")
}

fn compression_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "OUI",
        1 => "Pred-1",
        2 => "Pred-2",
        3 => "Puddle",
        16 => "HP-PPC",
        17 => "Stac-LZS",
        18 => "MPPC",
        19 => "Gand-FZA",
        20 => "V.42bis",
        21 => "BSD-Comp",
        23 => "LZS-DCP",
        24 => "MVRCA",
        25 => "DEC",
        26 => "Deflate",
        255 => "Reserved",
        _ => return None,
    })
}

/// Writes an option of the link.
fn link(line: &mut Line<'_>, data: &mut Data<'_>, kind: u8) -> Described {
    match kind {
        0 if data.is_at_least(line, 6) => {
            let vendor = data.reader.u24()?;
            let name = oui::name(vendor.into()).unwrap_or("Unknown");
            line.fmt(format_args!(": Vendor: {name} ({vendor})"));
        }
        1 | 17 if data.is(line, 4) => {
            let most = data.reader.u16()?;
            line.fmt(format_args!(": {most}"));
        }
        2 | 5 if data.is(line, 6) => {
            let number = data.reader.u32()?;
            line.fmt(format_args!(": 0x{number:08x}"));
        }
        3 if data.is_at_least(line, 4) => authentication(line, data)?,
        4 if data.is_at_least(line, 4) => {
            let protocol = data.reader.u16()?;
            line.text(if protocol == 0xc025 { ": LQR" } else { ": unknown" });
        }
        13 if data.is_at_least(line, 3) => {
            const OPERATIONS: [&str; 7] =
                ["UserAuth", "DialString", "LocalID", "E.164", "X.500", "Unknown", "CBCP"];
            let operation = data.reader.u8()?;
            let name = OPERATIONS.get(usize::from(operation)).copied().unwrap_or("Unknown");
            line.fmt(format_args!(": : Callback Operation {name} ({operation})"));
        }
        19 if data.is_at_least(line, 3) => return endpoint(line, data),
        23 if data.is(line, 4) => {
            let number = data.reader.u16()?;
            line.fmt(format_args!(": 0x{number:04x}"));
        }
        7 | 8 => {}
        0..=5 | 13 | 17 | 19 | 23 => return Ok(false),
        _ => return data.rows(line),
    }
    Ok(true)
}

/// Writes which authentication is wanted.
fn authentication(line: &mut Line<'_>, data: &mut Data<'_>) -> Told {
    let begin = data.reader;
    let protocol = data.reader.u16()?;
    line.text(": ");
    match protocol {
        ppp_protocol::PAP => line.text("PAP"),
        ppp_protocol::CHAP => {
            line.text("CHAP");
            let algorithm = data.reader.u8()?;
            match algorithm {
                5 => line.text(", MD5"),
                0x80 => line.text(", MS-CHAPv1"),
                0x81 => line.text(", MS-CHAPv2"),
                number => line.fmt(format_args!(", Unknown Auth Alg {number}")),
            }
        }
        0xc027 => line.text("SPAP"),
        0xc123 => line.text("Old-SPAP"),
        0xc227 => line.text("EAP"),
        _ => {
            line.text("Unknown Auth Proto (0x04x)");
            let whole = begin.all().get(begin.at().saturating_sub(2)..).unwrap_or_default();
            line.hex_rows("\n\t", whole.get(..data.size).unwrap_or(whole));
        }
    }
    Ok(())
}

/// Writes which system is at the end of the link.
fn endpoint(line: &mut Line<'_>, data: &mut Data<'_>) -> Described {
    const CLASSES: [&str; 6] = ["Null", "Local", "IPv4", "MAC", "Magic-Num-Block", "PSNDN"];
    let class = data.reader.u8()?;
    let name = |line: &mut Line<'_>| {
        line.text(": ");
        line.text(CLASSES.get(usize::from(class)).copied().unwrap_or("Unknown"));
    };
    match class {
        2 if data.is(line, 7) => {
            let address = data.reader.ipv4()?;
            name(line);
            line.fmt(format_args!(" {address}"));
        }
        3 if data.is(line, 9) => {
            let address = data.reader.mac()?;
            name(line);
            line.text(" ");
            line.mac(address);
        }
        2 | 3 => return Ok(false),
        class if usize::from(class) < CLASSES.len() => name(line),
        class => line.fmt(format_args!(": Unknown class {class}")),
    }
    Ok(true)
}

/// Writes an option of IP.
fn ip(line: &mut Line<'_>, data: &mut Data<'_>, kind: u8) -> Described {
    match kind {
        1 if data.is(line, 10) => {
            let (from, to): (Ipv4Addr, Ipv4Addr) = (data.reader.ipv4()?, data.reader.ipv4()?);
            line.fmt(format_args!(": src {from}, dst {to}"));
        }
        2 if data.is_at_least(line, 4) => ip_compression(line, data)?,
        1 | 2 => return Ok(false),
        3 | 4 | 129..=132 => return data.address(line),
        _ => return data.rows(line),
    }
    Ok(true)
}

/// Writes how headers of IP are to be compressed: RFC 1144, RFC 2509.
fn ip_compression(line: &mut Line<'_>, data: &mut Data<'_>) -> Told {
    const LEAST: usize = 14;
    let protocol = data.reader.u16()?;
    match protocol {
        0x002d => line.text(": VJ-Comp (0x2d):"),
        0x0061 => {
            line.text(": IP Header Compression (0x61):");
            if data.size < LEAST {
                line.fmt(format_args!(" (length bogus, should be >= {LEAST})"));
                return Ok(());
            }
            // tcpdump wants two bytes more than it reads.
            if data.reader.need(LEAST - 2).is_err() {
                line.text("[|ipcp]");
                return Ok(());
            }
            let numbers = data.reader.array::<10>()?;
            let titles = ["TCP Space", ", non-TCP Space", ", maxPeriod", ", maxTime", ", maxHdr"];
            line.text("\n\t    ");
            for (title, pair) in titles.iter().zip(numbers.chunks(2)) {
                let number = pair.iter().fold(0, |number, byte| number << 8 | u16::from(*byte));
                line.fmt(format_args!("{title} {number}"));
            }
            suboptions(line, data, data.size - LEAST)?;
        }
        other => line.fmt(format_args!(": Unknown (0x{other:02x}):")),
    }
    Ok(())
}

/// Writes what belongs to the compression of headers.
fn suboptions(line: &mut Line<'_>, data: &mut Data<'_>, len: usize) -> Told {
    if len == 0 {
        return Ok(());
    }
    line.fmt(format_args!("\n\t      Suboptions, length {len}"));
    let mut left = len;
    while left >= 2 {
        let (Ok(kind), Ok(size)) = (data.reader.u8(), data.reader.u8()) else {
            line.text("[|ipcp]");
            return Ok(());
        };
        let size = usize::from(size);
        let name = match kind {
            1 => "RTP-Compression",
            2 => "Enhanced RTP-Compression",
            _ => "Unknown",
        };
        line.fmt(format_args!("\n\t\t{name} Suboption #{kind}, length {size}"));
        if size > left {
            line.fmt(format_args!(" [remaining suboptions length {left} < {size}]"));
            line.invalid();
        }
        if size < 2 || size > left {
            break;
        }
        data.reader.take(size - 2)?;
        left -= size;
    }
    Ok(())
}

/// Writes an option of IPv6.
fn ipv6(line: &mut Line<'_>, data: &mut Data<'_>, kind: u8) -> Described {
    match kind {
        1 if data.is(line, 10) => {
            let Ok(number) = data.reader.u64() else {
                line.text("[|ip6cp]");
                return Ok(false);
            };
            let [a, b, c, d] = [number >> 48, number >> 32 & 0xffff, number >> 16 & 0xffff, number & 0xffff];
            line.fmt(format_args!(": {a:04x}:{b:04x}:{c:04x}:{d:04x}"));
        }
        1 => return Ok(false),
        _ => return data.rows(line),
    }
    Ok(true)
}

/// Writes an option of compression.
fn compression(line: &mut Line<'_>, data: &mut Data<'_>, kind: u8) -> Described {
    match kind {
        21 if data.is_at_least(line, 3) => {
            let bits = data.reader.u8()?;
            line.fmt(format_args!(": Version: {}, Dictionary Bits: {}", bits >> 5, bits & 0x1f));
        }
        24 if data.is_at_least(line, 4) => {
            let [bits, contexts] = data.reader.array()?;
            let prioritized = if bits & 0x20 == 0 { "Disabled" } else { "Enabled" };
            line.fmt(format_args!(
                ": Features: {}, PxP: {prioritized}, History: {}, #CTX-ID: {contexts}",
                bits >> 6,
                bits & 0x1f
            ));
        }
        26 if data.is_at_least(line, 4) => {
            let [window, check] = data.reader.array()?;
            let method = if window & 0x0f == 8 { "zlib" } else { "unknown" };
            line.fmt(format_args!(
                ": Window: {}K, Method: {method} (0x{:x}), MBZ: {}, CHK: {}",
                window >> 4,
                window & 0x0f,
                check >> 2,
                check & 3
            ));
        }
        21 | 24 | 26 => return Ok(false),
        _ => return data.rows(line),
    }
    Ok(true)
}

/// Writes an option of bandwidth.
fn bandwidth(line: &mut Line<'_>, data: &mut Data<'_>, kind: u8) -> Described {
    match kind {
        1 if data.is(line, 6) => {
            let number = data.reader.u32()?;
            line.fmt(format_args!(": Magic-Num 0x{number:08x}"));
        }
        1 => return Ok(false),
        _ => return data.rows(line),
    }
    Ok(true)
}
