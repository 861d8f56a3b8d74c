//! Core behind a door of integers: the host puts a scene in, byte by byte, has it played and takes the account out.

pub mod scene;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The scene, and after it is played its account.
static BYTES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Adds a byte to the scene.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn put(byte: u8) {
    bytes().push(byte);
}

/// Plays the scene. Answers how long the account is, which takes the scene's place.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn play() -> usize {
    let mut bytes = bytes();
    *bytes = scene::play(&bytes).into_bytes();
    bytes.len()
}

/// A byte of the account; 0 behind its end.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn get(index: usize) -> u8 {
    bytes().get(index).copied().unwrap_or_default()
}

/// Makes room for the next scene.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    bytes().clear();
}

fn bytes() -> MutexGuard<'static, Vec<u8>> {
    BYTES.lock().unwrap_or_else(PoisonError::into_inner)
}
