//! Privileges only while they are needed: raised around the one call that was refused without, and lowered again.
//!
//! A thread has capabilities in two sets: those it may make count (permitted) and those that count now (effective).
//! [`lower`] empties the second and cuts the first down to what a job of sockets can need at all. So whatever a peer
//! sends is read without any privilege. From then on a call that is refused for want of a permitted capability is made
//! a second time with that one effective: two system calls more around it, which a trace shows like any other.
//!
//! Nothing is raised in a process that never called [`lower`]: a program that has lowered its effective set by itself,
//! for instance by seteuid(2) on somebody's behalf, wants to be refused. Source: capabilities(7).

use std::sync::atomic::{AtomicBool, Ordering};

use sys::cap::{self, Capability, Sets};
use sys::{Address, Errno, Op, UnixAddress, c};

use crate::error::{Error, Result};

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
    cap::set(&after).map_err(|errno| Error::new(Op::Capset, errno))
}

/// Makes a call; when it fails with `refusal` for want of a capability that this thread may raise, raises it, makes the
/// call again and lowers it.
pub(crate) fn around<T>(
    refusal: Errno,
    needed: Option<Capability>,
    mut call: impl FnMut() -> std::result::Result<T, Errno>,
) -> std::result::Result<T, Errno> {
    match call() {
        Err(errno) if errno == refusal => match needed.and_then(Raised::raise) {
            Some(_raised) => call(),
            None => Err(errno),
        },
        outcome => outcome,
    }
}

/// Says which capability a refused bind(2) lacks.
pub(crate) const fn to_bind(address: &Address) -> Option<Capability> {
    match address {
        Address::V4(_) | Address::V6(_) | Address::Vsock { .. } => Some(Capability::NetBindService),
        address => to_reach(address),
    }
}

/// Says which capability a refused connect(2) or sendto(2) lacks: none but to a name in the file system.
pub(crate) const fn to_reach(address: &Address) -> Option<Capability> {
    match address {
        Address::Unix(UnixAddress::Path(_)) => Some(Capability::DacOverride),
        _ => None,
    }
}

/// Says which capability a refused setsockopt(2) lacks. Source: socket(7), ip(7), and `net/ipv6/ipv6_sockglue.c` for
/// the headers.
pub(crate) const fn to_set(level: i32, name: i32) -> Capability {
    use c::option::{IPV6_DSTOPTS, IPV6_HOPOPTS, IPV6_RTHDRDSTOPTS, SO_BINDTODEVICE, SO_BINDTOIFINDEX};
    match (level, name) {
        (c::SOL_SOCKET, SO_BINDTODEVICE | SO_BINDTOIFINDEX)
        | (c::SOL_IPV6, IPV6_HOPOPTS | IPV6_RTHDRDSTOPTS | IPV6_DSTOPTS) => Capability::NetRaw,
        _ => Capability::NetAdmin,
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
