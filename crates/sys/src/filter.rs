//! Classic BPF programs on sockets: attaching one and reading one back.
//!
//! These options need calls of their own, because no byte slice can carry them: to attach passes a pointer
//! (`struct sock_fprog`), and to read counts the room in instructions instead of bytes. Sources: socket(7), bpf(4),
//! `Documentation/networking/filter.rst` of the kernel.

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::door::{Kind, Value, pass};
use crate::{Errno, Op, c};

/// One instruction of classic BPF: `struct sock_filter` of `linux/filter.h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Instruction {
    /// What to do: class, size and mode.
    pub code: u16,
    /// How many instructions to skip when a jump's condition holds.
    pub jt: u8,
    /// How many to skip when it does not.
    pub jf: u8,
    /// The operand.
    pub k: u32,
}

/// The longest program that a kernel takes: `BPF_MAXINSNS` of `linux/bpf_common.h`.
pub const MAX_INSTRUCTIONS: usize = 4096;

/// `struct sock_fprog` of `linux/filter.h`.
#[repr(C)]
struct Program {
    len: u16,
    filter: *const Instruction,
}

const _: () = assert!(size_of::<Program>() == size_of::<libc::sock_fprog>());
const _: () = assert!(size_of::<Instruction>() == size_of::<libc::sock_filter>());

/// Attaches a program by an option of the socket: `SO_ATTACH_FILTER`, `SO_ATTACH_REUSEPORT_CBPF` on `SOL_SOCKET`,
/// `PACKET_FANOUT_DATA` on `SOL_PACKET`. Source: socket(7), packet(7).
///
/// # Errors
/// `EINVAL` for any other option, and for a program that is empty, longer than [`MAX_INSTRUCTIONS`] or not a valid one, `EPERM` when the filter
/// is locked, `ENOMEM` beyond `net.core.optmem_max`.
pub fn attach(fd: BorrowedFd<'_>, level: i32, name: i32, program: &[Instruction]) -> Result<(), Errno> {
    use c::option::{PACKET_FANOUT_DATA, SO_ATTACH_FILTER, SO_ATTACH_REUSEPORT_CBPF};
    let takes_program = matches!(
        (level, name),
        (c::SOL_SOCKET, SO_ATTACH_FILTER | SO_ATTACH_REUSEPORT_CBPF) | (c::SOL_PACKET, PACKET_FANOUT_DATA)
    );
    if !takes_program || program.len() > MAX_INSTRUCTIONS {
        return Err(Errno::EINVAL);
    }
    let fd = fd.as_raw_fd();
    let raw = Program { len: program.len() as u16, filter: program.as_ptr() };
    // SAFETY: `raw` holds the program's address and length, both of which outlive the call; the kernel only reads.
    pass!(
        Op::Setsockopt, SYS_setsockopt(fd, level, name, &raw const raw, size_of::<Program>()), on fd, rehearsed Ok(0),
        |_result| [
            fd: Value::Fd(fd), level: Value::Number(Kind::Level, level.into()),
            name: Value::Number(Kind::OptionName(level), name.into()), value: listing(program),
        ]
    )?;
    Ok(())
}

/// Reads the program that is attached, none when there is none. Source: `SO_GET_FILTER` of `asm-generic/socket.h`.
///
/// # Errors
/// `EACCES` for a program that came as extended BPF, `EINVAL` where the kernel was built without it.
pub fn attached(fd: BorrowedFd<'_>) -> Result<Vec<Instruction>, Errno> {
    let fd = fd.as_raw_fd();
    let mut program = vec![Instruction::default(); MAX_INSTRUCTIONS];
    let mut len = MAX_INSTRUCTIONS as u32;
    // SAFETY: this option counts instructions: the kernel writes at most `len` of them, for which there is room.
    pass!(
        Op::Getsockopt,
        SYS_getsockopt(fd, c::SOL_SOCKET, c::option::SO_GET_FILTER, program.as_mut_ptr(), &raw mut len),
        on fd, rehearsed { len = 0; Ok(0) },
        |result| [
            fd: Value::Fd(fd), level: Value::Number(Kind::Level, c::SOL_SOCKET.into()),
            name: Value::Number(Kind::OptionName(c::SOL_SOCKET), c::option::SO_GET_FILTER.into()),
            value: result.map_or(Value::Null, |_| listing(program.get(..len as usize).unwrap_or_default())),
        ]
    )?;
    program.truncate(len as usize);
    Ok(program)
}

/// Shows a program as a trace does: one list of four numbers for each instruction.
fn listing(program: &[Instruction]) -> Value {
    let number = |n: u32| Value::Int(n.into());
    let row = |at: &Instruction| {
        Value::List([at.code.into(), at.jt.into(), at.jf.into(), at.k].map(number).to_vec())
    };
    Value::List(program.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;
    use crate::socket;

    /// `ret #k`: keep so many bytes of the packet.
    const fn keep(k: u32) -> Instruction {
        Instruction { code: 0x06, jt: 0, jf: 0, k }
    }

    #[test]
    fn what_was_attached_is_read_back_and_cuts_packets() {
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM | c::SOCK_CLOEXEC, 0).unwrap();
        assert_eq!(attached(right.as_fd()), Ok(Vec::new()));
        attach(right.as_fd(), c::SOL_SOCKET, c::option::SO_ATTACH_FILTER, &[keep(3)]).unwrap();
        assert_eq!(attached(right.as_fd()), Ok(vec![keep(3)]));

        socket::send(left.as_fd(), b"hello", 0).unwrap();
        let mut room = [0; 16];
        assert_eq!(socket::recv(right.as_fd(), &mut room, 0), Ok(3));
    }

    #[test]
    fn a_program_that_is_none_is_refused() {
        let (left, _right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM | c::SOCK_CLOEXEC, 0).unwrap();
        let attach = |program| attach(left.as_fd(), c::SOL_SOCKET, c::option::SO_ATTACH_FILTER, program);
        assert_eq!(attach(&[]), Err(Errno::EINVAL));
        assert_eq!(attach(&[Instruction { code: 0xffff, jt: 0, jf: 0, k: 0 }]), Err(Errno::EINVAL));
        assert_eq!(attach(&vec![keep(1); MAX_INSTRUCTIONS + 1]), Err(Errno::EINVAL));
    }
}
