//! A codec as a stream: bytes in pieces, output in pieces, the same however the input was cut.
//!
//! [`Transform`] is what every codec of this crate is; [`copy`] drives one from any `Read` to any `Write`,
//! [`Writer`] and [`Reader`] put one around either, [`whole`] runs one over a slice, [`iter`] over an iterator.

use core::fmt;
use std::io::{self, Read, Write};

use crate::Buffer;

/// A codec that takes bytes in pieces and appends what they become.
///
/// Law: the output, and the error with its place, do not depend on how the input was cut. On an error everything
/// that stood before the fault has been appended.
pub trait Transform {
    /// What can be wrong with the input; `Infallible` for an encoder.
    type Error;

    /// Takes the next bytes and appends what can already be said of them.
    ///
    /// # Errors
    /// What is wrong with the input, and where. The transform is not to be used after it.
    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Self::Error>;

    /// Takes the end of the input and appends the rest.
    ///
    /// # Errors
    /// What is missing at the end.
    fn finish(&mut self, out: &mut Buffer) -> Result<(), Self::Error>;
}

/// Bytes read at once: whole in the second-level cache together with what they become.
pub const CHUNK: usize = 128 << 10;

/// Runs a whole slice through a transform.
///
/// # Errors
/// What the transform says.
pub fn whole<T: Transform>(mut transform: T, bytes: &[u8]) -> Result<Vec<u8>, T::Error> {
    let mut out = Buffer::new();
    transform.push(bytes, &mut out)?;
    transform.finish(&mut out)?;
    Ok(out.into())
}

/// Passes the bytes of an iterator through a transform.
///
/// As many bytes are taken at once as the iterator says that it has at least, and one where it cannot say, so that
/// nothing waits for more than it needs. A fault comes behind all that stood before it, and is the last item.
///
/// ```
/// use jackfield_codec::base::{Alphabet, Encoder};
/// use jackfield_codec::stream::iter;
///
/// let names = ["ja", "ck"].into_iter().flat_map(str::bytes);
/// let text: Result<Vec<u8>, _> = iter(names, Encoder::new(Alphabet::Base64, None)).collect();
/// assert_eq!(text?, b"amFjaw==");
/// # Ok::<(), jackfield_codec::base::EncodeError>(())
/// ```
pub fn iter<I: IntoIterator<Item = u8>, T: Transform>(bytes: I, transform: T) -> Iter<I::IntoIter, T> {
    Iter {
        bytes: bytes.into_iter(),
        transform: Some(transform),
        input: Vec::new(),
        out: Buffer::new(),
        taken: 0,
        fault: None,
    }
}

/// The iterator of [`iter`].
#[derive(Debug)]
pub struct Iter<I, T: Transform> {
    bytes: I,
    /// Until the end, or a fault.
    transform: Option<T>,
    input: Vec<u8>,
    out: Buffer,
    /// Bytes of `out` that were handed on.
    taken: usize,
    fault: Option<T::Error>,
}

impl<I: Iterator<Item = u8>, T: Transform> Iterator for Iter<I, T> {
    type Item = Result<u8, T::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        /// Bytes that are taken at once.
        const MOST: usize = 4096;
        loop {
            if let Some(&byte) = self.out.get(self.taken) {
                self.taken += 1;
                return Some(Ok(byte));
            }
            let Some(transform) = &mut self.transform else { return self.fault.take().map(Err) };
            self.out.clear();
            self.taken = 0;
            self.input.clear();
            let sure = self.bytes.size_hint().0.clamp(1, MOST);
            self.input.extend(self.bytes.by_ref().take(sure));
            let ended = self.input.is_empty();
            let done = match ended {
                true => transform.finish(&mut self.out),
                false => transform.push(&self.input, &mut self.out),
            };
            if ended || done.is_err() {
                self.transform = None;
            }
            self.fault = done.err();
        }
    }
}

/// Reads to the end, and writes what the bytes become; returns the number of bytes written.
///
/// Each piece that was read is written at once, so slow input is seen as it comes. What was decoded before a fault
/// is written before the fault is returned.
///
/// # Errors
/// [`CopyError`]: reading, the input itself, or writing.
pub fn copy<R: Read, W: Write, T: Transform>(
    mut from: R,
    mut transform: T,
    mut to: W,
) -> Result<u64, CopyError<T::Error>> {
    let mut input = vec![0; CHUNK];
    let mut out = Buffer::new();
    let mut written = 0_u64;
    loop {
        let count = match from.read(&mut input) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(CopyError::Read)?,
        };
        let bytes = input.get(..count).unwrap_or(&[]);
        let done = if count == 0 { transform.finish(&mut out) } else { transform.push(bytes, &mut out) };
        to.write_all(&out).map_err(CopyError::Write)?;
        written = written.saturating_add(u64::try_from(out.len()).unwrap_or(u64::MAX));
        out.clear();
        done.map_err(CopyError::Codec)?;
        if count == 0 {
            to.flush().map_err(CopyError::Write)?;
            return Ok(written);
        }
    }
}

/// Why [`copy`] stopped before the end.
#[derive(Debug)]
pub enum CopyError<E> {
    /// Reading failed.
    Read(io::Error),
    /// The input is not what the codec takes.
    Codec(E),
    /// Writing failed.
    Write(io::Error),
}

impl<E: fmt::Display> fmt::Display for CopyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "reading: {error}"),
            Self::Codec(error) => error.fmt(f),
            Self::Write(error) => write!(f, "writing: {error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for CopyError<E> {}

/// A writer that passes what it is given through a transform, to another writer.
///
/// [`finish`](Self::finish) takes the end; dropping it does not.
#[derive(Debug)]
pub struct Writer<W, T> {
    to: W,
    transform: T,
    out: Buffer,
}

impl<W: Write, T: Transform> Writer<W, T> {
    /// Puts a transform before a writer.
    pub const fn new(transform: T, to: W) -> Self {
        Self { to, transform, out: Buffer::new() }
    }

    /// Takes the end of the input, writes the rest and returns the writer below.
    ///
    /// # Errors
    /// [`CopyError::Codec`] when something is missing at the end, [`CopyError::Write`] when writing fails.
    pub fn finish(mut self) -> Result<W, CopyError<T::Error>> {
        let done = self.transform.finish(&mut self.out);
        self.to.write_all(&self.out).and_then(|()| self.to.flush()).map_err(CopyError::Write)?;
        done.map_err(CopyError::Codec)?;
        Ok(self.to)
    }
}

impl<W: Write, T: Transform> Write for Writer<W, T>
where
    T::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.transform.push(bytes, &mut self.out);
        self.to.write_all(&self.out)?;
        self.out.clear();
        done.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A reader whose bytes have passed through a transform.
#[derive(Debug)]
pub struct Reader<R, T> {
    from: R,
    transform: T,
    input: Vec<u8>,
    out: Buffer,
    /// Bytes of `out` that were handed on.
    taken: usize,
    ended: bool,
    /// What is wrong with the input, told after all that stood before it.
    fault: Option<io::Error>,
}

impl<R: Read, T: Transform> Reader<R, T> {
    /// Puts a transform behind a reader.
    pub fn new(from: R, transform: T) -> Self {
        Self {
            from,
            transform,
            input: vec![0; CHUNK],
            out: Buffer::new(),
            taken: 0,
            ended: false,
            fault: None,
        }
    }
}

impl<R: Read, T: Transform> Read for Reader<R, T>
where
    T::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.out.len() {
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            if self.ended {
                break;
            }
            self.out.clear();
            self.taken = 0;
            let count = self.from.read(&mut self.input)?;
            let done = match self.input.get(..count) {
                None | Some([]) => {
                    self.ended = true;
                    self.transform.finish(&mut self.out)
                }
                Some(bytes) => self.transform.push(bytes, &mut self.out),
            };
            if let Err(error) = done {
                self.ended = true;
                self.fault = Some(io::Error::new(io::ErrorKind::InvalidData, error));
            }
        }
        let mut rest = self.out.get(self.taken..).unwrap_or(&[]);
        let count = rest.read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drops the letter `d`, fails at a `!`, and says at the end how much it saw.
    #[derive(Debug, Default)]
    struct Toy {
        seen: usize,
    }

    impl Transform for Toy {
        type Error = String;

        fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), String> {
            for &byte in bytes {
                match byte {
                    b'!' => return Err(format!("offset {}: a !", self.seen)),
                    b'd' => {}
                    other => out.push(other),
                }
                self.seen += 1;
            }
            Ok(())
        }

        fn finish(&mut self, out: &mut Buffer) -> Result<(), String> {
            out.extend_from_slice(self.seen.to_string().as_bytes());
            Ok(())
        }
    }

    /// Gives one byte at a time, and is interrupted before each.
    struct Slow<'a>(&'a [u8], bool);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let short = buffer.len().min(1);
            self.0.read(&mut buffer[..short])
        }
    }

    #[test]
    fn the_cut_does_not_matter() {
        let mut out = Vec::new();
        assert_eq!(copy(Slow(b"abcdef", false), Toy::default(), &mut out).unwrap(), 6);
        assert_eq!(out, b"abcef6");
        assert_eq!(whole(Toy::default(), b"abcdef").unwrap(), b"abcef6");
    }

    #[test]
    fn what_stood_before_a_fault_is_written() {
        let mut out = Vec::new();
        let error = copy(&b"abd!cd"[..], Toy::default(), &mut out).unwrap_err();
        assert_eq!((out.as_slice(), error.to_string().as_str()), (&b"ab"[..], "offset 3: a !"));

        let mut reader = Reader::new(&b"abd!cd"[..], Toy::default());
        let mut out = Vec::new();
        let error = reader.read_to_end(&mut out).unwrap_err();
        assert_eq!((out.as_slice(), error.kind()), (&b"ab"[..], io::ErrorKind::InvalidData));
    }

    #[test]
    fn an_iterator_takes_no_more_than_it_must_and_ends_with_the_fault() {
        let all: Result<Vec<u8>, _> = iter(*b"abcdef", Toy::default()).collect();
        assert_eq!(all.unwrap(), b"abcef6");
        let mut items = iter(b"abd!cd".iter().copied(), Toy::default());
        assert_eq!(items.by_ref().take(2).collect::<Result<Vec<u8>, _>>().unwrap(), b"ab");
        assert_eq!(items.next(), Some(Err("offset 3: a !".to_owned())));
        assert_eq!((items.next(), items.next()), (None, None));
        // One that cannot say how much it has is asked for one byte after the other.
        let mut asked = 0;
        let endless = core::iter::from_fn(|| {
            asked += 1;
            (asked < 4).then_some(b'x')
        });
        assert_eq!(iter(endless, Toy::default()).next(), Some(Ok(b'x')));
        assert_eq!(asked, 1);
    }

    #[test]
    fn a_writer_and_a_reader_do_what_copy_does() {
        let mut writer = Writer::new(Toy::default(), Vec::new());
        writer.write_all(b"abc").unwrap();
        writer.write_all(b"def").unwrap();
        assert_eq!(writer.finish().unwrap(), b"abcef6");

        let mut out = String::new();
        Reader::new(&b"abcdef"[..], Toy::default()).read_to_string(&mut out).unwrap();
        assert_eq!(out, "abcef6");
    }
}
