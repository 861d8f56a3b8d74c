//! The calls that are made, and what came of one.

use std::time::{Duration, Instant};

use auth0_mfa_core::transport::{Delivery, TransportError};
use auth0_mfa_core::{
    Application, Body, Call, CallError, CallOptions, ClientAuth, ClientId, CodeState, Domain, InvalidValue,
    ListAuthenticators, ManagementToken, MfaToken, NewCode, RecoveryCode, RegenerateRecoveryCode, Replay,
    RequestChallenge, UserId, VerifyWithRecoveryCode, begin,
};

use super::subject::Sent;

/// The code that replies bring.
pub(super) const NEW_CODE: &str = "FAKENEXTCODE000000000000";
/// What is in a reply that belongs to no call.
pub(super) const STRAY: &str = "FAKESTRAYCODE00000000000";

/// A call of core that a scenario makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// [`VerifyWithRecoveryCode`]: a POST with a body that burns a code; `SingleUse`.
    VerifyWithRecoveryCode,
    /// [`RegenerateRecoveryCode`]: a POST without a body that voids a code; `SingleUse`.
    RegenerateRecoveryCode,
    /// [`ListAuthenticators`]: a read; `Safe`.
    ListAuthenticators,
    /// [`RequestChallenge`]: a POST with a body over any connection; `Once`.
    RequestChallenge,
}

impl Kind {
    /// Those of most scenarios: with a body, without one, a read.
    pub(super) const USUAL: &'static [Self] =
        &[Self::VerifyWithRecoveryCode, Self::RegenerateRecoveryCode, Self::ListAuthenticators];
    /// Those of scenarios in which connections are used again.
    pub(super) const ALL: &'static [Self] = &[
        Self::VerifyWithRecoveryCode,
        Self::RegenerateRecoveryCode,
        Self::ListAuthenticators,
        Self::RequestChallenge,
    ];
    /// Those that have a body to be cut in.
    pub(super) const WITH_BODY: &'static [Self] = &[Self::VerifyWithRecoveryCode, Self::RequestChallenge];

    /// The name of the call.
    pub fn name(self) -> &'static str {
        match self {
            Self::VerifyWithRecoveryCode => VerifyWithRecoveryCode::NAME,
            Self::RegenerateRecoveryCode => RegenerateRecoveryCode::NAME,
            Self::ListAuthenticators => ListAuthenticators::NAME,
            Self::RequestChallenge => RequestChallenge::NAME,
        }
    }

    /// Whether it may be sent again.
    pub fn replay(self) -> Replay {
        match self {
            Self::VerifyWithRecoveryCode => VerifyWithRecoveryCode::REPLAY,
            Self::RegenerateRecoveryCode => RegenerateRecoveryCode::REPLAY,
            Self::ListAuthenticators => ListAuthenticators::REPLAY,
            Self::RequestChallenge => RequestChallenge::REPLAY,
        }
    }

    /// Whether its success brings a new code.
    pub(super) fn brings_a_code(self) -> bool {
        matches!(self, Self::VerifyWithRecoveryCode | Self::RegenerateRecoveryCode)
    }

    /// The body of its success: the shortest with everything that counts.
    pub(super) fn success(self) -> String {
        match self {
            Self::VerifyWithRecoveryCode => {
                format!(r#"{{"recovery_code":"{NEW_CODE}","access_token":"fake-access-token"}}"#)
            }
            Self::RegenerateRecoveryCode => format!(r#"{{"recovery_code":"{NEW_CODE}"}}"#),
            Self::ListAuthenticators => list("recovery-code|fake"),
            Self::RequestChallenge => r#"{"challenge_type":"otp"}"#.to_owned(),
        }
    }

    /// The body of a success that belongs to another call of this kind.
    pub(super) fn stray(self) -> String {
        match self {
            Self::ListAuthenticators => list(STRAY),
            Self::RequestChallenge => self.success().replace("otp", STRAY),
            _ => self.success().replace(NEW_CODE, STRAY),
        }
    }

    /// How many bytes of body its request has.
    pub(super) fn body_length(self) -> Result<u64, InvalidValue> {
        let mut length = 0;
        self.make("http://127.0.0.1:1", &marker(0), &mut |request| {
            length = request.body().len() as u64;
            Err(TransportError::not_sent("it is measured only"))
        })?;
        Ok(length)
    }

    /// Makes the call over core's seam, with `marker` as its token.
    pub(super) fn make(
        self,
        origin: &str,
        marker: &str,
        send: &mut dyn FnMut(http::Request<Body>) -> Sent,
    ) -> Result<Made, InvalidValue> {
        let application =
            Application::new(Domain::parse(origin)?, ClientId::parse("fakeClientId")?, ClientAuth::None);
        Ok(match self {
            Self::VerifyWithRecoveryCode => {
                let call =
                    VerifyWithRecoveryCode::new(MfaToken::parse(marker)?, RecoveryCode::verbatim(SENT_CODE));
                play(call, &application, send, |outcome| match outcome {
                    Ok(accepted) => Known::code(accepted.into_parts().1),
                    Err(mut error) => {
                        Known { state: Some(error.code_state()), ..Known::code(error.take_new_code()) }
                    }
                })
            }
            Self::RegenerateRecoveryCode => {
                let call = RegenerateRecoveryCode::new(
                    ManagementToken::parse(marker)?,
                    UserId::parse("auth0|fake")?,
                );
                play(call, &application, send, |outcome| match outcome {
                    Ok(regenerated) => Known::code(regenerated.into_new_code()),
                    Err(mut error) => {
                        Known { state: Some(error.code_state()), ..Known::code(error.take_new_code()) }
                    }
                })
            }
            Self::ListAuthenticators => {
                let call = ListAuthenticators::new(MfaToken::parse(marker)?.into());
                play(call, &application, send, |_| Known::default())
            }
            Self::RequestChallenge => {
                let call = RequestChallenge::new(MfaToken::parse(marker)?);
                play(call, &application, send, |_| Known::default())
            }
        })
    }
}

/// The code that is sent.
pub(super) const SENT_CODE: &str = "FAKESENTCODE000000000000";

/// The token of a call: each has its own, so that a request is known wherever it arrives.
pub(super) fn marker(number: u64) -> String {
    format!("FAKETOKEN{number:012}")
}

fn list(id: &str) -> String {
    format!(r#"[{{"id":"{id}","authenticator_type":"recovery-code","active":true}}]"#)
}

/// What a transport said of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Told {
    /// A whole reply.
    Ok,
    /// A part of a reply.
    Answered,
    /// The request may have been sent.
    MaybeSent,
    /// The request was not sent.
    NotSent,
}

/// A call that was made.
pub(super) struct Made {
    pub(super) told: Told,
    pub(super) status: Option<u16>,
    /// What was handed over of the body of a reply.
    pub(super) body: Vec<u8>,
    /// What core made of it.
    pub(super) new_code: Option<String>,
    pub(super) code_state: Option<CodeState>,
    pub(super) took: Duration,
}

/// What the outcome of a call tells of codes.
#[derive(Default)]
struct Known {
    new_code: Option<String>,
    state: Option<CodeState>,
}

impl Known {
    fn code(new_code: NewCode) -> Self {
        Self { new_code: new_code.issued().map(|code| code.expose().to_owned()), state: None }
    }
}

fn play<C: Call>(
    call: C,
    application: &Application,
    send: &mut dyn FnMut(http::Request<Body>) -> Sent,
    know: impl FnOnce(Result<C::Output, CallError<C>>) -> Known,
) -> Made {
    let (request, pending) = begin(call, application, CallOptions::default());
    let begun = Instant::now();
    let sent = send(request);
    let took = begun.elapsed();
    let reply = match &sent {
        Ok(reply) => Some(reply),
        Err(error) => error.partial(),
    };
    let status = reply.map(|reply| reply.status().as_u16());
    let body = reply.map(|reply| reply.body().expose().to_vec()).unwrap_or_default();
    let told = match sent.as_ref().map_err(TransportError::delivery) {
        Ok(_) => Told::Ok,
        Err(Delivery::Answered) => Told::Answered,
        Err(Delivery::NotSent) => Told::NotSent,
        // Whatever else there will be, it is no proof.
        Err(_) => Told::MaybeSent,
    };
    let Known { new_code, state } = know(pending.finish(sent));
    Made { told, status, body, new_code, code_state: state, took }
}
