//! Writes pcapng files.

use std::io::Write;

use crate::block::{Block, BlockType};
use crate::content::{Content, EnhancedPacket, InterfaceDescription, SectionHeader};
use crate::error::{Error, Fault};
use crate::ng::{Interface, LONGEST_BLOCK, Section};
use crate::option::Options;
use crate::order::ByteOrder;
use crate::records::Records;
use crate::time::Timestamp;

/// Writes a pcapng file, block by block.
///
/// Each block is written at once and whole; [`with_buffer`](Self::with_buffer) keeps whole blocks back until there are
/// enough of them. What is kept is written by [`flush`](Self::flush) and [`finish`](Self::finish), not when the writer is
/// dropped.
#[derive(Debug)]
pub struct PcapNgWriter<W> {
    records: Records<W>,
    section: Section,
    begun: bool,
}

impl<W: Write> PcapNgWriter<W> {
    /// Makes a writer that writes each block at once. The first block must be a section header.
    pub fn new(to: W) -> Self {
        Self::with_buffer(to, 0)
    }

    /// Makes a writer that writes when there are `capacity` bytes of blocks.
    pub fn with_buffer(to: W, capacity: usize) -> Self {
        Self { records: Records::new(to, capacity), section: Section::default(), begun: false }
    }

    /// Begins a section: the first, or one more, in a byte order of its own and without interfaces.
    ///
    /// # Errors
    /// [`Fault::Unwritable`] when an option is too long; writing failed.
    pub fn section(&mut self, order: ByteOrder, header: &SectionHeader<'_>) -> Result<(), Error> {
        self.write(&Content::SectionHeader(*header), order)
    }

    /// Describes an interface; returns its number.
    ///
    /// How it counts time is what its options `if_tsresol` and `if_tsoffset` say: microseconds unless they do.
    ///
    /// # Errors
    /// [`Fault::Unwritable`] when there is no section yet, or an option is too long; writing failed.
    pub fn interface(&mut self, interface: &InterfaceDescription<'_>) -> Result<u32, Error> {
        let number = u32::try_from(self.section.interfaces.len()).unwrap_or(u32::MAX);
        self.content(&Content::InterfaceDescription(*interface))?;
        Ok(number)
    }

    /// Returns the interfaces that the section has described.
    #[must_use]
    pub fn interfaces(&self) -> &[Interface] {
        &self.section.interfaces
    }

    /// Writes a packet. What of its time is finer than the interface's ticks is cut off.
    ///
    /// # Errors
    /// [`Fault::NoInterface`] when the section has not described the interface; [`Fault::Unwritable`] when the time is none
    /// that the interface can count, the data longer than a packet of its link type may be, or an option too long; writing
    /// failed. Of such a packet nothing is written.
    #[inline]
    pub fn packet(
        &mut self,
        interface: u32,
        timestamp: Timestamp,
        original_length: u32,
        data: &[u8],
        options: Options<'_>,
    ) -> Result<(), Error> {
        let offset = self.records.offset();
        let fault = |fault| Error { offset, fault };
        let Some(described) = self.section.interface(interface) else {
            return Err(fault(self.section.missing(interface)));
        };
        let ticks = timestamp.ticks(described.resolution, described.offset).ok_or_else(|| {
            let why = "its interface counts no such time";
            fault(Fault::Unwritable { what: "the time of a packet", why })
        })?;
        let packet = EnhancedPacket { interface, ticks, original_length, data, options };
        self.content(&Content::EnhancedPacket(packet))
    }

    /// Writes a block that says this, in the section's byte order; a section header in the byte order of the section
    /// before.
    ///
    /// # Errors
    /// As [`packet`](Self::packet) and [`section`](Self::section).
    #[inline]
    pub fn content(&mut self, content: &Content<'_>) -> Result<(), Error> {
        self.write(content, self.section.order)
    }

    /// Copies a block that was read: byte for byte where the section's byte order is the block's, else its contents.
    ///
    /// A section header begins a section of its own byte order. What only a vendor can read (custom blocks, unknown ones)
    /// is copied as it is; whoever leaves out what is not to be copied asks for the block's type first. A section header
    /// says how long the section was that it comes from; whoever leaves blocks out or adds some writes a new one with
    /// [`section`](Self::section).
    ///
    /// # Errors
    /// As [`content`](Self::content), and what [`Block::content`] says.
    pub fn copy(&mut self, block: &Block<'_>) -> Result<(), Error> {
        let header = block.kind == BlockType::SECTION_HEADER;
        if !header && block.order != self.section.order {
            return self.content(&block.content()?);
        }
        self.check(block.kind)?;
        let (body, offset) = (block.body, self.records.offset());
        if header || block.kind == BlockType::INTERFACE_DESCRIPTION {
            let first = !core::mem::replace(&mut self.begun, true);
            let noted = self.section.note(&block.content()?, block.order, first);
            noted.map_err(|fault| Error { offset, fault })?;
        }
        self.section.facts(block.kind, body).map_err(|fault| Error { offset, fault })?;
        self.block(block.kind, block.order, |out| {
            out.extend_from_slice(body);
            Some(())
        })
    }

    #[inline]
    fn write(&mut self, content: &Content<'_>, order: ByteOrder) -> Result<(), Error> {
        let offset = self.records.offset();
        let fault = |fault| Error { offset, fault };
        self.check(content.kind())?;
        let (interface, data) = match content {
            Content::EnhancedPacket(packet) => (packet.interface, packet.data),
            Content::Packet(packet) => (u32::from(packet.interface), packet.data),
            Content::SimplePacket(packet) => (0, packet.data),
            _ => {
                let first = !core::mem::replace(&mut self.begun, true);
                self.section.note(content, order, first).map_err(fault)?;
                return self.block(content.kind(), order, |out| content.write(order, out));
            }
        };
        let Some(described) = self.section.interface(interface) else {
            return Err(fault(self.section.missing(interface)));
        };
        let longest = described.linktype.longest();
        if u32::try_from(data.len()).is_ok_and(|length| length <= longest) {
            return self.block(content.kind(), order, |out| content.write(order, out));
        }
        let why = "it is longer than readers take from this link type";
        Err(fault(Fault::Unwritable { what: "a packet", why }))
    }

    /// Refuses a file that does not begin with a section header.
    #[inline]
    fn check(&self, kind: BlockType) -> Result<(), Error> {
        if self.begun || kind == BlockType::SECTION_HEADER {
            return Ok(());
        }
        let why = "a file begins with a section header";
        Err(Error { offset: 0, fault: Fault::Unwritable { what: "a block", why } })
    }

    /// Writes type, length, a body and the length again.
    #[inline]
    fn block(
        &mut self,
        kind: BlockType,
        order: ByteOrder,
        body: impl FnOnce(&mut Vec<u8>) -> Option<()>,
    ) -> Result<(), Error> {
        self.records.record(|out| {
            let start = out.len();
            out.extend_from_slice(&order.put_u32(kind.0));
            out.extend_from_slice(&[0; 4]);
            let made = body(out);
            let length = u32::try_from(out.len() + 4 - start).ok();
            let Some(length) = length.filter(|length| made.is_some() && *length <= LONGEST_BLOCK) else {
                let why = "an option is longer than 65,535 bytes, or the block than readers take";
                return Err(Fault::Unwritable { what: "a block", why });
            };
            let length = order.put_u32(length);
            if let Some(place) = out.get_mut(start + 4..start + 8) {
                place.copy_from_slice(&length);
            }
            out.extend_from_slice(&length);
            Ok(())
        })
    }

    /// Returns the bytes of the file up to here, with those that are kept back.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.records.offset()
    }

    /// Returns what is written to.
    #[must_use]
    pub const fn get_ref(&self) -> &W {
        self.records.get_ref()
    }

    /// Writes what is kept back, and flushes.
    ///
    /// # Errors
    /// Writing failed.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.records.flush()
    }

    /// Writes what is kept back, flushes, and returns what was written to.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(self) -> Result<W, Error> {
        self.records.finish()
    }
}
