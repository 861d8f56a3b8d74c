//! Through a proxy: it opens a tunnel, sees host and port, and nothing else.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{AsyncTransport, Delivery};
use auth0_mfa_transport::proxy::NoTunnel;
use auth0_mfa_transport_hyper::{Builder, HyperTransport, Phase};

use crate::support::*;
use crate::tls::{authority_and_server, trusting};

/// What the proxy does with a CONNECT.
#[derive(Clone, Copy)]
enum Answer {
    /// Connects to this server, whatever name was asked for.
    Tunnel(SocketAddr),
    Bytes(&'static [u8]),
    Nothing,
}

/// A proxy on loopback that notes what it was sent before there was a tunnel.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("the listener is bound");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heads);
        // It ends with the process.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let noted = Arc::clone(&noted);
                thread::spawn(move || drop(serve(client, answer, &noted)));
            }
        });
        Self { address, heads }
    }

    fn url(&self, user: &str) -> String {
        format!("http://{user}{}", self.address)
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("nobody panics").clone()
    }
}

fn serve(mut client: TcpStream, answer: Answer, heads: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    heads.lock().expect("nobody panics").push(String::from_utf8_lossy(&head).into_owned());
    match answer {
        Answer::Bytes(bytes) => client.write_all(bytes),
        Answer::Nothing => client.read_to_end(&mut Vec::new()).map(drop),
        Answer::Tunnel(server) => {
            let mut server = TcpStream::connect(server)?;
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            let (mut back, mut to_client) = (server.try_clone()?, client.try_clone()?);
            let backward = thread::spawn(move || {
                let copied = io::copy(&mut back, &mut to_client);
                let _ = to_client.shutdown(Shutdown::Write);
                copied
            });
            let copied = io::copy(&mut client, &mut server);
            let _ = server.shutdown(Shutdown::Write);
            let _ = backward.join();
            copied.map(drop)
        }
    }
}

const URL: &str = "https://tenant.test/oauth/token";

fn through(builder: Builder, proxy: &Proxy, user: &str) -> Builder {
    builder.proxy(&proxy.url(user)).expect("is a proxy")
}

#[test]
fn a_proxy_sees_host_and_port_and_nothing_else() {
    let (authority, config) = authority_and_server("tenant.test");
    let server = Server::tls(config, |_, peer| peer.serve(OK));
    let proxy = Proxy::start(Answer::Tunnel(server.address()));
    let transport = through(trusting(&authority), &proxy, "user:fake-word@").build().expect("is sound");
    let reply = send(&transport, post(URL, Replay::SingleUse)).expect("the server answers");
    assert_eq!(reply.body().expose(), b"{}");
    let seen = server.finish();
    assert_eq!((seen.len(), seen[0].requests()), (1, 1));
    assert!(seen[0].text().contains("host: tenant.test\r\n") && seen[0].text().contains("CANARY"));
    assert!(!seen[0].text().to_lowercase().contains("proxy-"));
    // `user:fake-word` in Base64.
    let head = "CONNECT tenant.test:443 HTTP/1.1\r\nhost: tenant.test:443\r\n\
                proxy-authorization: Basic dXNlcjpmYWtlLXdvcmQ=\r\n\r\n";
    assert_eq!(proxy.heads(), [head]);
}

#[test]
fn a_tunnel_is_pooled_as_any_other_connection() {
    let (authority, config) = authority_and_server("tenant.test");
    let server = Server::tls(config, |_, peer| peer.serve(OK));
    let proxy = Proxy::start(Answer::Tunnel(server.address()));
    let transport = through(trusting(&authority), &proxy, "").build().expect("is sound");
    run(async {
        for _ in 0..5 {
            transport.send(post(URL, Replay::Once)).await.expect("the server answers");
        }
    });
    drop(transport);
    assert_eq!(proxy.heads().len(), 1);
    assert_eq!(server.finish()[0].requests(), 5);
}

#[test]
fn without_a_tunnel_nothing_was_sent() {
    let cut = b"HTTP/1.1 200 Conn".as_slice();
    for (answer, status) in [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n".as_slice(), Some(407)),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", Some(502)),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", None),
        (b"no proxy speaks like this\r\n\r\n", None),
        (cut, None),
        (b"", None),
    ] {
        let proxy = Proxy::start(Answer::Bytes(answer));
        let transport = through(HyperTransport::builder(), &proxy, "user:CANARY@").build().expect("is sound");
        let outcome = send(&transport, post(URL, Replay::SingleUse));
        assert_failed(&outcome, Delivery::NotSent, Phase::Proxy);
        let cause = std::error::Error::source(failure(outcome.as_ref().expect_err("there is no tunnel")));
        let refusal: &NoTunnel = cause.and_then(|cause| cause.downcast_ref()).expect("the proxy refused");
        assert_eq!(refusal.status(), status);
        assert!(!proxy.heads().concat().contains("CANARY") && proxy.heads().len() == 1);
    }
}

#[test]
fn a_proxy_that_says_nothing_is_waited_for_no_longer_than_for_a_connection() {
    let proxy = Proxy::start(Answer::Nothing);
    let builder = through(HyperTransport::builder(), &proxy, "").connect_timeout(Duration::from_millis(200));
    let outcome = send(&builder.build().expect("is sound"), post(URL, Replay::SingleUse));
    assert_failed(&outcome, Delivery::NotSent, Phase::Proxy);
    assert!(failure(outcome.as_ref().expect_err("the proxy says nothing")).is_timeout());
}

#[test]
fn a_server_with_another_name_is_not_trusted_behind_a_proxy() {
    let (authority, config) = authority_and_server("another.test");
    let server = Server::tls(config, |_, peer| peer.serve(OK));
    let proxy = Proxy::start(Answer::Tunnel(server.address()));
    let transport = through(trusting(&authority), &proxy, "").build().expect("is sound");
    assert_failed(&send(&transport, post(URL, Replay::SingleUse)), Delivery::NotSent, Phase::Tls);
    drop(transport);
    assert!(server.finish().iter().all(|seen| seen.bytes.is_empty()));
}

#[test]
fn this_machine_and_excepted_hosts_are_reached_without_it() {
    let (authority, config) = authority_and_server("localhost");
    let server = Server::tls(config, |_, peer| peer.serve(OK));
    let proxy = Proxy::start(Answer::Nothing);
    let transport = through(trusting(&authority), &proxy, "").no_proxy("invalid").build().expect("is sound");
    assert!(send(&transport, post(&server.url("/"), Replay::SingleUse)).is_ok());
    let excepted = send(&transport, post("https://tenant.invalid/", Replay::SingleUse));
    assert_failed(&excepted, Delivery::NotSent, Phase::Resolve);
    assert!(proxy.heads().is_empty());
    drop(transport);
    drop(server.finish());
}
