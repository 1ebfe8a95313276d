//! Lines of packets in colour: the protocol bold, times dim, addresses by where they are.

use core::net::IpAddr;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// Appends lines with colours. A line that goes on with the one before it begins with a blank or a tab, and is dim.
pub(super) fn lines(text: &[u8], out: &mut Vec<u8>) {
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) if line.starts_with('\t') => painted(DIM, line.trim_end_matches('\n'), "\n", out),
            Ok(line) => one(line, out),
            // What was cleaned is text.
            Err(_) => out.extend_from_slice(line),
        }
    }
}

fn painted(style: Style, text: &str, behind: &str, out: &mut Vec<u8>) {
    // Writing into memory does not fail.
    let _ = write!(out, "{style}{text}{style:#}{behind}");
}

fn one(line: &str, out: &mut Vec<u8>) {
    // Number, date and time: what has digits and marks alone.
    let is_mark = |c: char| c.is_ascii_digit() || matches!(c, ' ' | ':' | '.' | '-');
    let end = line.find(|c| !is_mark(c)).unwrap_or(line.len());
    let (mut stamp, mut rest) = line.split_at(end);
    if end > 0 && !stamp.ends_with(' ') {
        // An address stands where a name does.
        let start = stamp.rfind(' ').map_or(0, |at| at + 1);
        (stamp, rest) = line.split_at(start);
    }
    if !stamp.is_empty() {
        painted(DIM, stamp, "", out);
    }
    let mut is_first = true;
    for word in rest.split_inclusive(' ') {
        let bare = word.trim_end_matches([' ', ':', ',', '\n']);
        let behind = word.get(bare.len()..).unwrap_or_default();
        match class(bare) {
            Some(style) => painted(style, bare, behind, out),
            None if is_first && !bare.is_empty() => painted(BOLD, bare, behind, out),
            None => out.extend_from_slice(word.as_bytes()),
        }
        is_first &= bare.is_empty();
    }
}

/// Returns the colour of an address, which may have a port behind it.
fn class(word: &str) -> Option<Style> {
    let address = |text: &str| text.parse::<IpAddr>().ok();
    let without_port = || word.rsplit_once('.').and_then(|(host, _)| address(host));
    let address = address(word).or_else(without_port)?;
    let colour = match address {
        address if address.is_loopback() => AnsiColor::BrightBlack,
        address if address.is_multicast() => AnsiColor::Magenta,
        IpAddr::V4(address) if address.is_broadcast() => AnsiColor::Magenta,
        IpAddr::V4(address) if address.is_private() || address.is_link_local() => AnsiColor::Green,
        IpAddr::V6(address) if address.is_unique_local() || address.is_unicast_link_local() => {
            AnsiColor::Green
        }
        _ => AnsiColor::Cyan,
    };
    Some(colour.on_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let mut out = Vec::new();
        lines(line.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_letter_is_lost() {
        for line in [
            "    1  22:13:20.000001 IP 10.0.0.1.5 > 224.0.0.1.6: UDP, length 3\n",
            "IP6 fe80::1 > ff02::1: ICMP6, echo request\n\t0x0000:  4500\n",
            "10.0.0.1 > 10.0.0.2: x",
            " 00:00:00.000000 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46\n",
            "\n",
        ] {
            let painted = shown(line);
            assert_eq!(anstream::adapter::strip_str(&painted).to_string(), line);
            assert!(line == "\n" || painted.contains('\x1b'), "{painted}");
        }
    }

    #[test]
    fn addresses_have_the_colour_of_their_class() {
        let green = AnsiColor::Green.on_default();
        assert!(shown("IP 10.0.0.1.5 > 8.8.8.8: x\n").contains(&format!("{green}10.0.0.1.5{green:#} >")));
        assert_eq!(class("8.8.8.8.53"), Some(AnsiColor::Cyan.on_default()));
        assert_eq!(class("::1.80"), Some(AnsiColor::BrightBlack.on_default()));
        assert_eq!(class("length"), None);
    }
}
