//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use auth0_mfa::CodeState;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit::Exit;
use crate::recover::code_before;
use crate::terminal;
use crate::usage::Usage;

/// Challenge with Recovery Codes: Auth0's MFA API from the command line.
///
/// Not affiliated with Auth0.
#[derive(Parser)]
#[command(name = "auth0-mfa", version, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Play the whole story of a recovery code against a local Auth0 tenant
    Demo(DemoArgs),
    /// Log in with a recovery code at a real tenant, and get the next code
    #[command(after_help = ABOUT_RECOVER)]
    Recover(RecoverArgs),
    /// Serve a local Auth0 tenant until Ctrl-C
    #[command(after_help = ABOUT_EMULATOR)]
    Emulator(EmulatorArgs),
}

const ABOUT_RECOVER: &str = "\
You need your recovery code and an mfa_token. Log in with your password (POST /oauth/token, \
grant_type=password): the answer mfa_required holds the token, good for about ten minutes. Then:

  auth0-mfa recover --domain tenant.eu.auth0.com --client-id YOUR_CLIENT_ID \\
      --mfa-token-file mfa_token.txt --save-code new-code.txt

Secrets are never given as arguments, which other users of a machine can see. A file named `-` \
is standard input.

Exit codes:
   0  accepted
   2  usage or bad input; nothing was sent
  10  refused by Auth0
  11  not sent
  12  in doubt: the code was sent, and may or may not be used up
  13  the answer could not be understood
  14  the new code could not be saved, or the output not be written
      (the code is in the output, or on standard error)";

const ABOUT_EMULATOR: &str = "\
Prints one line of JSON: the address, the applications, and the users with their passwords and \
recovery codes. All of them are fakes. `page` is for a browser: what was sent to the users, with \
buttons to answer pushes, their codes, and the log.";

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// The HTTP client that carries the calls
    #[arg(long, value_enum, default_value_t)]
    pub(crate) transport: TransportKind,
    /// Play the user's part too, without asking
    #[arg(long)]
    pub(crate) yes: bool,
    /// Print one JSON object for each step; plays the user's part too
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct RecoverArgs {
    /// The tenant or custom domain (required): a host name, an https URL, or an http URL of a loopback host
    #[arg(long, env = "AUTH0_DOMAIN", hide_env_values = true)]
    pub(crate) domain: Option<String>,
    /// The application's client_id (required)
    #[arg(long, env = "AUTH0_CLIENT_ID", hide_env_values = true)]
    pub(crate) client_id: Option<String>,
    /// File with the client secret (or set AUTH0_CLIENT_SECRET; without either, the application is public)
    #[arg(long, value_name = "FILE")]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// File with the mfa_token of the login that is under way (or set AUTH0_MFA_TOKEN; required)
    #[arg(long, value_name = "FILE")]
    pub(crate) mfa_token_file: Option<PathBuf>,
    /// File with the recovery code; without it, the code is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) recovery_code_file: Option<PathBuf>,
    /// Do not show the recovery code while it is typed
    #[arg(long)]
    pub(crate) hidden: bool,
    /// PEM file with further root certificates
    #[arg(long, value_name = "PEM")]
    pub(crate) ca_file: Option<PathBuf>,
    /// How long the whole call may take; 30 seconds without this
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: Option<u64>,
    /// The HTTP client that carries the call
    #[arg(long, value_enum, default_value_t)]
    pub(crate) transport: TransportKind,
    /// Print one JSON object, for errors too. It holds the tokens and the new code
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the tokens of the login too
    #[arg(long)]
    pub(crate) print_tokens: bool,
    /// Save the new code in FILE, for you only, before anything is printed. FILE must not be there yet
    #[arg(long, value_name = "FILE")]
    pub(crate) save_code: Option<PathBuf>,
    /// Send a code again that is in doubt (the command has said so)
    #[arg(long)]
    pub(crate) resubmit: bool,
}

#[derive(Args)]
pub(crate) struct EmulatorArgs {
    /// The port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Serve TLS, with a certificate made at start
    #[arg(long)]
    pub(crate) tls: bool,
    /// Write the authority that signed the certificate to FILE, as PEM, for clients to trust
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub(crate) ca_out: Option<PathBuf>,
    /// A further host name that it goes by, in its certificate and for /_emulator/; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) san: Vec<String>,
    /// TOML file with the tenant's applications, users and settings
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The same seed makes the same codes and tokens
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Listen on every interface, not only on loopback
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// Let other machines use /_emulator/ too, which shows every code and steers the tenant
    #[arg(long, requires = "allow_remote")]
    pub(crate) allow_remote_admin: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TransportKind {
    /// Asynchronous
    #[default]
    Hyper,
    /// Blocking
    Ureq,
}

impl TransportKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hyper => "hyper",
            Self::Ureq => "ureq",
        }
    }
}

/// The command line could not be taken, or asked for help.
pub(crate) struct Stop {
    error: clap::Error,
    json: bool,
    code: Option<CodeState>,
}

pub(crate) fn parse() -> Result<Command, Stop> {
    let words: Vec<OsString> = std::env::args_os().collect();
    let has = |flag: &str| words.iter().any(|word| word == flag);
    let is_recover = words.get(1).is_some_and(|word| word == "recover");
    let code = is_recover.then(|| code_before(has("--resubmit")));
    let stop = |error| Stop { error, json: has("--json"), code };
    CommandLine::try_parse_from(&words).map(|line| line.command).map_err(stop)
}

impl Stop {
    pub(crate) fn print(&self) -> ExitCode {
        if !self.error.use_stderr() {
            terminal::say(self.error.to_string().trim_end());
            return Exit::Done.into();
        }
        if self.error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            terminal::note(self.error.to_string().trim_end());
            return Exit::Usage.into();
        }
        Usage::new(self.message()).print(self.json, self.code)
    }

    /// What is wrong, by the names of options alone: clap would quote values, which may be secrets put in the wrong
    /// place.
    fn message(&self) -> String {
        let option = self.text(ContextKind::InvalidArg).map(|arg| option_name(&arg)).unwrap_or_default();
        let suggestion =
            self.text(ContextKind::SuggestedArg).map(|arg| option_name(&arg)).unwrap_or_default();
        let problem = match self.error.kind() {
            ErrorKind::UnknownArgument if option.starts_with('-') && suggestion.starts_with('-') => {
                format!("there is no option {option}; did you mean {suggestion}?")
            }
            ErrorKind::UnknownArgument if option.starts_with('-') => format!("there is no option {option}"),
            ErrorKind::UnknownArgument => {
                "an argument that belongs to no option (secrets never do)".to_owned()
            }
            ErrorKind::InvalidSubcommand => "there is no such command".to_owned(),
            ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation if self.is_without_value() => {
                format!("{option} needs a value")
            }
            ErrorKind::InvalidValue => {
                let allowed = self.texts(ContextKind::ValidValue).join(" or ");
                format!("{option} takes {allowed}")
            }
            ErrorKind::ValueValidation => format!("{option}: the value is not a number in its range"),
            ErrorKind::TooManyValues => format!("{option} takes no value"),
            ErrorKind::ArgumentConflict => {
                format!("{option} is given twice, or with an option that excludes it")
            }
            ErrorKind::MissingRequiredArgument => format!("{option} is missing"),
            ErrorKind::InvalidUtf8 => "an argument is not text".to_owned(),
            _ => "the arguments cannot be read".to_owned(),
        };
        format!("{problem}; see `auth0-mfa --help`")
    }

    fn is_without_value(&self) -> bool {
        self.text(ContextKind::InvalidValue).is_none_or(|value| value.is_empty())
    }

    fn text(&self, kind: ContextKind) -> Option<String> {
        self.texts(kind).into_iter().next()
    }

    fn texts(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(text)) => vec![text.clone()],
            Some(ContextValue::Strings(texts)) => texts.clone(),
            _ => Vec::new(),
        }
    }
}

/// `--name` of `--name=value` or `--name <VALUE>`; nothing of what is no option.
fn option_name(arg: &str) -> String {
    let name = arg.split(['=', ' ']).next().unwrap_or("");
    if name.starts_with("--") { name.to_owned() } else { String::new() }
}
