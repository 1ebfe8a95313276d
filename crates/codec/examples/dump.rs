//! Dumps standard input: `dump xxd|hexdump|od|plain|boxed|coloured`, as fast as it is read and written.

use std::io::{self, stdin, stdout};

use jackfield_codec::{Dump, Style, stream};

fn main() -> io::Result<()> {
    let style = match std::env::args().nth(1).as_deref() {
        None | Some("xxd") => Style::xxd(),
        Some("hexdump") => Style::hexdump(),
        Some("od") => Style::od(),
        Some("plain") => Style::plain(),
        Some("boxed") => Style::boxed(),
        Some("coloured") => Style::boxed().colour(true),
        Some(other) => {
            let message = format!("expected xxd, hexdump, od, plain, boxed or coloured, found {other}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    };
    stream::copy(stdin().lock(), Dump::new(style), stdout().lock()).map_err(io::Error::other)?;
    Ok(())
}
