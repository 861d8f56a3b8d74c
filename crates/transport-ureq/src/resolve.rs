//! Looks up the addresses of a host, within a time.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use crate::error::out_of_time;
use crate::socket::remaining;

/// The addresses of `host`; an address stands for itself.
///
/// The system's lookup cannot be told to hurry, so it runs on a thread of its own, which is left behind when the time
/// is over.
pub(crate) fn resolve(host: &str, port: u16, deadline: Instant) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let host = host.to_owned();
    let (found, answer) = mpsc::sync_channel(1);
    let look_up = move || {
        // Nobody listens any more when the time was over first.
        let _ = found.send((host.as_str(), port).to_socket_addrs());
    };
    thread::Builder::new().name("auth0-mfa-resolve".to_owned()).spawn(look_up)?;
    let addresses = answer.recv_timeout(remaining(deadline)?).map_err(|_| out_of_time())??;
    Ok(addresses.collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_address_stands_for_itself() {
        let deadline = Instant::now() + Duration::from_secs(60);
        let addresses = resolve("::1", 443, deadline).expect("needs no lookup");
        assert_eq!(addresses, ["[::1]:443".parse().expect("is an address")]);
    }

    #[test]
    fn a_lookup_has_no_more_than_its_time() {
        let error = resolve("localhost", 443, Instant::now()).expect_err("there is no time");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
