//! Any reply to the calls that issue tokens or codes.
#![no_main]

use oracles::replies::{any, of_code};
use oracles::{calls, message};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (reply, call) = message::reply(data);
    match call % 8 {
        0 => of_code(&reply, calls::verify_with_recovery_code),
        1 => of_code(&reply, calls::regenerate_recovery_code),
        2 => any(&reply, calls::add_authenticator),
        3 => any(&reply, calls::verify_with_otp),
        4 => any(&reply, calls::verify_with_oob),
        5 => any(&reply, calls::request_challenge),
        6 => any(&reply, calls::password_grant),
        _ => any(&reply, calls::refresh_token_grant),
    };
});
