//! `calls <subject> <origin> <root> <fresh|pooled> <count>`: a call to warm up, and so many more, one after the other.
//! To be run under callgrind or strace with two counts: the difference is without start and end.

use bench_transports::player::Load;
use bench_transports::{Arguments, subjects};

fn main() {
    let Arguments { subject, site, numbers: [count] } = Arguments::read();
    subjects::player(&subject, &site, 0).play(Load::calls(1, 1 + count));
}
