//! Line 8 of the contract: a proxy comes from a setting, and learns where a request goes and nothing else.

use std::error::Error;
use std::process::Command;
use std::sync::Arc;

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{BlockingTransport, Delivery};
use auth0_mfa_transport_ureq::{Builder, ConfigError, NoTunnel, Phase, UreqTransport};

use crate::fake_proxy::{Answer, Asked, FakeProxy};
use crate::server::{OK, Server, closed_port};
use crate::support::{Reply, SHORT, built, chain, delivery, failure, phase, post, post_body, send_code};
use crate::tls::{Identity, identity, localhost, trusting};

/// No resolver knows it.
const NAME: &str = "tenant.test";
const REFUSED: &[u8] =
    b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";

fn tenant() -> Identity {
    identity(NAME, rustls::ALL_VERSIONS)
}

fn through(builder: Builder, proxy: &FakeProxy) -> UreqTransport {
    built(builder.proxy(&proxy.url()).expect("is a proxy"))
}

/// A call that asks a proxy for a tunnel and gets this.
fn answered(answer: Answer) -> (Reply, Vec<Asked>) {
    let proxy = FakeProxy::start(answer);
    let transport = through(UreqTransport::builder().connect_timeout(SHORT), &proxy);
    let reply = send_code(&transport, &format!("https://{NAME}/oauth/token"));
    (reply, proxy.finish())
}

/// What the proxy said, in the words that both transports have for it.
fn no_tunnel(reply: &Reply) -> &NoTunnel {
    failure(reply).source().and_then(|cause| cause.downcast_ref()).expect("the cause is the proxy's answer")
}

#[test]
fn a_request_arrives_once_and_the_proxy_sees_host_and_port_only() {
    let identity = tenant();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let proxy = FakeProxy::start(Answer::Tunnel(server.address()));
    let url = proxy.url().replace("//", "//user:fake%20word@");
    let transport = built(trusting(&identity).proxy(&url).expect("is a proxy"));

    let mut request = post_body(
        &format!("https://{NAME}/oauth/token?CANARY"),
        Replay::SingleUse,
        b"recovery_code=CANARY".to_vec(),
    );
    request.headers_mut().insert("authorization", "CANARY".parse().expect("a value"));
    let reply = transport.send(request).expect("is answered");
    assert_eq!(reply.body().expose(), b"ok");
    drop(transport);

    let asked = proxy.finish();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].head,
        format!(
            "CONNECT {NAME}:443 HTTP/1.1\r\nhost: {NAME}:443\r\n\
             proxy-authorization: Basic dXNlcjpmYWtlIHdvcmQ=\r\n\r\n"
        )
    );
    assert!(!asked[0].passed.is_empty());
    for secret in [&b"CANARY"[..], b"/oauth/token", b"recovery_code"] {
        assert!(!asked[0].passed.windows(secret.len()).any(|window| window == secret));
    }

    let seen = server.finish();
    assert_eq!((seen.connections(), seen.requests()), (1, 1));
    let text = seen.text(0);
    assert!(
        text.starts_with("POST /oauth/token?CANARY HTTP/1.1\r\n")
            && text.contains("\r\nhost: tenant.test\r\n")
    );
    assert!(text.ends_with("\r\n\r\nrecovery_code=CANARY") && !text.contains("proxy"), "{text}");
}

#[test]
fn a_tunnel_is_used_again_by_those_that_may() {
    let identity = tenant();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let proxy = FakeProxy::start(Answer::Tunnel(server.address()));
    let transport = through(trusting(&identity), &proxy);
    for replay in [Replay::Once, Replay::SingleUse, Replay::Safe] {
        transport.send(post(&format!("https://{NAME}:8443/"), replay)).expect("is answered");
    }
    drop(transport);
    let asked = proxy.finish();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|asked| asked.head.starts_with("CONNECT tenant.test:8443 ")));
    let seen = server.finish();
    assert_eq!((seen.requests_on(0), seen.requests_on(1)), (2, 1));
}

#[test]
fn a_proxy_that_refuses_means_not_sent() {
    let (reply, asked) = answered(Answer::Say(REFUSED));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Proxy));
    assert!(!failure(&reply).is_timeout());
    assert_eq!(no_tunnel(&reply).status(), Some(407), "{:?}", chain(&reply));
    assert_eq!((asked.len(), asked[0].passed.len()), (1, 0));
}

#[test]
fn what_is_no_answer_to_connect_means_not_sent() {
    for garbage in [
        &b""[..],
        b"HTTP/1.1 200 Connection esta",
        b"SSH-2.0-fake\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nbytes behind",
    ] {
        let (reply, asked) = answered(Answer::Say(garbage));
        assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Proxy));
        assert!(!failure(&reply).is_timeout(), "{:?}", chain(&reply));
        assert_eq!(no_tunnel(&reply).status(), None, "{:?}", chain(&reply));
        assert_eq!((asked.len(), asked[0].passed.len()), (1, 0));
    }
}

#[test]
fn a_proxy_that_takes_its_time_does_not_stretch_the_connecting() {
    for answer in
        [Answer::Drip(b""), Answer::Drip(b"HTTP/1.1 200 OK\r\nx-filler: xxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n\r\n")]
    {
        let (reply, asked) = answered(answer);
        assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Proxy));
        assert!(failure(&reply).is_timeout());
        assert_eq!(chain(&reply)[2], format!("connecting took longer than {SHORT:?}"));
        assert_eq!((asked.len(), asked[0].passed.len()), (1, 0));
    }
}

#[test]
fn a_proxy_that_is_not_there_means_not_sent() {
    let url = format!("http://127.0.0.1:{}", closed_port());
    let transport = built(UreqTransport::builder().proxy(&url).expect("is a proxy"));
    let reply = send_code(&transport, &format!("https://{NAME}/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Connect));
}

#[test]
fn the_certificate_in_the_tunnel_is_that_of_the_origin() {
    let (identity, other) = (tenant(), localhost());
    let server = Server::start_tls(Arc::clone(&other.server), |peer| peer.answer_all(OK));
    let proxy = FakeProxy::start(Answer::Tunnel(server.address()));
    for trusted in [&identity, &other] {
        let transport = through(trusting(trusted), &proxy);
        let reply = send_code(&transport, &format!("https://{NAME}/"));
        assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Tls));
    }
    proxy.finish();
    assert_eq!(server.finish().bytes(), 0);
}

#[test]
fn loopback_and_excepted_hosts_are_reached_without_the_proxy() {
    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let plain = Server::start(|peer| peer.answer_all(OK));
    let proxy = FakeProxy::start(Answer::Say(REFUSED));
    let transport = through(trusting(&identity).no_proxy("elsewhere.example.com, .tenant.test"), &proxy);
    for url in [server.tls_url("/"), plain.url("/")] {
        assert!(send_code(&transport, &url).is_ok(), "{url}");
    }
    let excepted = send_code(&transport, &format!("https://{NAME}/"));
    assert_eq!(phase(&excepted), Phase::Resolve);
    drop(transport);
    assert_eq!((server.finish().requests(), plain.finish().requests()), (1, 1));
    assert!(proxy.finish().is_empty());
}

/// The variables are set for a child process, which runs this very test.
#[test]
fn the_environment_is_read_on_request_only() {
    const CHILD: &str = "TEST_WITH_PROXY_IN_ENVIRONMENT";
    if std::env::var_os(CHILD).is_some() {
        let asking = UreqTransport::builder().proxy_from_environment().and_then(Builder::build);
        let phase_of = |transport: Result<UreqTransport, ConfigError>, url: &str| {
            phase(&send_code(&transport.expect("is a proxy"), url))
        };
        assert_eq!(phase_of(UreqTransport::new(), "https://tenant.test/"), Phase::Resolve);
        assert_eq!(phase_of(asking, "https://tenant.test/"), Phase::Proxy);
        let asking = UreqTransport::builder().proxy_from_environment().and_then(Builder::build);
        assert_eq!(phase_of(asking, "https://excepted.test/"), Phase::Resolve);
        return;
    }
    let proxy = FakeProxy::start(Answer::Say(REFUSED));
    let mut child = Command::new(std::env::current_exe().expect("this test has a file"));
    child.args(["--exact", "proxy::the_environment_is_read_on_request_only"]).env(CHILD, "1");
    for name in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
        child.env(name, proxy.url());
    }
    for name in ["NO_PROXY", "no_proxy"] {
        child.env(name, "excepted.test");
    }
    let output = child.output().expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!(proxy.finish().len(), 1);
}

#[test]
fn the_password_of_a_proxy_is_not_shown() {
    let builder = UreqTransport::builder().proxy("http://user:CANARY@127.0.0.1:1").expect("is a proxy");
    let shown = format!("{builder:?}") + &format!("{:?}", built(builder));
    assert!(shown.contains("127.0.0.1") && !shown.contains("CANARY"), "{shown}");
}
