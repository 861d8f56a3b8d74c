//! `instructions <subject> <scenario>`, to be run under callgrind.

use bench_core::{Scenario, subjects};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [subject, name] = arguments.as_slice() else { panic!("instructions <subject> <scenario>") };
    let scenario = Scenario::ALL.into_iter().find(|it| it.name() == name).expect("begin, success or error");
    subjects::play(subject, scenario);
}
