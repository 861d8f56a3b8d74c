//! DPoP (RFC 9449): a proof that the client has a key, to which the tokens are then bound.

use std::time::Duration;

use http::HeaderValue;
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;

use crate::base_url::BaseUrl;
use crate::generator::Generator;
use crate::jws::{Jws, base64url, from_base64url};
use crate::refusal::Refusal;
use crate::tokens::Client;
use crate::{Tenant, Timestamp};

const PROOF: &str = "dpop";
pub(crate) const NONCE: &str = "dpop-nonce";

/// How old a proof may be, in seconds.
const OLDEST: u64 = 300;
/// How much a client's clock may be ahead, in seconds.
const SKEW: u64 = 10;
/// How long a nonce is handed out. For as long again it is taken.
const NONCE_LIFETIME: Duration = Duration::from_secs(300);

pub(crate) fn has_proof(request: &http::Request<&[u8]>) -> bool {
    request.headers().contains_key(PROOF)
}

/// The thumbprint of the key that the request proves to have; none when it has no proof.
pub(crate) fn verify(
    tenant: &mut Tenant,
    request: &http::Request<&[u8]>,
    client: &Client,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    let application = tenant.application(&client.client_id).ok_or(Refusal::BadClient)?;
    let (must_prove, is_public) = (application.requires_dpop, application.is_public());
    let mut proofs = request.headers().get_all(PROOF).iter();
    let proof = match (proofs.next(), proofs.next()) {
        (None, _) if must_prove => return Err(Refusal::BadDpopProof("A DPoP proof is required")),
        (None, _) => return Ok(None),
        (Some(_), Some(_)) => return Err(Refusal::BadDpopProof("There is more than one DPoP proof")),
        (Some(proof), None) => {
            Proof::read(proof).ok_or(Refusal::BadDpopProof("The DPoP proof is not valid"))?
        }
    };
    proof.check(request, &client.base, now)?;
    let needs_nonce = is_public || tenant.behaviour.dpop_nonce_of_everybody;
    let is_known = proof.claims.nonce.as_ref().map(|nonce| tenant.dpop_nonces.knows(nonce, now));
    if is_known == Some(false) || (is_known.is_none() && needs_nonce) {
        return Err(Refusal::UseDpopNonce(nonce(tenant, now)));
    }
    if !tenant.proofs_seen.note(&proof.thumbprint, &proof.claims.jti) {
        return Err(Refusal::BadDpopProof("The DPoP proof was used before"));
    }
    Ok(Some(proof.thumbprint))
}

/// The nonce that the next proof is to hold.
pub(crate) fn nonce(tenant: &mut Tenant, now: Timestamp) -> HeaderValue {
    let nonce = tenant.dpop_nonces.current(&mut tenant.generator, now);
    // It is of base64url.
    HeaderValue::from_str(nonce).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A proof whose signature is right.
struct Proof {
    thumbprint: String,
    claims: Claims,
}

#[derive(Deserialize)]
struct Claims {
    htm: String,
    htu: String,
    iat: u64,
    jti: String,
    nonce: Option<String>,
}

impl Proof {
    fn read(proof: &HeaderValue) -> Option<Self> {
        let jws = Jws::parse(proof.to_str().ok()?)?;
        if jws.header.typ.as_deref() != Some("dpop+jwt") || jws.header.alg != "ES256" {
            return None;
        }
        let field = |name| jws.header.jwk.as_ref()?.get(name)?.as_str();
        if field("kty")? != "EC" || field("crv")? != "P-256" || field("d").is_some() {
            return None;
        }
        let (x, y) = (field("x")?, field("y")?);
        let point = [vec![4], from_base64url(x)?, from_base64url(y)?].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(jws.message, &jws.signature).ok()?;
        // RFC 7638: the members in this order, without white space. Base64url needs no escapes.
        let json = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let thumbprint = base64url(digest(&SHA256, json.as_bytes()).as_ref());
        Some(Self { thumbprint, claims: jws.claims()? })
    }

    fn check(&self, request: &http::Request<&[u8]>, base: &BaseUrl, now: Timestamp) -> Result<(), Refusal> {
        let Claims { htm, htu, iat, jti, .. } = &self.claims;
        let path = request.uri().path().trim_start_matches('/');
        let is_for = |base: &BaseUrl| *htu == base.join(path);
        if htm != request.method().as_str() {
            return Err(Refusal::BadDpopProof("The htm of the DPoP proof is not the request's method"));
        }
        // With an issuer that is set, what was called is right, too.
        if !is_for(base) && !is_for(&BaseUrl::of(None, request)) {
            return Err(Refusal::BadDpopProof("The htu of the DPoP proof is not the request's URI"));
        }
        let now = now.unix_seconds();
        if *iat > now.saturating_add(SKEW) || now.saturating_sub(*iat) > OLDEST {
            return Err(Refusal::BadDpopProof("The iat of the DPoP proof is not now"));
        }
        if jti.is_empty() {
            return Err(Refusal::BadDpopProof("The DPoP proof has no jti"));
        }
        Ok(())
    }
}

/// The nonce that is handed out, and the one before it.
#[derive(Debug, Default)]
pub(crate) struct DpopNonces {
    current: Option<(String, Timestamp)>,
    previous: Option<(String, Timestamp)>,
}

impl DpopNonces {
    fn current(&mut self, generator: &mut Generator, now: Timestamp) -> &str {
        let is_good = |(_, since): &(String, Timestamp)| now.since(*since) < NONCE_LIFETIME;
        if !self.current.as_ref().is_some_and(is_good) {
            self.previous = self.current.take();
        }
        let (nonce, _) =
            self.current.get_or_insert_with(|| (generator.url_safe(32).as_str().to_owned(), now));
        nonce
    }

    fn knows(&self, nonce: &str, now: Timestamp) -> bool {
        let is_it =
            |(known, since): &(String, Timestamp)| known == nonce && now.since(*since) < 2 * NONCE_LIFETIME;
        [&self.current, &self.previous].into_iter().flatten().any(is_it)
    }
}
