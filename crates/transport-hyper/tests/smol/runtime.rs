use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_transport_hyper::Runtime;
use smol::{Async, Timer, future};
use smol_hyper::rt::FuturesIo;

/// The executor and the reactor that smol has for the whole process.
pub(crate) struct Smol;

impl Runtime for Smol {
    type Stream = FuturesIo<Async<TcpStream>>;
    type Sleep = Timer;
    // There is one, and a connection comes on wherever it is awaited.
    type Id = ();

    fn id(&self) -> io::Result<()> {
        Ok(())
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        smol::net::resolve((host, port)).await
    }

    async fn connect(&self, addresses: Vec<SocketAddr>, time: Duration) -> Result<Self::Stream, BoxError> {
        let each = time / u32::try_from(addresses.len())?;
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        for address in addresses {
            let connecting = Async::<TcpStream>::connect(address);
            match future::or(connecting, too_late(each)).await {
                Ok(stream) => {
                    stream.get_ref().set_nodelay(true)?;
                    return Ok(FuturesIo::new(stream));
                }
                Err(error) => failure = error,
            }
        }
        Err(failure.into())
    }

    fn sleep_until(&self, at: Instant) -> Timer {
        Timer::at(at)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        smol::spawn(task).detach();
    }
}

async fn too_late<T>(time: Duration) -> io::Result<T> {
    Timer::after(time).await;
    Err(io::ErrorKind::TimedOut.into())
}
