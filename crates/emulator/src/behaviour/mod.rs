//! How the tenant behaves where Auth0's behaviour is not known, or differs between the sources.

mod choices;
mod preset;
mod status;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::bucket::Limit;

pub use choices::{
    BadAccessToken, BadClient, CodeAlphabet, CodeNormalisation, EnrollmentsListed, GrantNotAllowed,
    MfaOnRefresh, MfaRequirementsForm, MissingBearer, NotEnrolled, OobOverLimit, OverLimit, PushTwin,
    RecoveryCodesOff, RefusedPush, SendOverLimit, UnknownAuthenticator,
};

/// One setting for each open question; the default of each is the likeliest answer, and its evidence stands with it.
///
/// ```
/// use auth0_mfa_emulator::{Config, OverLimit};
///
/// let mut config = Config::default();
/// config.behaviour.over_limit = OverLimit::SameAsWrong;
/// config.behaviour.spent_code_leeway_seconds = 30;
/// ```
///
/// Read with serde, the field `preset` says what a setting is that is not there: `default`, `documented` (see
/// [`Behaviour::documented`]) or `recorded` (see [`Behaviour::recorded`]).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Behaviour {
    /// The status of `mfa_required`. 403 in the documentation's prose and in threads, 401 in the OpenAPI, 400 in a test
    /// of an SDK.
    #[serde(with = "status::client_error")]
    pub mfa_required_status: StatusCode,
    /// The status of a wrong, spent or unknown recovery code and of a wrong one-time password. 403 in tests of SDKs and
    /// in reports, 401 in the API reference.
    #[serde(with = "status::client_error")]
    pub wrong_code_status: StatusCode,
    /// The status of `expired_token`. 401 in tests of SDKs, 403 in an old draft.
    #[serde(with = "status::client_error")]
    pub expired_token_status: StatusCode,
    /// The status of "Malformed mfa_token" at `/oauth/token`. 401 and 403 are both seen; 403 is that of every other
    /// `invalid_grant` there.
    #[serde(with = "status::client_error")]
    pub malformed_mfa_token_status: StatusCode,
    /// What a wrong, missing or unknown client credential is answered. `access_denied` "Unauthorized" is what threads
    /// show, `invalid_client` what the documentation says; both 401.
    pub bad_client: BadClient,

    /// How the refusal of a grant that the application may not use is worded. The documentation has backticks around
    /// the grant, threads have single quotes; the latter are what was seen.
    pub grant_not_allowed: GrantNotAllowed,
    /// Whether an exchange of a refresh token needs a second factor. The policy applies to it, as documented; that it
    /// asks for MFA again after a login that has passed it, nothing says.
    pub mfa_on_refresh: MfaOnRefresh,
    /// How many wrong passwords in a row block a user for the address that they come from: the end user's, as the log
    /// has it. Documented: 10. Where no address is known, all come from the same.
    pub password_failures_allowed: u32,
    /// How long the block lasts, in which not even the right password is taken. Documented: 30 days at most.
    pub password_block_seconds: u64,
    /// Whether an `mfa_token` is enough to delete an authenticator. The documentation says no; one SDK sends it.
    pub mfa_token_removes_authenticators: bool,
    /// Whether an access token for the MFA API is taken as `mfa_token` by the grants `mfa-otp` and `mfa-oob`, to
    /// confirm what was enrolled with it. A comment in an SDK and a thread say yes.
    pub access_token_confirms: bool,
    /// Whether it is taken by the grant `mfa-recovery-code`. Not known.
    pub access_token_recovers: bool,
    /// What a call under `/mfa/` answers to an access token that is too old or for another API. 401 is documented, the
    /// body is not known.
    pub bad_access_token: BadAccessToken,
    /// The status of `insufficient_scope` there. Not known: 403 is OAuth's (RFC 6750), 401 what the pages list.
    #[serde(with = "status::client_error")]
    pub insufficient_scope_status: StatusCode,
    /// What a call under `/mfa/` answers when there is no Bearer. 401; the body is not known.
    pub missing_bearer: MissingBearer,

    /// Whether the regeneration of a recovery code gives a first one to a user without any enrolment. "Enrollment not
    /// found." is documented; the guide to imports tells to call it for users who have none.
    pub regeneration_enrols: bool,
    /// Whether an authenticator that is not confirmed counts as an enrolment for it. Not known.
    pub regeneration_counts_unconfirmed: bool,
    /// Whether the code of a regeneration is good at once for a user who has confirmed no authenticator. Not known.
    pub regeneration_activates: bool,
    /// How many authentication methods of one type an administrator can make for a user. That there is a limit is
    /// documented, the number is not: 20 is a guess; and that a replacement of all has it, too.
    pub methods_of_one_type: u32,
    /// Whether the password is among a user's authentication methods. The type is documented; the documented samples of
    /// the list are without it.
    pub password_is_listed: bool,
    /// Which enrolments `GET /users/{id}/enrollments` answers. The page is called "the first confirmed" one, and
    /// documents a list that can have pending ones.
    pub enrollments_listed: EnrollmentsListed,
    /// Whether the deletion of the provider `google-authenticator` removes the one-time passwords of an authenticator
    /// app, too. Not known: it is the name of an older kind of MFA, which nobody can enrol here.
    pub google_authenticator_is_otp: bool,
    /// Whether `/mfa/authenticators` has security keys. Documented: it may.
    pub webauthn_is_listed: bool,

    /// Whether `/mfa/challenge` takes `Authorization: Basic`. Not known; an old draft's sample has it.
    pub challenge_takes_basic: bool,
    /// Whether confidential applications need a nonce in their DPoP proofs, too. Public ones do, as documented.
    pub dpop_nonce_of_everybody: bool,

    /// How long an `mfa_token` lives. 600 by Auth0's support; two SDKs assume 300.
    pub mfa_token_lifetime_seconds: u64,
    /// Whether an `mfa_token` is refused once a second factor was verified with it. Not known. Within
    /// [`spent_code_leeway_seconds`](Self::spent_code_leeway_seconds) it is taken all the same.
    pub mfa_token_ends_with_success: bool,
    /// Whether an `mfa_token` is refused after a wrong code. Nothing says that it is.
    pub mfa_token_ends_with_failure: bool,
    /// Whether an `mfa_token` is good only at the host that issued it, be it the tenant's domain or a custom one. Not
    /// known. With an [`issuer`](crate::Config::issuer) that is set, all hosts are one.
    pub mfa_token_is_of_one_host: bool,
    /// Whether `audience` and `scope` that come with an MFA grant count, in place of those of the first factor. SDKs
    /// send them, and what becomes of them is not documented; an old draft restores the first request.
    pub mfa_grants_may_ask: bool,
    /// Whether a login needs a second factor twice: the first `mfa-otp` or `mfa-oob` that is right is answered
    /// `mfa_required`, with a new `mfa_token`. Two SDKs handle it. A recovery code ends the login in any case: nothing
    /// says where the new code would stand.
    pub mfa_is_chained: bool,
    /// Whether `/mfa/associate` refuses a `client_id` that the `mfa_token` was not issued to. SDKs send it or leave it
    /// out, and both work; that it is checked is not known.
    pub associate_checks_client_id: bool,

    /// Whether a recovery code that is used is replaced by a new one. It is in every recording; the API reference says
    /// that it "might" be.
    pub rotate_recovery_codes: bool,
    /// How a recovery code that was typed is compared with the one that was issued. Not known.
    pub code_normalisation: CodeNormalisation,
    /// For how long a spent code is answered with the same new code again. 0, never: nothing says that Auth0 does this
    /// for recovery codes, as it does for refresh tokens.
    pub spent_code_leeway_seconds: u64,
    /// Whether codes are good again when the factor was switched off and on. Not known.
    pub codes_survive_switching_off: bool,
    /// Whether one-time passwords, codes of messages and answers to pushes are refused while their factor is off. Not
    /// known; documented for recovery codes.
    pub switched_off_factors_are_refused: bool,

    /// How many wrong codes a user may send, counted apart for recovery codes and one-time passwords. Published: 10,
    /// and 10 an hour; the pages on this flow say that it is one in six minutes, and so it is here.
    pub failures: Limit,
    /// What is answered once the tries are used up. Not known: `too_many_attempts` is documented for other limits; the
    /// hosted page's own API answers like a wrong code.
    pub over_limit: OverLimit,
    /// Whether `Retry-After` comes with `too_many_attempts`. Not known for limits per user.
    pub over_limit_retry_after: bool,
    /// Whether a right recovery code is used up when it is refused for this. Not known.
    pub over_limit_spends_code: bool,

    /// What recovery codes are made of. Not known: the 33 letters and digits of the recorded ones are an inference.
    pub code_alphabet: CodeAlphabet,
    /// How many recovery codes the first association brings, each good once. `recovery_codes` is an array, and has one
    /// in every sample. 0 counts as 1.
    pub recovery_codes_issued: u8,
    /// What a recovery code is answered while the tenant has the factor off. Users cannot authenticate with one then,
    /// as documented; the answer is not known.
    pub recovery_codes_off: RecoveryCodesOff,
    /// Whether the recovery code can still be used once the user's last factor is deleted. Not known; a third party
    /// warns that it can.
    pub recovery_code_outlives_factors: bool,
    /// Whether a user who has nothing left but an active recovery code is "already enrolled" for an `mfa_token` at
    /// `/mfa/associate`. Not known.
    pub recovery_code_is_enrolment: bool,
    /// Whether the confirmation of a user's first factor brings the recovery code once more. One SDK's examples say so;
    /// no recording does. A login of two second factors ([`mfa_is_chained`](Self::mfa_is_chained)) brings none.
    pub confirmation_brings_recovery_code: bool,

    /// How long an `oob_code`, and the code in its message, lives. 300: documented, and in threads.
    pub oob_code_lifetime_seconds: u64,
    /// The status of `authorization_pending`. 400 in a recording; pages of 2019 print 200.
    #[serde(with = "status::any")]
    pub pending_status: StatusCode,
    /// What a refused push is answered. `access_denied` in a recording, `invalid_grant` in the documentation.
    pub refused_push: RefusedPush,
    /// The status of `slow_down`. Not known; 400 by analogy with `authorization_pending`.
    #[serde(with = "status::client_error")]
    pub slow_down_status: StatusCode,
    /// How often an `oob_code` can be exchanged in one session. Published: 12, and 12 a minute.
    pub oob_exchanges: Limit,
    /// What is answered to an exchange over this limit. `slow_down` is documented for polls that come too fast; that it
    /// goes with this limit is inferred.
    pub oob_over_limit: OobOverLimit,
    /// Whether a challenge says `expires_in` and `interval`. An old draft and one SDK have them; no recording has.
    pub challenge_says_times: bool,

    /// Whether `challenge_type` must be there. The OpenAPI requires it; older pages take its absence for every type.
    pub challenge_type_required: bool,
    /// What a challenge is answered when the user has no confirmed authenticator at all. Both words stand on one page.
    pub not_enrolled: NotEnrolled,
    /// The status of this answer. 400 documented, 401 in an old draft.
    #[serde(with = "status::client_error")]
    pub unsupported_challenge_status: StatusCode,
    /// What a challenge is answered that names no authenticator which can be challenged: an unknown one, one that is
    /// not confirmed, or the recovery code. Not known.
    pub unknown_authenticator: UnknownAuthenticator,

    /// How many SMS and calls a user can be sent. Published for SMS: 10, and one an hour after the first.
    pub phone_messages: Limit,
    /// How many e-mails. Published: 20, and one a minute.
    pub emails: Limit,
    /// How many pushes. Published: 5, and 5 a minute.
    pub pushes: Limit,
    /// What is answered when no message can be sent any more. Not known: both are documented for other limits.
    pub send_over_limit: SendOverLimit,

    /// Whether the one-time passwords that come with a push have the push's device. The documentation does not say; in
    /// the one recording the identifiers differ.
    pub push_twin: PushTwin,
    /// Whether `/mfa/associate` answers the `id` of the new authenticator. In no recording; some SDKs' types have it.
    pub associate_answers_id: bool,
    /// Whether client credentials that come with `/mfa/associate` must be right. They are optional in practice; that
    /// they are looked at is not known.
    pub associate_checks_client_credentials: bool,
    /// The status of a deletion that is not possible: of the recovery code by the MFA API, of an e-mail address that
    /// nobody enrolled or of the password by any. Not known.
    #[serde(with = "status::client_error")]
    pub undeletable_authenticator_status: StatusCode,

    /// Whether replies are marked `Cache-Control: no-store`, all but those under `/.well-known/`. An old draft shows it;
    /// on the live service it is not known.
    pub no_store: bool,

    /// Whether replies under `/mfa/` tell of a limit of requests by `x-ratelimit-limit`, `-remaining` and `-reset`, where
    /// there is one (see [`RateLimits`](crate::RateLimits)). Not known: the headers are documented for endpoints that
    /// have a limit, and recordings are without any.
    pub rate_limit_headers_of_mfa: bool,

    /// Which of its forms `mfa_requirements` has, on a tenant that has it.
    pub mfa_requirements_form: MfaRequirementsForm,
    /// Whether `mfa_required` has `mfa_requirements` and listed authenticators have `type`, as on tenants with
    /// "Customizable MFA". Most have not.
    pub customizable_mfa: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            mfa_required_status: StatusCode::FORBIDDEN,
            wrong_code_status: StatusCode::FORBIDDEN,
            expired_token_status: StatusCode::UNAUTHORIZED,
            malformed_mfa_token_status: StatusCode::FORBIDDEN,
            bad_client: BadClient::default(),
            grant_not_allowed: GrantNotAllowed::default(),
            mfa_on_refresh: MfaOnRefresh::default(),
            password_failures_allowed: 10,
            password_block_seconds: 2_592_000,
            mfa_token_removes_authenticators: false,
            access_token_confirms: true,
            access_token_recovers: false,
            bad_access_token: BadAccessToken::default(),
            insufficient_scope_status: StatusCode::FORBIDDEN,
            missing_bearer: MissingBearer::default(),
            regeneration_enrols: false,
            regeneration_counts_unconfirmed: false,
            regeneration_activates: false,
            methods_of_one_type: 20,
            password_is_listed: false,
            enrollments_listed: EnrollmentsListed::default(),
            google_authenticator_is_otp: false,
            webauthn_is_listed: true,
            challenge_takes_basic: true,
            dpop_nonce_of_everybody: false,
            mfa_token_lifetime_seconds: 600,
            mfa_token_ends_with_success: true,
            mfa_token_ends_with_failure: false,
            mfa_token_is_of_one_host: false,
            mfa_grants_may_ask: false,
            mfa_is_chained: false,
            associate_checks_client_id: false,
            rotate_recovery_codes: true,
            code_normalisation: CodeNormalisation::default(),
            spent_code_leeway_seconds: 0,
            codes_survive_switching_off: true,
            switched_off_factors_are_refused: true,
            failures: Limit::new(10, 1, 360),
            over_limit: OverLimit::default(),
            over_limit_retry_after: false,
            over_limit_spends_code: false,
            code_alphabet: CodeAlphabet::default(),
            recovery_codes_issued: 1,
            recovery_codes_off: RecoveryCodesOff::default(),
            recovery_code_outlives_factors: true,
            recovery_code_is_enrolment: false,
            confirmation_brings_recovery_code: false,
            oob_code_lifetime_seconds: 300,
            pending_status: StatusCode::BAD_REQUEST,
            refused_push: RefusedPush::default(),
            slow_down_status: StatusCode::BAD_REQUEST,
            oob_exchanges: Limit::new(12, 12, 60),
            oob_over_limit: OobOverLimit::default(),
            challenge_says_times: false,
            challenge_type_required: false,
            not_enrolled: NotEnrolled::default(),
            unsupported_challenge_status: StatusCode::BAD_REQUEST,
            unknown_authenticator: UnknownAuthenticator::default(),
            phone_messages: Limit::new(10, 1, 3_600),
            emails: Limit::new(20, 1, 60),
            pushes: Limit::new(5, 5, 60),
            send_over_limit: SendOverLimit::default(),
            push_twin: PushTwin::default(),
            associate_answers_id: false,
            associate_checks_client_credentials: false,
            undeletable_authenticator_status: StatusCode::BAD_REQUEST,
            no_store: true,
            rate_limit_headers_of_mfa: true,
            mfa_requirements_form: MfaRequirementsForm::default(),
            customizable_mfa: false,
        }
    }
}
