//! Simple Mail Transfer Protocol: RFC 5321, section 4.
//!
//! A client sends lines of a command and its parameters, and after DATA the message; a server answers with a code of three digits
//! and a text, each line of which has the code, with a hyphen behind it if another one follows.

use super::{Protocol, tcp};
use crate::field::{Field, Kind, row};
use crate::line::{Line, Style, Told};
use crate::number::port;
use crate::packet::Packet;
use crate::text::{self, TextLine};
use crate::walk::{Value, Walk};

const FIELDS: &[Field] = &[
    Field::variable("line", "", Kind::Record, "Line: a command, a part of an answer, or of a message."),
    Field::variable("request", "smtp.req", Kind::Flag, "Request: the client speaks.").derived(),
    Field::variable("response", "smtp.rsp", Kind::Flag, "Response: the server speaks.").derived(),
    Field::variable("commandline", "smtp.command_line", Kind::Text, "Command line: as it was sent.").derived(),
    Field::variable("answerline", "smtp.response", Kind::Text, "Response line: as it was sent, the first of its code.").derived(),
    Field::variable("command", "smtp.req.command", Kind::Text, "Command: what is asked for."),
    Field::variable("parameter", "smtp.req.parameter", Kind::Text, "Parameter: of the command."),
    Field::variable("code", "smtp.response.code", Kind::Text, "Response code: how it went."),
    Field::variable("again", "", Kind::Text, "Response code: the one above, once more."),
    Field::variable("text", "smtp.rsp.parameter", Kind::Text, "Response text: the code in words."),
    Field::variable("message", "smtp.message", Kind::Text, "Message: a line of the mail."),
];

/// The commands. Source: IANA's registry of SMTP service extensions, and RFC 5321, section 4.1.1.
const COMMANDS: &[&str] = &[
    "ATRN", "AUTH", "BDAT", "BURL", "DATA", "EHLO", "ETRN", "EXPN", "HELO", "HELP", "MAIL", "NOOP", "QUIT", "RCPT",
    "RSET", "SAML", "SEND", "SOML", "STARTTLS", "TURN", "VRFY", "XCLIENT",
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "smtp",
    scapy: "SMTP",
    title: "Simple Mail Transfer Protocol",
    more: &[FIELDS],
    walk,
    line,
    tells,
    ..Protocol::BARE
};

fn walk(walk: &mut Walk<'_, '_>) {
    if tcp::is_from_server(&walk.packet(), walk.index()) {
        walk.derived(row!(FIELDS, "response"), Value::Uint(1));
        let mut before = None;
        text::walk_lines(walk, row!(FIELDS, "line"), |walk, line| answer(walk, line, &mut before));
    } else {
        text::walk_lines(walk, row!(FIELDS, "line"), command);
    }
}

fn command<'a>(walk: &mut Walk<'a, '_>, line: TextLine<'a>) {
    let word = text::word(line.text);
    let is_command = COMMANDS.iter().any(|command| word.eq_ignore_ascii_case(command.as_bytes()));
    if !is_command {
        return walk.bytes(row!(FIELDS, "message"), line.text.len());
    }
    walk.derived(row!(FIELDS, "request"), Value::Uint(1));
    walk.derived(row!(FIELDS, "commandline"), Value::Bytes(walk.rest()));
    text::walk_word(walk, row!(FIELDS, "command"), word.len());
    walk.bytes(row!(FIELDS, "parameter"), walk.rest().len() - line.end);
}

fn answer<'a>(walk: &mut Walk<'a, '_>, line: TextLine<'a>, before: &mut Option<&'a [u8]>) {
    let Some(code) = line.text.get(..3).filter(|code| code.iter().all(u8::is_ascii_digit)) else {
        return walk.bytes(row!(FIELDS, "message"), line.text.len());
    };
    if before.is_some_and(|before| before == code) {
        walk.bytes(row!(FIELDS, "again"), 3);
    } else {
        walk.derived(row!(FIELDS, "answerline"), Value::Bytes(walk.rest()));
        walk.bytes(row!(FIELDS, "code"), 3);
    }
    walk.bytes(text::SEPARATOR, 1.min(line.text.len() - code.len()));
    walk.bytes(row!(FIELDS, "text"), walk.rest().len() - line.end);
    // The last line of an answer has no hyphen.
    *before = (line.text.get(3) == Some(&b'-')).then_some(code);
}

fn tells(style: Style, packet: &Packet<'_>, index: usize) -> bool {
    // tcpdump knows the port of mail between servers alone.
    style.own || tcp::ports(packet, index).is_some_and(|(from, to)| from == port::SMTP || to == port::SMTP)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    text::write(line, ("SMTP", "smtp"), (packet, layer), true)
}
