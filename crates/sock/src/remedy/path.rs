//! What a path leads to, when a call that was given one failed: is the folder missing, or the file; is it a socket at all.
//!
//! A Unix socket's name is a file, and the kernel's errno does not say which part of the path it is about. So the path is
//! walked, and what is told is what is there now. Sources: unix(7), `path_resolution(7)`, open(2).

use std::ffi::OsStr;
use std::fs::{self, FileType, Metadata};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use sys::{Errno, UnixAddress};

use super::{Remedy, shell_word};
use crate::privilege::read_config;

/// What stops the way to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Obstacle {
    /// Nothing on the way: the folder is there.
    None,
    /// A folder does not exist.
    NoFolder(Vec<u8>),
    /// What should be a folder is a file.
    NotFolder(Vec<u8>),
    /// A link leads to nothing.
    DeadLink(Vec<u8>),
    /// A folder may not be searched.
    Closed(Vec<u8>),
    /// Links lead in a circle.
    Circle(Vec<u8>),
}

/// Explains why no socket could be reached, or made, under a path.
pub(super) fn explain_socket(path: &[u8], errno: Errno, binds: bool) -> Option<Remedy> {
    let (way, word) = (way_to(path), shell_word(path));
    let at = Path::new(OsStr::from_bytes(path));
    match errno {
        Errno::ENOENT if !binds && let Obstacle::NoFolder(missing) = &way => remedy(
            &format!("the folder {} does not exist, so no server can have a socket in it", shell_word(missing)),
            "correct the path, or start the server if it makes the folder",
        ),
        Errno::ENOENT | Errno::ENOTDIR | Errno::ELOOP if way != Obstacle::None => explain_way(&way),
        Errno::ENOENT if path.is_empty() => remedy("the path is empty", "give the path of a socket"),
        Errno::ENOENT if binds => None,
        Errno::ENOENT => Some(match (fs::metadata(at), fs::symlink_metadata(at)) {
            (Ok(_), _) => Remedy {
                reason: "no file had this name, but now there is one: its server has just made it".to_owned(),
                fix: "try again".to_owned(),
            },
            (Err(_), Ok(link)) if link.is_symlink() => dead_link(path),
            _ => Remedy {
                reason: format!(
                    "{} is there, but the socket is not: its server has not made it yet, made it elsewhere, or has \
                     ended",
                    folder_words(path),
                ),
                fix: format!("start the server first, then look: ls -l {}", shell_word(folder(path))),
            },
        }),
        Errno::ECONNREFUSED => Some(match fs::metadata(at).map(|found| found.file_type()) {
            // Never advise to remove what is no socket.
            Ok(kind) if !kind.is_socket() => Remedy {
                reason: format!("{word} is {}, not a socket", kind_of(kind)),
                fix: "give the path of the server's socket".to_owned(),
            },
            _ if bound(path) == Some(false) => Remedy {
                reason: "a program has this socket, but does not listen on it".to_owned(),
                fix: format!("wait until it listens; ss -xlp src {word} shows who does"),
            },
            _ => Remedy {
                reason: "the socket's file is there, but no server listens on it any more: the file stays behind when one ends"
                    .to_owned(),
                fix: format!("start the server; if it complains that the name is in use: rm {word}"),
            },
        }),
        Errno::EADDRINUSE => Some(match fs::symlink_metadata(at).map(|found| found.file_type()) {
            Ok(kind) if !kind.is_socket() => Remedy {
                reason: format!("{word} exists and is {}, not a socket", kind_of(kind)),
                fix: "give another name: a socket's name is a file that must not exist yet".to_owned(),
            },
            _ if bound(path).is_some() => Remedy {
                reason: "a program has a socket of this name open".to_owned(),
                fix: format!("end it, or give another name; sudo ss -xap src {word} shows who it is"),
            },
            _ => Remedy {
                reason: "a socket's file of this name exists, and no program on this network seems to have it open: it stays \
                         behind when its server ends"
                    .to_owned(),
                fix: format!("when ss -xa shows no server on it: rm {word}"),
            },
        }),
        Errno::ENAMETOOLONG if path.len() > UnixAddress::MAX => Some(too_long(path.len())),
        Errno::EINVAL if path.contains(&0) => {
            remedy("there is a NUL in the path, which ends a path", "leave it out; @NAME is an abstract name")
        }
        Errno::EROFS => Some(read_only(path)),
        Errno::EACCES if binds => Some(match way {
            Obstacle::Closed(_) => return explain_way(&way),
            _ => Remedy {
                reason: "a socket's name is a file: to make it takes write permission on its folder".to_owned(),
                fix: format!(
                    "choose a folder of your own, or look whose it is: ls -ld {}",
                    shell_word(folder(path))
                ),
            },
        }),
        Errno::EACCES => Some(match way {
            Obstacle::Closed(_) => return explain_way(&way),
            _ => Remedy {
                reason: "to connect takes write permission on the socket's file".to_owned(),
                fix: format!("ls -l {word} shows whose it is"),
            },
        }),
        _ => None,
    }
}

/// Explains why a file could not be opened; `None` where the errno says it all.
#[must_use]
pub fn explain_file(path: &OsStr, errno: Errno) -> Option<Remedy> {
    let (at, path) = (Path::new(path), path.as_bytes());
    let way = way_to(path);
    match errno {
        Errno::ENOENT | Errno::ENOTDIR | Errno::ELOOP | Errno::EACCES if way != Obstacle::None => {
            explain_way(&way)
        }
        Errno::ENOENT if fs::symlink_metadata(at).is_ok_and(|found| found.is_symlink()) => {
            Some(dead_link(path))
        }
        Errno::ENOENT => remedy(
            "no file has this name",
            &format!("correct the path: ls -l {} shows what is there", shell_word(folder(path))),
        ),
        Errno::ELOOP => remedy(
            "it is a symbolic link, and nothing is written through one",
            "give the file that it leads to, or another name",
        ),
        Errno::EISDIR => remedy("it is a folder", "give the name of a file in it"),
        Errno::EACCES if fs::symlink_metadata(at).is_err_and(|error| error.kind() == ErrorKind::NotFound) => {
            remedy(
                &format!(
                    "it is not there yet, and to make it takes write permission on {}",
                    folder_words(path)
                ),
                &format!(
                    "choose a folder of your own, or look whose it is: ls -ld {}",
                    shell_word(folder(path))
                ),
            )
        }
        Errno::EACCES => {
            remedy("its permissions do not allow it", &format!("ls -ld {} shows them", shell_word(path)))
        }
        Errno::EROFS => Some(read_only(path)),
        Errno::ENAMETOOLONG => remedy(
            "a file's name has at most 255 bytes, a path 4,095",
            "use a shorter name, or one relative to the current folder",
        ),
        _ => None,
    }
}

/// Says how long a socket's path is, and how long it may be. Source: unix(7).
pub(super) fn too_long(len: usize) -> Remedy {
    Remedy {
        reason: format!(
            "the path has {len} bytes, and that of a Unix socket at most {} (107 for programs that end it with a NUL)",
            UnixAddress::MAX
        ),
        fix: "use a shorter path, such as one relative to the current folder".to_owned(),
    }
}

/// Tells whether a socket of this network has the path, and then whether it listens. Source: `proc_net(5)`.
///
/// The table has each path as its program wrote it: another spelling of this one leads to the same file.
fn bound(path: &[u8]) -> Option<bool> {
    let file =
        |path: &[u8]| fs::metadata(OsStr::from_bytes(path)).map(|found| (found.dev(), found.ino())).ok();
    let own = file(path);
    let is_same = |other: &[u8]| {
        other == path
            || Path::new(OsStr::from_bytes(other)).is_absolute() && own.is_some() && file(other) == own
    };
    bound_in(&read_config(b"/proc/thread-self/net/unix")?, is_same)
}

/// Reads the lines "Num: RefCount Protocol Flags Type St Inode Path".
pub(super) fn bound_in(table: &str, is_wanted: impl Fn(&[u8]) -> bool) -> Option<bool> {
    // `__SO_ACCEPTCON` of `linux/net.h`.
    const LISTENS: u32 = 1 << 16;
    let mut found = None;
    for line in table.lines().skip(1) {
        let mut words = line.split_ascii_whitespace();
        let flags = words.nth(3).and_then(|flags| u32::from_str_radix(flags, 16).ok());
        // The path comes last, behind one blank, and may hold blanks.
        let path =
            words.nth(2).and_then(|inode| line.split_once(&format!(" {inode} "))).map(|(_, path)| path);
        if let (Some(flags), Some(path)) = (flags, path)
            && is_wanted(path.as_bytes())
        {
            found = Some(found == Some(true) || flags & LISTENS != 0);
        }
    }
    found
}

fn explain_way(way: &Obstacle) -> Option<Remedy> {
    match way {
        Obstacle::None => None,
        Obstacle::NoFolder(folder) => remedy(
            &format!("the folder {} does not exist", shell_word(folder)),
            &format!("correct the path, or make the folder first: mkdir -p {}", shell_word(folder)),
        ),
        Obstacle::NotFolder(file) => {
            remedy(&format!("{} is no folder, so nothing is in it", shell_word(file)), "correct the path")
        }
        Obstacle::DeadLink(link) => Some(dead_link(link)),
        Obstacle::Closed(folder) => remedy(
            &format!("the folder {} may not be searched by this process", shell_word(folder)),
            &format!("ls -ld {} shows whose it is: it takes the permission x", shell_word(folder)),
        ),
        Obstacle::Circle(link) => remedy(
            &format!("the symbolic links at {} lead in a circle", shell_word(link)),
            &format!("ls -l {} shows where it leads", shell_word(link)),
        ),
    }
}

fn dead_link(link: &[u8]) -> Remedy {
    let target = fs::read_link(OsStr::from_bytes(link)).unwrap_or_default();
    Remedy {
        reason: format!(
            "{} is a symbolic link to {}, which does not exist",
            shell_word(link),
            shell_word(target.as_os_str().as_bytes()),
        ),
        fix: "make what it leads to, or give another path".to_owned(),
    }
}

fn read_only(path: &[u8]) -> Remedy {
    Remedy {
        reason: "its file system is mounted to be read only".to_owned(),
        fix: format!(
            "choose a folder that can be written to; findmnt -T {} shows the mount",
            shell_word(folder(path))
        ),
    }
}

/// Walks the folders of a path, the outermost first.
fn way_to(path: &[u8]) -> Obstacle {
    let end = path.len().saturating_sub(1);
    let folders = path.iter().enumerate().filter(|(at, byte)| **byte == b'/' && *at > 0 && *at < end);
    for (at, _) in folders {
        let folder = path.get(..at).unwrap_or_default().to_vec();
        let os = OsStr::from_bytes(&folder);
        match fs::metadata(os).as_ref().map(Metadata::is_dir) {
            Ok(true) => {}
            Ok(false) => return Obstacle::NotFolder(folder),
            Err(error) => match error.kind() {
                ErrorKind::NotFound if fs::symlink_metadata(os).is_ok() => return Obstacle::DeadLink(folder),
                ErrorKind::NotFound => return Obstacle::NoFolder(folder),
                ErrorKind::PermissionDenied => return Obstacle::Closed(self::folder(&folder).to_vec()),
                _ if error.raw_os_error() == Some(Errno::ELOOP.0) => return Obstacle::Circle(folder),
                _ => return Obstacle::None,
            },
        }
    }
    match fs::symlink_metadata(OsStr::from_bytes(path)) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Obstacle::Closed(folder(path).to_vec()),
        _ => Obstacle::None,
    }
}

fn kind_of(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_block_device() || kind.is_char_device() {
        "a device"
    } else {
        "a regular file"
    }
}

/// Returns the folder part of a path.
fn folder(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|byte| *byte == b'/') {
        None => b".",
        Some(0) => b"/",
        Some(at) => path.get(..at).unwrap_or(path),
    }
}

/// What a sentence calls the folder of a path.
fn folder_words(path: &[u8]) -> String {
    match folder(path) {
        b"." => "the current folder".to_owned(),
        folder => format!("the folder {}", shell_word(folder)),
    }
}

fn remedy(reason: &str, fix: &str) -> Option<Remedy> {
    Some(Remedy { reason: reason.to_owned(), fix: fix.to_owned() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_types, reason = "plain sockets of another program")]

    use std::os::unix::fs::symlink;
    use std::os::unix::net::{UnixDatagram, UnixListener};
    use std::path::PathBuf;

    use super::*;

    fn said(path: &Path, errno: Errno, binds: bool) -> String {
        let remedy = explain_socket(path.as_os_str().as_bytes(), errno, binds).unwrap();
        format!("{} → {}", remedy.reason, remedy.fix)
    }

    #[track_caller]
    fn holds(text: &str, parts: &[&str]) {
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    }

    fn place() -> (tempfile::TempDir, impl Fn(&str) -> PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().to_owned();
        (dir, move |name: &str| at.join(name))
    }

    #[test]
    fn a_missing_folder_is_told_from_a_missing_socket() {
        let (dir, at) = place();
        let none = at("none");
        for binds in [true, false] {
            let text = said(&none.join("deep/s"), Errno::ENOENT, binds);
            holds(&text, &[&format!("the folder {} does not exist", none.display())]);
            assert_eq!(text.contains("mkdir -p"), binds, "{text}");
        }
        let text = said(&at("s"), Errno::ENOENT, false);
        holds(&text, &[&format!("the folder {} is there", dir.path().display()), "start the server"]);
        fs::write(at("file"), "").unwrap();
        holds(&said(&at("file/s"), Errno::ENOTDIR, true), &["file is no folder"]);
        symlink("nowhere", at("dead")).unwrap();
        for path in ["dead", "dead/s"] {
            holds(&said(&at(path), Errno::ENOENT, false), &["dead is a symbolic link to nowhere"]);
        }
        symlink("circle", at("circle")).unwrap();
        holds(&said(&at("circle/s"), Errno::ELOOP, false), &["lead in a circle"]);
        // The server was quicker than the question.
        let _listener = UnixListener::bind(at("new")).unwrap();
        holds(&said(&at("new"), Errno::ENOENT, false), &["just made it", "try again"]);
    }

    #[test]
    fn what_is_no_socket_is_named_and_never_removed() {
        let (_dir, at) = place();
        fs::write(at("file"), "").unwrap();
        fs::create_dir(at("dir")).unwrap();
        symlink("file", at("link")).unwrap();
        for (name, kind) in [("file", "a regular file"), ("dir", "a folder"), ("link", "a regular file")] {
            let text = said(&at(name), Errno::ECONNREFUSED, false);
            holds(&text, &[&format!("{name} is {kind}, not a socket")]);
            assert!(!text.contains("rm "), "{text}");
        }
        let text = said(&at("link"), Errno::EADDRINUSE, true);
        holds(&text, &["is a symbolic link, not a socket", "another name"]);
        assert!(!text.contains("rm "), "{text}");
    }

    #[test]
    fn a_file_left_over_is_told_from_a_socket_in_use() {
        let (_dir, at) = place();
        drop(UnixListener::bind(at("old")).unwrap());
        holds(&said(&at("old"), Errno::ECONNREFUSED, false), &["no server listens on it any more", "rm "]);
        holds(&said(&at("old"), Errno::EADDRINUSE, true), &["stays behind", "rm "]);
        let _listener = UnixListener::bind(at("used")).unwrap();
        let text = said(&at("used"), Errno::EADDRINUSE, true);
        holds(&text, &["a program has a socket of this name open", "ss -xap"]);
        assert!(!text.contains("rm "), "{text}");
        // The same file under another name.
        let text = said(&at("./used"), Errno::EADDRINUSE, true);
        holds(&text, &["a program has a socket of this name open"]);
        let _datagrams = UnixDatagram::bind(at("bound")).unwrap();
        holds(&said(&at("bound"), Errno::ECONNREFUSED, false), &["does not listen on it"]);
    }

    #[test]
    fn the_table_of_unix_sockets_is_read() {
        let table = "Num       RefCount Protocol Flags    Type St Inode Path\n\
            0000000000000000: 00000002 00000000 00010000 0001 01 15 /run/a b\n\
            0000000000000000: 00000003 00000000 00000000 0001 03 16\n\
            0000000000000000: 00000002 00000000 00000000 0002 01 17 /run/d\n";
        let bound = |wanted: &str| bound_in(table, |path| path == wanted.as_bytes());
        assert_eq!(bound("/run/a b"), Some(true));
        assert_eq!(bound("/run/d"), Some(false));
        assert_eq!((bound("run/d"), bound("")), (None, None));
        assert_eq!(bound_in("", |_| true), None);
    }

    #[test]
    fn a_path_that_is_too_long_comes_with_both_lengths() {
        let remedy = explain_socket(&[b'x'; 200], Errno::ENAMETOOLONG, true).unwrap();
        holds(&remedy.reason, &["200 bytes", "at most 108", "107"]);
        holds(&explain_socket(b"a\0b", Errno::EINVAL, true).unwrap().reason, &["NUL"]);
    }

    #[test]
    fn files_are_explained_too() {
        let (dir, at) = place();
        let said = |path: &Path, errno| explain_file(path.as_os_str(), errno).map(|remedy| remedy.reason);
        holds(&said(&at("none/out"), Errno::ENOENT).unwrap(), &["none does not exist"]);
        holds(&said(&at("none"), Errno::ENOENT).unwrap(), &["no file has this name"]);
        holds(&said(dir.path(), Errno::EISDIR).unwrap(), &["a folder"]);
        let folder = format!("write permission on the folder {}", dir.path().display());
        holds(&said(&at("new"), Errno::EACCES).unwrap(), &[&folder]);
        fs::write(at("there"), "").unwrap();
        holds(&said(&at("there"), Errno::EACCES).unwrap(), &["its permissions"]);
        symlink("x", at("link")).unwrap();
        holds(&said(&at("link"), Errno::ELOOP).unwrap(), &["nothing is written through"]);
        assert_eq!(said(&at("full"), Errno::ENOSPC), None);
    }

    proptest::proptest! {
        #[test]
        fn no_table_is_a_panic(table: String, path: Vec<u8>) {
            let _ = bound_in(&table, |bound| bound == path);
        }
    }
}
