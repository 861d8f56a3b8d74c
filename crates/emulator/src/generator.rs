//! Everything that Auth0 would draw at random, drawn from a seed.

use auth0_mfa_core::{BindingCode, OtpSecret, RecoveryCode};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use zeroize::Zeroizing;

use crate::{CodeAlphabet, totp};

const WITHOUT_LOOKALIKES: &[u8; 33] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CAPITALS_AND_DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const CODE_LENGTH: usize = 24;

const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const LETTERS_AND_DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const DIGITS: &[u8; 10] = b"0123456789";
const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";

/// The same seed gives the same values, in the order of the requests.
pub(crate) struct Generator {
    random: ChaCha20Rng,
    code_alphabet: CodeAlphabet,
}

impl Generator {
    pub(crate) fn new(seed: u64, code_alphabet: CodeAlphabet) -> Self {
        Self { random: ChaCha20Rng::seed_from_u64(seed), code_alphabet }
    }

    pub(crate) fn recovery_code(&mut self) -> RecoveryCode {
        let mut code = match self.code_alphabet {
            CodeAlphabet::WithoutLookalikes => self.text(WITHOUT_LOOKALIKES, CODE_LENGTH),
            CodeAlphabet::LettersAndDigits => self.text(CAPITALS_AND_DIGITS, CODE_LENGTH),
        };
        RecoveryCode::verbatim(std::mem::take(&mut *code))
    }

    pub(crate) fn otp_secret(&mut self) -> OtpSecret {
        let mut bytes = Zeroizing::new([0; 20]);
        self.random.fill_bytes(&mut *bytes);
        totp::encode(&*bytes)
    }

    /// For example `dev_i1kgKoFSZLbPt6G1`.
    pub(crate) fn device_id(&mut self) -> String {
        format!("dev_{}", self.text(LETTERS_AND_DIGITS, 16).as_str())
    }

    /// Six digits, as the code of a message.
    pub(crate) fn binding_code(&mut self) -> BindingCode {
        BindingCode::verbatim(self.text(DIGITS, 6).as_str())
    }

    /// For example `t5FmaYNt8APzKlh3WCRNLi2dG3uZYnAC`.
    pub(crate) fn enrollment_tx_id(&mut self) -> Zeroizing<String> {
        self.text(LETTERS_AND_DIGITS, 32)
    }

    pub(crate) fn url_safe(&mut self, length: usize) -> Zeroizing<String> {
        self.text(URL_SAFE, length)
    }

    pub(crate) fn hexadecimal(&mut self, length: usize) -> Zeroizing<String> {
        self.text(HEXADECIMAL, length)
    }

    /// Each character as likely as another: bytes past the last whole multiple are drawn again. An alphabet has 256
    /// characters at most.
    fn text<const N: usize>(&mut self, alphabet: &[u8; N], length: usize) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(length));
        let mut drawn = Zeroizing::new([0_u8; 64]);
        while text.len() < length {
            let wanted = drawn.len().min(length - text.len());
            let drawn = drawn.get_mut(..wanted).unwrap_or_default();
            self.random.fill_bytes(drawn);
            let good = drawn.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < 256 - 256 % N);
            // Alphabets are ASCII.
            text.extend(good.filter_map(|byte| alphabet.get(byte % N)).map(|byte| char::from(*byte)));
        }
        text
    }
}

impl std::fmt::Debug for Generator {
    /// Its state foretells every secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Generator([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_have_24_symbols_of_the_alphabet_and_use_all_of_them() {
        for (code_alphabet, alphabet) in [
            (CodeAlphabet::WithoutLookalikes, &WITHOUT_LOOKALIKES[..]),
            (CodeAlphabet::LettersAndDigits, &CAPITALS_AND_DIGITS[..]),
        ] {
            let mut generator = Generator::new(7, code_alphabet);
            let codes: Vec<RecoveryCode> = (0..200).map(|_| generator.recovery_code()).collect();
            let symbols: BTreeSet<char> = codes.iter().flat_map(|code| code.expose().chars()).collect();
            assert_eq!(symbols.into_iter().collect::<String>().as_bytes(), alphabet);
            assert!(codes.iter().all(|code| code.expose().len() == 24));
            let different: BTreeSet<&str> = codes.iter().map(RecoveryCode::expose).collect();
            assert_eq!(different.len(), codes.len());
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_values_and_another_seed_others() {
        let draw = |seed| {
            let mut generator = Generator::new(seed, CodeAlphabet::default());
            let code = generator.recovery_code().expose().to_owned();
            (code, generator.otp_secret().expose().to_owned(), generator.device_id())
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
