//! Network interfaces by name and index, and which of them there are.
//!
//! One name or index is asked by an ioctl of netdevice(7) on any socket; the whole list comes from the kernel's routing
//! socket, which answers a dump request with one message for each interface. Sources: if_nametoindex(3),
//! if_nameindex(3), rtnetlink(7), netlink(7).

use std::os::fd::AsFd;

use sys::door::{self, Value};
use sys::{Address, Errno, Op, c, link};

use crate::error::{Error, Result};
use crate::family::{Family, Protocol, Type};
use crate::socket::Socket;
use crate::text;
use crate::timeout::Mode;

/// Finds the index of an interface by its name. Calls: socket(2), ioctl(2), close(2). Source: if_nametoindex(3).
///
/// # Errors
/// `ENODEV` when there is none of that name, `EINVAL` when no interface can have it (longer than 15 bytes).
pub fn if_nametoindex(name: &[u8]) -> Result<u32> {
    let args = || vec![("ifname", text::shown(name))];
    let body = || {
        let socket = any_socket()?;
        link::index_of(socket.as_fd(), name).map_err(|errno| Error::new(Op::IfNametoindex, errno))
    };
    door::compose(Op::IfNametoindex, args, body, |index| told(index, |index| Value::Int(i64::from(*index))))
}

/// Finds the name of an interface by its index. Calls: socket(2), ioctl(2), close(2). Source: if_indextoname(3).
///
/// # Errors
/// `ENODEV` when there is none with that index.
pub fn if_indextoname(index: u32) -> Result<String> {
    let args = || vec![("ifindex", Value::Int(index.into()))];
    let body = || {
        let socket = any_socket()?;
        let name =
            link::name_of(socket.as_fd(), index).map_err(|errno| Error::new(Op::IfIndextoname, errno))?;
        Ok(String::from_utf8_lossy(&name).into_owned())
    };
    door::compose(Op::IfIndextoname, args, body, |name| told(name, |name| Value::Text(name.clone())))
}

/// Lists all interfaces by index and name. Calls: socket(2), sendto(2), recvfrom(2) until the kernel says that it is
/// done, close(2). Source: if_nameindex(3), rtnetlink(7).
///
/// ```
/// let interfaces = jackfield_sock::interface::if_nameindex()?;
/// assert!(interfaces.iter().any(|(_, name)| name == "lo"));
/// # Ok::<(), jackfield_sock::Error>(())
/// ```
///
/// # Errors
/// `EMFILE`, `ENOBUFS`; `EPROTONOSUPPORT` where the kernel has no routing socket.
pub fn if_nameindex() -> Result<Vec<(u32, String)>> {
    let body = || {
        let mut interfaces = dump(c::RTM_GETLINK, c::RTM_NEWLINK, link_of)?;
        interfaces.sort_unstable();
        Ok(interfaces)
    };
    door::compose(Op::IfNameindex, Vec::new, body, |found| {
        told(found, |found: &Vec<(u32, String)>| {
            Value::List(found.iter().map(|(index, name)| Value::Text(format!("{index} {name}"))).collect())
        })
    })
}

/// Reads the scope of `fe80::1%eth0`: an interface's name, or its index. `None` when there is no such interface.
pub(crate) fn scope_id(scope: &[u8]) -> Option<u32> {
    if let Some(index) = text::decimal(scope) {
        return Some(index);
    }
    if_nametoindex(scope).ok()
}

/// Which families have an address on this machine beside the loopback's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Configured {
    pub(crate) v4: bool,
    pub(crate) v6: bool,
}

/// Asks the kernel which families have an address beside the loopback's, for `AI_ADDRCONFIG`.
pub(crate) fn configured() -> Result<Configured> {
    let mut addresses = dump(c::RTM_GETADDR, c::RTM_NEWADDR, address_of)?;
    addresses.retain(|address| !address.is_loopback());
    Ok(Configured {
        v4: addresses.iter().any(std::net::IpAddr::is_ipv4),
        v6: addresses.iter().any(std::net::IpAddr::is_ipv6),
    })
}

/// Tells whether there is a loopback interface and it is up, so that this machine reaches itself.
pub(crate) fn is_loopback_up() -> Result<bool> {
    let up = c::IFF_LOOPBACK | c::IFF_UP;
    let links = dump(c::RTM_GETLINK, c::RTM_NEWLINK, flags_of)?;
    Ok(links.iter().any(|flags| flags & up == up))
}

/// Opens a socket that only serves to ask about interfaces; the family that needs the least.
fn any_socket() -> Result<Socket> {
    Socket::open_with(Family::UNIX, Type::DGRAM, Protocol::DEFAULT, Mode::Blocking)
}

/// What the routing socket's messages are made of. Source: netlink(7), rtnetlink(7).
pub(crate) const HEADER: usize = 16;
const LINK_INFO: usize = 16;
const ADDRESS_INFO: usize = 8;
/// The kernel fills at most 32 KiB in one go.
const ROOM: usize = 64 * 1024;
/// How often a dump begins anew because the list changed under it.
const TRIES: u32 = 4;

/// Asks for all objects of one kind; returns what `read` makes of the bytes after each message's header.
fn dump<T>(request: u16, answer: u16, read: impl Fn(&[u8]) -> Option<T>) -> Result<Vec<T>> {
    let kernel = Address::Netlink { pid: 0, groups: 0 };
    let socket = Socket::open_with(Family::NETLINK, Type::RAW, Protocol(c::NETLINK_ROUTE), Mode::Blocking)?;
    let ask = |sequence| socket.sendto(&dump_request(request, sequence), 0, &kernel).map(drop);
    let receive = |buffer: &mut [u8]| loop {
        let (len, sender) = socket.recvfrom_into(buffer, 0)?;
        // Only a rehearsal gets nothing here, and from nobody.
        if len == 0 || sender == kernel {
            return Ok(len);
        }
    };
    gather(ask, receive, answer, read)
}

/// Asks again as long as the kernel says that the list changed while it was told (`NLM_F_DUMP_INTR`), and forgets what
/// was told so far: an object could be missing, or be there twice. After [`TRIES`] the last answer has to do: a list that
/// changes all the time has no better one.
fn gather<T>(
    mut ask: impl FnMut(u32) -> Result<()>,
    mut receive: impl FnMut(&mut [u8]) -> Result<usize>,
    answer: u16,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<Vec<T>> {
    let mut buffer = vec![0; ROOM];
    let mut found = Vec::new();
    for sequence in 1..=TRIES {
        found.clear();
        ask(sequence)?;
        let (mut changed, mut done) = (false, false);
        while !done {
            let len = receive(&mut buffer)?;
            if len == 0 {
                return Ok(found);
            }
            let messages = Messages(buffer.get(..len).unwrap_or_default());
            for message in messages.filter(|message| message.sequence == sequence) {
                changed |= message.flags & c::NLM_F_DUMP_INTR != 0;
                match i32::from(message.kind) {
                    c::NLMSG_DONE => done = true,
                    c::NLMSG_ERROR => return Err(Error::new(Op::Recvfrom, refusal(message.body))),
                    _ if message.kind == answer => found.extend(read(message.body)),
                    _ => {}
                }
            }
        }
        if !changed {
            break;
        }
    }
    Ok(found)
}

/// `struct nlmsghdr` and `struct rtgenmsg` (the family, padded): everything, of any family.
fn dump_request(kind: u16, sequence: u32) -> Vec<u8> {
    let flags = u16::try_from(c::NLM_F_REQUEST | c::NLM_F_DUMP).unwrap_or_default();
    let mut request = Vec::with_capacity(HEADER + LINK_INFO);
    request.extend(u32::try_from(HEADER + LINK_INFO).unwrap_or_default().to_ne_bytes());
    request.extend(kind.to_ne_bytes());
    request.extend(flags.to_ne_bytes());
    request.extend(sequence.to_ne_bytes());
    request.extend([0; 4]);
    request.extend([0; LINK_INFO]);
    request
}

pub(crate) struct Message<'a> {
    pub(crate) kind: u16,
    flags: i32,
    sequence: u32,
    pub(crate) body: &'a [u8],
}

/// Walks the messages of one datagram; ends at the first that does not fit.
pub(crate) struct Messages<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = Message<'a>;

    fn next(&mut self) -> Option<Message<'a>> {
        let len = usize::try_from(u32::from_ne_bytes(*self.0.first_chunk()?)).ok()?;
        let message = self.0.get(..len)?;
        let body = message.get(HEADER..)?;
        let found = Message {
            kind: u16::from_ne_bytes(field(message, 4)?),
            flags: i32::from(u16::from_ne_bytes(field(message, 6)?)),
            sequence: u32::from_ne_bytes(field(message, 8)?),
            body,
        };
        self.0 = self.0.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some(found)
    }
}

/// Walks attributes: a length, a type, bytes, padded to four.
struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let len = usize::from(u16::from_ne_bytes(*self.0.first_chunk()?));
        let kind = u16::from_ne_bytes(field(self.0, 2)?);
        let value = self.0.get(4..len)?;
        self.0 = self.0.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    }
}

/// Reads index and name out of `struct ifinfomsg` and its attributes.
fn link_of(body: &[u8]) -> Option<(u32, String)> {
    let index = u32::from_ne_bytes(field(body, 4)?);
    let (_, name) = Attributes(body.get(LINK_INFO..)?).find(|(kind, _)| *kind == c::IFLA_IFNAME)?;
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    Some((index, String::from_utf8_lossy(name).into_owned()))
}

/// Reads the flags out of `struct ifinfomsg`. Source: netdevice(7).
fn flags_of(body: &[u8]) -> Option<i32> {
    field(body, 8).map(i32::from_ne_bytes)
}

/// Reads the address out of `struct ifaddrmsg` and its attributes.
fn address_of(body: &[u8]) -> Option<std::net::IpAddr> {
    let family = i32::from(*body.first()?);
    let (_, bytes) = Attributes(body.get(ADDRESS_INFO..)?).find(|(kind, _)| *kind == c::IFA_ADDRESS)?;
    match family {
        c::AF_INET => <[u8; 4]>::try_from(bytes).ok().map(Into::into),
        c::AF_INET6 => <[u8; 16]>::try_from(bytes).ok().map(Into::into),
        _ => None,
    }
}

/// Reads all messages of an answer in every way that there is.
pub(crate) fn read_answers(bytes: &[u8]) {
    for message in Messages(bytes) {
        let _ =
            (link_of(message.body), flags_of(message.body), address_of(message.body), refusal(message.body));
    }
}

/// Reads the negative errno of an error message.
pub(crate) fn refusal(body: &[u8]) -> Errno {
    field(body, 0).map_or(Errno::EIO, |bytes| Errno(i32::from_ne_bytes(bytes).saturating_neg()))
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

/// What a composite of this module reports.
fn told<T>(result: &Result<T>, show: impl Fn(&T) -> Value) -> std::result::Result<Value, Errno> {
    match result {
        Ok(found) => Ok(show(found)),
        Err(error) => Err(error.traced()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_is_in_the_list_and_found_both_ways() {
        let list = if_nameindex().unwrap();
        let (index, _) = list.iter().find(|(_, name)| name == "lo").unwrap();
        assert_eq!(if_nametoindex(b"lo"), Ok(*index));
        assert_eq!(if_indextoname(*index).as_deref(), Ok("lo"));
        for (index, name) in &list {
            assert_eq!(if_nametoindex(name.as_bytes()), Ok(*index));
        }
    }

    #[test]
    fn what_is_no_interface_is_an_error() {
        assert_eq!(if_nametoindex(b"no-such-if").unwrap_err().errno(), Some(Errno::ENODEV));
        assert_eq!(if_nametoindex(&[b'x'; 1 << 20]).unwrap_err().errno(), Some(Errno::EINVAL));
        assert_eq!(if_nametoindex(b"lo\0").unwrap_err().errno(), Some(Errno::EINVAL));
        assert_eq!(if_nametoindex(b"").unwrap_err().errno(), Some(Errno::EINVAL));
        assert_eq!(if_indextoname(0x7fff_ffff).unwrap_err().errno(), Some(Errno::ENODEV));
    }

    #[test]
    fn a_rehearsal_lists_nothing_and_ends() {
        assert_eq!(sys::rehearsal::rehearse(if_nameindex), Ok(Vec::new()));
        assert_eq!(sys::rehearsal::rehearse(configured), Ok(Configured::default()));
    }

    #[test]
    fn scopes_are_names_or_numbers() {
        assert_eq!(scope_id(b"7"), Some(7));
        assert_eq!(scope_id(b"lo"), if_nametoindex(b"lo").ok());
        assert_eq!(scope_id(b"no-such-if"), None);
        assert_eq!(scope_id(b""), None);
        assert_eq!(scope_id(b"99999999999"), None);
    }

    #[test]
    fn a_message_is_read_with_its_attributes() {
        let mut body = vec![0; LINK_INFO];
        body[4..8].copy_from_slice(&3u32.to_ne_bytes());
        for (kind, value) in [(1u16, &b"mac"[..]), (c::IFLA_IFNAME, b"eth0\0")] {
            body.extend(u16::try_from(4 + value.len()).unwrap().to_ne_bytes());
            body.extend(kind.to_ne_bytes());
            body.extend(value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        assert_eq!(link_of(&body), Some((3, "eth0".to_owned())));
        assert_eq!(refusal(&(-95i32).to_ne_bytes()), Errno::EOPNOTSUPP);
    }

    /// One netlink message with a 32-bit word as body, padded as the kernel pads.
    fn message(kind: u16, flags: i32, sequence: u32, word: u32) -> Vec<u8> {
        let mut bytes = 20u32.to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(u16::try_from(flags).unwrap().to_ne_bytes());
        bytes.extend(sequence.to_ne_bytes());
        bytes.extend([0; 4]);
        bytes.extend(word.to_ne_bytes());
        bytes
    }

    const DONE: u16 = 3;
    const LINK: u16 = 16;

    /// Gathers words from a kernel that answers the try of a number with these datagrams.
    fn gathered(script: impl Fn(u32) -> Vec<Vec<u8>>) -> (Result<Vec<u32>>, u32) {
        let waiting = std::cell::RefCell::new(std::collections::VecDeque::new());
        let tries = std::cell::Cell::new(0);
        let ask = |sequence| {
            assert_eq!(sequence, tries.get() + 1);
            tries.set(sequence);
            waiting.borrow_mut().extend(script(sequence));
            Ok(())
        };
        let receive = |buffer: &mut [u8]| {
            let datagram =
                waiting.borrow_mut().pop_front().expect("nothing more than was answered is waited for");
            buffer[..datagram.len()].copy_from_slice(&datagram);
            Ok(datagram.len())
        };
        let found = gather(ask, receive, LINK, |body| field(body, 0).map(u32::from_ne_bytes));
        assert!(waiting.borrow().is_empty());
        (found, tries.get())
    }

    #[test]
    fn a_list_that_changed_under_the_answer_is_asked_for_again() {
        let intr = c::NLM_F_DUMP_INTR;
        // The first answer lacks 2 and says in its second datagram that it was interrupted.
        let (found, tries) = gathered(|sequence| match sequence {
            1 => vec![
                [message(LINK, 0, 1, 1), message(LINK, 0, 1, 9)].concat(),
                [message(LINK, intr, 1, 3), message(DONE, 0, 1, 0)].concat(),
            ],
            _ => vec![
                [message(LINK, 0, 2, 1), message(LINK, 0, 2, 2)].concat(),
                // What is left over of another answer is none of this one's, its mark neither.
                [message(LINK, intr, 1, 9), message(LINK, 0, 2, 3), message(DONE, 0, 2, 0)].concat(),
            ],
        });
        assert_eq!((found, tries), (Ok(vec![1, 2, 3]), 2));
        // The mark may come with the end itself.
        let (found, tries) = gathered(|sequence| {
            let flags = if sequence < 3 { intr } else { 0 };
            vec![[message(LINK, 0, sequence, sequence), message(DONE, flags, sequence, 0)].concat()]
        });
        assert_eq!((found, tries), (Ok(vec![3]), 3));
    }

    #[test]
    fn a_list_that_never_rests_is_told_as_it_was_last() {
        let (found, tries) = gathered(|sequence| {
            let link = message(LINK, c::NLM_F_DUMP_INTR, sequence, sequence);
            vec![[link, message(DONE, 0, sequence, 0)].concat()]
        });
        assert_eq!((found, tries), (Ok(vec![TRIES]), TRIES));
    }

    #[test]
    fn a_refused_question_is_an_error() {
        let word = (-95i32).cast_unsigned();
        let (found, tries) = gathered(|_| vec![message(2, 0, 1, word)]);
        assert_eq!((found.unwrap_err().errno(), tries), (Some(Errno::EOPNOTSUPP), 1));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes: Vec<u8>) {
            read_answers(&bytes);
            let _ = (link_of(&bytes), address_of(&bytes));
        }
    }
}
