//! TLS does not come about: it was not sent, by proof.

use std::time::Duration;

use super::super::super::Tls;
use super::super::call::Told;
use super::super::scenario::{Expected, Place, Play, Scenario, Situation, Wire};
use super::super::subject::Ability;

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    if wire == Wire::Plain {
        return Vec::new();
    }
    let fails = |name, tls| Scenario::at(name, wire, Place::Server(tls), Expected::told(&[Told::NotSent]));
    let mut stalls = fails("TLS: nothing in the handshake", Tls::StallInHandshake).needs(Ability::TimeLimits);
    stalls.terms.connect_timeout = Duration::from_millis(300);
    stalls.is_slow = true;
    // In TLS 1.3 a client is done with its handshake, and has sent, before it learns of it.
    let mut wanted = fails("TLS: client certificate wanted", Tls::ClientCertificate);
    let either = Expected::told(&[Told::NotSent, Told::MaybeSent]);
    wanted.play = Scenario::at("", wire, wanted.place, either).play;
    let success = |it: &Situation<'_>| Play { scripts: Vec::new(), expected: Expected::success(it.kind) };
    let mut shown = Scenario::new("TLS: client certificate wanted and shown", wire, success);
    shown.place = Place::Server(Tls::ClientCertificate);
    vec![
        fails("TLS: wrong name", Tls::WrongName),
        fails("TLS: unknown authority", Tls::UnknownAuthority),
        fails("TLS: expired", Tls::Expired),
        fails("TLS: plain text on the port", Tls::PlainText),
        fails("TLS: closed in the handshake", Tls::CloseInHandshake),
        stalls,
        wanted,
        shown.with_client_certificate().no_fault(),
    ]
}
