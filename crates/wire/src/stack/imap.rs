//! Internet Message Access Protocol: RFC 9051, section 2.2.
//!
//! A client sends lines of a tag, a command and its arguments; a server answers with the tag and how it went, or of itself with `*`
//! in the tag's place.

use super::{Protocol, tcp};
use crate::field::{Field, Kind, row};
use crate::line::{Line, Style, Told};
use crate::packet::Packet;
use crate::text::{self, TextLine};
use crate::walk::{Value, Walk};

const FIELDS: &[Field] = &[
    Field::variable("record", "", Kind::Record, "Line: a command, an answer or data."),
    Field::variable("isrequest", "imap.isrequest", Kind::Flag, "Request: the client speaks.").derived(),
    Field::variable("line", "imap.line", Kind::Text, "Line: as it was sent.").derived(),
    Field::variable("request", "imap.request", Kind::Text, "Request: the line without its end.").derived(),
    Field::variable("response", "imap.response", Kind::Text, "Response: the line without its end.").derived(),
    Field::variable("tag", "imap.request_tag", Kind::Text, "Request tag: by which the answer is known."),
    Field::variable("answertag", "imap.response_tag", Kind::Text, "Response tag: which request is answered."),
    Field::variable("anytag", "imap.tag", Kind::Text, "Tag: of a request or its answer.").derived(),
    Field::variable("command", "imap.request.command", Kind::Text, "Command: what is asked for."),
    Field::variable("uid", "imap.request.command.uid", Kind::Flag, "UID: messages are named by numbers that stay.").derived(),
    Field::variable("anycommand", "imap.command", Kind::Text, "Command: of a request, or the first word of an answer.").derived(),
    Field::variable("uidword", "", Kind::Text, "UID: the word itself."),
    Field::variable("status", "imap.response.status", Kind::Text, "Response status: how it went."),
    Field::variable("answer", "imap.response.command", Kind::Text, "Response: its first word."),
    Field::variable("arguments", "", Kind::Text, "Arguments: the rest of the line."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "imap",
    scapy: "IMAP",
    title: "Internet Message Access Protocol",
    more: &[FIELDS],
    walk,
    line,
    tells: |style: Style, _, _| style.own,
    ..Protocol::BARE
};

fn walk(walk: &mut Walk<'_, '_>) {
    let is_answer = tcp::is_from_server(&walk.packet(), walk.index());
    walk.derived(row!(FIELDS, "isrequest"), Value::Uint(u64::from(!is_answer)));
    text::walk_lines(walk, row!(FIELDS, "record"), |walk, line| {
        walk.derived(row!(FIELDS, "line"), Value::Bytes(walk.rest()));
        let tag = text::word(line.text);
        // What the server says of itself is of many forms.
        if is_answer && tag == b"*" {
            return walk.bytes(row!(FIELDS, "arguments"), line.text.len());
        }
        words(walk, line, tag, is_answer);
    });
}

fn words<'a>(walk: &mut Walk<'a, '_>, line: TextLine<'a>, tag: &'a [u8], is_answer: bool) {
    let (whole, first) = if is_answer {
        (row!(FIELDS, "response"), row!(FIELDS, "answertag"))
    } else {
        (row!(FIELDS, "request"), row!(FIELDS, "tag"))
    };
    walk.derived(whole, Value::Bytes(line.text));
    walk.derived(row!(FIELDS, "anytag"), Value::Bytes(tag));
    text::walk_word(walk, first, tag.len());
    let left = |walk: &Walk<'a, '_>| walk.rest().get(..walk.rest().len() - line.end).unwrap_or_default();
    let (first, second) = if is_answer {
        (row!(FIELDS, "status"), row!(FIELDS, "answer"))
    } else {
        (row!(FIELDS, "command"), row!(FIELDS, "arguments"))
    };
    let mut word = text::word(left(walk));
    if is_answer {
        text::walk_word(walk, first, word.len());
        word = text::word(left(walk));
        walk.derived(row!(FIELDS, "anycommand"), Value::Bytes(word));
        text::walk_word(walk, second, word.len());
    } else {
        walk.derived(row!(FIELDS, "anycommand"), Value::Bytes(word));
        if word.eq_ignore_ascii_case(b"UID") {
            walk.derived(row!(FIELDS, "uid"), Value::Uint(1));
            text::walk_word(walk, row!(FIELDS, "uidword"), word.len());
            word = text::word(left(walk));
        }
        text::walk_word(walk, first, word.len());
    }
    walk.bytes(row!(FIELDS, "arguments"), left(walk).len());
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    text::write(line, ("IMAP", "imap"), (packet, layer), true)
}
