//! Any reply that may ask for a second factor, to the first factors, and to the second ones (chained MFA).
#![no_main]

use oracles::replies::{any, asks_for_mfa, of_code};
use oracles::{calls, message};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (reply, call) = message::reply(data);
    asks_for_mfa(&reply);
    match call % 6 {
        0 => any(&reply, calls::password_grant),
        1 => any(&reply, calls::password_realm_grant),
        2 => any(&reply, calls::refresh_token_grant),
        3 => any(&reply, calls::mfa_api_token_grant),
        4 => any(&reply, calls::verify_with_otp),
        _ => of_code(&reply, calls::verify_again),
    };
});
