//! Shows progress on a terminal during work that takes longer than a second.

use std::{
    io::{self, IsTerminal, Write},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

/// Does the work. If standard error is a terminal, `label` and the elapsed seconds are shown on it, from the first
/// second on.
pub(crate) fn with_progress<T>(label: &str, work: impl FnOnce() -> T) -> T {
    if io::stderr().is_terminal() {
        with_progress_on(&mut io::stderr(), Duration::from_secs(1), label, work)
    } else {
        work()
    }
}

fn with_progress_on<T>(out: &mut (dyn Write + Send), tick: Duration, label: &str, work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        let (done, is_done) = mpsc::channel::<()>();
        scope.spawn(move || {
            let start = Instant::now();
            let mut is_shown = false;
            while is_done.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                // A failure to show progress must not affect the work.
                let _ignored = write!(out, "\r{label}: {} s", start.elapsed().as_secs()).and_then(|()| out.flush());
                is_shown = true;
            }
            if is_shown {
                // Clears the line for the report.
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

    /// A writer that sends what is written to a channel.
    struct ChannelWriter(mpsc::Sender<String>);

    impl Write for ChannelWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ignored = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn progress_of_long_work_is_shown_and_then_cleared() {
        let (sent, written) = mpsc::channel();
        let outcome = with_progress_on(&mut ChannelWriter(sent), Duration::from_millis(1), "importing", || {
            // The work lasts until progress is shown.
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
            with_progress_on(&mut ChannelWriter(sent), Duration::from_secs(3600), "importing", || 7),
            7
        );
        assert_eq!(written.iter().count(), 0);
    }
}
