//! What a case says about each call.

use auth0_mfa_core::{
    AddAuthenticator, Authenticator, AuthenticatorAdded, AuthenticatorId, Authenticators, BarcodeUri,
    CallError, CodeState, FirstFactor, InvalidValue, ListAuthenticators, MfaToken, NewAuthenticator, NewCode,
    NewCodes, Otp, OtpSecret, Password, PasswordGrant, RecoveryCode, RecoveryCodeAccepted, TokenSet,
    VerifyWithOtp, VerifyWithRecoveryCode,
};
use serde_json::Value;

use super::replied::{info_facts, mfa_required_facts, token_facts};
use super::{Facts, Known, Values};
use crate::conformance::values::text;

impl Known for PasswordGrant {
    const GRANT_TYPE: Option<&'static str> = Some("password");

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let password = Password::new(text(values.password.as_ref()));
        let mut call = Self::new(text(values.username.as_ref()), password);
        if let Some(audience) = &values.audience {
            call = call.audience(audience);
        }
        if let Some(scope) = &values.scope {
            call = call.scope(scope);
        }
        Ok(call)
    }

    fn values(&self) -> Values {
        Values {
            username: Some(self.username().to_owned()),
            password: Some(self.password().expose().to_owned()),
            audience: self.requested_audience().map(str::to_owned),
            scope: self.requested_scope().map(str::to_owned),
            ..Values::default()
        }
    }

    fn output_facts(output: FirstFactor) -> Facts {
        match output {
            FirstFactor::Tokens(tokens) => token_facts(&tokens),
            FirstFactor::MfaRequired(mfa) => mfa_required_facts(&mfa),
        }
    }

    fn new_code_facts((): ()) -> Facts {
        Facts::default()
    }
}

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

    fn output_facts(output: TokenSet) -> Facts {
        token_facts(&output)
    }

    fn new_code_facts((): ()) -> Facts {
        Facts::default()
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
        let facts = Facts::default().with("new_code", new_code_name(&new_code));
        match new_code {
            NewCode::NotReturned => facts,
            NewCode::Issued(code) => facts.with("recovery_code", code.expose()),
            NewCode::Unreadable(json) => facts.with("recovery_code_json", json.expose()),
        }
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
        Ok(Self::new(mfa_token(values)?.into(), NewAuthenticator::Otp))
    }

    fn values(&self) -> Values {
        Values { mfa_token: Some(self.bearer().expose().to_owned()), ..Values::default() }
    }

    fn output_facts(output: AuthenticatorAdded) -> Facts {
        let (association, new_codes) = output.into_parts();
        let mut facts = info_facts(&association.info);
        facts.set("authenticator_type", association.authenticator_type);
        facts.set_some("secret", association.secret.as_ref().map(OtpSecret::expose));
        facts.set_some("barcode_uri", association.barcode_uri.as_ref().map(BarcodeUri::expose));
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

    fn new_code_facts((): ()) -> Facts {
        Facts::default()
    }
}

fn mfa_token(values: &Values) -> Result<MfaToken, InvalidValue> {
    MfaToken::parse(text(values.mfa_token.as_ref()))
}

fn new_code_name(new_code: &NewCode) -> &'static str {
    match new_code {
        NewCode::Issued(_) => "issued",
        NewCode::NotReturned => "not_returned",
        NewCode::Unreadable(_) => "unreadable",
    }
}

fn code_value(code: NewCode) -> Value {
    match code {
        NewCode::Issued(code) => code.expose().into(),
        NewCode::NotReturned => Value::Null,
        NewCode::Unreadable(json) => Facts::default().with("unreadable", json.expose()).into_value(),
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
    facts.into_value()
}
