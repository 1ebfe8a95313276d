//! The way of a piece: it is read, goes through the codec, and what it became is written.
//!
//! Each stage has a lock, and who has a piece takes the lock of the next stage before it leaves that of the last. So pieces
//! keep their order, and of a large file two threads take one after the other: while one of them writes a piece, the other
//! reads or decodes the next, and a piece stays in the cache of the processor that read it. The threads do this between a file
//! and a file alone, where no call waits for anybody: an interrupt, which the first thread gets, is not held up by the second.
//! The calls are the same ones, through the door.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder};

use jackfield::codec::Buffer;
use jackfield::codec::undump::reverse::Seek;
use jackfield::sock::signal;

use super::{Broken, Input, Output};

/// Bytes that each of two threads reads at once: many, for to wake the other one takes as long as to read some 64 KiB, and
/// still whole in the second-level cache.
const SHARE: usize = 512 << 10;

/// What follows a step of the codec, when what it appended has been written.
pub(super) enum Next<E> {
    /// Another step with the same piece.
    Step,
    /// The output goes elsewhere, and then another step; or why it cannot.
    Seek(Seek, fn(Seek) -> E),
    /// The next piece.
    Piece,
}

/// The stages, each there until it is at its end.
pub(super) struct Stages<'a, F> {
    input: Mutex<Option<&'a mut Input>>,
    step: Mutex<Option<F>>,
    output: Mutex<Option<&'a Output>>,
}

impl<'a, F> Stages<'a, F> {
    pub(super) const fn new(input: &'a mut Input, step: F, output: &'a Output) -> Self {
        Self {
            input: Mutex::new(Some(input)),
            step: Mutex::new(Some(step)),
            output: Mutex::new(Some(output)),
        }
    }

    /// Asks something of the input, unless it is at its end.
    pub(super) fn at_input<T>(&self, ask: impl FnOnce(&Input) -> T) -> Option<T> {
        lock(&self.input).as_deref().map(ask)
    }

    /// Goes on to the end by two threads, or by one where the machine has no other to give.
    pub(super) fn share<E: Send>(&self) -> Result<(), Broken<E>>
    where
        F: FnMut(&mut &[u8], &mut Buffer) -> Result<Next<E>, E> + Send,
    {
        thread::scope(|threads| {
            let other = Builder::new().name("second".into());
            let other = other.spawn_scoped(threads, || self.run(SHARE, usize::MAX));
            let done = self.run(SHARE, usize::MAX);
            // What one of them failed at the other has not seen.
            let others = other.map_or(Ok(()), |other| other.join().unwrap_or(Ok(())));
            done.and(others)
        })
    }

    /// Goes on with pieces of at most `size` bytes until so many have been read in all, or to the end.
    pub(super) fn run<E>(&self, size: usize, most: usize) -> Result<(), Broken<E>>
    where
        F: FnMut(&mut &[u8], &mut Buffer) -> Result<Next<E>, E>,
    {
        let mut piece = vec![0; size];
        let mut out = Buffer::new();
        loop {
            let mut input = lock(&self.input);
            let Some(from) = input.as_mut().filter(|input| input.count < most) else { return Ok(()) };
            let read = from.read(&mut piece);
            let is_last = !matches!(read, Ok(1..));
            if is_last {
                *input = None;
            }
            let step = lock(&self.step);
            drop(input);
            let read = read.map(|count| piece.get(..count).unwrap_or_default());
            let done = self.pass(read, step, &mut out);
            if done.is_err() {
                // Nor is there anything to read for.
                *lock(&self.input) = None;
            }
            if is_last || done.is_err() {
                return done;
            }
        }
    }

    /// Takes a piece through the codec and to the output; whatever fails ends its stage, and so all pieces behind.
    fn pass<E>(
        &self,
        read: Result<&[u8], Broken>,
        mut step: MutexGuard<'_, Option<F>>,
        out: &mut Buffer,
    ) -> Result<(), Broken<E>>
    where
        F: FnMut(&mut &[u8], &mut Buffer) -> Result<Next<E>, E>,
    {
        let (mut rest, failed) = match read {
            Ok(bytes) => (bytes, None),
            Err(broken) => (&[][..], Some(broken)),
        };
        let is_last = rest.is_empty();
        loop {
            let Some(codec) = step.as_mut() else { return Ok(()) };
            out.clear();
            let next = if failed.is_some() { Ok(Next::Piece) } else { codec(&mut rest, out) };
            if next.is_err() {
                *step = None;
            }
            let is_done = !matches!(next, Ok(Next::Step | Next::Seek(..)));
            let mut output = lock(&self.output);
            let Some(to) = *output else { return Ok(()) };
            if is_done {
                drop(step);
                let done = failed.map_or_else(|| write(to, out, next), |broken| Err(broken.around()));
                let done = if is_last { done } else { done.and_then(|()| not_interrupted()) };
                if done.is_err() {
                    *output = None;
                }
                return done;
            }
            let done = write(to, out, next).and_then(|()| not_interrupted());
            if done.is_err() {
                *output = None;
                return done;
            }
        }
    }
}

/// Writes what a step appended, and does what is next of the output.
fn write<E>(output: &Output, out: &Buffer, next: Result<Next<E>, E>) -> Result<(), Broken<E>> {
    match (output.write(out), next) {
        (Ok(()), Ok(Next::Seek(seek, fault))) => match output.go(seek).map_err(Broken::around)? {
            true => Ok(()),
            false => Err(Broken::Input(fault(seek))),
        },
        (Ok(()), Ok(Next::Step | Next::Piece)) => Ok(()),
        (Ok(()), Err(fault)) => Err(Broken::Input(fault)),
        (Err(Broken::Write(errno)), Err(fault)) => Err(Broken::InputAndWrite(fault, errno, out.len())),
        (Err(broken), _) => Err(broken.around()),
    }
}

fn not_interrupted<E>() -> Result<(), Broken<E>> {
    if signal::arrived().is_some() { Err(Broken::Interrupted) } else { Ok(()) }
}

fn lock<T>(stage: &Mutex<T>) -> MutexGuard<'_, T> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}
