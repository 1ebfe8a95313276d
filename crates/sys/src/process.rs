//! Calls about the process and the machine: limits, names, identity, randomness.

use std::ffi::CStr;

use crate::door::{NO_FD, Value, pass};
use crate::rehearsal::LOOKING;
use crate::{Errno, Op};

/// A soft and a hard limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Limit {
    /// What the kernel enforces.
    pub soft: u64,
    /// How far the soft one may be raised.
    pub hard: u64,
}

/// Reads a limit, and sets it when `new` is given. Source: prlimit(2).
///
/// # Errors
/// `EPERM` when the hard limit is to be raised, `EINVAL` for a soft one above the hard one.
pub fn limit(resource: u32, new: Option<Limit>) -> Result<Limit, Errno> {
    let mut old = Limit { soft: 0, hard: 0 };
    let pointer = new.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: `Limit` has the layout of `rlimit64`; `pointer` is NULL or points to one, and there is room for one.
    pass!(Op::Prlimit, SYS_prlimit64(0, resource, pointer, &raw mut old), on NO_FD, rehearsed Ok(0), |_result| [
        resource: Value::Int(resource.into()), soft: Value::Int(old.soft as i64), hard: Value::Int(old.hard as i64),
    ])?;
    Ok(old)
}

/// Reads the host's name. Source: uname(2), gethostname(2).
///
/// # Errors
/// None on Linux.
pub fn gethostname() -> Result<Vec<u8>, Errno> {
    // SAFETY: all-zero bytes are a valid `utsname`: it holds only character arrays.
    let mut name: libc::utsname = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one `utsname`, for which there is room.
    pass!(Op::Uname, SYS_uname(&raw mut name), on LOOKING, rehearsed Ok(0), |_result| [
        nodename: Value::Text(field(&name.nodename)),
    ])?;
    Ok(field(&name.nodename).into_bytes())
}

fn field(chars: &[libc::c_char]) -> String {
    let bytes: Vec<u8> = chars.iter().map(|c| *c as u8).collect();
    CStr::from_bytes_until_nul(&bytes).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Sets the host's name. Source: sethostname(2).
///
/// # Errors
/// `EPERM` without `CAP_SYS_ADMIN` in the namespace, `EINVAL` above 64 bytes.
pub fn sethostname(name: &[u8]) -> Result<(), Errno> {
    // SAFETY: the kernel only reads the bytes of the slice.
    pass!(Op::Sethostname, SYS_sethostname(name.as_ptr(), name.len()), on NO_FD, rehearsed Ok(0), |_result| [
        name: Value::Text(name.escape_ascii().to_string()),
    ])?;
    Ok(())
}

/// Fills the buffer with random bytes of the kernel. Source: getrandom(2).
///
/// # Errors
/// `EINTR` for more than 256 bytes.
pub fn getrandom(buffer: &mut [u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes at most `buffer.len()` bytes into the slice.
    let got = pass!(
        Op::Getrandom, SYS_getrandom(buffer.as_mut_ptr(), buffer.len(), 0), on LOOKING, rehearsed Ok(0),
        |_result| [length: Value::len(buffer.len())]
    )?;
    Ok(got as usize)
}

/// Has all threads share one heap. glibc gives each thread one of its own, for which it reserves 64 MiB of addresses: under
/// a limit of them (`RLIMIT_AS`) they are gone before the memory is. Source: mallopt(3).
pub fn share_one_heap() {
    #[cfg(target_env = "gnu")]
    {
        // SAFETY: two integers are passed; 0, that glibc does not know it, changes nothing.
        unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
    }
}

/// Reads the process's number. Source: getpid(2), which cannot fail and opens nothing, so it is no event.
#[must_use]
pub fn id() -> u32 {
    std::process::id()
}
