//! Any reply that may be an error, to any call.
#![no_main]

use oracles::replies::{any, error, of_code};
use oracles::{calls, message};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (reply, call) = message::reply(data);
    error(&reply);
    match call % 8 {
        0 => of_code(&reply, calls::verify_with_recovery_code),
        1 => of_code(&reply, calls::verify_again),
        2 => of_code(&reply, calls::regenerate_recovery_code),
        3 => of_code(&reply, calls::regenerate_again),
        4 => any(&reply, calls::password_grant),
        5 => any(&reply, calls::add_authenticator),
        6 => any(&reply, calls::request_challenge),
        _ => any(&reply, calls::list_authenticators),
    };
});
