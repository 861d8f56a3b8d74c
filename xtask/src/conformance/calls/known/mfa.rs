//! The MFA API.

use auth0_mfa_core::{
    AddAuthenticator, Authenticator, AuthenticatorAdded, AuthenticatorId, Authenticators, BarcodeUri,
    BindingCode, CallError, Challenge, CodeState, DeleteAuthenticator, Deleted, EmailAddress, FactorAccepted,
    InvalidValue, ListAuthenticators, MfaApiToken, NewAuthenticator, NewCode, NewCodes, OobCode, Otp,
    OtpSecret, PhoneNumber, RecoveryCode, RecoveryCodeAccepted, RequestChallenge, VerifyWithOob,
    VerifyWithOtp, VerifyWithRecoveryCode,
};
use serde_json::Value;

use super::{Facts, Known, Values, code_value, info_facts, mfa_token, text, token_facts};

impl Known for VerifyWithOtp {
    const GRANT_TYPE: Option<&'static str> = Some("http://auth0.com/oauth/grant-type/mfa-otp");

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(mfa_token(values)?, Otp::verbatim(text(values.otp.as_ref()))))
    }

    fn values(&self) -> Values {
        Values {
            mfa_token: Some(self.mfa_token().expose().to_owned()),
            otp: Some(self.otp().expose().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: FactorAccepted) -> Facts {
        let (tokens, new_code) = output.into_parts();
        let mut facts = token_facts(&tokens);
        facts.extend(Self::new_code_facts(new_code));
        facts
    }

    /// None is what is usual here, and no fact.
    fn new_code_facts(new_code: NewCode) -> Facts {
        if new_code.is_returned() { super::new_code_facts(new_code) } else { Facts::default() }
    }
}

impl Known for VerifyWithOob {
    const GRANT_TYPE: Option<&'static str> = Some("http://auth0.com/oauth/grant-type/mfa-oob");

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let call = Self::new(mfa_token(values)?, OobCode::parse(text(values.oob_code.as_ref()))?);
        Ok(match &values.binding_code {
            Some(code) => call.with_binding_code(BindingCode::verbatim(code)),
            None => call,
        })
    }

    fn values(&self) -> Values {
        Values {
            mfa_token: Some(self.mfa_token().expose().to_owned()),
            oob_code: Some(self.oob_code().expose().to_owned()),
            binding_code: self.binding_code().map(|code| code.expose().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: FactorAccepted) -> Facts {
        let (tokens, new_code) = output.into_parts();
        let mut facts = token_facts(&tokens);
        facts.extend(Self::new_code_facts(new_code));
        facts
    }

    /// None is what is usual here, and no fact.
    fn new_code_facts(new_code: NewCode) -> Facts {
        if new_code.is_returned() { super::new_code_facts(new_code) } else { Facts::default() }
    }
}

impl Known for VerifyWithRecoveryCode {
    const GRANT_TYPE: Option<&'static str> = Some("http://auth0.com/oauth/grant-type/mfa-recovery-code");

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let code = RecoveryCode::verbatim(text(values.recovery_code.as_ref()));
        Ok(Self::new(mfa_token(values)?, code))
    }

    fn values(&self) -> Values {
        Values {
            mfa_token: Some(self.mfa_token().expose().to_owned()),
            recovery_code: Some(self.recovery_code().expose().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: RecoveryCodeAccepted) -> Facts {
        let (tokens, new_code) = output.into_parts();
        let mut facts = token_facts(&tokens);
        facts.extend(Self::new_code_facts(new_code));
        facts
    }

    fn new_code_facts(new_code: NewCode) -> Facts {
        super::new_code_facts(new_code)
    }

    fn code_state(error: &CallError<Self>) -> Option<CodeState> {
        Some(error.code_state())
    }

    fn earlier_sending_in_doubt(self) -> Self {
        Self::earlier_sending_in_doubt(self)
    }
}

impl Known for AddAuthenticator {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(mfa_token(values)?.into(), new_authenticator(values)?))
    }

    fn values(&self) -> Values {
        let (oob_channel, phone_number, email) = match self.authenticator() {
            NewAuthenticator::Sms(number) => (Some("sms"), Some(number.expose()), None),
            NewAuthenticator::Voice(number) => (Some("voice"), Some(number.expose()), None),
            NewAuthenticator::Email(address) => {
                (Some("email"), None, address.as_ref().map(EmailAddress::expose))
            }
            NewAuthenticator::Push => (Some("auth0"), None, None),
            _ => (None, None, None),
        };
        Values {
            mfa_token: Some(self.bearer().expose().to_owned()),
            oob_channel: oob_channel.map(str::to_owned),
            phone_number: phone_number.map(str::to_owned),
            email: email.map(str::to_owned),
            ..Values::default()
        }
    }

    fn output_facts(output: AuthenticatorAdded) -> Facts {
        let (association, new_codes) = output.into_parts();
        let mut facts = info_facts(&association.info);
        facts.set("authenticator_type", association.authenticator_type);
        facts.set_some("secret", association.secret.as_ref().map(OtpSecret::expose));
        facts.set_some("barcode_uri", association.barcode_uri.as_ref().map(BarcodeUri::expose));
        facts.set_some("oob_channel", association.oob_channel);
        facts.set_some("oob_code", association.oob_code.as_ref().map(OobCode::expose));
        facts.set_some("binding_method", association.binding_method);
        facts.set_some("id", association.id.as_ref().map(AuthenticatorId::as_str));
        facts.extend(Self::new_code_facts(new_codes));
        facts
    }

    /// The codes as a list, each a string or `{"unreadable": "its JSON text"}`; none is no list.
    fn new_code_facts(new_codes: NewCodes) -> Facts {
        let codes: Vec<Value> = new_codes.into_iter().map(code_value).collect();
        let mut facts = Facts::default();
        facts.set_some("recovery_codes", (!codes.is_empty()).then_some(codes));
        facts
    }
}

fn new_authenticator(values: &Values) -> Result<NewAuthenticator, InvalidValue> {
    let phone_number = || PhoneNumber::parse(text(values.phone_number.as_ref()));
    Ok(match values.oob_channel.as_deref() {
        Some("sms") => NewAuthenticator::Sms(phone_number()?),
        Some("voice") => NewAuthenticator::Voice(phone_number()?),
        Some("email") => NewAuthenticator::Email(values.email.as_ref().map(EmailAddress::parse).transpose()?),
        Some(_) => NewAuthenticator::Push,
        None => NewAuthenticator::Otp,
    })
}

impl Known for ListAuthenticators {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(mfa_token(values)?.into()))
    }

    fn values(&self) -> Values {
        Values { mfa_token: Some(self.bearer().expose().to_owned()), ..Values::default() }
    }

    fn output_facts(output: Authenticators) -> Facts {
        let mut facts = info_facts(&output.info);
        facts.set("authenticators", output.authenticators.iter().map(authenticator_value).collect::<Value>());
        facts
    }
}

fn authenticator_value(authenticator: &Authenticator) -> Value {
    let mut facts = Facts::default();
    facts.set_some("id", authenticator.id.as_ref().map(AuthenticatorId::as_str));
    facts.set("authenticator_type", &*authenticator.authenticator_type);
    facts.set("usable", authenticator.is_active());
    facts.set_some("active", authenticator.active);
    match authenticator.oob_channels.as_slice() {
        [] => {}
        [only] => facts.set("oob_channel", only.as_str()),
        several => facts.set("oob_channels", several),
    }
    facts.set_some("name", authenticator.name.as_deref());
    facts.set_some("type", authenticator.r#type.as_deref());
    facts.set_some("phone_number", authenticator.phone_number.as_deref());
    facts.set_some("created_at", authenticator.created_at.as_deref());
    facts.set_some("last_auth", authenticator.last_auth.as_deref());
    facts.into_value()
}

impl Known for DeleteAuthenticator {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let access_token = MfaApiToken::parse(text(values.access_token.as_ref()))?;
        Ok(Self::new(access_token, AuthenticatorId::parse(text(values.authenticator_id.as_ref()))?))
    }

    fn values(&self) -> Values {
        Values {
            access_token: Some(self.access_token().expose().to_owned()),
            authenticator_id: Some(self.authenticator_id().as_str().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: Deleted) -> Facts {
        info_facts(&output.info)
    }
}

impl Known for RequestChallenge {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let mut call = Self::new(mfa_token(values)?);
        if let Some(challenge_type) = &values.challenge_type {
            call = call.challenge_type(challenge_type);
        }
        Ok(match &values.authenticator_id {
            Some(id) => call.authenticator(AuthenticatorId::parse(id)?),
            None => call,
        })
    }

    fn values(&self) -> Values {
        Values {
            mfa_token: Some(self.mfa_token().expose().to_owned()),
            challenge_type: Some(self.requested_challenge_type().to_owned()),
            authenticator_id: self.authenticator_id().map(|id| id.as_str().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: Challenge) -> Facts {
        let mut facts = info_facts(&output.info);
        facts.set("challenge_type", output.challenge_type);
        facts.set_some("oob_code", output.oob_code.as_ref().map(OobCode::expose));
        facts.set_some("binding_method", output.binding_method);
        facts.set_some("expires_in", output.expires_in.map(|life| life.as_secs()));
        facts.set_some("interval", output.interval.map(|wait| wait.as_secs()));
        facts
    }
}
