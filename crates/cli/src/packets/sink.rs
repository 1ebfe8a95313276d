//! Where lines go: to standard output or a file, in large pieces; to a terminal each at once, clean and in colour.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use jackfield::capture::file::Sink;
use jackfield::codec::sanitize_words;
use jackfield::sock::signal;

use super::paint;
use crate::through::{Broken, Output};

/// What is written at once.
const PIECE: usize = 64 << 10;

/// Lines that have not been written yet.
#[derive(Debug)]
pub(crate) struct Pending {
    buffer: Vec<u8>,
    output: Output,
}

impl Pending {
    /// Writes them.
    pub(crate) fn flush(&mut self) -> Result<(), Broken> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let done = self.output.write(&self.buffer);
        self.buffer.clear();
        done
    }
}

/// Takes lines.
#[derive(Debug)]
pub(crate) struct Lines {
    pending: Rc<RefCell<Pending>>,
    /// Each frame is written at once.
    eager: bool,
    /// They go to a terminal; and in colour.
    terminal: Option<bool>,
    scratch: Vec<u8>,
}

impl Lines {
    /// Takes lines for an output, each at once if `eager`.
    pub(crate) fn new(output: Output, eager: bool) -> Self {
        let pending = Rc::new(RefCell::new(Pending { buffer: Vec::with_capacity(2 * PIECE), output }));
        Self { pending, eager, terminal: None, scratch: Vec::new() }
    }

    /// Cleans lines for a terminal, and paints those of packets where colours are wanted.
    pub(crate) const fn for_terminal(mut self, colour: bool) -> Self {
        self.terminal = Some(colour);
        self.eager = true;
        self
    }

    /// Returns the lines that have not been written yet.
    pub(crate) const fn pending(&self) -> &Rc<RefCell<Pending>> {
        &self.pending
    }

    /// Writes what is left.
    pub(crate) fn flush(&self) -> Result<(), Broken> {
        self.pending.borrow_mut().flush()
    }
}

impl Sink for Lines {
    type Stop = Broken;

    fn append(&mut self, make: impl FnOnce(&mut Vec<u8>)) -> Result<(), Broken> {
        let mut pending = self.pending.borrow_mut();
        if let Some(colour) = self.terminal {
            self.scratch.clear();
            make(&mut self.scratch);
            let clean = sanitize_words(&self.scratch);
            if colour {
                paint::lines(&clean, &mut pending.buffer);
            } else {
                pending.buffer.extend_from_slice(&clean);
            }
        } else {
            make(&mut pending.buffer);
        }
        if self.eager || pending.buffer.len() >= PIECE {
            pending.flush()?;
        }
        if signal::arrived().is_some() {
            return Err(Broken::Interrupted);
        }
        Ok(())
    }
}

/// An output for whoever writes bytes: a capture file.
#[derive(Debug)]
pub(crate) struct Raw {
    output: Output,
    /// Why it could not be written.
    broken: Rc<RefCell<Option<Broken>>>,
}

impl Raw {
    /// Writes to an output; why that failed is left in the second part.
    pub(crate) fn new(output: Output) -> (Self, Rc<RefCell<Option<Broken>>>) {
        let broken = Rc::new(RefCell::new(None));
        (Self { output, broken: Rc::clone(&broken) }, broken)
    }
}

impl Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes).map_err(|broken| {
            self.broken.borrow_mut().get_or_insert(broken);
            io::Error::other("not written")
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
