//! A sign of life on a terminal, for what takes longer than a second.

use std::{
    io::{self, IsTerminal, Write},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

/// Does the work; on a terminal, standard error shows for how long, from the first second on.
pub(crate) fn shown<T>(what: &str, work: impl FnOnce() -> T) -> T {
    match io::stderr().is_terminal() {
        true => shown_on(&mut io::stderr(), Duration::from_secs(1), what, work),
        false => work(),
    }
}

fn shown_on<T>(out: &mut (dyn Write + Send), tick: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        let (done, is_done) = mpsc::channel::<()>();
        scope.spawn(move || {
            let start = Instant::now();
            let mut shown = false;
            while is_done.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                // Whether it can be shown makes no difference to the work.
                let _ignored = write!(out, "\r{what}: {} s", start.elapsed().as_secs()).and_then(|()| out.flush());
                shown = true;
            }
            if shown {
                // The line is the report's again.
                let _ignored = write!(out, "\r\x1b[K").and_then(|()| out.flush());
            }
        });
        let outcome = work();
        drop(done);
        outcome
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells when something is written.
    struct Noted(mpsc::Sender<String>);

    impl Write for Noted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ignored = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn progress_is_shown_while_work_lasts_and_removed_after_it() {
        let (sent, written) = mpsc::channel();
        let outcome = shown_on(&mut Noted(sent), Duration::from_millis(1), "importing", || {
            // The work lasts until there is something to see.
            written.recv().map(|first| (first, 7))
        });
        assert_eq!(outcome, Ok(("\r".to_owned(), 7)));
        let rest: String = written.iter().collect();
        assert!(rest.starts_with("importing: 0 s"), "{rest:?}");
        assert!(rest.ends_with("\r\u{1b}[K"), "{rest:?}");
    }

    #[test]
    fn progress_of_short_work_is_not_shown() {
        let (sent, written) = mpsc::channel();
        assert_eq!(
            shown_on(&mut Noted(sent), Duration::from_secs(3600), "importing", || 7),
            7
        );
        assert_eq!(written.iter().count(), 0);
    }
}
