//! Post Office Protocol, version 3: RFC 1939.
//!
//! A client sends lines of a command and its arguments; a server answers `+OK` or `-ERR` and a text, and behind some of them lines
//! of data up to one with a dot alone.

use super::{Protocol, tcp};
use crate::field::{Field, Kind, row};
use crate::line::{Line, Style, Told};
use crate::packet::Packet;
use crate::text;
use crate::walk::Walk;

const FIELDS: &[Field] = &[
    Field::variable("line", "", Kind::Record, "Line: a command, an answer or data."),
    Field::variable("command", "pop.request.command", Kind::Text, "Command: what is asked for."),
    Field::variable("parameter", "pop.request.parameter", Kind::Text, "Parameter: of the command."),
    Field::variable("indicator", "pop.response.indicator", Kind::Text, "Indicator: whether it went well."),
    Field::variable("description", "pop.response.description", Kind::Text, "Description: the indicator in words."),
    Field::variable("data", "pop.response.data", Kind::Text, "Data: a line of a list or a message."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "pop",
    scapy: "POP",
    title: "Post Office Protocol",
    more: &[FIELDS],
    walk,
    line,
    tells: |style: Style, _, _| style.own,
    ..Protocol::BARE
};

fn walk(walk: &mut Walk<'_, '_>) {
    let is_answer = tcp::is_from_server(&walk.packet(), walk.index());
    let (first, second) = if is_answer {
        (row!(FIELDS, "indicator"), row!(FIELDS, "description"))
    } else {
        (row!(FIELDS, "command"), row!(FIELDS, "parameter"))
    };
    text::walk_lines(walk, row!(FIELDS, "line"), |walk, line| {
        let word = text::word(line.text);
        if is_answer && !matches!(word, b"+OK" | b"-ERR" | b"+") {
            return walk.bytes(row!(FIELDS, "data"), line.text.len());
        }
        text::walk_word(walk, first, word.len());
        walk.bytes(second, walk.rest().len() - line.end);
    });
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    text::write(line, ("POP3", "pop3"), (packet, layer), true)
}
