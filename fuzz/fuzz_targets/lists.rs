//! Any reply to the calls that list something, and to those that change what is listed.
#![no_main]

use oracles::lists::{authentication_methods, authenticators, guardian_factors};
use oracles::replies::any;
use oracles::{calls, message};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (reply, call) = message::reply(data);
    match call % 8 {
        0 => authenticators(&reply),
        1 => authentication_methods(&reply),
        2 => guardian_factors(&reply),
        3 => drop(any(&reply, calls::set_guardian_factor)),
        4 => drop(any(&reply, calls::delete_authenticator)),
        5 => drop(any(&reply, calls::delete_authentication_method)),
        6 => drop(any(&reply, calls::delete_all_authentication_methods)),
        _ => drop(any(&reply, calls::delete_all_authenticators)),
    }
});
