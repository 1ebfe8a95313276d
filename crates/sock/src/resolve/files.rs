//! The files that a lookup reads, and the first of them: /etc/hosts.
//!
//! A file is read anew for each lookup, as the C library does, so that a change counts at once and the trace shows what
//! was read. A file that is missing or unreadable is one that says nothing. Source: hosts(5).

use std::net::IpAddr;
use std::os::fd::AsFd;

use sys::file;

use crate::error::{Cause, Error};
use crate::io;
use crate::name::services::words;
use crate::text::parse_ip;

/// The most that is read of one file: lists of a million blocked hosts exist, endless devices too.
const SIZE_MAX: usize = 64 << 20;

/// Where a table comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A file, by its path.
    Path(Vec<u8>),
    /// The text itself.
    Text(Vec<u8>),
    /// Nowhere: as if the file were missing.
    Nothing,
}

impl Source {
    /// Reads all of it; `None` when it is missing or cannot be read.
    pub(super) fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Nothing => Ok(None),
            Self::Text(text) => Ok(Some(text.clone())),
            Self::Path(path) => match read_file(path) {
                Err(error) if matches!(error.cause(), Cause::Interrupted(_)) => Err(error),
                read => Ok(read.ok()),
            },
        }
    }
}

fn read_file(path: &[u8]) -> Result<Vec<u8>, Error> {
    let fd = file::open_config(path).map_err(|errno| Error::new(sys::Op::Open, errno))?;
    let mut text = Vec::new();
    let mut piece = vec![0; 16 * 1024];
    while text.len() < SIZE_MAX {
        let len = io::read(fd.as_fd(), &mut piece)?;
        if len == 0 {
            break;
        }
        text.extend_from_slice(piece.get(..len).unwrap_or_default());
    }
    Ok(text)
}

/// A line of /etc/hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostLine<'a> {
    pub(super) ip: IpAddr,
    pub(super) scope: Option<&'a [u8]>,
    /// The canonical name, then the aliases; never empty.
    pub(super) names: Vec<&'a [u8]>,
}

impl HostLine<'_> {
    /// Tells whether the line gives this name; case does not count, nor does a dot at the end.
    pub(super) fn has(&self, name: &[u8]) -> bool {
        let name = name.strip_suffix(b".").unwrap_or(name);
        self.names.iter().any(|one| one.eq_ignore_ascii_case(name))
    }
}

/// Reads the lines of /etc/hosts that make sense.
pub(super) fn host_lines(text: &[u8]) -> impl Iterator<Item = HostLine<'_>> {
    text.split(|byte| *byte == b'\n').filter_map(|line| {
        let mut words = words(line);
        let (ip, scope) = parse_ip(words.next()?)?;
        let names: Vec<_> = words.collect();
        (!names.is_empty()).then_some(HostLine { ip, scope, names })
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn lines_that_make_no_sense_are_passed_over() {
        let text = b"127.0.0.1\tlocalhost  Loop # note\r\n\
            # 10.0.0.1 comment\n\
            10.0.0.2\n\
            nonsense name\n\
            127.1 short\n\
            fe80::1%eth0 link\n\
            \xff\xfe bytes\n\
            ::1 localhost";
        let lines: Vec<_> = host_lines(text).collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].has(b"LOCALHOST") && lines[0].has(b"loop.") && !lines[0].has(b"note"));
        assert_eq!(lines[1].scope, Some(&b"eth0"[..]));
        assert_eq!(lines[2].ip, IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]));
    }

    #[test]
    fn a_missing_file_or_a_folder_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = |path: &std::path::Path| Source::Path(path.as_os_str().as_bytes().to_vec());
        assert_eq!(path(&folder.path().join("none")).read(), Ok(None));
        assert_eq!(path(folder.path()).read(), Ok(None));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let long = vec![b'x'; 100_000];
        file.write_all(&long).unwrap();
        assert_eq!(path(file.path()).read(), Ok(Some(long)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_a_panic(text: Vec<u8>, name: Vec<u8>) {
            assert!(host_lines(&text).filter(|line| line.has(&name)).count() <= text.len());
        }
    }
}
