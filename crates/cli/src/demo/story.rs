//! What happens in the story. Every step is a call over a socket, and checks what it is told.

use auth0_mfa::{
    Application, Call, CallError, ClientAuth, ClientId, CodeState, Domain, FirstFactor, MfaRequired,
    NewAuthenticator, NewCode, Otp, Password, PasswordGrant, RecoveryCode, VerifyWithRecoveryCode,
};
use auth0_mfa_emulator::{Config, EmulatorServer, UserConfig};
use serde_json::json;

use super::teller::Teller;
use crate::args::TransportKind;
use crate::client::{Client, Settings};
use crate::usage::chain;

/// Why the story did not go on as told.
pub(super) type Problem = String;

const BOB: &str = "bob@example.com";
const BOBS_PASSWORD: &str = "fake-password-bob";
const CAROL: &str = "carol@example.com";
const CAROLS_PASSWORD: &str = "fake-password-carol";

pub(super) struct Story {
    tenant: EmulatorServer,
    client: Client,
}

impl Story {
    pub(super) fn begin(transport: TransportKind, teller: &mut Teller) -> Result<Self, Problem> {
        let mut config = Config::default();
        config.users.push(UserConfig::new(CAROL, CAROLS_PASSWORD));
        let tenant = EmulatorServer::builder().config(config).start().map_err(|error| error.to_string())?;
        let domain = Domain::parse(&tenant.base_url()).map_err(|error| error.to_string())?;
        let client_id = ClientId::parse("public-app").map_err(|error| error.to_string())?;
        let application = Application::new(domain, client_id, ClientAuth::None);
        let client =
            Client::new(transport, application, Settings::default()).map_err(|usage| usage.to_string())?;
        teller.step(
            "tenant_started",
            "A tenant of Auth0, on this machine",
            &format!(
                "A local stand-in for an Auth0 tenant answers at {}, over {}.\n\
                 Everything below goes over real sockets; nothing leaves this machine.",
                tenant.base_url(),
                transport.name()
            ),
            json!({ "base_url": tenant.base_url(), "transport": transport.name() }),
        );
        Ok(Self { tenant, client })
    }

    /// Bob enrols his phone and is shown the first recovery code.
    pub(super) fn enrol(&self, teller: &mut Teller) -> Result<RecoveryCode, Problem> {
        let mfa = self.log_in(BOB, BOBS_PASSWORD)?;
        teller.step(
            "enrolment_required",
            "Bob logs in for the first time",
            "His password is right. The tenant wants a second factor, and Bob has none yet.",
            json!({ "user": BOB, "answer": "mfa_required" }),
        );
        let added = self.send(mfa.add_authenticator(NewAuthenticator::Otp))?;
        let (_association, codes) = added.into_parts();
        let code = codes.into_iter().next().ok_or("no recovery code came with the first authenticator")?;
        let code = issued(code)?;
        teller.step(
            "first_code_issued",
            "Bob enrols his phone, and is shown his first recovery code",
            "The authenticator app gets its secret. With it comes, this once, a recovery code:\n\
             24 letters and digits that let Bob in one time if the phone is ever gone.",
            json!({ "recovery_code": code.expose() }),
        );
        teller.show_code("Bob's recovery code", &code);
        teller.confirm_stored()?;
        let otp = self.otp_of_the_phone(BOB)?;
        let (_tokens, _none) = self.send(mfa.verify_with_otp(otp))?.into_parts();
        teller.step(
            "enrolled",
            "Bob confirms the phone",
            "He types the six digits that the app shows. He is in, and enrolled.",
            json!({ "answer": "tokens" }),
        );
        Ok(code)
    }

    pub(super) fn lose_the_phone(&self, teller: &mut Teller) -> Result<(), Problem> {
        let mfa = self.log_in(BOB, BOBS_PASSWORD)?;
        let list = self.send(mfa.list_authenticators())?;
        let kinds: Vec<&str> = list.active().map(|it| it.authenticator_type.as_str()).collect();
        if !kinds.contains(&"recovery-code") {
            return Err("the recovery code is not among the active authenticators".to_owned());
        }
        teller.step(
            "phone_lost",
            "Bob loses the phone, and logs in",
            &format!(
                "His password is right, and the tenant asks for a second factor.\n\
                 He has: {}. The first one lies in a river.",
                kinds.join(", ")
            ),
            json!({ "answer": "mfa_required", "authenticators": kinds }),
        );
        Ok(())
    }

    /// Bob types the first code, is let in, and is shown the second.
    pub(super) fn recover(&self, teller: &mut Teller, first: &RecoveryCode) -> Result<RecoveryCode, Problem> {
        teller.step(
            "code_asked",
            "Bob is asked for his recovery code",
            "It is good for one login. The answer to it comes once, and holds the next code.",
            json!({}),
        );
        let typed = teller.type_code(first)?;
        let second = self.accepted(self.verify(BOB, BOBS_PASSWORD, typed)?)?;
        teller.step(
            "accepted",
            "Bob is in, and is shown his NEW recovery code",
            "The code that he typed is used up. This one takes its place. A program that drops it,\n\
             or loses it with an answer that it could not read, locks Bob out the next time.",
            json!({ "outcome": "accepted", "new_code": "issued", "recovery_code": second.expose() }),
        );
        teller.show_code("Bob's new recovery code", &second);
        teller.confirm_stored()?;
        Ok(second)
    }

    pub(super) fn try_the_old_code(&self, teller: &mut Teller, first: &RecoveryCode) -> Result<(), Problem> {
        let old = RecoveryCode::verbatim(first.expose());
        let error = self.refused(self.verify(BOB, BOBS_PASSWORD, old)?)?;
        teller.step(
            "old_code_refused",
            "The old code again: refused",
            &format!(
                "Auth0 says {}, in the words that it has for a mistyped code too.\n\
                 What is known of the code is therefore \"{}\", and not more.",
                error.name, error.state
            ),
            json!({ "outcome": "refused", "error": error.name, "code_state": error.state.as_str() }),
        );
        Ok(())
    }

    pub(super) fn use_the_new_code(
        &self,
        teller: &mut Teller,
        second: &RecoveryCode,
    ) -> Result<RecoveryCode, Problem> {
        let typed = RecoveryCode::verbatim(second.expose());
        let third = self.accepted(self.verify(BOB, BOBS_PASSWORD, typed)?)?;
        teller.step(
            "new_code_accepted",
            "The new code: accepted, and the next one comes",
            "So it goes on: each code lets Bob in once, and brings the one that follows.",
            json!({ "outcome": "accepted", "new_code": "issued", "recovery_code": third.expose() }),
        );
        teller.show_code("Bob's third recovery code", &third);
        teller.confirm_stored()?;
        Ok(third)
    }

    /// Without the factor, no code is issued and none is taken.
    pub(super) fn switch_recovery_codes_off(
        &self,
        teller: &mut Teller,
        third: &RecoveryCode,
    ) -> Result<(), Problem> {
        self.tenant.with_tenant(|tenant, _| tenant.set_recovery_codes(false));
        let mfa = self.log_in(CAROL, CAROLS_PASSWORD)?;
        let (_association, codes) = self.send(mfa.add_authenticator(NewAuthenticator::Otp))?.into_parts();
        if !codes.is_empty() {
            return Err("a code was issued though recovery codes are off".to_owned());
        }
        teller.step(
            "no_code_issued",
            "An administrator switches recovery codes off, and Carol enrols",
            "She gets no recovery code. That is no error: a program must be able to say so.",
            json!({ "user": CAROL, "recovery_codes": [] }),
        );
        let typed = RecoveryCode::verbatim(third.expose());
        let error = self.refused(self.verify(BOB, BOBS_PASSWORD, typed)?)?;
        teller.step(
            "code_refused_while_off",
            "Bob's unused code: refused, while recovery codes are off",
            "It is the same refusal as before, and the code is not used up by it. This is why nobody is told\n\
             to throw a code away that was not accepted.",
            json!({ "outcome": "refused", "error": error.name, "code_state": error.state.as_str() }),
        );
        Ok(())
    }

    fn log_in(&self, user: &str, password: &str) -> Result<MfaRequired, Problem> {
        match self.send(PasswordGrant::new(user, Password::new(password)).scope("openid"))? {
            FirstFactor::MfaRequired(mfa) => Ok(mfa),
            FirstFactor::Tokens(_) => Err("no second factor was asked for".to_owned()),
        }
    }

    fn verify(&self, user: &str, password: &str, code: RecoveryCode) -> Result<Verified, Problem> {
        let mfa = self.log_in(user, password)?;
        Ok(self.client.send(mfa.verify_with_recovery_code(code)).map(|accepted| accepted.into_parts().1))
    }

    fn accepted(&self, verified: Verified) -> Result<RecoveryCode, Problem> {
        issued(verified.map_err(|error| chain(&error))?)
    }

    fn refused(&self, verified: Verified) -> Result<Refusal, Problem> {
        let error = verified.err().ok_or("a code was accepted that must be refused")?;
        let name = error.api_error().map(|error| error.code().to_string()).ok_or(chain(&error))?;
        Ok(Refusal { name, state: error.code_state() })
    }

    fn otp_of_the_phone(&self, user: &str) -> Result<Otp, Problem> {
        self.tenant
            .with_tenant(|tenant, now| tenant.otp(user, now))
            .ok_or_else(|| "the phone has no app".to_owned())
    }

    fn send<C: Call + Send>(&self, call: C) -> Result<C::Output, Problem> {
        self.client.send(call).map_err(|error| chain(&error))
    }
}

type Verified = Result<NewCode, CallError<VerifyWithRecoveryCode>>;

struct Refusal {
    name: String,
    state: CodeState,
}

fn issued(code: NewCode) -> Result<RecoveryCode, Problem> {
    match code {
        NewCode::Issued(code) => Ok(code),
        other => Err(format!("the new code is {other}")),
    }
}
