//! Core behind a door of integers: the host puts a scene in, has it played and takes the account out.

#[path = "../../../examples/wasm-fetch/src/door.rs"]
pub mod door;
pub mod scene;

use auth0_mfa_core::Body;

/// Plays the scene. Its account takes the scene's place.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn play() {
    let account = scene::play(door::take().expose());
    door::leave(Body::from(account.into_bytes()));
}
