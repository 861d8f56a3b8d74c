//! What is seen of a step, and what is known of it beforehand.

/// What became of a step.
#[derive(Debug)]
pub(super) enum Cell {
    /// The client was told what the tenant knows.
    Ok,
    /// The client has no such call.
    Not,
    /// What was not so, without a secret.
    Odd(String),
}

/// What is known of a client.
pub(super) enum Known {
    Ok,
    /// It has no such call, for this reason.
    Not(&'static str),
    /// It has this defect; what is seen of it begins with `shows`.
    Defect {
        shows: &'static str,
        reason: &'static str,
    },
}

impl Known {
    /// How what was seen differs from what is known.
    pub(super) fn differences(&self, seen: &Cell) -> Vec<String> {
        let expected = match (self, seen) {
            (Self::Ok, Cell::Ok) | (Self::Not(_), Cell::Not) => return Vec::new(),
            (Self::Defect { shows, .. }, Cell::Odd(odd)) if odd.starts_with(shows) => return Vec::new(),
            (Self::Ok, _) => "ok".to_owned(),
            (Self::Not(_), _) => "no such call".to_owned(),
            (Self::Defect { shows, .. }, _) => (*shows).to_owned(),
        };
        let came = match seen {
            Cell::Ok => "ok: its defect is gone",
            Cell::Not => "no such call",
            Cell::Odd(odd) => odd,
        };
        vec![format!("expected {expected}, came {came}")]
    }
}

/// A step that must be so.
pub(super) fn require(is_so: bool, odd: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(odd()) }
}

impl From<Result<(), String>> for Cell {
    fn from(result: Result<(), String>) -> Self {
        result.map_or_else(Self::Odd, |()| Self::Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFECT: Known = Known::Defect { shows: "refused: access_denied", reason: "it does not encode" };

    #[test]
    fn a_cell_is_held_against_what_is_known_both_ways() {
        let denied = || Cell::Odd("refused: access_denied (Unauthorized)".to_owned());
        assert!(Known::Ok.differences(&Cell::Ok).is_empty());
        assert!(DEFECT.differences(&denied()).is_empty());
        assert!(Known::Not("").differences(&Cell::Not).is_empty());
        assert_eq!(Known::Ok.differences(&denied()).len(), 1);
        assert_eq!(
            DEFECT.differences(&Cell::Ok),
            ["expected refused: access_denied, came ok: its defect is gone"]
        );
        assert_eq!(DEFECT.differences(&Cell::Odd("told nothing".to_owned())).len(), 1);
        assert_eq!(Known::Not("").differences(&Cell::Ok).len(), 1);
        assert_eq!(Known::Ok.differences(&Cell::Not).len(), 1);
    }
}
