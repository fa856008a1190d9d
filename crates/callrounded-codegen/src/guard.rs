//! A guard against panics. progenitor asserts much of what it expects, but users must get a diagnostic about their
//! document, never a panic. So the generator runs in [`catch_panic`], which returns a panic as an error and prints
//! nothing.

use std::{
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    /// The message of the last panic. `Some` while this thread runs guarded code.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work` and returns its result, or the message of its panic.
pub(crate) fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let guarded = CAUGHT.with_borrow_mut(|caught| {
                if let Some(message) = caught {
                    *message = payload_message(info.payload());
                }
                caught.is_some()
            });
            // Panics outside of guarded code are reported as before.
            if !guarded {
                previous(info);
            }
        }));
    });
    CAUGHT.set(Some(String::new()));
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    let caught = CAUGHT.take().unwrap_or_default();
    outcome.map_err(|_| caught)
}

fn payload_message(payload: &(dyn std::any::Any + Send)) -> String {
    let message = payload.downcast_ref::<String>().map(String::as_str);
    let message = message
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("unknown reason");
    message.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catch_panic_returns_result_or_message_of_panic() {
        assert_eq!(catch_panic(|| 1), Ok(1));
        assert_eq!(
            catch_panic(|| -> u8 { panic!("not {}", "implemented") }),
            Err("not implemented".to_owned())
        );
    }
}
