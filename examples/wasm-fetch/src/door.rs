//! A door of integers: one message at a time, in and out, byte by byte. So the host needs no address in the module's
//! memory, and the module no `unsafe` but that of names. What is cleared is wiped.

use std::cell::RefCell;

use auth0_mfa_core::Body;

thread_local! {
    static MESSAGE: RefCell<Body> = RefCell::default();
}

/// The message that the host has put there.
pub fn take() -> Body {
    MESSAGE.take()
}

/// Leaves a message for the host.
pub fn leave(message: Body) {
    MESSAGE.set(message);
}

/// Adds a byte to the message.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn put(byte: u8) {
    MESSAGE.with_borrow_mut(|message| message.append(&[byte]));
}

/// How long the message is.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn length() -> usize {
    MESSAGE.with_borrow(Body::len)
}

/// A byte of the message; 0 behind its end.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn get(index: usize) -> u8 {
    MESSAGE.with_borrow(|message| message.expose().get(index).copied().unwrap_or_default())
}

/// Makes room for the next message.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    drop(take());
}
