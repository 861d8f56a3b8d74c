//! Places on loopback where nobody answers.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

/// A port of 127.0.0.1 on which nothing listens: a connection is refused.
///
/// The port is bound for as long as this value lives, so nobody else comes to listen on it meanwhile.
#[derive(Debug)]
pub struct ClosedPort {
    address: SocketAddr,
    _bound: Socket,
}

impl ClosedPort {
    /// Takes a free port.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn open() -> io::Result<Self> {
        let (bound, address) = bind()?;
        Ok(Self { address, _bound: bound })
    }

    /// Where nothing listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A listener on 127.0.0.1 whose backlog is full: a connection is neither accepted nor refused, it hangs.
///
/// It hangs for as long as this value lives.
#[derive(Debug)]
pub struct BlackHole {
    address: SocketAddr,
    _listener: Socket,
    _backlog: Vec<TcpStream>,
}

impl BlackHole {
    /// How long a connection must hang to be taken for one that hangs. The kernel completes those that it has room for
    /// while `connect` is being called, whatever else the machine does.
    const HANGS: Duration = Duration::from_millis(200);

    /// More than any system makes room for when it is asked for no room.
    const MOST_ROOM: usize = 64;

    /// Listens, and fills the backlog. Takes a fifth of a second.
    ///
    /// # Errors
    /// When the system gives no port, or is one that does not let connections hang: with [`ErrorKind::Unsupported`].
    pub fn open() -> io::Result<Self> {
        let (listener, address) = bind()?;
        listener.listen(0)?;
        let backlog = fill(&address)?;
        Ok(Self { address, _listener: listener, _backlog: backlog })
    }

    /// Where a connection hangs.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Connects until a connection hangs; gives those that did not.
fn fill(address: &SocketAddr) -> io::Result<Vec<TcpStream>> {
    let mut backlog = Vec::new();
    while backlog.len() < BlackHole::MOST_ROOM {
        match TcpStream::connect_timeout(address, BlackHole::HANGS) {
            Ok(stream) => backlog.push(stream),
            Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(backlog),
            Err(error) => return Err(io::Error::new(ErrorKind::Unsupported, error)),
        }
    }
    Err(io::Error::new(ErrorKind::Unsupported, "the backlog does not fill"))
}

/// A socket that has a free port of 127.0.0.1 and does not listen.
pub(super) fn bind() -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let address = socket.local_addr()?.as_socket();
    let address = address.ok_or_else(|| io::Error::other("the socket has no internet address"))?;
    Ok((socket, address))
}
