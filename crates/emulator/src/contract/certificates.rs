//! The certificates of a server: made when it starts, forgotten when it ends.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};

use super::Tls;

type Authority = CertifiedIssuer<'static, KeyPair>;

/// What one server, and the clients that are to trust it, need.
pub(super) struct Certificates {
    /// The authority that clients are told of.
    pub(super) authority_pem: String,
    /// A client's certificate and its key.
    pub(super) client_pem: String,
    pub(super) config: ServerConfig,
}

impl Certificates {
    pub(super) fn make(tls: Tls) -> io::Result<Self> {
        let authority = new_authority("scripted server: authority").map_err(io::Error::other)?;
        Ok(Self {
            authority_pem: authority.pem(),
            client_pem: client_pem(&authority).map_err(io::Error::other)?,
            config: config(tls, &authority)?,
        })
    }
}

fn config(tls: Tls, authority: &Authority) -> io::Result<ServerConfig> {
    let (certificate, key) = server_certificate(tls, authority).map_err(io::Error::other)?;
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let builder = match tls {
        Tls::ClientCertificate => builder.with_client_cert_verifier(client_verifier(authority, provider)?),
        _ => builder.with_no_client_auth(),
    };
    builder.with_single_cert(vec![certificate], key).map_err(io::Error::other)
}

fn client_verifier(
    authority: &Authority,
    provider: Arc<CryptoProvider>,
) -> io::Result<Arc<dyn ClientCertVerifier>> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).map_err(io::Error::other)?;
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().map_err(io::Error::other)
}

/// The server's own, wrong in the way that `tls` asks for.
fn server_certificate(
    tls: Tls,
    authority: &Authority,
) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let names = match tls {
        Tls::WrongName => vec!["another.test".to_owned()],
        _ => vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
    };
    let mut params = params_for("scripted server", names, ExtendedKeyUsagePurpose::ServerAuth)?;
    if tls == Tls::Expired {
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
    }
    let another;
    let signer = if tls == Tls::UnknownAuthority {
        another = new_authority("scripted server: another authority")?;
        &another
    } else {
        authority
    };
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, signer)?;
    Ok((certificate.into(), PrivatePkcs8KeyDer::from(key.serialize_der()).into()))
}

fn client_pem(authority: &Authority) -> Result<String, rcgen::Error> {
    let params = params_for("scripted client", Vec::new(), ExtendedKeyUsagePurpose::ClientAuth)?;
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    Ok(certificate.pem() + &key.serialize_pem())
}

fn new_authority(name: &str) -> Result<Authority, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn params_for(
    name: &str,
    alternatives: Vec<String>,
    usage: ExtendedKeyUsagePurpose,
) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(alternatives)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}
