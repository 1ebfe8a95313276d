//! File Transfer Protocol, its control connection: RFC 959, sections 4 and 5.
//!
//! A client sends lines of a command and its argument; a server answers with a code of three digits and a text. A text of several
//! lines has a hyphen behind the code of the first, and ends with a line that has the code and a blank.

use super::{Protocol, tcp};
use crate::field::{Field, Kind, row};
use crate::line::{Line, Told};
use crate::packet::Packet;
use crate::text::{self, TextLine};
use crate::walk::{Value, Walk};

const FIELDS: &[Field] = &[
    Field::variable("line", "", Kind::Record, "Line: a command, or a part of an answer."),
    Field::variable("request", "ftp.request", Kind::Flag, "Request: the client speaks.").derived(),
    Field::variable("response", "ftp.response", Kind::Flag, "Response: the server speaks.").derived(),
    Field::variable("command", "ftp.request.command", Kind::Text, "Command: what is asked for."),
    Field::variable("arg", "ftp.request.arg", Kind::Text, "Argument: of the command."),
    Field::variable("code", "ftp.response.code", Kind::Text, "Response code: how it went."),
    Field::variable("text", "ftp.response.arg", Kind::Text, "Response text: the code in words."),
    Field::variable("more", "", Kind::Text, "Text: more of the answer."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ftp",
    scapy: "FTP",
    title: "File Transfer Protocol",
    more: &[FIELDS],
    walk,
    line,
    ..Protocol::BARE
};

fn walk(walk: &mut Walk<'_, '_>) {
    let is_answer = tcp::is_from_server(&walk.packet(), walk.index());
    walk.derived(row!(FIELDS, "request"), Value::Uint(u64::from(!is_answer)));
    walk.derived(row!(FIELDS, "response"), Value::Uint(u64::from(is_answer)));
    // The code of an answer whose last line has not come yet.
    let mut open = None;
    text::walk_lines(walk, row!(FIELDS, "line"), |walk, line| {
        if is_answer {
            answer(walk, line, &mut open);
        } else {
            text::walk_word(walk, row!(FIELDS, "command"), text::word(line.text).len());
            walk.bytes(row!(FIELDS, "arg"), walk.rest().len() - line.end);
        }
    });
}

fn answer<'a>(walk: &mut Walk<'a, '_>, line: TextLine<'a>, open: &mut Option<&'a [u8]>) {
    let code = line.text.get(..3).filter(|code| code.iter().all(u8::is_ascii_digit));
    let goes_on = line.text.get(3) == Some(&b'-');
    match (code, &*open) {
        (Some(code), None) => {
            walk.bytes(row!(FIELDS, "code"), code.len());
            walk.bytes(text::SEPARATOR, 1.min(line.text.len() - code.len()));
            walk.bytes(row!(FIELDS, "text"), walk.rest().len() - line.end);
            *open = goes_on.then_some(code);
        }
        (code, is_open) => {
            if code.is_some() && code == *is_open && !goes_on {
                *open = None;
            }
            walk.bytes(row!(FIELDS, "more"), line.text.len());
        }
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    text::write(line, ("FTP", "ftp"), (packet, layer), true)
}
