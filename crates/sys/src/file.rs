//! Reading, writing and moving bytes on any descriptor, and what a descriptor is.

use std::ffi::CString;
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use crate::door::{self, Kind, NO_FD, Value, pass};
use crate::rehearsal::{self, LOOKING, made_up_bytes, made_up_fd};
use crate::{Errno, Fd, Op, c, message};

/// Reads into `buffer`; 0 is the end. Source: read(2).
///
/// # Errors
/// `EAGAIN`, `EINTR`, `EIO`, `EISDIR` and those of recv(2) on a socket.
pub fn read(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> Result<usize, Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: the kernel writes at most `buffer.len()` bytes into the slice.
    let got = pass!(Op::Read, SYS_read(fd, buffer.as_mut_ptr(), buffer.len()), on fd, rehearsed made_up_bytes(fd, buffer.len()), |result| [
        fd: Value::Fd(fd), buffer: Value::filled(buffer, &result), length: Value::len(buffer.len()),
    ])?;
    Ok(got as usize)
}

/// Writes bytes; returns how many were taken. Source: write(2).
///
/// # Errors
/// `EPIPE`, `EAGAIN`, `ENOSPC`, `EINTR` and those of send(2) on a socket.
pub fn write(fd: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize, Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: the kernel only reads the bytes of the slice.
    let wrote = pass!(
        Op::Write, SYS_write(fd, bytes.as_ptr(), bytes.len()), on fd, rehearsed Ok(bytes.len() as i64),
        |_result| [fd: Value::Fd(fd), buffer: Value::bytes(bytes), length: Value::len(bytes.len())]
    )?;
    Ok(wrote as usize)
}

/// Reads into several buffers, one after another. Source: readv(2).
///
/// # Errors
/// Those of [`read`]; `EINVAL` above 1,024 buffers.
pub fn readv(fd: BorrowedFd<'_>, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: `IoSliceMut` is ABI-compatible with `iovec` (its documentation), and each buffer outlives the call.
    let got = pass!(Op::Readv, SYS_readv(fd, buffers.as_mut_ptr(), buffers.len()), on fd, rehearsed Ok(0), |result| [
        fd: Value::Fd(fd), buffers: Value::List(message::filled(buffers, result.unwrap_or(0) as usize)),
    ])?;
    Ok(got as usize)
}

/// Writes several buffers, one after another. Source: writev(2).
///
/// # Errors
/// Those of [`write()`]; `EINVAL` above 1,024 buffers.
pub fn writev(fd: BorrowedFd<'_>, buffers: &[IoSlice<'_>]) -> Result<usize, Errno> {
    let fd = fd.as_raw_fd();
    let total: usize = buffers.iter().map(|b| b.len()).sum();
    // SAFETY: `IoSlice` is ABI-compatible with `iovec` (its documentation), and the kernel only reads.
    let wrote = pass!(
        Op::Writev, SYS_writev(fd, buffers.as_ptr(), buffers.len()), on fd, rehearsed Ok(total as i64),
        |_result| [fd: Value::Fd(fd), buffers: Value::List(buffers.iter().map(|b| Value::bytes(b)).collect())]
    )?;
    Ok(wrote as usize)
}

/// Copies from a file to a socket within the kernel. Source: sendfile(2).
///
/// With `offset` the file's own position stays; without it, it moves.
///
/// # Errors
/// `EINVAL` when `from` cannot be mapped (a pipe, a socket), `EAGAIN`, `EPIPE`.
pub fn sendfile(
    to: BorrowedFd<'_>,
    from: BorrowedFd<'_>,
    offset: Option<&mut i64>,
    count: usize,
) -> Result<usize, Errno> {
    let (to, from) = (to.as_raw_fd(), from.as_raw_fd());
    let at = offset.as_deref().map_or(Value::Null, |at| Value::Int(*at));
    let pointer = offset.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: `pointer` is NULL or points to the caller's offset, which the kernel reads and updates.
    let sent = pass!(Op::Sendfile, SYS_sendfile(to, from, pointer, count), on to, rehearsed Ok(0), |_result| [
        out_fd: Value::Fd(to), in_fd: Value::Fd(from), offset: at, count: Value::len(count),
    ])?;
    Ok(sent as usize)
}

/// Moves bytes between two descriptors of which one is a pipe, without copying. Source: splice(2).
///
/// # Errors
/// `EINVAL` when neither is a pipe or the target is opened to append, `EAGAIN`, `EPIPE`.
pub fn splice(from: BorrowedFd<'_>, to: BorrowedFd<'_>, count: usize, flags: u32) -> Result<usize, Errno> {
    let (from, to) = (from.as_raw_fd(), to.as_raw_fd());
    // SAFETY: both offsets are NULL.
    let moved = pass!(Op::Splice, SYS_splice(from, 0usize, to, 0usize, count, flags), on from, rehearsed Ok(0), |_result| [
        fd_in: Value::Fd(from), fd_out: Value::Fd(to), count: Value::len(count),
        flags: Value::Number(Kind::SpliceFlags, flags.into()),
    ])?;
    Ok(moved as usize)
}

/// Opens a pipe: what is written to the second end is read from the first. Source: pipe2(2).
///
/// # Errors
/// `EMFILE`, `ENFILE`.
pub fn pipe(flags: i32) -> Result<(Fd, Fd), Errno> {
    let mut ends = [made_up_fd()? as RawFd, made_up_fd()? as RawFd];
    // SAFETY: `ends` has room for the two descriptors that the kernel writes.
    pass!(Op::Pipe, SYS_pipe2(ends.as_mut_ptr(), flags), on NO_FD, rehearsed Ok(0), |_result| [
        ends: Value::List(ends.iter().map(|fd| Value::Fd(*fd)).collect()),
        flags: Value::Number(Kind::OpenFlags, flags.into()),
    ])?;
    Ok((Fd::new(ends[0]), Fd::new(ends[1])))
}

/// Opens a file; `mode` counts only with `O_CREAT`. Always close-on-exec. Source: openat(2).
///
/// # Errors
/// `ENOENT`, `EACCES`, `EISDIR`, `ELOOP`, `EINVAL` when the path holds a NUL.
pub fn open(path: &[u8], flags: i32, mode: u32) -> Result<Fd, Errno> {
    let name = CString::new(path).map_err(|_| Errno::EINVAL)?;
    let flags = flags | c::O_CLOEXEC;
    // SAFETY: `name` is a NUL-terminated string that outlives the call.
    let fd = pass!(
        Op::Open, SYS_openat(libc::AT_FDCWD, name.as_ptr(), flags, mode), on NO_FD, rehearsed made_up_fd(),
        |_result| [
            path: Value::Text(String::from_utf8_lossy(path).into_owned()),
            flags: Value::Number(Kind::OpenFlags, flags.into()),
        ]
    )?;
    Ok(Fd::new(fd as RawFd))
}

/// Opens a configuration file to read it. A rehearsal opens it too: what is inside decides what the job would do.
///
/// # Errors
/// Those of [`open`].
pub fn open_config(path: &[u8]) -> Result<Fd, Errno> {
    let name = CString::new(path).map_err(|_| Errno::EINVAL)?;
    let flags = c::O_RDONLY | c::O_CLOEXEC;
    // SAFETY: `name` is a NUL-terminated string that outlives the call.
    let fd = pass!(Op::Open, SYS_openat(libc::AT_FDCWD, name.as_ptr(), flags, 0), on LOOKING, rehearsed Ok(0), |_result| [
        path: Value::Text(String::from_utf8_lossy(path).into_owned()),
        flags: Value::Number(Kind::OpenFlags, flags.into()),
    ])?;
    if door::is_watched() {
        rehearsal::opened(fd as RawFd);
    }
    Ok(Fd::new(fd as RawFd))
}

/// Removes a name from the file system. Source: unlink(2).
///
/// # Errors
/// `ENOENT`, `EACCES`, `EPERM`, `EINVAL` when the path holds a NUL.
pub fn unlink(path: &[u8]) -> Result<(), Errno> {
    let name = CString::new(path).map_err(|_| Errno::EINVAL)?;
    // SAFETY: `name` is a NUL-terminated string that outlives the call.
    pass!(Op::Unlink, SYS_unlinkat(libc::AT_FDCWD, name.as_ptr(), 0), on NO_FD, rehearsed Ok(0), |_result| [
        path: Value::Text(String::from_utf8_lossy(path).into_owned()),
    ])?;
    Ok(())
}

/// Cuts a file to so many bytes, or lengthens it by zeros. Source: ftruncate(2).
///
/// # Errors
/// `EINVAL` where the descriptor is no regular file, or not open to be written.
pub fn ftruncate(fd: BorrowedFd<'_>, length: u64) -> Result<(), Errno> {
    let length = i64::try_from(length).map_err(|_| Errno::EFBIG)?;
    let fd = fd.as_raw_fd();
    // SAFETY: no pointer is passed.
    pass!(Op::Ftruncate, SYS_ftruncate(fd, length), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), length: Value::Int(length),
    ])?;
    Ok(())
}

/// Moves the place where a file is read and written, and returns where that is: `offset` counts from `SEEK_SET` the
/// beginning, `SEEK_CUR` the place, `SEEK_END` the end. Source: lseek(2).
///
/// # Errors
/// `ESPIPE` for what has no places, such as a pipe, `EINVAL` before the beginning.
pub fn lseek(fd: BorrowedFd<'_>, offset: i64, whence: i32) -> Result<u64, Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: no pointer is passed.
    let place = pass!(Op::Lseek, SYS_lseek(fd, offset, whence), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), offset: Value::Int(offset), whence: Value::Number(Kind::Whence, whence.into()),
    ])?;
    u64::try_from(place).map_err(|_| Errno::EINVAL)
}

/// Gives a command with an integer argument to a descriptor: one of `F_GETFD`, `F_SETFD`, `F_GETFL`, `F_SETFL`,
/// `F_GETPIPE_SZ` and `F_SETPIPE_SZ`. Source: fcntl(2).
///
/// # Errors
/// `EBADF`, `EPERM`, `EINVAL`: also for any other command, of which some take an address.
pub fn fcntl(fd: BorrowedFd<'_>, command: i32, argument: i64) -> Result<i64, Errno> {
    use c::{F_GETFD, F_GETFL, F_GETPIPE_SZ, F_SETFD, F_SETFL, F_SETPIPE_SZ};
    if !matches!(command, F_GETFD | F_SETFD | F_GETFL | F_SETFL | F_GETPIPE_SZ | F_SETPIPE_SZ) {
        return Err(Errno::EINVAL);
    }
    let fd = fd.as_raw_fd();
    // SAFETY: each of the commands that come this far takes an integer.
    pass!(Op::Fcntl, SYS_fcntl(fd, command, argument), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), command: Value::Number(Kind::FcntlCommand, command.into()), argument: Value::Int(argument),
    ])
}

/// Duplicates a descriptor; the copy is close-on-exec. Source: fcntl(2), `F_DUPFD_CLOEXEC`.
///
/// # Errors
/// `EMFILE`, `EBADF`.
pub fn dup(fd: BorrowedFd<'_>) -> Result<Fd, Errno> {
    dup_number(fd.as_raw_fd())
}

/// Duplicates the descriptor of a number, whoever opened it; the copy is close-on-exec. Source: fcntl(2),
/// `F_DUPFD_CLOEXEC`.
///
/// # Errors
/// `EBADF`, `EMFILE`.
pub fn dup_number(fd: RawFd) -> Result<Fd, Errno> {
    // SAFETY: no pointer is passed, and what is open under the number stays as it is; the new descriptor is ours.
    let copy = pass!(
        Op::Dup, SYS_fcntl(fd, c::F_DUPFD_CLOEXEC, 0), on NO_FD, rehearsed made_up_fd(),
        |_result| [fd: Value::Fd(fd), command: Value::Number(Kind::FcntlCommand, c::F_DUPFD_CLOEXEC.into())]
    )?;
    Ok(Fd::new(copy as RawFd))
}

/// One of a descriptor's two queues of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// What waits to be read: `FIONREAD`.
    Receive,
    /// What waits to be sent, or to be acknowledged by a TCP peer: `TIOCOUTQ`.
    Send,
}

/// Asks how many bytes wait in a queue; of datagrams, in the first one. Source: tcp(7), udp(7), unix(7).
///
/// # Errors
/// `EINVAL`, `ENOTTY` where the descriptor has no such queue.
pub fn queued(fd: BorrowedFd<'_>, queue: Queue) -> Result<i32, Errno> {
    let request = match queue {
        Queue::Receive => c::FIONREAD,
        Queue::Send => c::TIOCOUTQ,
    };
    let (fd, mut count) = (fd.as_raw_fd(), 0i32);
    // SAFETY: both requests make the kernel write one `int` through the pointer.
    pass!(Op::Ioctl, SYS_ioctl(fd, request, &raw mut count), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), request: Value::Number(Kind::IoctlRequest, request as i64), count: Value::Int(count.into()),
    ])?;
    Ok(count)
}

/// What a descriptor is open on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The kind of thing: the `S_IFMT` bits.
    pub kind: u32,
    /// The device that holds the file.
    pub device: u64,
    /// The file's number on it.
    pub inode: u64,
    /// The bytes of a regular file.
    pub size: u64,
    /// The major and minor number of a device.
    pub numbers: (u32, u32),
}

/// Reads what kind of thing a descriptor is open on, which one, and its size; all zero in a rehearsal. Source: fstat(2).
///
/// # Errors
/// `EBADF`.
pub fn identity(fd: BorrowedFd<'_>) -> Result<Identity, Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: all-zero bytes are a valid `stat`: it holds only integers.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one `stat`, for which there is room.
    pass!(Op::Fstat, SYS_fstat(fd, &raw mut stat), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), mode: Value::Int(stat.st_mode.into()),
    ])?;
    let size = u64::try_from(stat.st_size).unwrap_or(0);
    Ok(Identity {
        kind: stat.st_mode & c::S_IFMT,
        device: stat.st_dev,
        inode: stat.st_ino,
        size,
        numbers: (libc::major(stat.st_rdev), libc::minor(stat.st_rdev)),
    })
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn a_file_is_cut_and_a_pipe_cannot_be() {
        let folder = std::env::temp_dir().join(format!("jackfield-ftruncate-{}", std::process::id()));
        std::fs::write(&folder, "from before").unwrap();
        let path = folder.to_str().unwrap().as_bytes();
        let file = open(path, c::O_WRONLY, 0).unwrap();
        assert_eq!(ftruncate(file.as_fd(), 4), Ok(()));
        assert_eq!(std::fs::read(&folder).unwrap(), b"from");
        unlink(path).unwrap();
        let (_read, write) = pipe(0).unwrap();
        assert_eq!(ftruncate(write.as_fd(), 0), Err(Errno::EINVAL));
    }

    #[test]
    fn a_file_has_places_and_a_pipe_has_none() {
        let folder = std::env::temp_dir().join(format!("jackfield-lseek-{}", std::process::id()));
        std::fs::write(&folder, "0123456789").unwrap();
        let path = folder.to_str().unwrap().as_bytes();
        let file = open(path, c::O_RDONLY, 0).unwrap();
        unlink(path).unwrap();
        assert_eq!(lseek(file.as_fd(), -4, c::SEEK_END), Ok(6));
        assert_eq!(lseek(file.as_fd(), 2, c::SEEK_CUR), Ok(8));
        assert_eq!(lseek(file.as_fd(), 3, c::SEEK_SET), Ok(3));
        assert_eq!(lseek(file.as_fd(), -4, c::SEEK_CUR), Err(Errno::EINVAL));
        let (left, _right) = pipe(0).unwrap();
        assert_eq!(lseek(left.as_fd(), 0, c::SEEK_CUR), Err(Errno::ESPIPE));
    }

    #[test]
    fn what_several_buffers_received_is_in_the_event() {
        let (end, other) = pipe(0).unwrap();
        write(other.as_fd(), b"abcde").unwrap();
        let events = door::tests::watch(|| {
            let (mut first, mut second) = ([0; 3], [0; 8]);
            let room = &mut [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
            assert_eq!(readv(end.as_fd(), room), Ok(5));
        });
        let bytes = Value::List(vec![Value::bytes(b"abc"), Value::bytes(b"de")]);
        assert_eq!(events[0].argument("buffers"), Some(&bytes));
    }

    #[test]
    fn commands_that_take_an_address_are_refused() {
        let (end, _other) = pipe(0).unwrap();
        let mut victim = [0xaau8; 64];
        let address = victim.as_mut_ptr().addr() as i64;
        // F_GETOWN_EX and F_GET_RW_HINT of `linux/fcntl.h` among them.
        for command in [libc::F_GETLK, libc::F_OFD_GETLK, 16, 1035, -1] {
            assert_eq!(fcntl(end.as_fd(), command, address), Err(Errno::EINVAL), "{command}");
        }
        assert_eq!(victim, [0xaa; 64]);
        assert_eq!(fcntl(end.as_fd(), c::F_GETFD, 0), Ok(0));
    }
}
