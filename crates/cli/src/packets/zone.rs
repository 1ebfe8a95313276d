//! The zone in which times are told, as the C library finds it: `TZ`, else `/etc/localtime`. Source: tzset(3).

use std::ffi::OsString;
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use jackfield::capture::file::Zone;
use jackfield::sock::{self, c, io};

/// The zone of who did not say.
const SYSTEM: &[u8] = b"/etc/localtime";
/// Where zones stand by their names, unless `TZDIR` says otherwise.
const FOLDER: &[u8] = b"/usr/share/zoneinfo";
/// More than any zone has.
const LONGEST: usize = 1 << 20;

/// Reads the zone; what cannot be read is Greenwich's.
pub(crate) fn zone() -> Zone {
    if sock::rehearsing() {
        return Zone::UTC;
    }
    of(std::env::var_os("TZ"), std::env::var_os("TZDIR")).unwrap_or(Zone::UTC)
}

fn of(tz: Option<OsString>, folder: Option<OsString>) -> Option<Zone> {
    let Some(tz) = tz else { return file(SYSTEM) };
    let (is_name, name) = match tz.as_bytes() {
        b"" => return None,
        [b':', name @ ..] => (true, name),
        name => (false, name),
    };
    let found = if name.starts_with(b"/") {
        file(name)
    } else {
        let folder = folder.map_or_else(|| FOLDER.to_vec(), OsStringExt::into_vec);
        file(&[&folder, &b"/"[..], name].concat())
    };
    let rule = || std::str::from_utf8(name).ok().filter(|_| !is_name).and_then(Zone::from_rule);
    found.or_else(rule)
}

fn file(path: &[u8]) -> Option<Zone> {
    let file = io::open(path, c::O_RDONLY, 0).ok()?;
    let mut bytes = Vec::new();
    let mut piece = vec![0; 1 << 14];
    loop {
        match io::read(file.as_fd(), &mut piece).ok()? {
            0 => return Zone::from_tzif(&String::from_utf8_lossy(path), &bytes),
            _ if bytes.len() > LONGEST => return None,
            count => bytes.extend_from_slice(piece.get(..count)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_a_rule_or_a_file() {
        let is_found = |tz: &str| of(Some(tz.into()), Some("/nowhere".into())).is_some();
        assert!(is_found("CET-1CEST,M3.5.0,M10.5.0/3"));
        assert!(!is_found("") && !is_found(":CET-1") && !is_found("No/Such") && !is_found("/etc/passwd"));
    }
}
