//! Working with figures.

use super::Failure;

/// The middle one, which a turn that was disturbed does not move.
pub(super) fn median(mut numbers: Vec<u64>) -> u64 {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// In hundredths.
pub(super) fn ratio(this: u64, that: u64) -> u64 {
    (this * 100 + that / 2) / that.max(1)
}

/// Hundredths as they are written.
pub(super) fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The numbers of a line that has so many.
pub(super) fn numbers<T: std::str::FromStr, const N: usize>(line: &str) -> Result<[T; N], Failure> {
    let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<T>, _>>().ok();
    numbers
        .and_then(|numbers| <[T; N]>::try_from(numbers).ok())
        .ok_or_else(|| format!("not a line of {N} numbers: {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_that_was_disturbed_does_not_move_the_median() {
        assert_eq!(median(vec![91, 12, 90, 92, 91]), 91);
    }

    #[test]
    fn a_line_has_as_many_numbers_as_were_asked_for() {
        assert_eq!(numbers::<usize, 2>("1 20\n"), Ok([1, 20]));
        for line in ["", "1", "1 2 3", "1 x"] {
            assert!(numbers::<usize, 2>(line).is_err(), "{line}");
        }
    }
}
