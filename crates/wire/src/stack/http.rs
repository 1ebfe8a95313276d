//! Hypertext Transfer Protocol, version 1: RFC 9112.
//!
//! ```text
//! GET /index.html HTTP/1.1       a request line, or a status line: HTTP/1.1 200 OK
//! Host: example.com              fields, a name and a value in each line
//!                                an empty line
//! ...                            the content
//! ```
//!
//! The header of the layer is all before the content. A segment that begins in the middle of a message has no header.

mod names;

use super::{Protocol, tcp};
use crate::field::{Field, Kind, row};
use crate::line::{Line, Style, Told};
use crate::number::port;
use crate::packet::{Input, Layer, Next, Packet, Step};
use crate::text::{self, TextLine};
use crate::walk::{Value, Walk};

const FIELDS: &[Field] = &[
    Field::variable("start", "", Kind::Record, "Start line: of a request, or of a response."),
    Field::variable("request", "http.request", Kind::Flag, "Request: the client speaks.").derived(),
    Field::variable("response", "http.response", Kind::Flag, "Response: the server speaks.").derived(),
    Field::variable("method", "http.request.method", Kind::Text, "Method: what is asked for."),
    Field::variable("uri", "http.request.uri", Kind::Text, "Request target: of what."),
    Field::variable("path", "http.request.uri.path", Kind::Text, "Path: the target up to its query.").derived(),
    Field::variable("query", "http.request.uri.query", Kind::Text, "Query: the target behind the question mark.").derived(),
    Field::variable("parameter", "http.request.uri.query.parameter", Kind::Text, "Query parameter: one of the query.").derived(),
    Field::variable("requestversion", "http.request.version", Kind::Text, "Version: of the request."),
    Field::variable("responseversion", "http.response.version", Kind::Text, "Version: of the response."),
    Field::variable("code", "http.response.code", Kind::Text, "Status code: how it went."),
    Field::variable("meaning", "http.response.code.desc", Kind::Text, "Status code's meaning: as the registry has it.").derived(),
    Field::variable("phrase", "http.response.phrase", Kind::Text, "Reason phrase: the code in words."),
    Field::variable("field", "", Kind::Record, "Field: a name and a value."),
    Field::variable("requestline", "http.request.line", Kind::Text, "Field line: of a request, as it was sent.").derived(),
    Field::variable("responseline", "http.response.line", Kind::Text, "Field line: of a response, as it was sent.").derived(),
    Field::variable("name", "", Kind::Text, "Field name: which field it is."),
    Field::variable("value", "", Kind::Text, "Field value: of a field that is not described."),
    Field::variable("length", "http.content_length", Kind::Dec, "Content length: as a number.").derived(),
    Field::variable("cookie", "http.cookie_pair", Kind::Text, "Cookie pair: name and value of one.").derived(),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "http",
    scapy: "HTTP",
    title: "Hypertext Transfer Protocol",
    more: &[FIELDS, names::HEADERS],
    dissect,
    walk,
    line,
    tells,
    ..Protocol::BARE
};

/// A start line.
enum Start {
    Request,
    Response,
}

/// Finds out what a start line is.
fn start(line: &[u8]) -> Option<Start> {
    if line.starts_with(b"HTTP/") {
        return Some(Start::Response);
    }
    let method = text::word(line);
    let is_token = !method.is_empty() && method.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'));
    let has_version = line.rsplit(|byte| *byte == b' ').next().is_some_and(|version| version.starts_with(b"HTTP/"));
    (names::is_method(method) || is_token && has_version).then_some(Start::Request)
}

/// Returns how many bytes a message has before its content.
fn head_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(line) = text::first(bytes.get(at..).unwrap_or_default()) {
        at += line.len();
        if line.text.is_empty() && line.end > 0 {
            break;
        }
    }
    at
}

fn dissect(input: &Input<'_>) -> Step {
    let is_start = text::first(input.bytes).is_some_and(|line| start(line.text).is_some());
    let header = if is_start { head_len(input.bytes) } else { 0 };
    Step::carrying(input, header, Next::Bytes)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(line) = text::first(walk.rest()) else { return };
    let Some(start) = start(line.text) else { return };
    let is_request = matches!(start, Start::Request);
    let flag = if is_request { row!(FIELDS, "request") } else { row!(FIELDS, "response") };
    walk.derived(flag, Value::Uint(1));
    walk.record(row!(FIELDS, "start"), line.len(), |walk| {
        if is_request { request(walk, line) } else { status(walk, line) }
        walk.bytes(text::END, line.end);
    });
    text::walk_lines(walk, row!(FIELDS, "field"), |walk, line| {
        if !line.text.is_empty() {
            field(walk, line, is_request);
        }
    });
}

/// Shows a word of a start line: up to a blank, and the blanks behind it.
fn word(walk: &mut Walk<'_, '_>, field: &'static Field, line: TextLine<'_>) {
    let left = walk.rest().get(..walk.rest().len() - line.end).unwrap_or_default();
    text::walk_word(walk, field, text::word(left).len());
}

fn request<'a>(walk: &mut Walk<'a, '_>, line: TextLine<'a>) {
    word(walk, row!(FIELDS, "method"), line);
    let target = walk.rest().get(..walk.rest().len() - line.end).map_or(&[][..], text::word);
    word(walk, row!(FIELDS, "uri"), line);
    if let Some(mark) = target.iter().position(|byte| *byte == b'?') {
        let (path, query) = (target.get(..mark).unwrap_or_default(), target.get(mark + 1..).unwrap_or_default());
        walk.derived(row!(FIELDS, "path"), Value::Bytes(path));
        walk.derived(row!(FIELDS, "query"), Value::Bytes(query));
        for parameter in query.split(|byte| *byte == b'&') {
            walk.derived(row!(FIELDS, "parameter"), Value::Bytes(parameter));
        }
    }
    walk.bytes(row!(FIELDS, "requestversion"), walk.rest().len() - line.end);
}

fn status<'a>(walk: &mut Walk<'a, '_>, line: TextLine<'a>) {
    word(walk, row!(FIELDS, "responseversion"), line);
    let code = walk.rest().get(..walk.rest().len() - line.end).map_or(&[][..], text::word);
    word(walk, row!(FIELDS, "code"), line);
    if let Some(meaning) = names::meaning(code) {
        walk.derived(row!(FIELDS, "meaning"), Value::Bytes(meaning.as_bytes()));
    }
    walk.bytes(row!(FIELDS, "phrase"), walk.rest().len() - line.end);
}

/// Shows a field, by the row of its name.
fn field<'a>(walk: &mut Walk<'a, '_>, line: TextLine<'a>, is_request: bool) {
    let whole = if is_request { row!(FIELDS, "requestline") } else { row!(FIELDS, "responseline") };
    walk.derived(whole, Value::Bytes(walk.rest()));
    let Some(colon) = line.text.iter().position(|byte| *byte == b':') else {
        return walk.bytes(row!(FIELDS, "value"), line.text.len());
    };
    let (name, rest) = line.text.split_at_checked(colon).unwrap_or((line.text, &[]));
    let value = rest.get(1..).unwrap_or_default().trim_ascii();
    let blanks = rest.get(1..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let row = names::header_row(name).unwrap_or(row!(FIELDS, "value"));
    walk.bytes(row!(FIELDS, "name"), name.len());
    walk.bytes(text::SEPARATOR, 1 + blanks);
    walk.bytes(row, value.len());
    match row.path {
        "http.content_length_header" => {
            let number = core::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            if let Some(number) = number {
                walk.derived(row!(FIELDS, "length"), Value::Uint(number));
            }
        }
        "http.cookie" => {
            for pair in value.split(|byte| *byte == b';') {
                walk.derived(row!(FIELDS, "cookie"), Value::Bytes(pair.trim_ascii()));
            }
        }
        _ => {}
    }
}

fn tells(style: Style, packet: &Packet<'_>, index: usize) -> bool {
    // tcpdump knows two ports.
    let is_known = |port| matches!(port, port::HTTP | port::HTTP_ALT);
    style.own || tcp::ports(packet, index).is_some_and(|(from, to)| is_known(from) || is_known(to))
}

/// The longest first word that tcpdump looks at.
const LONGEST_WORD: usize = 128;

/// Takes a word as tcpdump does: what is printable, up to white space; `None` where it may go on behind what was captured.
fn token(bytes: &[u8], is_cut: bool) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_graphic()).unwrap_or(bytes.len());
    let (word, rest) = bytes.split_at_checked(end)?;
    let is_ended = match rest {
        [] => !is_cut,
        [b' ' | b'\t' | b'\r' | b'\n', ..] => true,
        _ => false,
    };
    (is_ended && !word.is_empty() && word.len() <= LONGEST_WORD).then_some((word, rest))
}

/// Tells whether tcpdump takes this for the beginning of a message: by the method, or by a second word of three digits.
fn is_known(bytes: &[u8], is_cut: bool) -> bool {
    let Some((first, rest)) = token(bytes, is_cut) else { return false };
    if names::is_method(first) {
        return true;
    }
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    let second = rest.get(blanks..).and_then(|rest| token(rest, is_cut));
    second.is_some_and(|(code, _)| code.len() == 3 && code.iter().all(u8::is_ascii_digit))
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let is_cut = layer.end < layer.wire_end;
    let is_known = is_known(packet.whole(layer), is_cut);
    text::write(line, ("HTTP", "http"), (packet, layer), is_known)?;
    if line.style().own && line.style().verbose == 0 {
        host(line, packet, layer);
    }
    Ok(())
}

/// Writes which host a request is for.
fn host(line: &mut Line<'_>, packet: &Packet<'_>, layer: &Layer) {
    let mut rest = packet.header(layer);
    while let Some(field) = text::first(rest) {
        let name = field.text.get(..5).unwrap_or_default();
        if name.eq_ignore_ascii_case(b"host:") {
            let value = field.text.get(5..).unwrap_or_default().trim_ascii();
            if text::is_printable(value) {
                line.text(", host ");
                line.bytes(value);
            }
            return;
        }
        rest = rest.get(field.len()..).unwrap_or_default();
    }
}
