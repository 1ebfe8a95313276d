//! The line of a segment.

use core::net::IpAddr;

use super::option::{Block, FAST_OPEN_EXPERIMENT, kind};
use super::{Tcp, mptcp};
use super::super::Id;
use crate::field::Space;
use crate::line::{self, Cut, Line, Reader, Told};
use crate::option::{END, NO_OPERATION};
use crate::packet::{Layer, Packet, Verdict};

/// The letters of the flags, from the lowest bit. The ninth flag, of accurate ECN, has none.
const LETTERS: &[u8] = b"FSRP.UEW";

/// How much of what a reset carries is shown.
const MOST_RESET: usize = 30;

/// Writes a segment and what it carries.
pub(super) fn write(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.header(layer);
    let addresses = line::addresses(packet, index);
    let near = line::near_addresses(packet, index);
    let Some(header) = Tcp::new(bytes) else { return Err(without_header(line, bytes, near)) };
    line.port_ends(Space::TcpPort, near, header.sport(), header.dport());
    // What there is on the wire, and what its header says that it has of that.
    let (total, header_len) = (layer.wire_end.saturating_sub(layer.start), usize::from(header.dataofs()) * 4);
    if header_len < Tcp::LEN {
        line.text(" tcp ");
        line.len(total - header_len);
        bad_header(line, header_len, ("short", "<", Tcp::LEN));
        return Ok(());
    }
    if line.style().quiet {
        line.text("tcp ");
        match total.checked_sub(header_len) {
            Some(len) => line.len(len),
            None => {
                // A length of 32 bits that went below zero.
                line.dec(u64::from(u32::MAX) + 1 - u64::try_from(header_len - total).unwrap_or(0));
                bad_header(line, header_len, ("long", ">", total));
            }
        }
        return Ok(());
    }
    // A connection is remembered even where its header is longer than the segment.
    let start = start(line, &header, addresses);
    flags(line, &header);
    if header_len > total {
        bad_header(line, header_len, ("long", ">", total));
        return Ok(());
    }
    if line.style().verbose > 0 {
        checksum(line, packet, index);
    }
    let len = total - header_len;
    numbers(line, &header, &start, len);
    if header_len > Tcp::LEN {
        line.text(", options [");
        let segment = Segment {
            is_syn: header.syn(),
            is_ack: header.ack_flag(),
            is_whole: layer.end == layer.wire_end,
            header_len,
            other_start: start.other,
        };
        if !options(line, segment, packet.whole(layer))? {
            return Ok(());
        }
        line.text("]");
    }
    line.text(", length ");
    line.len(len);
    if len == 0 {
        return Ok(());
    }
    let captured = packet.whole(layer).len();
    if captured < header_len {
        // The options ended before the header did, and the header before what was captured.
        line.text(" [remaining caplen(");
        line.len(captured);
        line.text(") < header length(");
        line.len(header_len);
        line.text(")]");
        return Err(Cut("tcp"));
    }
    if header.rst() && line.style().verbose > 0 {
        reset(line, packet, layer);
        return Ok(());
    }
    if line.tells(packet, index + 1) { line.layer(packet, index + 1) } else { Ok(()) }
}

/// Writes as much as is known of a header that is cut off.
fn without_header(line: &mut Line<'_>, bytes: &[u8], addresses: Option<(IpAddr, IpAddr)>) -> Cut {
    if let Some([a, b, c, d]) = bytes.first_chunk() {
        let (from, to) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
        line.port_ends(Space::TcpPort, addresses, from, to);
    } else if let Some((from, to)) = addresses {
        line.address(from);
        line.text(" > ");
        line.address(to);
        line.text(":");
    }
    Cut("tcp")
}

fn bad_header(line: &mut Line<'_>, len: usize, (word, sign, bound): (&str, &str, usize)) {
    line.text(" [bad hdr length ");
    line.len(len);
    line.text(" - too ");
    line.text(word);
    line.text(", ");
    line.text(sign);
    line.text(" ");
    line.len(bound);
    line.text("]");
}

fn flags(line: &mut Line<'_>, header: &Tcp<'_>) {
    line.text("Flags [");
    let flags = header.flags() & 0xff;
    if flags == 0 {
        line.text("none");
    }
    for (bit, letter) in LETTERS.iter().enumerate() {
        if flags >> bit & 1 == 1 {
            line.byte(*letter);
        }
    }
    line.text("]");
}

/// Writes whether the checksum is right, unless that cannot be known.
fn checksum(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) {
    // Behind a fragment header none is judged, be there one fragment.
    let below = packet.layers.get(..index).unwrap_or_default();
    if line.style().unchecked || below.iter().any(|below| below.id == Id::Fragment) {
        return;
    }
    let Some(check) = packet.check(index) else { return };
    line.text(", cksum 0x");
    line.hex_wide(check.is, 4);
    if check.verdict == Verdict::Good {
        line.text(" (correct)");
    } else {
        line.text(" (incorrect -> 0x");
        line.hex_wide(check.should, 4);
        line.text(")");
    }
}

/// Where the numbers of a segment are counted from.
struct Start {
    seq: u32,
    ack: u32,
    /// Where those of blocks that the other side sent are counted from; not the same in the first segment of a connection.
    other: u32,
}

/// Finds out where numbers are counted from, and remembers it of a new connection.
fn start(line: &mut Line<'_>, header: &Tcp<'_>, addresses: Option<(IpAddr, IpAddr)>) -> Start {
    let none = Start { seq: 0, ack: 0, other: 0 };
    let Some((from, to)) = addresses.filter(|_| !line.style().absolute && header.ack_flag()) else { return none };
    let here = (header.seq(), header.ack().wrapping_sub(1));
    match line.memory().start_of((from, header.sport()), (to, header.dport()), header.syn(), here) {
        Some((seq, ack)) => Start { seq, ack, other: ack },
        None => Start { other: here.1, ..none },
    }
}

/// Writes sequence and acknowledgment numbers, window and urgent pointer.
fn numbers(line: &mut Line<'_>, header: &Tcp<'_>, start: &Start, len: usize) {
    let seq = header.seq().wrapping_sub(start.seq);
    if len > 0 || line.style().verbose > 1 || header.syn() || header.fin() || header.rst() {
        line.text(", seq ");
        line.dec(seq);
        if len > 0 {
            line.text(":");
            line.dec(seq.wrapping_add(u32::try_from(len).unwrap_or(u32::MAX)));
        }
    }
    if header.ack_flag() {
        line.text(", ack ");
        line.dec(header.ack().wrapping_sub(start.ack));
    }
    line.text(", win ");
    line.dec(header.window());
    if header.urg() {
        line.text(", urg ");
        line.dec(header.urgptr());
    }
}

/// Writes what a reset carries: a reason in words, RFC 9293, section 3.5.3.
fn reset(line: &mut Line<'_>, packet: &Packet<'_>, layer: &Layer) {
    let data = packet.payload(layer);
    let len = packet.payload_len(layer);
    line.text(if data.len() < len { " [!RST" } else { " [RST" });
    line.text(if len > MOST_RESET { "+ " } else { " " });
    line.safe(data.get(..MOST_RESET).unwrap_or(data));
    line.text("]");
}

/// Why options end early.
enum Stop {
    /// One of them cannot be meant as it is.
    Bad,
    /// The captured bytes run out within one.
    Short,
    /// They run out before the length of one.
    Cut(Cut),
}

impl From<Cut> for Stop {
    fn from(cut: Cut) -> Self {
        Self::Cut(cut)
    }
}

/// What options are told with.
#[derive(Clone, Copy)]
struct Segment {
    is_syn: bool,
    is_ack: bool,
    /// Whether all of it was captured.
    is_whole: bool,
    header_len: usize,
    /// Where the numbers of the other side begin.
    other_start: u32,
}

/// Writes options with commas between them. Returns whether the line goes on behind them.
fn options(line: &mut Line<'_>, segment: Segment, bytes: &[u8]) -> Result<bool, Cut> {
    // The reader goes on into the data: a kind that ends the header takes the next byte for its length.
    let mut data = Data { reader: Reader::new("tcp", bytes).from(Tcp::LEN), end: segment.header_len };
    let mut is_first = true;
    while data.reader.at() < segment.header_len {
        if !is_first {
            line.text(",");
        }
        let behind = match option(line, segment, &mut data) {
            Ok(END) => return Ok(true),
            Ok(_) => {
                is_first = false;
                continue;
            }
            Err(Stop::Cut(cut)) => return Err(cut),
            Err(Stop::Short) => {
                line.cut(data.reader.cut().0);
                ">"
            }
            Err(Stop::Bad) => {
                line.text("[bad opt]");
                "]"
            }
        };
        if !is_first {
            line.text(behind);
        }
        return Ok(false);
    }
    Ok(true)
}

/// Writes an option, and returns its kind; what it has behind what is known of it is read as the next one.
fn option(line: &mut Line<'_>, segment: Segment, data: &mut Data<'_>) -> Result<u8, Stop> {
    let begin = data.reader.at();
    let number = data.reader.u8()?;
    let len = match number {
        END | NO_OPERATION => 1,
        _ => {
            let len = usize::from(data.reader.u8()?);
            if len < 2 || len > data.end - begin {
                return Err(Stop::Bad);
            }
            len
        }
    };
    match name(number) {
        Some(name) => line.text(name),
        None => {
            line.text("unknown-");
            line.dec(number);
        }
    }
    match number {
        END | NO_OPERATION | kind::SACK_PERMITTED => {}
        kind::MSS => {
            let mss = u16::from_be_bytes(data.array()?);
            line.text(" ");
            line.dec(mss);
        }
        kind::WINDOW_SCALE => {
            let [shift] = data.array()?;
            line.text(" ");
            line.dec(shift);
        }
        kind::SACK => sack(line, data, len - 2, segment.other_start)?,
        kind::ECHO | kind::ECHO_REPLY | kind::CC | kind::CC_NEW | kind::CC_ECHO => {
            let value = u32::from_be_bytes(data.array()?);
            line.text(" ");
            line.dec(value);
        }
        kind::TIMESTAMPS => {
            let [a, b, c, d, e, f, g, h] = data.array()?;
            line.text(" val ");
            line.dec(u32::from_be_bytes([a, b, c, d]));
            line.text(" ecr ");
            line.dec(u32::from_be_bytes([e, f, g, h]));
        }
        kind::MD5 => {
            let digest = data.take(16)?;
            line.text(if segment.is_whole {
                " shared secret not supplied with -M, can't check - "
            } else {
                " snaplen too short, can't check - "
            });
            hex(line, digest);
        }
        kind::SCPS => {
            let [capabilities, id] = data.array()?;
            line.text(" cap ");
            line.hex_wide(capabilities, 2);
            line.text(" id ");
            line.dec(id);
        }
        kind::USER_TIMEOUT => {
            let timeout = u16::from_be_bytes(data.array()?);
            line.text(" 0x");
            line.hex(timeout);
            line.text(" ");
            // Granularity and value are told as if the lowest bit said which unit it is.
            let unit = if timeout & 1 == 1 { 60 } else { 1 };
            line.dec(u32::from(timeout >> 1) * unit);
        }
        kind::AUTHENTICATION => authentication(line, data, len - 2)?,
        kind::MPTCP => {
            let inside = Reader::new("mptcp", data.take(len - 2)?);
            // What is cut off behind this option has its name in the mark.
            data.reader = data.reader.called("mptcp");
            if !mptcp::words(line, inside, segment.is_syn, segment.is_ack)? {
                return Err(Stop::Bad);
            }
        }
        kind::FAST_OPEN => {
            let cookie = data.take(len - 2)?;
            line.text(" ");
            fast_open(line, cookie);
        }
        kind::EXPERIMENT_2 => experiment(line, data, len - 2)?,
        _ if len > 2 => {
            line.text(" 0x");
            data.hex(line, len - 2)?;
        }
        _ => {}
    }
    if data.reader.at() - begin != len {
        line.text("[len ");
        line.len(len);
        line.text("]");
    }
    Ok(number)
}

/// Names a kind of option.
fn name(number: u8) -> Option<&'static str> {
    Some(match number {
        END => "eol",
        NO_OPERATION => "nop",
        kind::MSS => "mss",
        kind::WINDOW_SCALE => "wscale",
        kind::SACK_PERMITTED => "sackOK",
        kind::SACK => "sack",
        kind::ECHO => "echo",
        kind::ECHO_REPLY => "echoreply",
        kind::TIMESTAMPS => "TS",
        kind::CC => "cc",
        kind::CC_NEW => "ccnew",
        kind::CC_ECHO => "",
        kind::MD5 => "md5",
        kind::SCPS => "scps",
        kind::USER_TIMEOUT => "uto",
        kind::AUTHENTICATION => "tcp-ao",
        kind::MPTCP => "mptcp",
        kind::FAST_OPEN => "tfo",
        kind::EXPERIMENT_2 => "exp",
        _ => return None,
    })
}

/// The data of an option: bad where it would lie behind the header, short where it was not captured.
struct Data<'a> {
    reader: Reader<'a>,
    /// Where the header ends.
    end: usize,
}

impl<'a> Data<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Stop> {
        if len > self.end.saturating_sub(self.reader.at()) {
            return Err(Stop::Bad);
        }
        self.reader.take(len).map_err(|_| Stop::Short)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        self.take(N)?.first_chunk().copied().ok_or(Stop::Short)
    }

    /// Writes bytes in hexadecimal, as many as there are.
    fn hex(&mut self, line: &mut Line<'_>, len: usize) -> Result<(), Stop> {
        for _ in 0..len {
            let [byte] = self.array()?;
            line.hex_wide(byte, 2);
        }
        Ok(())
    }
}

fn hex(line: &mut Line<'_>, bytes: &[u8]) {
    for byte in bytes {
        line.hex_wide(*byte, 2);
    }
}

fn sack(line: &mut Line<'_>, data: &mut Data<'_>, len: usize, start: u32) -> Result<(), Stop> {
    if !len.is_multiple_of(Block::LEN) {
        line.text(" invalid sack");
        // Its data is passed over, whatever it is.
        data.reader = data.reader.from(data.reader.at() + len);
        return Ok(());
    }
    let blocks = len / Block::LEN;
    line.text(" ");
    line.len(blocks);
    line.text(" ");
    for _ in 0..blocks {
        let bytes = data.array()?;
        let block = u64::from_be_bytes(bytes);
        let edge = |edge: u64| u32::try_from(edge & 0xffff_ffff).unwrap_or(0).wrapping_sub(start);
        line.text("{");
        line.dec(edge(block >> 32));
        line.text(":");
        line.dec(edge(block));
        line.text("}");
    }
    Ok(())
}

fn authentication(line: &mut Line<'_>, data: &mut Data<'_>, len: usize) -> Result<(), Stop> {
    if len < 2 {
        line.text(" (invalid)");
        data.reader = data.reader.from(data.reader.at() + len);
        return Ok(());
    }
    for word in [" keyid ", " rnextkeyid "] {
        let [key] = data.array()?;
        line.text(word);
        line.dec(key);
    }
    if len > 2 {
        line.text(" mac 0x");
        data.hex(line, len - 2)?;
    }
    Ok(())
}

/// Writes a cookie, or that one is asked for.
fn fast_open(line: &mut Line<'_>, cookie: &[u8]) {
    match cookie.len() {
        0 => line.text(" cookiereq"),
        4..=16 if cookie.len().is_multiple_of(2) => {
            line.text(" cookie ");
            hex(line, cookie);
        }
        _ => line.invalid(),
    }
}

fn experiment(line: &mut Line<'_>, data: &mut Data<'_>, len: usize) -> Result<(), Stop> {
    let bytes = data.take(len)?;
    let Some((id, rest)) = bytes.split_first_chunk() else { return Err(Stop::Bad) };
    line.text("-");
    match u16::from_be_bytes(*id) {
        FAST_OPEN_EXPERIMENT => {
            line.text("tfo");
            fast_open(line, rest);
        }
        id => line.hex_wide(id, 4),
    }
    Ok(())
}
