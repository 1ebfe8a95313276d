//! Privileges only while they are needed: raised around the one call that was refused without, and lowered again.
//!
//! A thread has capabilities in two sets: those it may make count (permitted) and those that count now (effective).
//! [`lower`] empties the second and cuts the first down to what a job of sockets can need at all. So whatever a peer
//! sends is read without any privilege. From then on a call that is refused for want of a permitted capability is made
//! a second time with that one effective: two system calls more around it, which a trace shows like any other.
//!
//! Nothing is raised in a process that never called [`lower`]: a program that has lowered its effective set by itself,
//! for instance by seteuid(2) on somebody's behalf, wants to be refused. Source: capabilities(7).

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sys::cap::{self, Capability, Sets};
use sys::{Address, Errno, Op, UnixAddress, c};

use crate::error::{Error, Result};
use crate::option;
use crate::privilege::Privilege;

/// Which capabilities [`lower`] leaves to be raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// None.
    Nothing,
    /// Those for sockets: `CAP_NET_BIND_SERVICE`, `CAP_NET_ADMIN`, `CAP_NET_RAW`.
    Network,
    /// Those for sockets, and `CAP_DAC_OVERRIDE` to reach files and Unix sockets in other users' folders.
    NetworkAndFiles,
}

impl Keep {
    fn set(self) -> u64 {
        let kept: &[Capability] = match self {
            Self::Nothing => &[],
            Self::Network => &[Capability::NetBindService, Capability::NetAdmin, Capability::NetRaw],
            Self::NetworkAndFiles => &[
                Capability::NetBindService,
                Capability::NetAdmin,
                Capability::NetRaw,
                Capability::DacOverride,
            ],
        };
        kept.iter().map(|capability| capability.bit()).sum()
    }
}

/// Whether [`lower`] was called in this process.
static RAISES: AtomicBool = AtomicBool::new(false);

/// Tells whether calls of this crate raise what they need by themselves.
pub(crate) fn raises() -> bool {
    RAISES.load(Ordering::Relaxed)
}

/// What [`lower`] took from the permitted set of whoever called it.
static GIVEN_UP: AtomicU64 = AtomicU64::new(0);

/// Tells whether this process had a capability until [`lower`] gave it up.
pub(crate) fn gave_up(capability: Capability) -> bool {
    GIVEN_UP.load(Ordering::Relaxed) & capability.bit() != 0
}

/// Makes every capability of the calling thread ineffective and gives up for good those that are not to be kept; from
/// then on this crate's calls raise what they need, each for itself. One or two calls. Source: capget(2), capset(2).
///
/// Threads that are started later begin with what is left; so call it before there are any, and after everything has
/// been opened that takes other privileges. To a process without capabilities it makes no difference.
///
/// # Errors
/// `EPERM` where a sandbox forbids capset(2) to a process that has capabilities.
pub fn lower(keep: Keep) -> Result<()> {
    RAISES.store(true, Ordering::Relaxed);
    let before = cap::get().map_err(|errno| Error::new(Op::Capget, errno))?;
    let after = Sets { effective: 0, permitted: before.permitted & keep.set(), inheritable: 0 };
    if after == before {
        return Ok(());
    }
    cap::set(&after).map_err(|errno| Error::new(Op::Capset, errno))?;
    GIVEN_UP.fetch_or(before.permitted & !after.permitted, Ordering::Relaxed);
    Ok(())
}

/// Makes a call; when it is refused (`EPERM`, `EACCES`) for want of a capability that this thread may raise, raises it,
/// makes the call again and lowers it. Of several that may do, one is tried after another.
pub(crate) fn around<T>(
    needed: &[Capability],
    mut call: impl FnMut() -> std::result::Result<T, Errno>,
) -> std::result::Result<T, Errno> {
    let mut outcome = call();
    for capability in needed {
        if !matches!(outcome, Err(Errno::EPERM | Errno::EACCES)) {
            break;
        }
        if let Some(_raised) = Raised::raise(*capability) {
            outcome = call();
        }
    }
    outcome
}

/// Says which capability a refused socket(2) lacks; none where a group decides (icmp(7)).
pub(crate) const fn to_open(family: i32, kind: i32, protocol: i32) -> &'static [Capability] {
    match Privilege::of_socket(family, kind, protocol) {
        Privilege::Capability(_) => &[Capability::NetRaw],
        _ => &[],
    }
}

/// Says which capability a refused bind(2) lacks.
pub(crate) const fn to_bind(address: &Address) -> &'static [Capability] {
    match address {
        Address::V4(_) | Address::V6(_) | Address::Vsock { .. } => &[Capability::NetBindService],
        // netlink(7): to join a multicast group.
        address if address.family() == c::AF_NETLINK => &[Capability::NetAdmin],
        address => to_reach(address),
    }
}

/// Says which capability a refused connect(2) or sendto(2) lacks: none but to a name in the file system.
pub(crate) const fn to_reach(address: &Address) -> &'static [Capability] {
    match address {
        Address::Unix(UnixAddress::Path(_)) => TO_REACH_FILES,
        _ => &[],
    }
}

/// To open, bind or reach by a path.
pub(crate) const TO_REACH_FILES: &[Capability] = &[Capability::DacOverride];

/// Says which capability a refused sendmsg(2) lacks: some control messages take what the options of their names take,
/// `SO_MARK` and `IPV6_HOPOPTS` among them.
pub(crate) fn to_send(control: &[u8], address: Option<&Address>) -> Vec<Capability> {
    let rows = sys::rights::messages(control).filter_map(|said| option::by_number(said.level, said.kind));
    let options = rows.filter_map(|row| row.privilege).flat_map(|privilege| privilege.capabilities);
    options.chain(address.map_or(&[][..], to_reach)).copied().collect()
}

/// Says which capability a refused setsockopt(2) or getsockopt(2) lacks, as the option's row says.
pub(crate) fn to_set(level: i32, name: i32) -> &'static [Capability] {
    match option::by_number(level, name) {
        Some(row) => row.privilege.map_or(&[], |privilege| privilege.capabilities),
        // The rule of the kernel for what changes more than the socket.
        None => &[Capability::NetAdmin],
    }
}

/// A capability that is effective until this is dropped.
struct Raised {
    before: Sets,
}

impl Raised {
    /// Raises a capability, if it is permitted and does not count already.
    fn raise(capability: Capability) -> Option<Self> {
        if !raises() {
            return None;
        }
        let before = cap::get().ok()?;
        if before.has(capability) || !before.may_raise(capability) {
            return None;
        }
        let raised = Sets { effective: before.effective | capability.bit(), ..before };
        cap::set(&raised).ok().map(|()| Self { before })
    }
}

impl Drop for Raised {
    fn drop(&mut self) {
        // Giving up takes no privilege. Where a sandbox forbids capset(2), raising has failed before.
        let _ = cap::set(&self.before);
    }
}
