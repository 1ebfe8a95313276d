//! Frames as tcpdump's text: number, time, line, and the bytes behind it.
//!
//! The line is `wire`'s; here is what stands around it. Everything goes into one buffer that is reused: no frame allocates.
//! Source: tcpdump(8) 4.99.3, and runs of it.

use std::io::Write as _;

use wire::line::{self, Memory, Names, Numeric, Style, dump};
use wire::{Dissector, Id, Space, stack};

use super::clock::{Clock, Precision, Stamp, Zone};
use super::decode::DecodeAs;
use super::frame::Frame;
use super::run::Render;

/// What is shown of the bytes behind a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dump {
    /// Nothing.
    #[default]
    Nothing,
    /// Rows of hex: `-x`, with the link header `-xx`.
    Hex {
        /// Whether the link header is shown too.
        link: bool,
    },
    /// Rows of hex and characters: `-X`, with the link header `-XX`.
    HexAndAscii {
        /// Whether the link header is shown too.
        link: bool,
    },
    /// Text as it is, what cannot be printed a dot: `-A`, with the link header `-AA`.
    Ascii {
        /// Whether the link header is shown too.
        link: bool,
    },
}

/// Writes frames as tcpdump does.
pub struct Text {
    style: Style,
    dump: Dump,
    clock: Clock,
    has_number: bool,
    dissector: Dissector,
    memory: Memory,
    names: Box<dyn Names + Send>,
}

impl core::fmt::Debug for Text {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Text").field("style", &self.style).field("dump", &self.dump).finish_non_exhaustive()
    }
}

impl Text {
    /// Writes lines in a style, with this before them; addresses and ports stay numbers.
    #[must_use]
    pub fn new(style: Style, stamp: Stamp, precision: Precision, zone: Zone) -> Self {
        Self {
            style,
            dump: Dump::Nothing,
            clock: Clock::new(stamp, precision, zone),
            has_number: false,
            dissector: Dissector::new(),
            memory: Memory::default(),
            names: Box::new(Numeric),
        }
    }

    /// Shows the bytes too.
    #[must_use]
    pub const fn dumping(mut self, dump: Dump) -> Self {
        self.dump = dump;
        self.style.dump = matches!(dump, Dump::Hex { .. } | Dump::HexAndAscii { .. });
        self
    }

    /// Begins each line with the number of its frame: `-#`.
    #[must_use]
    pub const fn numbered(mut self) -> Self {
        self.has_number = true;
        self
    }

    /// Takes times as libpcap does, which end in 2038.
    #[must_use]
    pub const fn as_libpcap(mut self) -> Self {
        self.clock.set_short();
        self
    }

    /// Asks this for names of addresses and ports.
    #[must_use]
    pub fn naming(mut self, names: Box<dyn Names + Send>) -> Self {
        self.names = names;
        self
    }

    /// Takes numbers for protocols as the user says.
    #[must_use]
    pub fn decoding(mut self, rules: &[DecodeAs]) -> Self {
        DecodeAs::tell(rules, &mut self.dissector);
        self
    }

    /// Takes all that a space of numbers carries for a protocol: `-T`.
    #[must_use]
    pub fn taking_all(mut self, space: Space, id: Id) -> Self {
        self.dissector.decode_all_as(space, id);
        self
    }

    fn line(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) {
        self.clock.write(frame.time, frame.before, frame.first, out);
        let packet = self.dissector.dissect(frame.linktype.0, frame.data, frame.wire_len());
        let link_len = if stack::upper(Space::Link, frame.linktype.0).is_some() {
            line::write(&packet, self.style, &mut self.memory, &mut *self.names, out)
        } else {
            out.extend_from_slice(b"UNSUPPORTED");
            dump::hex_and_ascii("\n\t", frame.data, out);
            0
        };
        let from = |link| if link { 0 } else { link_len };
        let shown = |link| frame.data.get(from(link)..).unwrap_or_default();
        match self.dump {
            Dump::Nothing => {}
            Dump::Hex { link } => dump::hex("\n\t", shown(link), out),
            Dump::HexAndAscii { link } => dump::hex_and_ascii("\n\t", shown(link), out),
            Dump::Ascii { link } => ascii(shown(link), out),
        }
    }
}

impl Render for Text {
    fn frame(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) {
        // Writing into memory does not fail.
        if self.has_number {
            let _ = write!(out, "{:5}  ", frame.number);
        }
        if frame.is_sound() {
            self.line(frame, out);
        } else {
            unsound(frame, out);
        }
        out.push(b'\n');
    }

    /// What a line says of a connection follows from the lines before it.
    fn split(self, _most: usize) -> Vec<Self> {
        vec![self]
    }
}

/// Says what is wrong with the lengths of a frame.
fn unsound(frame: &Frame<'_>, out: &mut Vec<u8>) {
    let (captured, length) = (frame.data.len(), frame.original_length);
    let _ = match (captured, length) {
        (0, 0) => write!(out, "[Invalid header: caplen==0, len==0]"),
        (0, _) => write!(out, "[Invalid header: caplen==0]"),
        (_, 0) => write!(out, "[Invalid header: len==0]"),
        _ => write!(out, "[Invalid header: len({length}) < caplen({captured})]"),
    };
}

/// Appends bytes as text, with line feeds and tabs, on lines of its own.
fn ascii(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    out.push(b'\n');
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            // At the end of a line; and where less than two bytes are left, whatever they are.
            b'\r' if rest.len() < 2 || rest.peek() == Some(&b'\n') => {}
            b'\n' | b'\t' | 0x20..=0x7e => out.push(byte),
            _ => out.push(b'.'),
        }
    }
}

#[cfg(test)]
mod tests {
    use pcap::{LinkType, Options, Timestamp};

    use super::*;

    /// Ethernet, IPv4 and UDP: three bytes to port 6.
    const UDP: &[u8] =
        b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\x45\0\0\x1f\0\x01\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02\
        \0\x05\0\x06\0\x0b\0\0abc";

    fn text(linktype: LinkType, data: &[u8], length: usize, dump: Dump) -> String {
        let time = Some(Timestamp::new(1, 2000));
        let frame = Frame {
            number: 7,
            time,
            before: time,
            first: time,
            linktype,
            original_length: length.try_into().unwrap(),
            data,
            file: 0,
            section: 0,
            interface: 0,
            options: Options::NONE,
        };
        let mut out = Vec::new();
        let mut text = Text::new(Style::default(), Stamp::Clock, Precision::Micro, Zone::UTC).numbered();
        text = text.dumping(dump);
        text.frame(&frame, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_number_and_time_before_it_and_bytes_behind_it() {
        let line = "    7  00:00:01.000002 IP 10.0.0.1.5 > 10.0.0.2.6: UDP, length 3\n";
        let of = |dump| text(LinkType::EN10MB, UDP, UDP.len(), dump);
        assert_eq!(of(Dump::Nothing), line);
        let rows = "\t0x0000:  4500 001f 0001 0000 4011 0000 0a00 0001\n\t0x0010:  0a00 0002 0005 0006 000b 0000 6162 63\n";
        assert_eq!(of(Dump::Hex { link: false }), [line, rows].concat());
        assert_eq!(of(Dump::Ascii { link: false }), [line, "E.......@...\n...\n...........abc\n"].concat());
        assert!(
            of(Dump::HexAndAscii { link: true })
                .contains("\t0x0000:  0200 0000 0002 0200 0000 0001 0800 4500  ..............E.\n")
        );
    }

    #[test]
    fn carriage_returns_go_at_the_end_of_a_line_alone() {
        let mut out = Vec::new();
        ascii(b"a\rb\r\nc\0\x7f\x80\t~ \r", &mut out);
        assert_eq!(out, b"\na.b\nc...\t~ ");
        // As tcpdump writes these behind an IPv4 header.
        for (bytes, shown) in [
            (&b"a\r"[..], &b"\na"[..]),
            (b"a\rb", b"\nab"),
            (b"a\rbc", b"\na.bc"),
            (b"a\r\r", b"\na"),
            (b"a\r\r\n", b"\na.\n"),
            (b"\r\n\r\n", b"\n\n\n"),
            (b"a\n\r", b"\na\n"),
            (b"a\t\x0b\x0c\x1b\xa0\xffz", b"\na\t.....z"),
        ] {
            out.clear();
            ascii(bytes, &mut out);
            assert_eq!(out, shown, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn lengths_that_cannot_be_are_told_and_nothing_else() {
        for (data, length, told) in [
            (UDP, 5, "len(5) < caplen(45)"),
            (UDP, 0, "len==0"),
            (b"", 60, "caplen==0"),
            (b"", 0, "caplen==0, len==0"),
        ] {
            assert_eq!(
                text(LinkType::EN10MB, data, length, Dump::Nothing),
                format!("    7  [Invalid header: {told}]\n")
            );
        }
    }

    #[test]
    fn a_link_type_that_is_not_known_is_shown_in_hex() {
        let shown = text(LinkType(160), &UDP[..3], 3, Dump::Nothing);
        let row = "\t0x0000:  0200 00                                  ...\n";
        assert_eq!(shown, format!("    7  00:00:01.000002 UNSUPPORTED\n{row}"));
    }

    #[test]
    fn a_link_header_that_is_cut_off_leaves_nothing_to_show() {
        let dump = Dump::HexAndAscii { link: false };
        assert_eq!(text(LinkType::EN10MB, &UDP[..10], 60, dump), "    7  00:00:01.000002  [|ether]\n");
        assert!(
            text(LinkType::EN10MB, &UDP[..14], 60, dump)
                .ends_with("\t0x0000:  0200 0000 0002 0200 0000 0001 0800       ..............\n")
        );
    }
}
