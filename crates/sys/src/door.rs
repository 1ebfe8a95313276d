//! The one door to the kernel: every system call of Jackfield passes `pass!`, every user-space step [`note`].
//!
//! Three things can stand at the door; each is off by default:
//! - an [`Observer`] is told of each call as an [`Event`] (that is `--trace`),
//! - a composite such as `sendall` opens a [`compose`] scope, so that its calls point to it,
//! - a [`rehearsal`] answers the calls without making them (that is `jack explain -- COMMAND`).
//!
//! With none of them a call costs one relaxed load more than the bare system call. EINTR is never hidden here: a call is
//! tried once; who wants it again asks again, and that shows as a second event.

use std::cell::RefCell;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::{Address, Errno, Op, rehearsal};

/// Says on which side of the kernel's border an operation happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// In the process itself: no system call.
    User,
    /// In the kernel: one system call.
    Kernel,
}

/// Says on whose behalf a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The job that the user asked for.
    Job,
    /// The trace itself, which asks the kernel for a TCP state or a queue length.
    Trace,
}

/// Says what a number is, so that one floor up it can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `AF_…`.
    Family,
    /// `SOCK_…`, flags included.
    SocketType,
    /// `IPPROTO_…` of a socket of the family that is the tag.
    Protocol(i32),
    /// `MSG_…` flags.
    MessageFlags,
    /// `SOL_…` or `IPPROTO_…` as a socket option's level.
    Level,
    /// A socket option's name on the level that is the tag.
    OptionName(i32),
    /// `SHUT_…`.
    How,
    /// `POLL…` flags.
    PollEvents,
    /// `EPOLL…` flags.
    EpollEvents,
    /// `EPOLL_CTL_…`.
    EpollOp,
    /// `F_…`, a command of fcntl(2).
    FcntlCommand,
    /// What an offset counts from: lseek(2).
    Whence,
    /// `O_…` flags.
    OpenFlags,
    /// `SPLICE_F_…` flags.
    SpliceFlags,
    /// An ioctl(2) request.
    IoctlRequest,
    /// A set of capabilities, one bit for each.
    Capabilities,
}

/// An argument or a result as an event holds it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A NULL pointer, or nothing to show.
    Null,
    /// A plain number.
    Int(i64),
    /// A number that has a name.
    Number(Kind, i64),
    /// A file descriptor.
    Fd(RawFd),
    /// Bytes: the first ones of a buffer, and how many there were.
    Bytes {
        /// At most [`Value::BYTES_KEPT`] bytes.
        kept: Vec<u8>,
        /// How many there were.
        len: usize,
    },
    /// Words to be quoted: a path, a host name.
    Text(String),
    /// A word that stands for itself: flags by their names, a duration.
    Word(String),
    /// A socket address.
    Address(Address),
    /// Several values.
    List(Vec<Self>),
    /// Named values, as in a C struct.
    Fields(Vec<Arg>),
}

/// A named argument.
pub type Arg = (&'static str, Value);

impl Value {
    /// The bytes of one buffer that an event keeps; the rest is only counted.
    pub const BYTES_KEPT: usize = 4096;

    /// Keeps the start of `bytes`.
    #[must_use]
    pub fn bytes(bytes: &[u8]) -> Self {
        let kept = bytes.get(..Self::BYTES_KEPT).unwrap_or(bytes).to_vec();
        Self::Bytes { kept, len: bytes.len() }
    }

    /// Keeps the part of `buffer` that a receiving call filled.
    #[must_use]
    pub fn filled(buffer: &[u8], result: &Result<i64, Errno>) -> Self {
        let len = result.as_ref().map_or(0, |n| usize::try_from(*n).unwrap_or(0));
        Self::bytes(buffer.get(..len.min(buffer.len())).unwrap_or_default())
    }

    /// Wraps a length or a count.
    #[must_use]
    pub fn len(n: usize) -> Self {
        Self::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

/// One operation that happened, on either side.
#[derive(Clone, Debug)]
pub struct Event {
    /// Numbers the events of the process in the order in which they began, from 1.
    pub id: u64,
    /// The thread that did it, by the kernel's number: gettid(2), what strace(1) shows as the pid.
    pub thread: i32,
    /// The composite that this call belongs to.
    pub parent: Option<u64>,
    /// How many composites enclose it.
    pub depth: usize,
    /// What was done, by the name a programmer types.
    pub op: Op,
    /// The kernel's name of the call; `None` on the user side.
    pub syscall: Option<&'static str>,
    /// The arguments by the manual's names, buffers as they were after the call.
    pub args: Vec<Arg>,
    /// What it returned; [`Value::Null`] as long as a composite has not ended.
    pub result: Result<Value, Errno>,
    /// Who wanted it.
    pub origin: Origin,
    /// When it began.
    pub began: Instant,
    /// How long it took.
    pub took: Duration,
    /// Whether it was only rehearsed and never reached the kernel.
    pub rehearsed: bool,
}

impl Event {
    /// Tells on which side the operation happened.
    #[must_use]
    pub const fn side(&self) -> Side {
        if self.syscall.is_some() { Side::Kernel } else { Side::User }
    }

    /// Returns the argument of a name.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&Value> {
        self.args.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// Is told of what passes the door. Calls of one thread arrive in order; several threads may call at once.
pub trait Observer: Send + Sync {
    /// Is told that a composite begins; its result is not known yet.
    fn began(&self, event: &Event) {
        let _ = event;
    }

    /// Is told of an operation that has ended.
    fn happened(&self, event: &Event);
}

/// How many observers, scopes and rehearsals exist in the process. Zero is the fast path.
static WATCHERS: AtomicUsize = AtomicUsize::new(0);
/// Observers of the whole process.
static OBSERVERS: RwLock<Vec<(u64, Arc<dyn Observer>)>> = RwLock::new(Vec::new());
/// The last event number given.
static EVENTS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static HERE: RefCell<Here> = const { RefCell::new(Here::new()) };
    /// This thread's number, asked once. gettid(2) cannot fail and touches no descriptor, so it is no event.
    // SAFETY: no pointer is passed.
    static THREAD: i32 = unsafe { libc::syscall(libc::SYS_gettid) } as i32;
}

/// What stands at the door for this thread alone.
struct Here {
    composites: Vec<u64>,
    observers: Vec<(u64, Arc<dyn Observer>)>,
    origin: Origin,
}

impl Here {
    const fn new() -> Self {
        Self { composites: Vec::new(), observers: Vec::new(), origin: Origin::Job }
    }
}

/// Asks or changes what stands here. A thread that ends may have given it up already: a descriptor in another variable of
/// the thread is closed after that.
fn here<R>(otherwise: R, body: impl FnOnce(&mut Here) -> R) -> R {
    HERE.try_with(|here| body(&mut here.borrow_mut())).unwrap_or(otherwise)
}

/// Counts as one who stands at the door until dropped.
#[derive(Debug)]
pub(crate) struct Watching(());

impl Watching {
    pub(crate) fn begin() -> Self {
        WATCHERS.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        WATCHERS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does something when dropped, also when a panic passes by.
pub(crate) struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> OnDrop<F> {
    pub(crate) const fn new(body: F) -> Self {
        Self(Some(body))
    }
}

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(body) = self.0.take() {
            body();
        }
    }
}

/// Takes what it holds away from the door again when dropped.
#[must_use = "the observer leaves when this is dropped"]
#[derive(Debug)]
pub struct Watch {
    id: u64,
    local: bool,
    _watching: Watching,
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The observer itself is dropped with no borrow or lock held: it may close descriptors, which pass the door.
        let leaves = |(id, _): &mut (u64, Arc<dyn Observer>)| *id == self.id;
        let _left: Vec<_> = if self.local {
            here(Vec::new(), |here| here.observers.extract_if(.., leaves).collect())
        } else {
            let mut observers = OBSERVERS.write().unwrap_or_else(PoisonError::into_inner);
            observers.extract_if(.., leaves).collect()
        };
    }
}

/// Tells `observer` of everything in the process until the returned [`Watch`] is dropped.
pub fn observe(observer: Arc<dyn Observer>) -> Watch {
    let id = EVENTS.fetch_add(1, Ordering::Relaxed);
    OBSERVERS.write().unwrap_or_else(PoisonError::into_inner).push((id, observer));
    Watch { id, local: false, _watching: Watching::begin() }
}

/// Tells `observer` of what this thread does until the returned [`Watch`] is dropped (on this thread).
pub fn observe_here(observer: Arc<dyn Observer>) -> Watch {
    let id = EVENTS.fetch_add(1, Ordering::Relaxed);
    here((), |here| here.observers.push((id, observer)));
    Watch { id, local: true, _watching: Watching::begin() }
}

/// Runs `body` as what the trace itself asks the kernel: its events carry [`Origin::Trace`].
pub fn for_the_trace<R>(body: impl FnOnce() -> R) -> R {
    let before = here(Origin::Job, |here| std::mem::replace(&mut here.origin, Origin::Trace));
    let _back = OnDrop::new(|| here((), |here| here.origin = before));
    body()
}

/// Reports a step in user space that makes no call, with the arguments and the result that the closure gives.
pub fn note(op: Op, describe: impl FnOnce() -> (Vec<Arg>, Result<Value, Errno>)) {
    if is_watched() {
        let (args, result) = describe();
        Ticket::take(op, None).end(args, result);
    }
}

/// Runs `body` as the user-space composite `op`: calls made inside point to it.
///
/// `args` is asked before, `result` after; neither is called when nobody watches.
pub fn compose<R>(
    op: Op,
    args: impl FnOnce() -> Vec<Arg>,
    body: impl FnOnce() -> R,
    result: impl FnOnce(&R) -> Result<Value, Errno>,
) -> R {
    if !is_watched() {
        return body();
    }
    let mut event = Ticket::take(op, None).event;
    event.args = args();
    tell(&event, |observer, event| observer.began(event));
    here((), |here| here.composites.push(event.id));
    let end = OnDrop::new(|| {
        here(None, |here| here.composites.pop());
    });
    let outcome = body();
    drop(end);
    event.took = event.began.elapsed();
    event.result = result(&outcome);
    tell(&event, |observer, event| observer.happened(event));
    outcome
}

/// Tells whether anything stands at the door.
#[inline]
pub(crate) fn is_watched() -> bool {
    WATCHERS.load(Ordering::Relaxed) != 0
}

/// An event between its beginning and its end.
pub(crate) struct Ticket {
    event: Event,
}

impl Ticket {
    fn take(op: Op, syscall: Option<&'static str>) -> Self {
        let (parent, depth, origin) = here((None, 0, Origin::Job), |here| {
            (here.composites.last().copied(), here.composites.len(), here.origin)
        });
        let event = Event {
            id: EVENTS.fetch_add(1, Ordering::Relaxed) + 1,
            thread: THREAD.with(|thread| *thread),
            parent,
            depth,
            op,
            syscall,
            args: Vec::new(),
            result: Ok(Value::Null),
            origin,
            began: Instant::now(),
            took: Duration::ZERO,
            rehearsed: false,
        };
        Self { event }
    }

    /// Begins the event of a system call, if anybody watches.
    #[inline]
    pub(crate) fn for_call(op: Op, syscall: &'static str) -> Option<Self> {
        is_watched().then(|| Self::take(op, Some(syscall)))
    }

    /// Tells whether the call on `fd` must not reach the kernel, because this thread only rehearses.
    pub(crate) fn is_rehearsed(&mut self, fd: RawFd) -> bool {
        self.event.rehearsed = rehearsal::keeps_off(fd);
        self.event.rehearsed
    }

    /// Takes the time as soon as the call is back.
    pub(crate) fn stop_the_clock(&mut self) {
        self.event.took = self.event.began.elapsed();
    }

    /// Ends the event and tells the observers.
    pub(crate) fn give_back(self, args: Vec<Arg>, result: Result<i64, Errno>) {
        let result = result.map(|n| match self.event.op {
            Op::Socket | Op::Accept | Op::Dup | Op::Open | Op::EpollCreate | Op::Eventfd => {
                Value::Fd(n as RawFd)
            }
            _ => Value::Int(n),
        });
        self.end(args, result);
    }

    fn end(self, args: Vec<Arg>, result: Result<Value, Errno>) {
        let event = Event { args, result, ..self.event };
        tell(&event, |observer, event| observer.happened(event));
    }
}

/// Turns the raw return value of syscall(2) into a result. Must be called before anything else can touch errno.
#[inline]
pub(crate) fn check(returned: i64) -> Result<i64, Errno> {
    if returned == -1 { Err(Errno::last()) } else { Ok(returned) }
}

/// Cuts the kernel's name of a call out of the name of its number: `SYS_recvfrom` is `recvfrom`.
pub(crate) const fn kernel_name(number: &'static str) -> &'static str {
    number.split_at("SYS_".len()).1
}

/// Takes the mark off an argument's name that is a keyword of Rust: `r#type` is `type`.
pub(crate) const fn plain_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at("r#".len()).1,
        _ => name,
    }
}

/// Calls every observer that concerns this thread, with no lock or borrow held: an observer may make calls itself.
fn tell(event: &Event, call: impl Fn(&dyn Observer, &Event)) {
    let mut observers: Vec<_> =
        here(Vec::new(), |here| here.observers.iter().map(|(_, observer)| Arc::clone(observer)).collect());
    let everywhere = OBSERVERS.read().unwrap_or_else(PoisonError::into_inner);
    observers.extend(everywhere.iter().map(|(_, observer)| Arc::clone(observer)));
    drop(everywhere);
    for observer in observers {
        call(observer.as_ref(), event);
    }
}

/// Makes one system call, tried once, and reports it.
///
/// `pass!(Op::Recv, SYS_recvfrom(raw, pointer, …), on raw, rehearsed Ok(0), |result| [fd: Value::Fd(raw), …])`: the number
/// of the call names it in the event too; `on` is its descriptor, [`NO_FD`] if it has none ([`LOOKING`](rehearsal::LOOKING) if it
/// only looks); `rehearsed` is the [`Answer`](rehearsal::Answer) of
/// a dry door; the list is built after the call, and only when somebody watches.
///
/// The macro holds the `unsafe` block; whoever uses it says in a SAFETY comment why every pointer passed is valid for
/// what the kernel does with it. Each argument is widened to a register by [`Register`]: syscall(2) is variadic, and
/// leaves the upper half of a register that a narrower argument is passed in undefined.
macro_rules! pass {
    ($op:expr, $number:ident($($argument:expr),* $(,)?), on $fd:expr, rehearsed $answer:expr,
     |$result:ident| [$($key:ident: $value:expr),* $(,)?]) => {{
        const NAME: &str = $crate::door::kernel_name(stringify!($number));
        const _: () = assert!(
            matches!($op.syscall(), Some((_, number)) if number == ::libc::$number),
            "the operation's row in `op.rs` names another call",
        );
        let mut ticket = $crate::door::Ticket::for_call($op, NAME);
        let $result = if ticket.as_mut().is_some_and(|ticket| ticket.is_rehearsed($fd)) {
            $answer
        } else {
            // SAFETY: the user of the macro vouches for the pointers among the arguments.
            $crate::door::check(unsafe { ::libc::syscall(::libc::$number, $($crate::door::Register::widen($argument)),*) })
        };
        if let Some(mut ticket) = ticket {
            ticket.stop_the_clock();
            ticket.give_back(vec![$(($crate::door::plain_name(stringify!($key)), $value)),*], $result);
        }
        $result
    }};
}
pub(crate) use pass;

/// An argument of a system call, which the kernel takes in a register of 64 bits.
pub(crate) trait Register {
    /// Fills the register: an integer keeps its value, a pointer its address.
    fn widen(self) -> i64;
}

impl Register for i32 {
    fn widen(self) -> i64 {
        self.into()
    }
}

impl Register for u32 {
    fn widen(self) -> i64 {
        self.into()
    }
}

impl Register for i64 {
    fn widen(self) -> i64 {
        self
    }
}

impl Register for u64 {
    fn widen(self) -> i64 {
        self as i64
    }
}

impl Register for usize {
    fn widen(self) -> i64 {
        self as i64
    }
}

impl<T> Register for *const T {
    fn widen(self) -> i64 {
        self.expose_provenance() as i64
    }
}

impl<T> Register for *mut T {
    fn widen(self) -> i64 {
        self.expose_provenance() as i64
    }
}

/// Stands for the descriptor of a call that has none.
pub(crate) const NO_FD: RawFd = -1;

#[cfg(test)]
pub(crate) mod tests {
    use std::os::fd::{AsFd, AsRawFd};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Mutex;

    use super::*;
    use crate::{Fd, c, socket};

    #[derive(Default)]
    struct Notes(Mutex<Vec<Event>>);

    impl Observer for Notes {
        fn happened(&self, event: &Event) {
            self.0.lock().unwrap().push(event.clone());
        }
    }

    pub(crate) fn watch(body: impl FnOnce()) -> Vec<Event> {
        let notes = Arc::new(Notes::default());
        let watch = observe_here(notes.clone());
        body();
        drop(watch);
        notes.0.lock().unwrap().clone()
    }

    #[test]
    fn every_call_is_an_event_close_included() {
        let events = watch(|| {
            let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_STREAM, 0).unwrap();
            socket::send(left.as_fd(), b"hi", 0).unwrap();
            let mut room = [0; 8];
            socket::recv(right.as_fd(), &mut room, 0).unwrap();
        });
        let calls: Vec<_> = events.iter().map(|e| (e.op.name(), e.syscall.unwrap())).collect();
        let expected = [
            ("socketpair", "socketpair"),
            ("send", "sendto"),
            ("recv", "recvfrom"),
            ("close", "close"),
            ("close", "close"),
        ];
        assert_eq!(calls, expected);
        assert!(events[2].args.contains(&("buffer", Value::bytes(b"hi"))));
        assert!(events.iter().all(|e| e.side() == Side::Kernel && e.origin == Origin::Job));
    }

    #[test]
    fn arguments_fill_a_register() {
        assert_eq!(Register::widen(-1i32), -1);
        assert_eq!(Register::widen(u32::MAX), 0xffff_ffff);
        assert_eq!(Register::widen(u64::MAX), -1);
        let here = 7u8;
        assert_eq!(Register::widen(&raw const here), (&raw const here).addr() as i64);
    }

    #[test]
    fn composites_own_their_calls_and_failures_carry_errno() {
        let events = watch(|| {
            let body = || socket::socket(c::AF_INET, 77, 0).map(|_| ());
            compose(Op::Sendall, Vec::new, body, |done| done.map(|()| Value::Null)).unwrap_err();
        });
        let [call, composite] = &events[..] else { panic!("two events, not {events:?}") };
        assert_eq!(call.parent, Some(composite.id));
        assert_eq!((call.depth, composite.depth), (1, 0));
        assert_eq!(call.result, Err(Errno::EINVAL));
        assert_eq!(composite.result, Err(Errno::EINVAL));
        assert_eq!(composite.side(), Side::User);
    }

    #[test]
    fn arguments_have_the_manuals_names() {
        let events = watch(|| drop(socket::socket(c::AF_UNIX, c::SOCK_DGRAM, 0)));
        let names: Vec<_> = events[0].args.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["family", "type", "protocol"]);
    }

    #[test]
    fn an_event_names_its_thread() {
        // proc(5): the link's last part is the number of the thread that reads it.
        let body = || {
            let events = watch(|| drop(socket::socket(c::AF_UNIX, c::SOCK_DGRAM, 0)));
            let own = std::fs::read_link("/proc/thread-self").unwrap();
            assert!(own.ends_with(events[0].thread.to_string()), "{} {own:?}", events[0].thread);
            events[0].thread
        };
        let here = body();
        let there = std::thread::spawn(body).join().unwrap();
        assert_ne!(here, there);
    }

    #[test]
    fn an_observer_may_make_calls_itself() {
        struct Curious;
        impl Observer for Curious {
            fn happened(&self, event: &Event) {
                if event.origin == Origin::Job {
                    for_the_trace(|| crate::cap::get().unwrap());
                }
            }
        }
        let _watch = observe_here(Arc::new(Curious));
        socket::socketpair(c::AF_UNIX, c::SOCK_STREAM, 0).unwrap();
    }

    #[test]
    fn a_panic_leaves_the_door_as_it_was() {
        let events = watch(|| {
            let inside = || for_the_trace(|| panic!("inside"));
            let inside = || compose(Op::Sendall, Vec::new, inside, |()| Ok(Value::Null));
            assert!(catch_unwind(AssertUnwindSafe(inside)).is_err());
            drop(socket::socket(c::AF_UNIX, c::SOCK_DGRAM, 0));
        });
        let [open, close] = &events[..] else { panic!("{events:?}") };
        for event in [open, close] {
            assert_eq!((event.parent, event.depth, event.origin), (None, 0, Origin::Job));
        }
    }

    #[test]
    fn a_descriptor_may_outlive_the_threads_variables() {
        thread_local! {
            static KEPT: RefCell<Option<Fd>> = const { RefCell::new(None) };
        }
        let notes = Arc::new(Notes::default());
        let _watch = observe(notes.clone());
        let ends = || {
            // Variables of a thread go in the reverse order of their first use: this one after the door's.
            KEPT.set(None);
            let (left, _right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
            let number = left.as_raw_fd();
            KEPT.set(Some(left));
            (THREAD.with(|thread| *thread), number)
        };
        let (thread, number) = std::thread::spawn(ends).join().unwrap();
        let notes = notes.0.lock().unwrap();
        let mut closed = notes.iter().filter(|event| event.op == Op::Close && event.thread == thread);
        assert!(closed.any(|event| event.args.contains(&("fd", Value::Fd(number)))));
    }

    #[test]
    fn an_observer_that_leaves_may_close_what_it_holds() {
        struct Holds(#[expect(dead_code, reason = "held to be dropped")] Fd);
        impl Observer for Holds {
            fn happened(&self, _event: &Event) {}
        }
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
        drop(observe_here(Arc::new(Holds(left))));
        drop(observe(Arc::new(Holds(right))));
    }
}
