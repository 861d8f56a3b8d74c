//! In a value, and in one that was refused.

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_core::{
    AccessToken, AuthenticationMethod, AuthenticationMethodId, BarcodeUri, Bearer, BindingCode, Body,
    ClientAssertion, ClientId, ClientSecret, Domain, DpopProof, EmailAddress, IdToken, ManagementToken,
    MfaToken, NewAuthenticator, NewCodes, OobCode, OobPoll, Otp, OtpSecret, Password, PhoneNumber,
    RecoveryCode, RefreshToken, UserId, Username, ValidationError,
};

use super::{access_token, applications, new_code, options, secret};
use crate::calls::{management_token, mfa_token, oob_code};
use crate::needles::{CANARIES, hides_in_debug, hides_in_error};
use crate::support::client_secret;

#[test]
fn in_a_secret() {
    for canary in CANARIES {
        hides_in_debug(canary, &mfa_token(canary));
        hides_in_debug(canary, &management_token(canary));
        hides_in_debug(canary, &access_token(canary));
        hides_in_debug(canary, &IdToken::from(secret(canary)));
        hides_in_debug(canary, &RefreshToken::parse(canary).unwrap());
        hides_in_debug(canary, &oob_code(canary));
        hides_in_debug(canary, &BindingCode::verbatim(canary));
        hides_in_debug(canary, &OtpSecret::from(secret(canary)));
        hides_in_debug(canary, &BarcodeUri::from(secret(canary)));
        hides_in_debug(canary, &client_secret(canary));
        hides_in_debug(canary, &ClientAssertion::parse(canary).unwrap());
        hides_in_debug(canary, &DpopProof::parse(canary).unwrap());
        hides_in_debug(canary, &Username::new(canary));
        hides_in_debug(canary, &Password::new(canary));
        hides_in_debug(canary, &PhoneNumber::parse(canary).unwrap());
        hides_in_debug(canary, &EmailAddress::parse(canary).unwrap());
        hides_in_debug(canary, &Otp::verbatim(canary));
        hides_in_debug(canary, &RecoveryCode::verbatim(canary));
        hides_in_debug(canary, &Body::from(canary.as_bytes().to_vec()));
    }
}

#[test]
fn in_a_value_that_holds_secrets() {
    for canary in CANARIES {
        hides_in_debug(canary, &Bearer::from(mfa_token(canary)));
        hides_in_debug(canary, &applications(canary));
        hides_in_debug(canary, &options(canary));
        hides_in_debug(canary, &OobPoll::new(mfa_token(canary), oob_code(canary)));
        hides_in_debug(canary, &NewAuthenticator::Sms(PhoneNumber::parse(canary).unwrap()));
        hides_in_debug(canary, &NewAuthenticator::Voice(PhoneNumber::parse(canary).unwrap()));
        hides_in_debug(canary, &NewAuthenticator::Email(Some(EmailAddress::parse(canary).unwrap())));
        hides_in_debug(canary, &ValidationError::new(canary, canary));
        let new_codes: NewCodes = [new_code(canary)].into_iter().collect();
        hides_in_debug(canary, &new_codes);
        let mut method =
            AuthenticationMethod::new(AuthenticationMethodId::parse("phone|dev_1").unwrap(), "phone");
        method.name = Some(canary.to_owned());
        hides_in_debug(canary, &method);
    }
}

#[test]
fn in_a_value_that_was_refused() {
    for canary in CANARIES {
        let unfit = format!("{canary}\u{e9} {canary}");
        let errors: Vec<BoxError> = vec![
            MfaToken::parse(unfit.as_str()).unwrap_err().into(),
            AccessToken::parse(unfit.as_str()).unwrap_err().into(),
            ManagementToken::parse(unfit.as_str()).unwrap_err().into(),
            ClientAssertion::parse(unfit.as_str()).unwrap_err().into(),
            DpopProof::parse(unfit.as_str()).unwrap_err().into(),
            Domain::parse(&unfit).unwrap_err().into(),
            Domain::parse(&format!("https://{canary}@tenant.auth0.com")).unwrap_err().into(),
            Domain::parse(&format!("ftp://{canary}")).unwrap_err().into(),
            UserId::parse(canary.repeat(1_000)).unwrap_err().into(),
            ClientId::parse("").unwrap_err().into(),
            ClientSecret::parse("").unwrap_err().into(),
            RefreshToken::parse("").unwrap_err().into(),
            OobCode::parse("").unwrap_err().into(),
            BindingCode::parse("").unwrap_err().into(),
            PhoneNumber::parse("").unwrap_err().into(),
            EmailAddress::parse("").unwrap_err().into(),
            Otp::parse("").unwrap_err().into(),
            RecoveryCode::parse("").unwrap_err().into(),
        ];
        for error in errors {
            hides_in_error(canary, error.as_ref());
        }
    }
}
