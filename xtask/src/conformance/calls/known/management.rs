//! The calls of the Management API.

use auth0_mfa_core::{
    AuthenticationMethod, AuthenticationMethodId, AuthenticationMethods, CallError, CodeState,
    DeleteAllAuthenticationMethods, DeleteAllAuthenticators, DeleteAuthenticationMethod, Deleted,
    GuardianFactor, GuardianFactorName, GuardianFactorSet, GuardianFactors, InvalidValue,
    ListAuthenticationMethods, ListGuardianFactors, ManagementToken, NewCode, RecoveryCodeRegenerated,
    RegenerateRecoveryCode, SetGuardianFactor, UserId,
};
use serde_json::Value;

use super::{Facts, Known, Values, info_facts, text};

fn token(values: &Values) -> Result<ManagementToken, InvalidValue> {
    ManagementToken::parse(text(values.access_token.as_ref()))
}

fn user_id(values: &Values) -> Result<UserId, InvalidValue> {
    UserId::parse(text(values.user_id.as_ref()))
}

impl Known for RegenerateRecoveryCode {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(token(values)?, user_id(values)?))
    }

    fn values(&self) -> Values {
        Values {
            access_token: Some(self.token().expose().to_owned()),
            user_id: Some(self.user_id().as_str().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: RecoveryCodeRegenerated) -> Facts {
        let mut facts = info_facts(output.info());
        facts.extend(Self::new_code_facts(output.into_new_code()));
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

impl Known for ListAuthenticationMethods {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let call = Self::new(token(values)?, user_id(values)?);
        Ok(match (values.page, values.per_page) {
            (Some(page), Some(per_page)) => call.page(page, per_page),
            _ => call,
        })
    }

    fn values(&self) -> Values {
        let (page, per_page) = self.requested_page().unzip();
        Values {
            access_token: Some(self.token().expose().to_owned()),
            user_id: Some(self.user_id().as_str().to_owned()),
            page,
            per_page,
            ..Values::default()
        }
    }

    fn output_facts(output: AuthenticationMethods) -> Facts {
        let mut facts = info_facts(&output.info);
        facts.set("methods", output.methods.iter().map(method_value).collect::<Value>());
        facts.set_some("start", output.start);
        facts.set_some("limit", output.limit);
        facts.set_some("total", output.total);
        facts
    }
}

fn method_value(method: &AuthenticationMethod) -> Value {
    let mut facts = Facts::default();
    facts.set_some("id", method.id.as_ref().map(AuthenticationMethodId::as_str));
    facts.set_some("confirmed", method.confirmed);
    for (name, value) in [
        ("type", &method.r#type),
        ("name", &method.name),
        ("link_id", &method.link_id),
        ("phone_number", &method.phone_number),
        ("email", &method.email),
        ("preferred_authentication_method", &method.preferred_authentication_method),
        ("created_at", &method.created_at),
        ("enrolled_at", &method.enrolled_at),
        ("last_auth_at", &method.last_auth_at),
    ] {
        facts.set_some(name, value.as_deref());
    }
    facts.into_value()
}

impl Known for DeleteAuthenticationMethod {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(
            token(values)?,
            user_id(values)?,
            AuthenticationMethodId::parse(text(values.authentication_method_id.as_ref()))?,
        ))
    }

    fn values(&self) -> Values {
        Values {
            access_token: Some(self.token().expose().to_owned()),
            user_id: Some(self.user_id().as_str().to_owned()),
            authentication_method_id: Some(self.authentication_method_id().as_str().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: Deleted) -> Facts {
        info_facts(&output.info)
    }
}

impl Known for DeleteAllAuthenticationMethods {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(token(values)?, user_id(values)?))
    }

    fn values(&self) -> Values {
        Values {
            access_token: Some(self.token().expose().to_owned()),
            user_id: Some(self.user_id().as_str().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: Deleted) -> Facts {
        info_facts(&output.info)
    }
}

impl Known for DeleteAllAuthenticators {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(token(values)?, user_id(values)?))
    }

    fn values(&self) -> Values {
        Values {
            access_token: Some(self.token().expose().to_owned()),
            user_id: Some(self.user_id().as_str().to_owned()),
            ..Values::default()
        }
    }

    fn output_facts(output: Deleted) -> Facts {
        info_facts(&output.info)
    }
}

impl Known for ListGuardianFactors {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self::new(token(values)?))
    }

    fn values(&self) -> Values {
        Values { access_token: Some(self.token().expose().to_owned()), ..Values::default() }
    }

    fn output_facts(output: GuardianFactors) -> Facts {
        let mut facts = info_facts(&output.info);
        facts.set("factors", output.factors.iter().map(factor_value).collect::<Value>());
        facts
    }
}

fn factor_value(factor: &GuardianFactor) -> Value {
    let mut facts = Facts::default();
    facts.set_some("name", factor.name.as_deref());
    facts.set_some("enabled", factor.enabled);
    facts.set_some("trial_expired", factor.trial_expired);
    facts.into_value()
}

impl Known for SetGuardianFactor {
    const GRANT_TYPE: Option<&'static str> = None;

    fn of_values(values: &Values) -> Result<Self, InvalidValue> {
        let name = GuardianFactorName::parse(text(values.factor.as_ref()))?;
        Ok(Self::new(token(values)?, name, values.enabled.unwrap_or_default()))
    }

    fn values(&self) -> Values {
        Values {
            access_token: Some(self.token().expose().to_owned()),
            factor: Some(self.name().as_str().to_owned()),
            enabled: Some(self.enabled()),
            ..Values::default()
        }
    }

    fn output_facts(output: GuardianFactorSet) -> Facts {
        info_facts(&output.info).with("enabled", output.enabled)
    }
}
