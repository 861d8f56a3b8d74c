//! `auth0-mfa recover`: the real call.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use auth0_mfa::{
    Application, ClientAuth, ClientId, ClientSecret, CodeState, Domain, MfaToken, RecoveryCode,
    VerifyWithRecoveryCode,
};

use crate::args::RecoverArgs;
use crate::client::{Client, Settings};
use crate::input;
use crate::interrupt::Watch;
use crate::outcome::Outcome;
use crate::save_code::CodeFile;
use crate::terminal;
use crate::usage::Usage;

pub(crate) fn run(args: &RecoverArgs) -> ExitCode {
    match prepare(args) {
        Ok(ready) => ready.send().print(args),
        Err(usage) => usage.print(args.json, Some(code_before(args.resubmit))),
    }
}

/// What is known of the code before it is sent.
pub(crate) fn code_before(resubmit: bool) -> CodeState {
    if resubmit { CodeState::Unknown } else { CodeState::Intact }
}

/// Everything that can be wrong before the call has been found right.
struct Ready {
    client: Client,
    call: VerifyWithRecoveryCode,
    code_file: Option<CodeFile>,
    watch: Watch,
}

fn prepare(args: &RecoverArgs) -> Result<Ready, Usage> {
    input::check_standard_input(&[
        ("--client-secret-file", args.client_secret_file.as_deref()),
        ("--mfa-token-file", args.mfa_token_file.as_deref()),
        ("--recovery-code-file", args.recovery_code_file.as_deref()),
        ("--ca-file", args.ca_file.as_deref()),
    ])?;
    if args.recovery_code_file.is_none() && !terminal::is_attended() {
        return Err(Usage::new(
            "there is no terminal to ask for the recovery code: give --recovery-code-file",
        ));
    }
    let application = application(args)?;
    let settings =
        Settings { timeout: args.timeout.map(Duration::from_secs), ca_file: args.ca_file.as_deref() };
    let client = Client::new(args.transport, application, settings)?;
    let mfa_token = mfa_token(args)?;
    let code_file = args.save_code.as_deref().map(CodeFile::prepare).transpose()?;
    let recovery_code = recovery_code(args)?;

    let mut call = VerifyWithRecoveryCode::new(mfa_token, recovery_code);
    if args.resubmit {
        call = call.earlier_sending_in_doubt();
    }
    // Last: at the prompt, Ctrl-C does what it does everywhere.
    let watch = Watch::begin(args.json).map_err(|error| Usage::caused("signals", &error))?;
    Ok(Ready { client, call, code_file, watch })
}

fn application(args: &RecoverArgs) -> Result<Application, Usage> {
    let domain = args.domain.as_deref().ok_or(Usage::new("--domain (or AUTH0_DOMAIN) is missing"))?;
    let domain = Domain::parse(domain).map_err(|error| Usage::option("--domain", error.reason()))?;
    let client_id =
        args.client_id.as_deref().ok_or(Usage::new("--client-id (or AUTH0_CLIENT_ID) is missing"))?;
    let client_id =
        ClientId::parse(client_id).map_err(|error| Usage::option("--client-id", error.reason()))?;
    Ok(Application::new(domain, client_id, client_auth(args)?))
}

fn client_auth(args: &RecoverArgs) -> Result<ClientAuth, Usage> {
    const VARIABLE: &str = "AUTH0_CLIENT_SECRET";
    let (name, secret) = match args.client_secret_file.as_deref() {
        Some(path) => ("--client-secret-file", Some(input::secret_of_file("--client-secret-file", path)?)),
        None => (VARIABLE, input::secret_of_environment(VARIABLE)?),
    };
    let Some(secret) = secret else { return Ok(ClientAuth::None) };
    let secret = ClientSecret::parse(secret.as_str()).map_err(|error| Usage::option(name, error.reason()))?;
    Ok(ClientAuth::SecretPost(secret))
}

fn mfa_token(args: &RecoverArgs) -> Result<MfaToken, Usage> {
    const VARIABLE: &str = "AUTH0_MFA_TOKEN";
    let (name, token) = match args.mfa_token_file.as_deref() {
        Some(path) => ("--mfa-token-file", Some(input::secret_of_file("--mfa-token-file", path)?)),
        None => (VARIABLE, input::secret_of_environment(VARIABLE)?),
    };
    let token = token.ok_or(Usage::new("--mfa-token-file (or AUTH0_MFA_TOKEN) is missing"))?;
    MfaToken::parse(token.as_str()).map_err(|error| Usage::option(name, error.reason()))
}

fn recovery_code(args: &RecoverArgs) -> Result<RecoveryCode, Usage> {
    match args.recovery_code_file.as_deref() {
        Some(path) => code_of_file(path),
        None => input::ask_for_recovery_code(args.hidden),
    }
}

fn code_of_file(path: &Path) -> Result<RecoveryCode, Usage> {
    const OPTION: &str = "--recovery-code-file";
    let text = input::secret_of_file(OPTION, path)?;
    RecoveryCode::parse(&text).map_err(|error| Usage::option(OPTION, error.reason()))
}

impl Ready {
    fn send(self) -> Outcome {
        if terminal::is_attended() {
            terminal::note(
                "Sending the code. Please do not interrupt: the answer, with your next code, comes once.",
            );
        }
        let result = self.client.send(self.call);
        self.watch.answered();
        Outcome::of(result, self.code_file)
    }
}
