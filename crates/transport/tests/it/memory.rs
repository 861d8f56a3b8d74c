//! What is left in the memory of the process, free or not.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use auth0_mfa_transport::proxy::Proxy;
use zeroize::Zeroizing;

/// The letters of a password that stands nowhere in the program. Long, so that whoever takes a part of the memory in
/// which it was does not hide the rest.
fn letters() -> impl Iterator<Item = u8> {
    (0..4096_u32)
        .map(|at| b'a' + u8::try_from((at % 64 * (at % 64) * 31 + at % 64 * 17) % 26).expect("a letter"))
}

/// Whether so much of the password stands in these bytes that it cannot be by chance.
fn holds_the_password(memory: &[u8]) -> bool {
    const ENOUGH: usize = 48;
    memory.windows(ENOUGH).any(|window| window.iter().copied().eq(letters().take(ENOUGH)))
}

/// The parts of the memory that can be written.
fn parts() -> Vec<(u64, usize)> {
    let maps = fs::read_to_string("/proc/self/maps").expect("can be read");
    let part = |line: &str| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let address = |text| u64::from_str_radix(text, 16).ok();
        let (start, end) = (address(start)?, address(end)?);
        rest.starts_with("rw").then(|| (start, usize::try_from(end - start).expect("fits")))
    };
    maps.lines().filter_map(part).collect()
}

#[test]
fn the_password_of_a_proxy_is_not_left_behind() {
    let memory = File::open("/proc/self/mem").expect("can be read");
    let parts = parts();
    let longest = parts.iter().map(|(_, length)| *length).max().expect("there are some");
    let mut copy = vec![0; longest];

    let mut url = Zeroizing::new(String::with_capacity(8192));
    url.push_str("http://user:");
    url.extend(letters().map(char::from));
    assert!(holds_the_password(url.as_bytes()));
    url.push_str("@proxy.example.com:3128");
    let proxy = Proxy::parse(&url).expect("is a proxy");
    drop(url);

    for (start, length) in parts {
        // What is not there any more is not read.
        let read = memory.read_at(&mut copy[..length], start).unwrap_or(0);
        assert!(!holds_the_password(&copy[..read]), "{length} bytes at {start:x}");
    }
    assert_eq!(proxy.port(), 3128);
}
