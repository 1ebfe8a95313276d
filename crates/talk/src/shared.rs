//! This side of a server's conversations: the one input that every peer is given, the one output that all of them go to.

use std::time::Instant;

use crate::console::{Console, Record};
use crate::error::Error;
use crate::options::{Options, Serve};
use crate::pieces::{Crlf, Flow, Inlet, Outlet, Pace, Step, Trouble, is_closed_pipe};
use crate::show::Show;

/// This side of all conversations: one input, one output.
pub(crate) struct Shared {
    pub(crate) input: Flow,
    crlf: Option<Crlf>,
    /// Lines of the input that wait for their time.
    pace: Option<Pace>,
    pub(crate) output: Outlet,
    show: Show,
    show_at_once: bool,
    pub(crate) record: Option<Record>,
}

impl Shared {
    pub(crate) fn new(console: Console, options: &Options, serve: &Serve, chunk: usize) -> Self {
        let unread = options.recv_only || serve.reply.is_some();
        let inlet = if unread { Inlet::Never } else { console.input };
        let input = Flow::new(inlet, Outlet::nowhere(), chunk);
        let output = if options.send_only { Outlet::nowhere() } else { console.output };
        Self {
            input,
            crlf: options.crlf.then(Crlf::default),
            pace: options.delay.map(Pace::new),
            output,
            show: console.show,
            show_at_once: console.show_at_once,
            record: console.record,
        }
    }

    /// Tells whether there is room for more input.
    pub(crate) fn wants_input(&self) -> bool {
        self.input.wants_read() && self.pace.as_ref().is_none_or(Pace::is_empty)
    }

    /// Tells whether the input has ended and all of it has been given to the peers.
    pub(crate) fn input_is_over(&self) -> bool {
        self.input.source_ended() && self.pace.as_ref().is_none_or(Pace::is_empty)
    }

    /// Returns when the next line of input may go.
    pub(crate) fn next_line_at(&self) -> Option<Instant> {
        self.pace.as_ref().and_then(Pace::next_at)
    }

    /// Reads input once; returns what may go now.
    pub(crate) fn take_input(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Vec<u8>>, Error> {
        if self.wants_input() {
            let bytes = match self.input.step(buffer) {
                Ok(Step::Moved(bytes)) => bytes,
                Ok(Step::Idle | Step::Ended) => return Ok(None),
                Err(Trouble::Inlet(error) | Trouble::Outlet(error)) => {
                    return Err(Error::socket("reading input", error));
                }
            };
            let bytes = match &mut self.crlf {
                Some(crlf) => crlf.push(bytes),
                None => bytes.to_vec(),
            };
            match &mut self.pace {
                Some(pace) => pace.push(&bytes),
                None => return Ok(Some(bytes)),
            }
        }
        Ok(self.pace.as_mut().and_then(Pace::take_due))
    }

    /// Passes on what a peer sent. False when nobody reads the output any more.
    pub(crate) fn deliver(&mut self, bytes: &[u8]) -> Result<bool, Error> {
        let mut shown = Vec::new();
        self.show.push(bytes, &mut shown);
        if self.show_at_once {
            self.show.flush(&mut shown);
        }
        self.record.as_mut().map_or(Ok(()), |record| record.received(bytes))?;
        output_result(self.output.offer(&shown))
    }

    /// Writes what is held back when the service ends.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        let mut rest = Vec::new();
        self.show.finish(&mut rest);
        if !rest.is_empty() {
            output_result(self.output.offer(&rest))?;
        }
        output_result(self.output.drain()).map(|_| ())
    }
}

/// A closed output ends the service; it is no failure.
pub(crate) fn output_result(result: sock::Result<()>) -> Result<bool, Error> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if is_closed_pipe(&error) => Ok(false),
        Err(error) => Err(Error::socket("writing output", error)),
    }
}
