//! Writes pcap files.

use std::io::Write;

use crate::error::{Error, Fault};
use crate::header::Header;
use crate::packet::Packet;
use crate::records::Records;
use crate::time::Timestamp;

/// Writes a pcap file, record by record.
///
/// Each packet is written at once and whole; [`with_buffer`](Self::with_buffer) keeps whole packets back until there
/// are enough of them. What is kept is written by [`flush`](Self::flush) and [`finish`](Self::finish), not when the
/// writer is dropped.
#[derive(Debug)]
pub struct PcapWriter<W> {
    records: Records<W>,
    header: Header,
}

impl<W: Write> PcapWriter<W> {
    /// Writes the header, and each packet at once.
    ///
    /// The version written is 2.4, whatever the header says: lengths stand in its order.
    ///
    /// # Errors
    /// Writing failed.
    pub fn new(to: W, header: &Header) -> Result<Self, Error> {
        Self::with_buffer(to, header, 0)
    }

    /// Writes the header, and packets when there are `capacity` bytes of them.
    ///
    /// # Errors
    /// Writing failed.
    pub fn with_buffer(to: W, header: &Header, capacity: usize) -> Result<Self, Error> {
        let header = Header { major: 2, minor: 4, ..*header };
        let mut records = Records::new(to, capacity);
        records.record(|out| {
            header.write(out);
            Ok(())
        })?;
        Ok(Self { records, header })
    }

    /// Returns the header that was written.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Writes a packet. What of its time is finer than the file's ticks is cut off.
    ///
    /// # Errors
    /// [`Fault::Unwritable`] when the time is before 1970 or after 2106, or the data longer than a packet of its link type
    /// may be; writing failed. Of such a packet nothing is written.
    #[inline]
    pub fn packet(&mut self, timestamp: Timestamp, original_length: u32, data: &[u8]) -> Result<(), Error> {
        self.write(timestamp, original_length, data, &[])
    }

    /// Writes a packet that was read, with what a modified file's record has beyond the usual as far as this file has
    /// room for it. A packet without a time gets that of 1970.
    ///
    /// # Errors
    /// As [`packet`](Self::packet).
    #[inline]
    pub fn copy(&mut self, packet: &Packet<'_>) -> Result<(), Error> {
        let time = packet.timestamp.unwrap_or_default();
        self.write(time, packet.original_length, packet.data, packet.extra)
    }

    #[inline]
    fn write(&mut self, time: Timestamp, original: u32, data: &[u8], extra: &[u8]) -> Result<(), Error> {
        let header = self.header;
        self.records.record(|out| {
            let time_unfit = Fault::Unwritable {
                what: "the time of a packet",
                why: "pcap begins in 1970 and ends in 2106",
            };
            let Ok(seconds) = u32::try_from(time.seconds) else { return Err(time_unfit) };
            let fraction = if time.resolution == header.resolution {
                u32::try_from(time.fraction).ok()
            } else {
                time.fraction_in(header.resolution).and_then(|fraction| u32::try_from(fraction).ok())
            };
            let Some(fraction) = fraction else { return Err(time_unfit) };
            let captured =
                u32::try_from(data.len()).ok().filter(|captured| *captured <= header.linktype().longest());
            let Some(captured) = captured else {
                let why = "it is longer than readers take from this link type";
                return Err(Fault::Unwritable { what: "a packet", why });
            };
            for number in [seconds, fraction, captured, original] {
                out.extend_from_slice(&header.order.put_u32(number));
            }
            let room = header.variant.extra();
            let fits = extra.get(..room).unwrap_or(extra);
            out.extend_from_slice(fits);
            out.resize(out.len() + room - fits.len(), 0);
            out.extend_from_slice(data);
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
