//! What makes the calls visible: each operation that passes the door becomes a [`Line`] with everything named.
//!
//! [`start`] watches the whole process (that is `--trace`), [`collect`] one piece of code on this thread. What the lines
//! look like on a screen is the face's work; [`Record::call_text`] and [`Line::to_json`] are its material.
//!
//! ```
//! use jackfield_sock::{Family, Protocol, Socket, Type, trace};
//!
//! let (_, records) = trace::collect(|| Socket::open(Family::INET, Type::DGRAM, Protocol::DEFAULT).map(drop));
//! let calls: Vec<_> = records.iter().map(|record| record.call).collect();
//! assert_eq!(calls, ["socket", "close"]);
//! ```

mod entry;
mod follow;
mod names;
mod record;
mod table;
mod text;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Instant;

pub use sys::door::{Arg, Event, Kind, Observer, Origin, Side, Value, Watch};

pub use entry::{Entry, Number, entries};
pub use follow::{Follow, Note};
pub use names::name;
pub use record::{Record, Shown};
pub use table::{Row, row, rows};

/// One line of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What happened.
    pub record: Record,
    /// What the kernel says of the connection after it.
    pub note: Option<Note>,
    /// Whether a composite begins here: its result is not known yet, its calls follow, and it comes a second time.
    pub opening: bool,
}

impl Line {
    /// Writes one JSON object: [`Record::to_json`], and `note` ([`Note::to_json`] or null) at its end.
    ///
    /// A line that is `opening` has the `id` of the one that comes when the composite has ended; a file of events wants
    /// only that one.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = self.record.to_json();
        json.pop();
        json.push_str(",\"note\":");
        match &self.note {
            Some(note) => json.push_str(&note.to_json()),
            None => json.push_str("null"),
        }
        json.push('}');
        json
    }
}

/// Where the lines of a trace go. May be called by several threads at once; calls that it makes itself are not traced.
pub type Sink = dyn Fn(&Line) + Send + Sync;

/// The observer that makes lines of events.
///
/// The lines of a thread arrive in the order in which its operations ended, a composite also when it begins. What the
/// trace itself asked the kernel about an operation comes after that operation's line.
pub struct Tracer {
    sink: Box<Sink>,
    started: Instant,
    follow: Option<Follow>,
    /// The threads that are just making a line.
    busy: Mutex<HashMap<ThreadId, Busy>>,
}

/// What a thread does that is in the tracer's hands; decides what becomes of the events that it makes there.
enum Busy {
    /// It asks the kernel about an operation: these wait until that one's line is told.
    Asking(Vec<Event>),
    /// It is in the sink: a trace of the trace's own output would have no end.
    Telling,
}

impl Tracer {
    /// Makes a tracer whose clock starts now.
    #[must_use]
    pub fn new(sink: Box<Sink>) -> Self {
        Self { sink, started: Instant::now(), follow: None, busy: Mutex::default() }
    }

    /// Also asks the kernel for the state of TCP connections, and puts the answers into [`Line::note`].
    #[must_use]
    pub fn following(self, follow: Follow) -> Self {
        Self { follow: Some(follow), ..self }
    }

    fn take(&self, event: &Event, opening: bool) {
        let Some(turn) = Turn::begin(self, event) else { return };
        let record = Record::new(event, self.started);
        let note = if opening { None } else { self.follow.as_ref().and_then(|follow| follow.note(event)) };
        let asked = turn.tell();
        (self.sink)(&Line { record, note, opening });
        for event in asked {
            (self.sink)(&Line { record: Record::new(&event, self.started), note: None, opening: false });
        }
    }

    fn busy(&self) -> std::sync::MutexGuard<'_, HashMap<ThreadId, Busy>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Tracer {
    fn began(&self, event: &Event) {
        self.take(event, true);
    }

    fn happened(&self, event: &Event) {
        self.take(event, false);
    }
}

impl fmt::Debug for Tracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracer")
            .field("started", &self.started)
            .field("follow", &self.follow)
            .finish_non_exhaustive()
    }
}

/// A thread's time in the tracer, ended on drop: also when a sink panics.
struct Turn<'a> {
    tracer: &'a Tracer,
    thread: ThreadId,
}

impl<'a> Turn<'a> {
    /// Begins a turn with an event, unless the thread is in one: then the event is kept for later or dropped.
    fn begin(tracer: &'a Tracer, event: &Event) -> Option<Self> {
        let thread = thread::current().id();
        let mut busy = tracer.busy();
        match busy.get_mut(&thread) {
            Some(Busy::Asking(later)) => later.push(event.clone()),
            Some(Busy::Telling) => {}
            None => {
                busy.insert(thread, Busy::Asking(Vec::new()));
                return Some(Self { tracer, thread });
            }
        }
        None
    }

    /// Goes from asking to telling; returns the events of the asking.
    fn tell(&self) -> Vec<Event> {
        match self.tracer.busy().insert(self.thread, Busy::Telling) {
            Some(Busy::Asking(events)) => events,
            _ => Vec::new(),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.tracer.busy().remove(&self.thread);
    }
}

/// Traces the whole process until the returned [`Watch`] is dropped.
pub fn start(tracer: Tracer) -> Watch {
    sys::door::observe(Arc::new(tracer))
}

/// Runs `body` and returns what it did on this thread, in the order in which it began: a composite stands before its
/// calls. What the trace itself asked is left out.
pub fn collect<R>(body: impl FnOnce() -> R) -> (R, Vec<Record>) {
    let records = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&records);
    let sink = move |line: &Line| {
        if !line.opening && line.record.origin == Origin::Job {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(line.record.clone());
        }
    };
    let watch = sys::door::observe_here(Arc::new(Tracer::new(Box::new(sink))));
    let result = body();
    drop(watch);
    let mut records = std::mem::take(&mut *records.lock().unwrap_or_else(PoisonError::into_inner));
    records.sort_by_key(|record| record.id);
    (result, records)
}
