//! `instructions <opaque|jwt> <count>`: so many recovery grants. To be run under callgrind with two counts, so that
//! what only the first one does is left out.

use bench_emulator::chain::Chain;

fn main() {
    let (tokens, count) = bench_emulator::arguments();
    let mut chain = Chain::new(tokens);
    for _ in 0..count {
        chain.grant();
    }
}
