//! `throughput <subject> <origin> <root> <fresh|pooled> <in flight> <milliseconds>`: prints how many calls there were
//! in that time, after a quarter of it to warm up.

use std::time::Duration;

use bench_transports::player::Load;
use bench_transports::{Arguments, subjects};

const WORKERS: usize = 2;

fn main() {
    let Arguments { subject, site, numbers: [in_flight, milliseconds] } = Arguments::read();
    let player = subjects::player(&subject, &site, WORKERS);
    let time = Duration::from_millis(u64::try_from(milliseconds).expect("not so long"));
    player.play(Load::lasting(in_flight, time / 4));
    println!("{}", player.play(Load::lasting(in_flight, time)));
}
