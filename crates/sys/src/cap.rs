//! The capabilities of the calling thread: what it has now, what it may raise, and giving them up.
//!
//! Source: capabilities(7), capget(2). Sets are 64-bit words here, one bit for each capability. Each thread has its own;
//! a new thread begins with those of the one that made it.

use crate::door::{Kind, NO_FD, Value, pass};
use crate::rehearsal::LOOKING;
use crate::{Errno, Op};

/// A capability by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Capability {
    /// Set the owner of files: not used, but doctor names it.
    Chown = 0,
    /// `CAP_DAC_OVERRIDE`: open, bind and connect by a path whatever the permissions of files and folders are.
    DacOverride = 1,
    /// `CAP_NET_BIND_SERVICE`: bind ports below `ip_unprivileged_port_start`.
    NetBindService = 10,
    /// `CAP_NET_ADMIN`: change interfaces, routes, and some socket options.
    NetAdmin = 12,
    /// `CAP_NET_RAW`: raw and packet sockets, foreign source addresses.
    NetRaw = 13,
    /// `CAP_SYS_PTRACE`: look into processes of others, at what they have open as well.
    SysPtrace = 19,
    /// `CAP_SYS_ADMIN`: among much else, set the host name.
    SysAdmin = 21,
    /// `CAP_SYS_RESOURCE`: raise hard limits.
    SysResource = 24,
}

impl Capability {
    /// Lists those that have a name here.
    pub const ALL: &[Self] = &[
        Self::Chown,
        Self::DacOverride,
        Self::NetBindService,
        Self::NetAdmin,
        Self::NetRaw,
        Self::SysPtrace,
        Self::SysAdmin,
        Self::SysResource,
    ];

    /// Returns the manual's name, such as `"CAP_NET_RAW"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chown => "CAP_CHOWN",
            Self::DacOverride => "CAP_DAC_OVERRIDE",
            Self::NetBindService => "CAP_NET_BIND_SERVICE",
            Self::NetAdmin => "CAP_NET_ADMIN",
            Self::NetRaw => "CAP_NET_RAW",
            Self::SysPtrace => "CAP_SYS_PTRACE",
            Self::SysAdmin => "CAP_SYS_ADMIN",
            Self::SysResource => "CAP_SYS_RESOURCE",
        }
    }

    /// Returns its bit in a set.
    #[must_use]
    pub const fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// The three sets of a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sets {
    /// What the kernel checks.
    pub effective: u64,
    /// What may be made effective.
    pub permitted: u64,
    /// What survives exec(2) into a file that inherits it.
    pub inheritable: u64,
}

impl Sets {
    /// Tells whether the kernel would grant it now.
    #[must_use]
    pub const fn has(&self, capability: Capability) -> bool {
        self.effective & capability.bit() != 0
    }

    /// Tells whether it could be raised.
    #[must_use]
    pub const fn may_raise(&self, capability: Capability) -> bool {
        self.permitted & capability.bit() != 0
    }
}

/// `struct __user_cap_header_struct`, version 3.
#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

/// `struct __user_cap_data_struct`; version 3 has two, for the low and the high 32 bits.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Data {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// `_LINUX_CAPABILITY_VERSION_3`.
const VERSION_3: u32 = 0x2008_0522;

/// Reads the sets of the calling thread. Source: capget(2).
///
/// # Errors
/// None on any kernel we run on.
pub fn get() -> Result<Sets, Errno> {
    let mut header = Header { version: VERSION_3, pid: 0 };
    let mut data = [Data::default(); 2];
    // SAFETY: version 3 makes the kernel write exactly two `Data`, for which there is room.
    pass!(Op::Capget, SYS_capget(&raw mut header, data.as_mut_ptr()), on LOOKING, rehearsed Ok(0), |_result| [
        effective: shown(joined(&data).effective),
        permitted: shown(joined(&data).permitted),
    ])?;
    Ok(joined(&data))
}

fn joined(data: &[Data; 2]) -> Sets {
    let join = |part: fn(&Data) -> u32| u64::from(part(&data[0])) | u64::from(part(&data[1])) << 32;
    Sets {
        effective: join(|data| data.effective),
        permitted: join(|data| data.permitted),
        inheritable: join(|data| data.inheritable),
    }
}

fn shown(set: u64) -> Value {
    Value::Number(Kind::Capabilities, set as i64)
}

/// Sets the calling thread's capabilities; the other threads of the process keep theirs. Source: capset(2).
///
/// # Errors
/// `EPERM` when something is to be gained that is not permitted.
pub fn set(sets: &Sets) -> Result<(), Errno> {
    let mut header = Header { version: VERSION_3, pid: 0 };
    let half = |shift: u32| Data {
        effective: (sets.effective >> shift) as u32,
        permitted: (sets.permitted >> shift) as u32,
        inheritable: (sets.inheritable >> shift) as u32,
    };
    let data = [half(0), half(32)];
    // SAFETY: version 3 makes the kernel read exactly two `Data`.
    pass!(Op::Capset, SYS_capset(&raw mut header, data.as_ptr()), on NO_FD, rehearsed Ok(0), |_result| [
        effective: shown(sets.effective),
        permitted: shown(sets.permitted),
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_those_that_proc_shows() {
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:")).unwrap();
        assert_eq!(get().unwrap().effective, u64::from_str_radix(effective.trim(), 16).unwrap());
    }
}
