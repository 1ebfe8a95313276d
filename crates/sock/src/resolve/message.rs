//! DNS messages as bytes: a question out, an answer in. This file alone knows the format, so that another can take its
//! place.
//!
//! ```text
//!  0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
//! |                      ID                       |
//! |QR|  opcode   |AA|TC|RD|RA|   Z    |   RCODE   |
//! |     questions, answers, authorities, more     |   16 bits each, then the records
//! ```
//!
//! No bytes are a panic, and the work is bounded: a compression pointer must point before the name that holds it, and a
//! name has at most 255 bytes. Source: RFC 1035 sections 3 and 4, RFC 3596.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Types of records. Source: RFC 1035 section 3.2.2, RFC 3596.
pub(super) const A: u16 = 1;
pub(super) const CNAME: u16 = 5;
pub(super) const SOA: u16 = 6;
pub(super) const PTR: u16 = 12;
pub(super) const AAAA: u16 = 28;
/// The class of the Internet.
const IN: u16 = 1;

/// Response codes that are answers. Source: RFC 1035 section 4.1.1.
pub(super) const NOERROR: u8 = 0;
pub(super) const NXDOMAIN: u8 = 3;

const HEADER: usize = 12;
const QR: u16 = 0x8000;
const OPCODE: u16 = 0x7800;
const TC: u16 = 0x0200;
const RD: u16 = 0x0100;
/// The longest name in its wire form, closing zero included.
const NAME_MAX: usize = 255;
/// The longest part of a name.
const LABEL_MAX: usize = 63;
/// How many pointers one name may follow.
const JUMPS_MAX: usize = 64;

/// A domain name in its wire form: length and bytes of each part, a closing zero. Case does not count.
#[derive(Clone, Debug)]
pub(super) struct DomainName(Vec<u8>);

impl DomainName {
    /// The name of the root, which has no parts.
    pub(super) fn root() -> Self {
        Self(vec![0])
    }

    /// Reads the text form, with or without the dot at its end. `None` when a part or the whole is too long or empty.
    pub(super) fn from_text(text: &[u8]) -> Option<Self> {
        let text = text.strip_suffix(b".").unwrap_or(text);
        let mut wire = Vec::with_capacity(text.len().min(NAME_MAX) + 2);
        for label in text.split(|byte| *byte == b'.') {
            let len = u8::try_from(label.len()).ok()?;
            if label.is_empty() || label.len() > LABEL_MAX || wire.len() + label.len() + 2 > NAME_MAX {
                return None;
            }
            wire.push(len);
            wire.extend_from_slice(label);
        }
        wire.push(0);
        Some(Self(wire))
    }

    /// Writes the text form; what is no printable ASCII, and dots within a part, as RFC 1035 section 5.1 escapes them.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        let mut rest = &self.0[..];
        while let Some((len, after)) = rest.split_first() {
            let Some((label, after)) = after.split_at_checked(usize::from(*len)) else { break };
            rest = after;
            if label.is_empty() {
                break;
            }
            if !text.is_empty() {
                text.push('.');
            }
            for byte in label {
                match byte {
                    b'.' | b'\\' => text.extend(['\\', char::from(*byte)]),
                    0x21..=0x7e => text.push(char::from(*byte)),
                    _ => text.push_str(&format!("\\{byte:03}")),
                }
            }
        }
        text
    }
}

impl PartialEq for DomainName {
    fn eq(&self, other: &Self) -> bool {
        // Lengths are at most 63 and so no letters: the whole can be compared at once.
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

/// What is asked: a name and a type of record, of the class Internet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    pub(super) name: DomainName,
    pub(super) kind: u16,
}

impl Question {
    /// Writes a message that asks this, recursion desired.
    pub(super) fn encode(&self, id: u16) -> Vec<u8> {
        let mut message = Vec::with_capacity(HEADER + NAME_MAX + 4);
        for field in [id, RD, 1, 0, 0, 0] {
            message.extend(field.to_be_bytes());
        }
        message.extend_from_slice(&self.name.0);
        message.extend(self.kind.to_be_bytes());
        message.extend(IN.to_be_bytes());
        message
    }
}

/// A record of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    pub(super) owner: DomainName,
    pub(super) data: Data,
}

/// What a record holds, of the types that a resolver needs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    /// The owner is an alias of this name.
    Cname(DomainName),
    Ptr(DomainName),
    /// Among the authorities it says: there is no such record. Source: RFC 2308.
    Soa,
    /// Another type or class.
    Other,
}

/// What cannot be read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

/// A message that came in: header and question are read, the records are not yet.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    id: u16,
    flags: u16,
    /// `None` when there is none; a message with several is none that we asked for.
    question: Option<Question>,
    counts: [u16; 3],
    rest: Reader<'a>,
}

impl<'a> Reply<'a> {
    /// Reads header and question.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader { bytes, at: 0 };
        let [id, flags, questions, answers, authorities, additionals] =
            [reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?];
        let question = match questions {
            0 => None,
            1 => {
                let name = reader.name()?;
                let (kind, class) = (reader.u16()?, reader.u16()?);
                if class != IN {
                    return Err(reader.malformed("the question is of another class"));
                }
                Some(Question { name, kind })
            }
            _ => return Err(reader.malformed("several questions")),
        };
        Ok(Self { id, flags, question, counts: [answers, authorities, additionals], rest: reader })
    }

    /// Tells whether this answers the question sent under `id`. What does not is a lie or a late guest.
    ///
    /// A server that could not even read the question sends the header alone, with a code that says so.
    pub(super) fn answers(&self, id: u16, question: &Question) -> bool {
        let is_reply = self.id == id && self.flags & QR != 0 && self.flags & OPCODE == 0;
        is_reply
            && match &self.question {
                Some(echoed) => echoed == question,
                None => !matches!(self.code(), NOERROR | NXDOMAIN),
            }
    }

    /// Returns the response code.
    pub(super) const fn code(&self) -> u8 {
        (self.flags & 0x000f) as u8
    }

    /// Tells whether the answer was cut short, so that it is to be asked for by TCP.
    pub(super) const fn is_truncated(&self) -> bool {
        self.flags & TC != 0
    }

    /// Reads the answers and the authorities; what comes after them says nothing to a resolver.
    pub(super) fn records(mut self) -> Result<Vec<Record>, Malformed> {
        let [answers, authorities, _] = self.counts;
        let mut records = Vec::new();
        for _ in 0..answers {
            records.push(self.rest.record()?);
        }
        for _ in 0..authorities {
            // Only the start of authority matters there; an address of a name server is no answer.
            let record = self.rest.record()?;
            if record.data == Data::Soa {
                records.push(record);
            }
        }
        Ok(records)
    }
}

#[derive(Debug)]
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    const fn malformed(&self, what: &'static str) -> Malformed {
        Malformed { at: self.at, what }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let bytes = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<N>);
        let bytes = *bytes.ok_or_else(|| self.malformed("the message ends too early"))?;
        self.at += N;
        Ok(bytes)
    }

    fn u16(&mut self) -> Result<u16, Malformed> {
        self.take().map(u16::from_be_bytes)
    }

    fn name(&mut self) -> Result<DomainName, Malformed> {
        let mut wire = Vec::new();
        let mut at = self.at;
        // Where reading goes on after the name: behind the first pointer, or behind the closing zero.
        let mut end = None;
        // Each pointer must point before the piece that it ends, so there is an end to them.
        let mut floor = self.at;
        let mut jumps = 0;
        let bad = |at, what| Malformed { at, what };
        loop {
            let len = *self.bytes.get(at).ok_or_else(|| bad(at, "a name ends too early"))?;
            match len {
                0 => {
                    wire.push(0);
                    self.at = end.unwrap_or(at + 1);
                    return Ok(DomainName(wire));
                }
                0x01..=0x3f => {
                    let label = at + 1..at + 1 + usize::from(len);
                    let next = label.end;
                    let label = self.bytes.get(label).ok_or_else(|| bad(at, "a name ends too early"))?;
                    if wire.len() + label.len() + 2 > NAME_MAX {
                        return Err(bad(at, "a name is longer than 255 bytes"));
                    }
                    wire.push(len);
                    wire.extend_from_slice(label);
                    at = next;
                }
                0xc0..=0xff => {
                    let low = *self.bytes.get(at + 1).ok_or_else(|| bad(at, "a name ends too early"))?;
                    let target = usize::from(u16::from_be_bytes([len & 0x3f, low]));
                    end = end.or(Some(at + 2));
                    jumps += 1;
                    if target >= floor {
                        return Err(bad(at, "a name points forward"));
                    }
                    if jumps > JUMPS_MAX {
                        return Err(bad(at, "a name has too many pointers"));
                    }
                    floor = target;
                    at = target;
                }
                _ => return Err(bad(at, "a part of a name has an unknown kind")),
            }
        }
    }

    fn record(&mut self) -> Result<Record, Malformed> {
        let owner = self.name()?;
        let (kind, class) = (self.u16()?, self.u16()?);
        let _time_to_live: [u8; 4] = self.take()?;
        let len = usize::from(self.u16()?);
        let start = self.at;
        let data = self.bytes.get(start..start + len);
        let data = data.ok_or_else(|| self.malformed("a record ends too early"))?;
        let bad = self.malformed("a record has the wrong length");
        let data = match (class, kind) {
            (IN, A) => Data::A(<[u8; 4]>::try_from(data).map_err(|_| bad)?.into()),
            (IN, AAAA) => Data::Aaaa(<[u8; 16]>::try_from(data).map_err(|_| bad)?.into()),
            (IN, CNAME) => Data::Cname(self.name()?),
            (IN, PTR) => Data::Ptr(self.name()?),
            (IN, SOA) => Data::Soa,
            _ => Data::Other,
        };
        if matches!(data, Data::Cname(_) | Data::Ptr(_)) && self.at != start + len {
            return Err(bad);
        }
        self.at = start + len;
        Ok(Record { owner, data })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> DomainName {
        DomainName::from_text(text.as_bytes()).unwrap()
    }

    /// `www.example.com` is an alias of `host.example.com` with two addresses, as a server sends it: every name but the
    /// first is compressed.
    const ANSWER: &[u8] = b"\x12\x34\x81\x80\0\x01\0\x03\0\0\0\0\
        \x03www\x07example\x03com\0\0\x01\0\x01\
        \xc0\x0c\0\x05\0\x01\0\0\x0e\x10\0\x07\x04host\xc0\x10\
        \xc0\x2d\0\x01\0\x01\0\0\x0e\x10\0\x04\xc0\0\x02\x01\
        \xc0\x2d\0\x01\0\x01\0\0\x0e\x10\0\x04\xc0\0\x02\x02";

    #[test]
    fn a_question_is_these_bytes() {
        let question = Question { name: name("www.example.com"), kind: AAAA };
        let expected = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x1c\0\x01";
        assert_eq!(question.encode(0x1234), expected);
    }

    #[test]
    fn a_compressed_answer_is_read() {
        let reply = Reply::open(ANSWER).unwrap();
        let question = Question { name: name("WWW.Example.com."), kind: A };
        assert!(reply.answers(0x1234, &question));
        assert_eq!((reply.code(), reply.is_truncated()), (NOERROR, false));
        let records = reply.records().unwrap();
        let host = name("host.example.com");
        assert_eq!(records[0], Record { owner: question.name, data: Data::Cname(host.clone()) });
        assert_eq!(records[1], Record { owner: host.clone(), data: Data::A([192, 0, 2, 1].into()) });
        assert_eq!(records[2], Record { owner: host, data: Data::A([192, 0, 2, 2].into()) });
    }

    #[test]
    fn what_answers_something_else_is_no_answer() {
        let reply = Reply::open(ANSWER).unwrap();
        let question = Question { name: name("www.example.com"), kind: A };
        assert!(!reply.answers(0x1235, &question));
        assert!(!reply.answers(0x1234, &Question { kind: AAAA, ..question.clone() }));
        assert!(!reply.answers(0x1234, &Question { name: name("www.example.org"), kind: A }));
        // A question that comes back as it went out is no answer either.
        assert!(!Reply::open(&question.encode(7)).unwrap().answers(7, &question));
        // A header alone counts only with a code that says why.
        let alone = |code: u8| [0, 7, 0x81, 0x80 | code, 0, 0, 0, 0, 0, 0, 0, 0];
        assert!(Reply::open(&alone(1)).unwrap().answers(7, &question));
        assert!(!Reply::open(&alone(0)).unwrap().answers(7, &question));
        assert!(!Reply::open(&alone(3)).unwrap().answers(7, &question));
    }

    #[test]
    fn pointers_that_do_not_go_back_are_malformed() {
        for (tail, what) in [
            (&b"\xc0\x0c"[..], "a name points forward"),
            (b"\xc0\xff", "a name points forward"),
            (b"\x01a\xc0\x0c", "a name points forward"),
            (b"\x80", "a part of a name has an unknown kind"),
            (b"\x3fa", "a name ends too early"),
            (b"\xc0", "a name ends too early"),
            (b"", "a name ends too early"),
        ] {
            let mut message = vec![0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
            message.extend(tail);
            assert_eq!(Reply::open(&message).unwrap_err().what, what, "{tail:?}");
        }
    }

    #[test]
    fn a_name_through_pointers_cannot_outgrow_a_name() {
        // Each of these is one part of 63 bytes and a pointer to the one before: the fourth is too long.
        let mut message = vec![0, 1, 0x81, 0x80, 0, 0, 0, 5, 0, 0, 0, 0];
        let mut before: Option<u16> = None;
        for _ in 0..5 {
            let here = u16::try_from(message.len()).unwrap();
            message.push(63);
            message.extend([b'a'; 63]);
            match before {
                None => message.push(0),
                Some(at) => message.extend((0xc000u16 | at).to_be_bytes()),
            }
            before = Some(here);
            message.extend([0, 16, 0, 1, 0, 0, 0, 0, 0, 0]);
        }
        let malformed = Reply::open(&message).unwrap().records().unwrap_err();
        assert_eq!(malformed.what, "a name is longer than 255 bytes");
    }

    #[test]
    fn limits_of_names() {
        let label = "a".repeat(63);
        assert!(DomainName::from_text(label.as_bytes()).is_some());
        assert!(DomainName::from_text("a".repeat(64).as_bytes()).is_none());
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert_eq!(longest.len(), 253);
        assert!(DomainName::from_text(longest.as_bytes()).is_some());
        assert!(DomainName::from_text(format!("{longest}a").as_bytes()).is_none());
        for text in ["", ".", "..", ".a", "a..b"] {
            assert!(DomainName::from_text(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn hostile_names_are_escaped() {
        let hostile = DomainName(b"\x05\x1b[2J.\x02\\\xff\0".to_vec());
        assert_eq!(hostile.to_text(), "\\027[2J\\..\\\\\\255");
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes: Vec<u8>) {
            if let Ok(reply) = Reply::open(&bytes) {
                let _ = reply.records();
            }
        }

        #[test]
        fn no_damage_to_an_answer_is_a_panic(
            damage in prop::collection::vec((0..ANSWER.len(), any::<u8>()), 1..8), len in 0..=ANSWER.len(),
        ) {
            let mut bytes = ANSWER.to_vec();
            for (at, byte) in damage {
                bytes[at] = byte;
            }
            bytes.truncate(len);
            if let Ok(reply) = Reply::open(&bytes) {
                for record in reply.records().unwrap_or_default() {
                    let _ = record.owner.to_text();
                }
            }
        }

        #[test]
        fn a_question_is_read_as_it_was_written(text in "[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){0,2}", id: u16, kind: u16) {
            let question = Question { name: DomainName::from_text(text.as_bytes()).unwrap(), kind };
            prop_assert_eq!(question.name.to_text(), text);
            let mut message = question.encode(id);
            message[2] |= 0x80;
            prop_assert!(Reply::open(&message).unwrap().answers(id, &question));
        }
    }
}
