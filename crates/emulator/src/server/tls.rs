//! The certificates of a served tenant: made when it starts, forgotten when it ends.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;

/// Some clients refuse certificates that are good for longer than about two years.
const LIFETIME: Duration = Duration::from_secs(365 * DAY);
const DAY: u64 = 24 * 60 * 60;

const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// How TLS is spoken. The certificate is valid for `localhost`, 127.0.0.1 and ::1, and is signed by an authority that
/// is made at start: clients are to trust [`EmulatorServer::ca_pem`](super::EmulatorServer::ca_pem).
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    names: Vec<String>,
}

impl TlsOptions {
    /// TLS with the usual names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the certificate valid for one more host name or IP address.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }
}

/// What a server needs to speak TLS, and the authority that its clients are told of.
pub(super) struct Identity {
    pub(super) ca_pem: String,
    pub(super) config: Arc<ServerConfig>,
}

impl Identity {
    pub(super) fn make(options: &TlsOptions) -> io::Result<Self> {
        let authority = new_authority().map_err(io::Error::other)?;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let names = NAMES.iter().map(ToString::to_string).chain(options.names.iter().cloned());
        let params = server_params(names.collect()).map_err(invalid_name)?;
        let certificate = params.signed_by(&key, &authority).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
            .map_err(io::Error::other)?;
        Ok(Self { ca_pem: authority.pem(), config: Arc::new(config) })
    }
}

fn invalid_name(error: rcgen::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}

/// Each has a name of its own: a client that trusts several tells them apart by it.
fn new_authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mark: String = key.public_key_raw().iter().rev().take(8).map(|byte| format!("{byte:02x}")).collect();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, format!("auth0-mfa-emulator: authority {mark}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    CertifiedIssuer::self_signed(params, key)
}

fn server_params(names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    let now = SystemTime::now();
    params.not_before = (now - Duration::from_secs(DAY)).into();
    params.not_after = (now + LIFETIME).into();
    params.distinguished_name.push(DnType::CommonName, "auth0-mfa-emulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}
