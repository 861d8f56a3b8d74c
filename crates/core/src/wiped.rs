//! What is wiped when it is dropped.

use std::fmt;
use std::ops::{Deref, DerefMut};

use zeroize::Zeroize;

/// A text that holds a secret, or may.
#[derive(Clone, Default)]
pub(crate) struct Wiped(String);

impl Wiped {
    /// The text, which from here on is somebody else's to wipe.
    pub(crate) fn into_string(mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

impl From<String> for Wiped {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Deref for Wiped {
    type Target = String;

    fn deref(&self) -> &String {
        &self.0
    }
}

impl DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe_bytes(&mut std::mem::take(&mut self.0).into_bytes());
    }
}

impl fmt::Debug for Wiped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Wipes bytes as slices, which is done many at a time; byte by byte, as a `String` is wiped by default, it was a fifth
/// of what a call costs.
pub(crate) fn wipe_bytes(bytes: &mut Vec<u8>) {
    // Most that are dropped were moved out of before. Nothing is at their address, and some processors take longer to
    // write no byte there than many bytes elsewhere.
    if bytes.capacity() == 0 {
        return;
    }
    bytes.as_mut_slice().zeroize();
    bytes.spare_capacity_mut().zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wiped_is_nothing_but_zeros() {
        let mut bytes = b"CANARY".to_vec();
        wipe_bytes(&mut bytes);
        assert_eq!(bytes, [0; 6]);
        wipe_bytes(&mut Vec::new());
    }

    #[test]
    fn debug_shows_nothing_of_the_text() {
        assert_eq!(format!("{:?}", Wiped::from("CANARY".to_owned())), "[redacted]");
    }

    #[test]
    fn a_text_that_is_taken_out_is_whole() {
        assert_eq!(Wiped::from("CANARY".to_owned()).into_string(), "CANARY");
    }
}
