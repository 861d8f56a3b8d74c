//! `POST /mfa/associate`: a new authenticator app, and with the very first one the recovery code.

use auth0_mfa_core::serve::{RequestError, Serve};
use auth0_mfa_core::{
    AddAuthenticator, Association, AuthenticatorAdded, BarcodeUri, MfaApiScope, NewAuthenticator, NewCode,
    NewCodes, OtpSecret,
};

use super::Answer;
use crate::authenticator::{Authenticator, Means};
use crate::generator::Generator;
use crate::recovery::{RecoveryAuthenticator, copy};
use crate::refusal::Refusal;
use crate::user::User;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = AddAuthenticator::read_request(request)?;
    if !matches!(received.call.authenticator(), NewAuthenticator::Otp) {
        // This tenant has no other factor.
        return Err(RequestError::InvalidParameter("authenticator_types").into());
    }
    let login = bearer::caller(tenant, received.call.bearer().expose(), MfaApiScope::Enroll, now)?;
    let of_another = received.client.client_id.is_some_and(|client_id| client_id != login.client_id);
    if of_another && tenant.behaviour.associate_checks_client_id {
        return Err(Refusal::OtherClient);
    }
    let is_access_token = login.is_access_token();
    let user = login.user;
    let user = tenant.users.get_mut(user.0).ok_or(Refusal::Internal)?;
    if user.is_enrolled() && !is_access_token {
        return Err(Refusal::AlreadyEnrolled);
    }
    let generator = &mut tenant.generator;
    let secret = generator.otp_secret();
    let barcode_uri = barcode_uri(&tenant.name, user.name(), &secret);
    let shown = OtpSecret::from(secret.expose().to_owned());
    let has_codes = tenant.factors.has(crate::Factor::RecoveryCode);
    let is_first = !user.has_begun_to_enrol() && user.recovery.is_none();
    user.authenticators.push(Authenticator::new(generator.device_id(), Means::totp(secret), now));
    let new_code = (is_first && has_codes).then(|| first_code(user, generator, now));
    let added = AuthenticatorAdded::new(Association::otp(shown, barcode_uri), NewCodes::from_iter(new_code));
    Ok(AddAuthenticator::write_reply(&added))
}

fn first_code(user: &mut User, generator: &mut Generator, now: Timestamp) -> NewCode {
    let code = generator.recovery_code();
    let shown = copy(&code);
    user.recovery = Some(RecoveryAuthenticator::new(generator.device_id(), code, now));
    NewCode::Issued(shown)
}

/// What an authenticator app scans, as recordings have it.
fn barcode_uri(tenant: &str, user: &str, secret: &OtpSecret) -> BarcodeUri {
    let (tenant, user, secret) = (percent_encoded(tenant), percent_encoded(user), secret.expose());
    BarcodeUri::from(format!(
        "otpauth://totp/{tenant}:{user}?secret={secret}&issuer={tenant}&algorithm=SHA1&digits=6&period=30"
    ))
}

/// The text with everything but the unreserved characters of RFC 3986 as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_barcode_is_the_recorded_one() {
        let secret = OtpSecret::from("HJ6XM2DNERXDAVCUONGWKRTCMNTU6VDF".to_owned());
        assert_eq!(
            barcode_uri("My Test Tenant", "user@example.com", &secret).expose(),
            "otpauth://totp/My%20Test%20Tenant:user%40example.com?secret=HJ6XM2DNERXDAVCUONGWKRTCMNTU6VDF\
             &issuer=My%20Test%20Tenant&algorithm=SHA1&digits=6&period=30"
        );
    }
}
