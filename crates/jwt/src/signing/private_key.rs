//! Private keys, as PEM.

use std::error::Error;
use std::fmt;

use pem_rfc7468::Decoder;
use zeroize::Zeroizing;

/// A private key that cannot be used. Says why, and nothing of the key.
#[derive(Debug)]
pub struct InvalidKey {
    reason: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl InvalidKey {
    pub(crate) fn new(reason: &'static str) -> Self {
        Self { reason, source: None }
    }

    pub(crate) fn because_of(reason: &'static str, source: impl Error + Send + Sync + 'static) -> Self {
        Self { reason, source: Some(Box::new(source)) }
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "private key {}", self.reason)
    }
}

impl Error for InvalidKey {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// What stands in a PEM; wiped when dropped.
pub(crate) struct PrivateKeyDer {
    pub(crate) form: Form,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `PRIVATE KEY`.
    Pkcs8,
    /// `RSA PRIVATE KEY`.
    Pkcs1,
}

impl PrivateKeyDer {
    pub(crate) fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        let not_pem = |source| InvalidKey::because_of("is not PEM", source);
        let mut decoder = Decoder::new_detect_wrap(pem.trim().as_bytes()).map_err(not_pem)?;
        let mut bytes = Zeroizing::new(vec![0; decoder.remaining_len()]);
        decoder.decode(&mut bytes).map_err(not_pem)?;
        Ok(Self { form: Form::of_label(decoder.type_label())?, bytes })
    }
}

impl Form {
    fn of_label(label: &str) -> Result<Self, InvalidKey> {
        let reason = match label {
            "PRIVATE KEY" => return Ok(Self::Pkcs8),
            "RSA PRIVATE KEY" => return Ok(Self::Pkcs1),
            "ENCRYPTED PRIVATE KEY" => "is encrypted: decrypt it first",
            "EC PRIVATE KEY" => "is in the form of SEC 1: `openssl pkcs8 -topk8 -nocrypt` makes it PKCS#8",
            _ => "is not what the PEM holds",
        };
        Err(InvalidKey::new(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(pem: &str) -> String {
        PrivateKeyDer::from_pem(pem).err().expect("is refused").to_string()
    }

    #[test]
    fn a_pem_is_read_whatever_stands_around_it_and_however_wide_it_is() {
        let wide = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", "QUJD".repeat(40));
        let text = "\n -----BEGIN PRIVATE KEY-----\r\nRkFLRQ==\r\n-----END PRIVATE KEY-----\r\n\n";
        for (pem, bytes) in [(text, b"FAKE".to_vec()), (&wide, b"ABC".repeat(40))] {
            let key = PrivateKeyDer::from_pem(pem).unwrap_or_else(|error| panic!("{pem}: {error}"));
            assert_eq!((key.form, &*key.bytes), (Form::Pkcs8, &bytes));
        }
    }

    #[test]
    fn what_is_no_private_key_is_refused_by_what_it_is() {
        let labelled = |label| format!("-----BEGIN {label}-----\nRkFLRQ==\n-----END {label}-----\n");
        assert!(refusal(&labelled("ENCRYPTED PRIVATE KEY")).contains("encrypted"));
        assert!(refusal(&labelled("EC PRIVATE KEY")).contains("SEC 1"));
        assert!(refusal(&labelled("CERTIFICATE")).contains("not what the PEM holds"));
        for text in ["", "FAKE", "-----BEGIN PRIVATE KEY-----\nRkFL"] {
            assert!(refusal(text).contains("is not PEM"), "{text}");
        }
    }

    #[test]
    fn no_refusal_shows_the_key() {
        let broken = "-----BEGIN PRIVATE KEY-----\nCANARYCANARY*CANARY\n-----END PRIVATE KEY-----\n";
        let error = PrivateKeyDer::from_pem(broken).err().expect("is refused");
        let shown = format!("{error} {error:?} {:?}", error.source().map(ToString::to_string));
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}
