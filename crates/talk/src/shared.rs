//! What a server of many has for all its peers: what it was asked for, the one input, the one output.
//!
//! Standard input is a stream that can be given once, so what is read of it goes to every peer that is there. `--data`
//! goes to every peer from its beginning.

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::time::Instant;

use crate::connect::{DATAGRAM_CHUNK, STREAM_CHUNK};
use crate::console::{Console, Input, Record};
use crate::endpoint::Net;
use crate::error::Error;
use crate::event::{Event, Events};
use crate::lines::{Crlf, Pace};
use crate::listener::Listeners;
use crate::options::{Options, Reply, Serve};
use crate::payload::{Cut, Payload};
use crate::pieces::{Flow, Inlet, Outlet, Patience, Step, Trouble, is_closed_pipe};
use crate::show::Show;

/// What a server of many was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Service<'a> {
    pub(crate) net: &'a Net,
    pub(crate) listeners: &'a Listeners,
    pub(crate) options: &'a Options,
    pub(crate) serve: &'a Serve,
    pub(crate) events: Events<'a>,
}

/// This side of all conversations: one input, one output.
pub(crate) struct Shared<'a> {
    service: Service<'a>,
    pub(crate) input: Flow,
    /// What each peer is told from its beginning.
    data: Option<Arc<[u8]>>,
    /// What each peer is answered.
    reply: Option<Reply>,
    /// How the two are cut.
    cut: Cut,
    crlf: Option<Crlf>,
    /// Lines of the input that wait for their time.
    pace: Option<Pace>,
    output: Outlet,
    /// How what peers say is shown; each has its own, for what is held back of one is not of another.
    show: Show,
    show_at_once: bool,
    record: Option<Record>,
    end_is_told: bool,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(service: Service<'a>, console: Console) -> Result<Self, Error> {
        console.begin()?;
        let Service { net, options, serve, .. } = service;
        let unread = options.recv_only || serve.reply.is_some();
        let (inlet, data) = match console.input {
            _ if unread => (Inlet::Never, None),
            Input::Data(bytes) => (Inlet::Never, Some(with_crlf(bytes, options))),
            input => (input.inlet(Cut::Message), None),
        };
        let reply = match &serve.reply {
            Some(Reply::Bytes(bytes)) => Some(Reply::Bytes(with_crlf(Arc::clone(bytes), options))),
            reply => reply.clone(),
        };
        let is_stream = net.transport.is_connected();
        let message = net.transport.keeps_boundaries();
        let cut = match options.delay {
            Some(delay) => Cut::Lines(delay),
            None if message => Cut::Message,
            None => Cut::Pieces(STREAM_CHUNK),
        };
        let output = if options.send_only { Outlet::nowhere() } else { console.output };
        Ok(Self {
            service,
            input: Flow::new(inlet, Outlet::nowhere(), if is_stream { STREAM_CHUNK } else { DATAGRAM_CHUNK }),
            data,
            reply,
            cut,
            crlf: options.crlf.then(Crlf::default),
            pace: options.delay.map(Pace::new),
            output,
            show: console.show,
            show_at_once: console.show_at_once,
            record: console.record,
            end_is_told: false,
        })
    }

    /// Returns what a peer that has come is told, whatever it says.
    pub(crate) fn greeting(&self) -> Option<Payload> {
        self.data.as_ref().map(|bytes| self.payload(Arc::clone(bytes)))
    }

    /// Returns the answer to these words of a peer, if there is one.
    pub(crate) fn answer(&self, words: &[u8]) -> Option<Payload> {
        let bytes = match self.reply.as_ref()? {
            Reply::Bytes(bytes) => Arc::clone(bytes),
            Reply::Echo => with_crlf(words.into(), self.service.options),
        };
        Some(self.payload(bytes))
    }

    fn payload(&self, bytes: Arc<[u8]>) -> Payload {
        // A message of no bytes is no line that could wait.
        let is_message = bytes.is_empty() && self.service.net.transport.keeps_boundaries();
        Payload::new(bytes, if is_message { Cut::Message } else { self.cut })
    }

    /// Tells whether there is something to say that is not an answer.
    pub(crate) const fn has_input(&self) -> bool {
        self.data.is_some() || !matches!(self.input.inlet, Inlet::Never)
    }

    /// Tells whether there is room for more input.
    pub(crate) fn wants_input(&self) -> bool {
        self.input.wants_read() && self.pace.as_ref().is_none_or(Pace::is_empty)
    }

    /// Tells whether the input has ended and all of it has been given to the peers; what each is told alone is its own.
    pub(crate) fn input_is_over(&self) -> bool {
        self.data.is_some() || self.input.source_ended() && self.pace.as_ref().is_none_or(Pace::is_empty)
    }

    /// Returns when the next line of input may go.
    pub(crate) fn next_line_at(&self) -> Option<Instant> {
        self.pace.as_ref().and_then(Pace::next_at)
    }

    /// Reads input once; returns what may go now.
    pub(crate) fn take_input(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Vec<u8>>, Error> {
        if self.wants_input() {
            let bytes = match self.input.step(buffer) {
                Ok(Step::Moved(bytes, _)) => bytes,
                Ok(Step::Idle) => return Ok(None),
                Ok(Step::Ended) => {
                    self.tell_end();
                    return Ok(None);
                }
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

    /// Who comes later gets nothing of an input that has been given: a surprise, so it is told.
    fn tell_end(&mut self) {
        let others_may_come = self.service.serve.keep_open || !self.service.net.transport.is_connected();
        let given = self.input.moved();
        if others_may_come && given > 0 && !self.end_is_told {
            self.end_is_told = true;
            (self.service.events)(&Event::InputEnded { given });
        }
    }

    /// Records what a peer is told.
    pub(crate) fn record_sent(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.record.as_mut().map_or(Ok(()), |record| record.sent(bytes))
    }

    /// Returns how what a peer says is shown; `None` is as it comes.
    pub(crate) fn shown(&self) -> Option<Box<Show>> {
        (!matches!(self.show, Show::Raw)).then(|| Box::new(self.show.clone()))
    }

    /// Tells whether nothing may be received: the output is slow, or the record is behind.
    pub(crate) fn is_slow(&self) -> bool {
        !self.output.is_empty() || self.record.as_ref().is_some_and(Record::is_behind)
    }

    /// Writes on what waits. False when nobody reads the output any more.
    pub(crate) fn flush(&mut self) -> Result<bool, Error> {
        self.record.as_mut().map_or(Ok(()), Record::flush)?;
        output_result(self.output.flush())
    }

    /// Lists the descriptors whose room is waited for.
    pub(crate) fn slow_descriptors(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let output = self.output.pollable().filter(|_| !self.output.is_empty());
        output.into_iter().chain(self.record.as_ref().and_then(Record::pollable))
    }

    /// Passes on what a peer sent. False when nobody reads the output any more.
    pub(crate) fn deliver(&mut self, bytes: &[u8], show: Option<&mut Show>) -> Result<bool, Error> {
        self.record.as_mut().map_or(Ok(()), |record| record.received(bytes))?;
        let Some(show) = show else { return output_result(self.output.offer(bytes)) };
        let mut shown = Vec::new();
        show.push(bytes, &mut shown);
        if self.show_at_once {
            show.flush(&mut shown);
        }
        output_result(self.output.offer(&shown))
    }

    /// Passes on what was held back of what a peer said: it says nothing more.
    pub(crate) fn deliver_rest(&mut self, show: Option<&mut Show>) -> Result<bool, Error> {
        let Some(show) = show else { return Ok(true) };
        let mut rest = Vec::new();
        show.finish(&mut rest);
        if rest.is_empty() { Ok(true) } else { output_result(self.output.offer(&rest)) }
    }

    /// Writes what waits when the service ends, as long as there is patience.
    pub(crate) fn finish(&mut self, patience: Patience) -> Result<(), Error> {
        let recorded = self.record.as_mut().map_or(Ok(()), |record| record.settle(patience));
        output_result(self.output.drain(patience))?;
        recorded
    }
}

fn with_crlf(bytes: Arc<[u8]>, options: &Options) -> Arc<[u8]> {
    if options.crlf { Crlf::default().push(&bytes).into() } else { bytes }
}

/// A closed output ends the service; it is no failure.
fn output_result(result: sock::Result<()>) -> Result<bool, Error> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if is_closed_pipe(&error) => Ok(false),
        Err(error) => Err(Error::socket("writing output", error)),
    }
}
