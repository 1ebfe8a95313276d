//! What our own line tells of a handshake: the messages by name, and of the greetings who is called and what will be spoken.

use super::extension::{Extension, kind};
use super::handshake::{Message, message, message_at};
use super::name;
use crate::line::{Cut, Line, Reader};

/// Writes the messages of a record.
pub(super) fn write(line: &mut Line<'_>, fragment: &[u8], is_cut: bool) {
    let mut rest = fragment;
    let mut before = "";
    while let Some((header, len)) = message_at(rest, is_cut) {
        line.text(before);
        line.text(name::handshake_words(header.r#type()));
        let (whole, behind) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        let body = whole.get(Message::LEN..).unwrap_or_default();
        // Where the greeting is cut off, what came is told.
        let _ = match header.r#type() {
            message::CLIENT_HELLO => client(line, body),
            message::SERVER_HELLO => server(line, body),
            _ => Ok(()),
        };
        before = ", ";
        rest = behind;
    }
    if !rest.is_empty() && !is_cut {
        line.text(before);
        line.text("encrypted handshake");
    }
}

/// Reads up to the extensions of a greeting.
fn extensions<'a>(body: &'a [u8], is_client: bool) -> Result<(u16, Reader<'a>), Cut> {
    let mut reader = Reader::new("tls", body);
    let version = reader.u16()?;
    reader.take(32)?;
    let session = reader.u8()?;
    reader.take(session.into())?;
    if is_client {
        let suites = reader.u16()?;
        reader.take(suites.into())?;
        let methods = reader.u8()?;
        reader.take(methods.into())?;
    } else {
        reader.take(3)?;
    }
    // Without extensions there is no length either.
    let _ = reader.u16();
    Ok((version, reader))
}

/// Takes the next extension: its type and its data.
fn next<'a>(reader: &mut Reader<'a>) -> Option<(u16, &'a [u8])> {
    let header = Extension::new(reader.rest())?;
    let (kind, len) = (header.r#type(), usize::from(header.len()));
    reader.take_up_to(Extension::LEN);
    Some((kind, reader.take_up_to(len)))
}

fn client(line: &mut Line<'_>, body: &[u8]) -> Result<(), Cut> {
    let (_, mut reader) = extensions(body, true)?;
    while let Some((kind, data)) = next(&mut reader) {
        match kind {
            kind::SERVER_NAME => {
                // The first of the list, behind its type and length.
                if let Some(name) = data.get(5..).filter(|name| !name.is_empty()) {
                    line.text(", SNI ");
                    line.safe(name);
                }
            }
            kind::ALPN => alpn(line, data)?,
            _ => {}
        }
    }
    Ok(())
}

fn server(line: &mut Line<'_>, body: &[u8]) -> Result<(), Cut> {
    let (version, reader) = extensions(body, false)?;
    let mut ahead = reader;
    let mut spoken = version;
    while let Some((kind, data)) = next(&mut ahead) {
        if let (kind::SUPPORTED_VERSIONS, Some(version)) = (kind, data.first_chunk()) {
            spoken = u16::from_be_bytes(*version);
        }
    }
    line.text(" ");
    line.text(name::version(spoken.into()).unwrap_or("of an unknown version"));
    let mut reader = reader;
    while let Some((kind, data)) = next(&mut reader) {
        if kind == kind::ALPN {
            alpn(line, data)?;
        }
    }
    Ok(())
}

/// Writes the protocols that may be spoken inside.
fn alpn(line: &mut Line<'_>, data: &[u8]) -> Result<(), Cut> {
    let mut reader = Reader::new("tls", data);
    reader.u16()?;
    let mut before = ", ALPN ";
    while !reader.is_empty() {
        let len = reader.u8()?;
        line.text(before);
        line.safe(reader.take(len.into())?);
        before = " ";
    }
    Ok(())
}
