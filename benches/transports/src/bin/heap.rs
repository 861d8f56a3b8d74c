//! `heap <subject> <origin> <root> <fresh|pooled> <count>`: so many calls at once, one each, and prints the most bytes
//! that were in use. The server is told to answer none of them before all of them arrived.

use bench_transports::player::Load;
use bench_transports::{Arguments, subjects};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let Arguments { subject, site, numbers: [count] } = Arguments::read();
    subjects::player(&subject, &site, 0).play(Load::calls(count, 1));
    println!("{}", ALLOCATOR.peak_usage());
}
