//! `throughput <in flight> <turns> <milliseconds>`: the emulator and bare hyper in turns, each for so long. Prints a
//! line for each pair of turns: how many requests were answered by the one, and by the other.

use std::time::Duration;

use auth0_mfa_emulator::TokenFormat;
use auth0_mfa_emulator::server::EmulatorServer;
use bench_emulator::bare::{self, Constant};
use bench_emulator::client::Client;
use bench_emulator::fixture;
use bytes::Bytes;

fn main() {
    let arguments: Vec<usize> = std::env::args().skip(1).map_while(|it| it.parse().ok()).collect();
    let [in_flight, turns, milliseconds] = arguments.as_slice() else {
        panic!("throughput <in flight> <turns> <milliseconds>")
    };
    let time = Duration::from_millis(u64::try_from(*milliseconds).expect("not so long"));

    // A user for each connection, since a code is good once the one before was used; and one for the constant.
    let config = fixture::config(TokenFormat::Opaque, in_flight + 1);
    let emulator = EmulatorServer::builder().config(config).seed(1).start().expect("a server");
    let form = |number| {
        emulator.with_tenant(|tenant, now| fixture::recovery_form(tenant, &fixture::user(number), now))
    };
    let forms: Vec<String> = (0..*in_flight).map(form).collect();
    let bare = bare::start(constant(&emulator, &form(*in_flight)));

    let mut clients = [emulator.address(), bare].map(|address| Client::new(address, &forms));
    for client in &mut clients {
        client.play(time);
    }
    for _ in 0..*turns {
        let [of_emulator, of_bare] = clients.each_mut().map(|client| client.play(time));
        println!("{of_emulator} {of_bare}");
    }
}

/// A reply of the emulator, so that both are of the same size.
fn constant(emulator: &EmulatorServer, form: &str) -> Constant {
    let reply = emulator.with_tenant(|tenant, now| tenant.handle(&fixture::request(form.as_bytes()), now));
    Constant { headers: reply.headers().clone(), body: Bytes::copy_from_slice(reply.body().expose()) }
}
