//! Frames to a capture file: `-w`.
//!
//! A pcap file has one link type and one precision; a frame of another link type is not written, and that is told. A pcapng
//! file gets an interface for each of the files, sections and interfaces that frames come from, described as there.

use std::io::Write;

use pcap::{
    ByteOrder, Error, Header, Interface, InterfaceDescription, LinkType, Options, PcapNgWriter, PcapWriter,
    SectionHeader, Timestamp,
};

use super::clock::Precision;
use super::frame::Frame;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// pcap, with times in this precision, a link type and a snapshot length; 0 is the longest packet.
    Pcap(Precision, LinkType, u32),
    /// pcapng.
    PcapNg,
}

/// Writes frames to a capture file.
#[derive(Debug)]
pub struct Copy<W>(Writer<W>);

#[derive(Debug)]
enum Writer<W> {
    Pcap(PcapWriter<W>),
    /// And whose frames are which interface: file, section and interface there.
    PcapNg(PcapNgWriter<W>, Vec<(usize, u32, u32)>),
}

impl<W: Write> Copy<W> {
    /// Begins a file; what is written is kept back until it is so many bytes.
    ///
    /// # Errors
    /// Writing failed.
    pub fn new(to: W, form: Form, capacity: usize) -> Result<Self, Error> {
        Ok(Self(match form {
            Form::Pcap(precision, linktype, snaplen) => {
                let mut header = Header::new(linktype, precision.resolution());
                if snaplen > 0 {
                    header.snaplen = snaplen;
                }
                Writer::Pcap(PcapWriter::with_buffer(to, &header, capacity)?)
            }
            Form::PcapNg => {
                let mut writer = PcapNgWriter::with_buffer(to, capacity);
                writer.section(ByteOrder::Little, &SectionHeader::default())?;
                Writer::PcapNg(writer, Vec::new())
            }
        }))
    }

    /// Writes a frame; the interface is that of its reader, if it has one. Returns whether it has the file's link type.
    ///
    /// # Errors
    /// Writing failed, or the file cannot hold it.
    pub fn frame(&mut self, frame: &Frame<'_>, interface: Option<&Interface>) -> Result<bool, Error> {
        let time = frame.time.unwrap_or_default();
        match &mut self.0 {
            Writer::Pcap(writer) => {
                if writer.header().linktype() != frame.linktype {
                    return Ok(false);
                }
                writer.packet(time, frame.original_length, frame.data)?;
            }
            Writer::PcapNg(writer, known) => {
                let from = (frame.file, frame.section, frame.interface);
                let number = match known.iter().position(|known| *known == from) {
                    Some(number) => u32::try_from(number).unwrap_or(u32::MAX),
                    None => {
                        known.push(from);
                        describe(writer, frame, interface)?
                    }
                };
                writer.packet(number, time, frame.original_length, frame.data, frame.options)?;
            }
        }
        Ok(true)
    }

    /// Writes what is kept back, and returns what was written to.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(self) -> Result<W, Error> {
        match self.0 {
            Writer::Pcap(writer) => writer.finish(),
            Writer::PcapNg(writer, _) => writer.finish(),
        }
    }

    /// Writes what is kept back.
    ///
    /// # Errors
    /// Writing failed.
    pub fn flush(&mut self) -> Result<(), Error> {
        match &mut self.0 {
            Writer::Pcap(writer) => writer.flush(),
            Writer::PcapNg(writer, _) => writer.flush(),
        }
    }
}

/// Describes the interface of a frame as its file does.
fn describe<W: Write>(
    writer: &mut PcapNgWriter<W>,
    frame: &Frame<'_>,
    interface: Option<&Interface>,
) -> Result<u32, Error> {
    let linktype = u16::try_from(frame.linktype.0).unwrap_or(u16::MAX);
    let resolution = [pcap::Opt {
        code: pcap::code::IF_TSRESOL,
        value: pcap::Value::U8(frame.time.map_or(6, |Timestamp { resolution, .. }| resolution.0)),
    }];
    let described = interface.map_or(Options::NONE, Interface::options);
    let has_options = described.iter().next().is_some();
    writer.interface(&InterfaceDescription {
        linktype,
        reserved: 0,
        snaplen: interface.map_or(0, |interface| interface.snaplen),
        options: if has_options { described } else { Options::of(&resolution) },
    })
}
