//! The figures, one table for each setting.

use std::fmt::Write;

use super::bars::kib;
use super::{Failure, HYPER_UTIL, IN_FLIGHT, Measured, SETTINGS, SUBJECTS, UREQ};
use crate::bench::figures::{decimal, ratio};

pub(super) fn of(measured: &Measured) -> Result<String, Failure> {
    let mut text = String::new();
    let mut line = |cells: [&str; 9]| {
        let [subject, instructions, to_hyper, to_ureq, heap, syscalls, one, some, many] = cells;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{subject:17}  {instructions:>12}  {to_hyper:>13}  {to_ureq:>7}  {heap:>8}  {syscalls:>8}  {one:>5}  {some:>5}  {many:>5}"
        );
    };
    let in_flight = IN_FLIGHT.map(|count| count.to_string());
    let [one, some, many] = in_flight.each_ref().map(String::as_str);
    line(["", "instructions", "to hyper-util", "to ureq", "heap", "syscalls", "throughput to raw", "", ""]);
    for setting in &SETTINGS {
        line([setting.name, "a call", "", "", "KiB", "a call", one, some, many]);
        let instructions_of = |subject| measured.get(setting.name, subject).map(|it| it.instructions);
        let (hyper_util, ureq) = (instructions_of(HYPER_UTIL)?, instructions_of(UREQ)?);
        for subject in SUBJECTS {
            let figures = measured.get(setting.name, subject)?;
            let [one, some, many] = figures.throughput.map(decimal);
            line([
                &format!("  {subject}"),
                &figures.instructions.to_string(),
                &decimal(ratio(figures.instructions, hyper_util)),
                &decimal(ratio(figures.instructions, ureq)),
                &decimal(kib(&figures)),
                &format!("{}.{}", figures.syscalls / 10, figures.syscalls % 10),
                &one,
                &some,
                &many,
            ]);
        }
    }
    Ok(text)
}
