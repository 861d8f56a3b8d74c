//! A tunnel through an HTTP proxy.

use std::io::{self, Read, Write};

use auth0_mfa_transport::Origin;
use auth0_mfa_transport::proxy::{self, NoTunnel, Proxy};

/// Asks the proxy at the other end for a tunnel to `origin`, and waits for it.
pub(crate) fn open(stream: &mut (impl Read + Write), proxy: &Proxy, origin: &Origin) -> io::Result<()> {
    stream.write_all(&proxy.connect_request(origin))?;
    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    // An answer without end is refused for its length.
    while !proxy::is_open(&answer).map_err(io::Error::other)? {
        match stream.read(&mut piece)? {
            0 => return Err(io::Error::other(NoTunnel::cut())),
            count => answer.extend_from_slice(piece.get(..count).unwrap_or_default()),
        }
    }
    Ok(())
}
