//! Large files read ahead: one thread reads while the other goes through the codec and writes.
//!
//! Of a dump a quarter is bytes, so that reading it takes as long as all else. The thread begins where the input has proved
//! large, so that short and slow input is one read(2), one write(2) as ever, and only on a file: no read of one waits for
//! anybody, so that an interrupt, which the first thread gets, is never held up by the second. The calls are the same ones,
//! through the door.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Builder};

use jackfield::codec::stream::CHUNK;
use jackfield::sock::signal;

use super::{Broken, Input};

/// Pieces that are read before the first of them is taken.
const PIECES: usize = 4;

/// A piece and its bytes, which are none at the end; or why there is none.
type Read = Result<(Vec<u8>, usize), Broken>;

/// Gives the rest of the input to `each` piece by piece, and at its end none; `None` where the machine has no thread to
/// give, and nothing was read.
pub(super) fn each_piece<E>(
    input: &mut Input,
    mut each: impl FnMut(&[u8]) -> Result<(), Broken<E>>,
) -> Option<Result<(), Broken<E>>> {
    let (filled, pieces) = sync_channel(PIECES);
    let (emptied, room) = sync_channel(PIECES);
    thread::scope(move |threads| {
        let reading = Builder::new().name("read ahead".into());
        reading.spawn_scoped(threads, move || read(input, &room, &filled)).ok()?;
        for _ in 0..PIECES {
            let _ = emptied.send(vec![0; CHUNK]);
        }
        Some(take(&pieces, &emptied, &mut each))
        // What the other thread waits on goes here, and so does it.
    })
}

fn take<E>(
    pieces: &Receiver<Read>,
    emptied: &SyncSender<Vec<u8>>,
    each: &mut impl FnMut(&[u8]) -> Result<(), Broken<E>>,
) -> Result<(), Broken<E>> {
    for read in pieces {
        let (piece, count) = read.map_err(Broken::around)?;
        each(piece.get(..count).unwrap_or_default())?;
        if signal::arrived().is_some() {
            return Err(Broken::Interrupted);
        }
        // Nobody wants it behind the end.
        let _ = emptied.send(piece);
    }
    Ok(())
}

/// Reads until the end, a failure, or until nobody takes what is read.
fn read(input: &mut Input, room: &Receiver<Vec<u8>>, filled: &SyncSender<Read>) {
    for mut piece in room {
        let read = input.read(&mut piece).map(|count| (piece, count));
        let is_last = !matches!(read, Ok((_, 1..)));
        if filled.send(read).is_err() || is_last {
            return;
        }
    }
}
