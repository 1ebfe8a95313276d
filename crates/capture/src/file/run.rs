//! Frames through a renderer, in order; on several cores when there are many of them.
//!
//! One thread reads, and writes what has been made; the others make it, each of whole batches. Batches are handed out and
//! taken back in turn, so the order is that of the capture. A renderer whose frames depend on those before has one thread
//! ([`Render::split`]): reading and writing go on beside it. The first frames are rendered where they are read, for most
//! captures are small, and a thread costs more than they do.

use std::io::Read;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use pcap::{LinkType, Options, Timestamp};

use super::frame::Frame;
use super::merge::Merge;

/// Bytes of packets after which threads are worth their while.
const ALONE: usize = 1 << 20;
/// A batch has this many bytes of packets, or this many packets.
const BATCH: usize = 256 << 10;
const BATCH_FRAMES: usize = 2048;
/// Batches that each thread has, done or not.
const AHEAD: usize = 3;

/// Makes bytes of frames.
pub trait Render: Sized {
    /// Appends what a frame becomes.
    fn frame(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>);

    /// Makes renderers for at most so many threads, each of which gets some of the frames that are left.
    fn split(self, most: usize) -> Vec<Self>;
}

/// What is lent goes on with what it remembers, on one thread.
impl<T: Render> Render for &mut T {
    fn frame(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) {
        T::frame(self, frame, out);
    }

    fn split(self, _most: usize) -> Vec<Self> {
        vec![self]
    }
}

/// Takes what has been rendered.
pub trait Sink {
    /// Why it takes no more.
    type Stop;

    /// Lets a function append the next bytes: one frame's, so that a sink may hand them on at once.
    ///
    /// # Errors
    /// It takes no more.
    fn append(&mut self, make: impl FnOnce(&mut Vec<u8>)) -> Result<(), Self::Stop>;
}

/// Renders frames to the end, or at most so many, on at most so many threads beside this one; 0 is this one alone.
///
/// # Errors
/// The sink takes no more. That a file is broken is told by [`Merge::take_broken`].
pub fn run<R: Read, T: Render + Send, S: Sink>(
    frames: &mut Merge<R>,
    mut render: T,
    most: Option<u64>,
    threads: usize,
    sink: &mut S,
) -> Result<(), S::Stop> {
    let mut left = most.unwrap_or(u64::MAX);
    let mut bytes = 0_usize;
    while left > 0 && (threads == 0 || bytes < ALONE) {
        let Some(frame) = frames.next_frame() else { return Ok(()) };
        left -= 1;
        bytes = bytes.saturating_add(frame.data.len());
        sink.append(|out| render.frame(&frame, out))?;
    }
    if left == 0 {
        return Ok(());
    }
    std::thread::scope(|scope| {
        let work = |mut render: T| {
            let (to, inbox) = sync_channel::<Batch>(AHEAD);
            let (outbox, from) = channel();
            scope.spawn(move || work(&mut render, &inbox, &outbox));
            Worker { to, from }
        };
        hand_out(frames, &render.split(threads).into_iter().map(work).collect::<Vec<_>>(), left, sink)
    })
}

/// Counts frames to the end, or at most so many; `go_on` is asked now and then.
pub fn count<R: Read>(frames: &mut Merge<R>, most: Option<u64>, mut go_on: impl FnMut() -> bool) -> u64 {
    let most = most.unwrap_or(u64::MAX);
    let mut counted = 0_u64;
    while counted < most && (!counted.is_multiple_of(4096) || go_on()) && frames.next_frame().is_some() {
        counted += 1;
    }
    counted
}

/// A thread that renders, and how it is reached.
struct Worker {
    to: SyncSender<Batch>,
    from: Receiver<Batch>,
}

fn work<T: Render>(render: &mut T, inbox: &Receiver<Batch>, outbox: &Sender<Batch>) {
    for mut batch in inbox {
        batch.render(render);
        if outbox.send(batch).is_err() {
            return;
        }
    }
}

/// Fills batches, hands them out in turn, and takes them back in the same order.
fn hand_out<R: Read, S: Sink>(
    frames: &mut Merge<R>,
    workers: &[Worker],
    mut left: u64,
    sink: &mut S,
) -> Result<(), S::Stop> {
    let mut going = workers.iter().cycle();
    let mut coming = workers.iter().cycle();
    let mut under_way = 0;
    let mut spare: Vec<Batch> = Vec::new();
    let mut has_more = true;
    while has_more {
        let mut batch = spare.pop().unwrap_or_default();
        has_more = batch.fill(frames, &mut left);
        if let Some(worker) = going.next()
            && worker.to.send(batch).is_ok()
        {
            under_way += 1;
        }
        let most = if has_more { workers.len() * AHEAD - 1 } else { 0 };
        while under_way > most {
            // A thread that is gone has panicked, which the end of the scope tells.
            let Some(Ok(mut batch)) = coming.next().map(|worker| worker.from.recv()) else { return Ok(()) };
            under_way -= 1;
            sink.append(|out| out.append(&mut batch.out))?;
            spare.push(batch);
        }
    }
    Ok(())
}

/// Some frames, and what they become.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    frames: Vec<Kept>,
    out: Vec<u8>,
}

/// A frame whose bytes are in the batch.
struct Kept {
    number: u64,
    time: Option<Timestamp>,
    before: Option<Timestamp>,
    first: Option<Timestamp>,
    linktype: LinkType,
    original_length: u32,
    file: usize,
    section: u32,
    interface: u32,
    len: usize,
}

impl Batch {
    /// Takes the next frames, `left` of them at most; tells whether there may be more.
    fn fill<R: Read>(&mut self, frames: &mut Merge<R>, left: &mut u64) -> bool {
        self.bytes.clear();
        self.frames.clear();
        while self.bytes.len() < BATCH && self.frames.len() < BATCH_FRAMES {
            if *left == 0 {
                return false;
            }
            let Some(frame) = frames.next_frame() else { return false };
            *left -= 1;
            self.bytes.extend_from_slice(frame.data);
            self.frames.push(Kept {
                number: frame.number,
                time: frame.time,
                before: frame.before,
                first: frame.first,
                linktype: frame.linktype,
                original_length: frame.original_length,
                file: frame.file,
                section: frame.section,
                interface: frame.interface,
                len: frame.data.len(),
            });
        }
        true
    }

    fn render(&mut self, render: &mut impl Render) {
        self.out.clear();
        let mut rest = &self.bytes[..];
        for kept in &self.frames {
            let (data, others) = rest.split_at_checked(kept.len).unwrap_or((rest, &[]));
            rest = others;
            let frame = Frame {
                number: kept.number,
                time: kept.time,
                before: kept.before,
                first: kept.first,
                linktype: kept.linktype,
                original_length: kept.original_length,
                data,
                file: kept.file,
                section: kept.section,
                interface: kept.interface,
                options: Options::NONE,
            };
            render.frame(&frame, &mut self.out);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use pcap::{Header, PcapWriter, Reader, Resolution};

    use super::*;

    /// Writes number, time and length.
    #[derive(Clone)]
    struct Plain;

    impl Render for Plain {
        fn frame(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) {
            let times = [frame.time, frame.before, frame.first].map(|time| time.unwrap().seconds);
            writeln!(out, "{} {times:?} {}", frame.number, frame.data.len()).unwrap();
        }

        fn split(self, most: usize) -> Vec<Self> {
            vec![self; most]
        }
    }

    impl Sink for Vec<u8> {
        type Stop = ();

        fn append(&mut self, make: impl FnOnce(&mut Self)) -> Result<(), ()> {
            make(self);
            if self.len() > 400_000 { Err(()) } else { Ok(()) }
        }
    }

    fn capture(frames: u32, size: usize) -> Vec<u8> {
        let header = Header::new(LinkType::RAW, Resolution::MICROSECONDS);
        let mut writer = PcapWriter::new(Vec::new(), &header).unwrap();
        for number in 0..frames {
            let data = vec![7; size + usize::try_from(number).unwrap() % 50];
            writer.packet(Timestamp::new(number.into(), 0), 2000, &data).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn the_order_is_that_of_the_capture_on_any_number_of_threads() {
        let capture = capture(9_000, 700);
        let rendered = |threads, most| {
            let mut merge = Merge::new(vec![Reader::new(&capture[..]).unwrap()]);
            let mut out = Vec::new();
            run(&mut merge, Plain, most, threads, &mut out).unwrap();
            out
        };
        for most in [None, Some(0), Some(3), Some(5_001), Some(9_000)] {
            let alone = rendered(0, most);
            let lines = alone.iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(u64::try_from(lines).unwrap(), most.unwrap_or(9_000));
            for threads in 1..5 {
                assert_eq!(rendered(threads, most), alone, "{threads} {most:?}");
            }
        }
    }

    #[test]
    fn a_sink_that_takes_no_more_ends_it() {
        let capture = capture(30_000, 200);
        let mut merge = Merge::new(vec![Reader::new(&capture[..]).unwrap()]);
        assert_eq!(run(&mut merge, Plain, None, 2, &mut Vec::new()), Err(()));
    }

    #[test]
    fn counting_renders_nothing() {
        let capture = capture(5000, 60);
        let merge = || Merge::new(vec![Reader::new(&capture[..]).unwrap()]);
        assert_eq!(count(&mut merge(), None, || true), 5000);
        assert_eq!(count(&mut merge(), Some(7), || true), 7);
        assert_eq!(count(&mut merge(), None, || false), 0);
    }
}
