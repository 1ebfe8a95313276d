//! Reading and writing descriptors that are no sockets of ours: the standard streams, files, pipes.
//!
//! They were inherited or opened for us, so their flags stay as they are unless asked.

use std::os::fd::BorrowedFd;

use sys::{Errno, Fd, Op, c, file};

use crate::error::{Error, Result};
use crate::raise;
use crate::timeout::check_interrupt;

/// Reads into `buffer`; 0 is the end. Made again after EINTR. Source: read(2).
///
/// # Errors
/// `EIO`, `EISDIR`, `EAGAIN`; a caught signal.
pub fn read(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> Result<usize> {
    again(Op::Read, || file::read(fd, buffer))
}

/// Writes bytes, returns how many were taken. Made again after EINTR. Source: write(2).
///
/// # Errors
/// `EPIPE`, `ENOSPC`, `EAGAIN`; a caught signal.
pub fn write(fd: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize> {
    again(Op::Write, || file::write(fd, bytes))
}

/// Writes all bytes. Source: write(2), as often as it takes.
///
/// # Errors
/// Those of [`write()`].
pub fn write_all(fd: BorrowedFd<'_>, bytes: &[u8]) -> Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let wrote = write(fd, rest)?;
        rest = rest.get(wrote..).unwrap_or_default();
    }
    Ok(())
}

/// Turns `O_NONBLOCK` of the open file description on or off. Two calls, not atomic. Source: fcntl(2).
///
/// # Errors
/// `EBADF`.
pub fn set_nonblocking(fd: BorrowedFd<'_>, on: bool) -> Result<()> {
    let failed = |errno| Error::new(Op::Fcntl, errno);
    let flags = file::fcntl(fd, c::F_GETFL, 0).map_err(failed)?;
    let nonblock = i64::from(c::O_NONBLOCK);
    let wanted = if on { flags | nonblock } else { flags & !nonblock };
    if wanted != flags {
        file::fcntl(fd, c::F_SETFL, wanted).map_err(failed)?;
    }
    Ok(())
}

fn again<T>(op: Op, mut call: impl FnMut() -> std::result::Result<T, Errno>) -> Result<T> {
    loop {
        match call() {
            Ok(done) => return Ok(done),
            Err(Errno::EINTR) => check_interrupt(op)?,
            Err(errno) => return Err(Error::new(op, errno)),
        }
    }
}

/// Opens a file, close-on-exec; `mode` counts only with `O_CREAT`. Source: open(2).
///
/// # Errors
/// `ENOENT`, `EACCES`, `EISDIR`, `ELOOP`.
pub fn open(path: &[u8], flags: i32, mode: u32) -> Result<Fd> {
    raise::around(raise::TO_REACH_FILES, || file::open(path, flags, mode))
        .map_err(|errno| Error::new(Op::Open, errno))
}

/// Removes a name from the file system. Source: unlink(2).
///
/// # Errors
/// `ENOENT`, `EACCES`.
pub fn unlink(path: &[u8]) -> Result<()> {
    raise::around(raise::TO_REACH_FILES, || file::unlink(path)).map_err(|errno| Error::new(Op::Unlink, errno))
}

/// Empties a file. Source: ftruncate(2).
///
/// # Errors
/// `EINVAL` where the descriptor is no regular file, or not open to be written.
pub fn empty(fd: BorrowedFd<'_>) -> Result<()> {
    file::ftruncate(fd, 0).map_err(|errno| Error::new(Op::Ftruncate, errno))
}

/// Moves the place where a file is read and written, and returns it; `whence` is `SEEK_SET`, `SEEK_CUR` or `SEEK_END`.
/// Source: lseek(2).
///
/// # Errors
/// `ESPIPE` for what has no places, such as a pipe, `EINVAL` before the beginning.
pub fn seek(fd: BorrowedFd<'_>, offset: i64, whence: i32) -> Result<u64> {
    file::lseek(fd, offset, whence).map_err(|errno| Error::new(Op::Lseek, errno))
}

/// Duplicates a descriptor; the copy is close-on-exec. Source: fcntl(2), `F_DUPFD_CLOEXEC`.
///
/// # Errors
/// `EMFILE`, `EBADF`.
pub fn dup(fd: BorrowedFd<'_>) -> Result<Fd> {
    file::dup(fd).map_err(|errno| Error::new(Op::Dup, errno))
}

/// Duplicates a descriptor that is known by its number alone, as `/dev/fd/N` has it; the copy is close-on-exec. Source:
/// fcntl(2), `F_DUPFD_CLOEXEC`.
///
/// # Errors
/// `EBADF` where nothing is open under the number; `EMFILE`.
pub fn dup_number(number: i32) -> Result<Fd> {
    file::dup_number(number).map_err(|errno| Error::new(Op::Dup, errno))
}

/// Tells whether a descriptor is a pipe or FIFO. Source: fstat(2).
///
/// # Errors
/// `EBADF`.
pub fn is_pipe(fd: BorrowedFd<'_>) -> Result<bool> {
    Ok(identity(fd)?.kind == c::S_IFIFO)
}

/// Asks the kernel for a larger buffer of a pipe. Source: fcntl(2), `F_SETPIPE_SZ`; pipe(7).
///
/// # Errors
/// `EPERM` above `/proc/sys/fs/pipe-max-size`, `EBUSY` when more is in it, `EBADF` when it is no pipe.
pub fn enlarge_pipe(fd: BorrowedFd<'_>, bytes: u32) -> Result<()> {
    let done = file::fcntl(fd, c::F_SETPIPE_SZ, bytes.into());
    done.map(|_| ()).map_err(|errno| Error::new(Op::Fcntl, errno))
}

/// Tells whether a descriptor is a socket. Source: fstat(2).
///
/// # Errors
/// `EBADF`.
pub fn is_socket(fd: BorrowedFd<'_>) -> Result<bool> {
    Ok(identity(fd)?.kind == c::S_IFSOCK)
}

/// Tells whether two descriptors are open on one regular file, by whatever names. Two calls. Source: fstat(2).
///
/// # Errors
/// `EBADF`.
pub fn is_same_file(one: BorrowedFd<'_>, other: BorrowedFd<'_>) -> Result<bool> {
    let (one, other) = (identity(one)?, identity(other)?);
    Ok(one.kind == c::S_IFREG && (one.device, one.inode) == (other.device, other.inode))
}

/// Tells whether a descriptor is a regular file that says how much is in it. Those that the kernel makes up while they are
/// read (proc(5)), of which some wait for what is to come, say 0. Source: fstat(2).
///
/// # Errors
/// `EBADF`.
pub fn is_filled_file(fd: BorrowedFd<'_>) -> Result<bool> {
    let file = identity(fd)?;
    Ok(file.kind == c::S_IFREG && file.size > 0)
}

/// Tells whether what is written to a descriptor waits for nobody to take it: it is a regular file or the null device.
/// Source: fstat(2), null(4).
///
/// # Errors
/// `EBADF`.
pub fn is_file_or_null(fd: BorrowedFd<'_>) -> Result<bool> {
    const NULL: (u32, u32) = (1, 3);
    let file = identity(fd)?;
    Ok(file.kind == c::S_IFREG || file.kind == c::S_IFCHR && file.numbers == NULL)
}

fn identity(fd: BorrowedFd<'_>) -> Result<file::Identity> {
    file::identity(fd).map_err(|errno| Error::new(Op::Fstat, errno))
}
