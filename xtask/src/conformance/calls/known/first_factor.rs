//! The first factor, and an access token for the MFA API.

use auth0_mfa_core::{
    FirstFactor, InvalidValue, MfaApiScope, MfaApiTokenGrant, Password, PasswordGrant, PasswordRealmGrant,
    RefreshToken, RefreshTokenGrant,
};

use super::{Facts, Known, Values, mfa_required_facts, text, token_facts};

fn login(values: &Values) -> PasswordGrant {
    let password = Password::new(text(values.password.as_ref()));
    let mut call = PasswordGrant::new(text(values.username.as_ref()), password);
    if let Some(audience) = &values.audience {
        call = call.audience(audience);
    }
    if let Some(scope) = &values.scope {
        call = call.scope(scope);
    }
    call
}

fn values_of_login(login: &PasswordGrant) -> Values {
    Values {
        username: Some(login.username().to_owned()),
        password: Some(login.password().expose().to_owned()),
        audience: login.requested_audience().map(str::to_owned),
        scope: login.requested_scope().map(str::to_owned),
        ..Values::default()
    }
}

fn first_factor_facts(output: FirstFactor) -> Facts {
    match output {
        FirstFactor::Tokens(tokens) => token_facts(&tokens),
        FirstFactor::MfaRequired(mfa) => mfa_required_facts(&mfa),
    }
}

impl Known for PasswordGrant {
    const GRANT_TYPE: Option<&'static str> = Some("password");

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(login(values))
    }

    fn values(&self) -> Values {
        values_of_login(self)
    }

    fn output_facts(output: FirstFactor) -> Facts {
        first_factor_facts(output)
    }
}

impl Known for PasswordRealmGrant {
    const GRANT_TYPE: Option<&'static str> = Some("http://auth0.com/oauth/grant-type/password-realm");

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(login(values).in_realm(text(values.realm.as_ref())))
    }

    fn values(&self) -> Values {
        Values { realm: Some(self.realm().to_owned()), ..values_of_login(self.login()) }
    }

    fn output_facts(output: FirstFactor) -> Facts {
        first_factor_facts(output)
    }
}

impl Known for MfaApiTokenGrant {
    const GRANT_TYPE: Option<&'static str> = Some("password");

    /// The audience is a setting of the application.
    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let wanted = text(values.scope.as_ref());
        let every = [MfaApiScope::Enroll, MfaApiScope::ReadAuthenticators, MfaApiScope::RemoveAuthenticators];
        let scopes: Vec<_> =
            every.into_iter().filter(|scope| wanted.split(' ').any(|it| it == scope.as_str())).collect();
        Ok(login(values).for_mfa_api(&scopes))
    }

    fn values(&self) -> Values {
        values_of_login(self.login())
    }

    fn output_facts(output: FirstFactor) -> Facts {
        first_factor_facts(output)
    }
}

impl Known for RefreshTokenGrant {
    const GRANT_TYPE: Option<&'static str> = Some("refresh_token");

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let mut call = Self::new(RefreshToken::parse(text(values.refresh_token.as_ref()))?);
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
            refresh_token: Some(self.refresh_token().expose().to_owned()),
            audience: self.requested_audience().map(str::to_owned),
            scope: self.requested_scope().map(str::to_owned),
            ..Values::default()
        }
    }

    fn output_facts(output: FirstFactor) -> Facts {
        first_factor_facts(output)
    }
}
