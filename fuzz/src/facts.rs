//! What an outcome says, as text that can be compared.

use auth0_mfa_core::{
    AuthenticationMethods, AuthenticatorAdded, Authenticators, BarcodeUri, Challenge, Deleted,
    FactorAccepted, FirstFactor, GuardianFactorSet, GuardianFactors, IdToken, MfaRequired, NewCode, NewCodes,
    OobCode, OtpSecret, RecoveryCodeAccepted, RecoveryCodeRegenerated, RefreshToken, TokenSet,
};

/// A new recovery code that is in the caller's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// It was issued.
    Issued(String),
    /// It is no string of text: its JSON.
    Unreadable(String),
}

/// What a success says.
#[derive(Debug, Default)]
pub struct Facts {
    /// Everything but the codes and the head.
    pub all: String,
    /// What `Debug` may show: the words of the API and identifiers.
    pub words: String,
    /// The new codes.
    pub codes: Vec<Code>,
}

/// A success that can be taken apart.
pub trait Output {
    /// What it says.
    fn facts(self) -> Facts;
}

/// What a call keeps of new codes.
pub trait Codes {
    /// Each of them.
    fn codes(&self) -> Vec<Code>;
}

impl Codes for () {
    fn codes(&self) -> Vec<Code> {
        Vec::new()
    }
}

impl Codes for NewCode {
    fn codes(&self) -> Vec<Code> {
        match self {
            Self::Issued(code) => vec![Code::Issued(code.expose().to_owned())],
            Self::NotReturned => Vec::new(),
            Self::Unreadable(json) => vec![Code::Unreadable(json.expose().to_owned())],
        }
    }
}

impl Codes for NewCodes {
    fn codes(&self) -> Vec<Code> {
        self.iter().flat_map(NewCode::codes).collect()
    }
}

/// Each part as `Debug` writes it: no two different outcomes look alike.
macro_rules! text {
    ($($part:expr),* $(,)?) => { [$(format!("{:?}", $part)),*].join("; ") };
}

fn facts(all: String, words: String) -> Facts {
    Facts { all, words, codes: Vec::new() }
}

fn tokens(tokens: &TokenSet, codes: Vec<Code>) -> Facts {
    let words = text!(tokens.token_type, tokens.scope);
    let id_token = tokens.id_token.as_ref().map(IdToken::expose);
    let refresh_token = tokens.refresh_token.as_ref().map(RefreshToken::expose);
    let all = text!(tokens.access_token.expose(), id_token, refresh_token, tokens.expires_in, words);
    Facts { all, words, codes }
}

/// What `mfa_required` says.
pub fn mfa(mfa: &MfaRequired) -> Facts {
    let words = text!(mfa.requirements());
    facts(text!(mfa.mfa_token().expose(), words), words)
}

impl Output for FirstFactor {
    fn facts(self) -> Facts {
        match self {
            Self::Tokens(set) => tokens(&set, Vec::new()),
            Self::MfaRequired(required) => mfa(&required),
        }
    }
}

impl Output for FactorAccepted {
    fn facts(self) -> Facts {
        let (set, code) = self.into_parts();
        tokens(&set, code.codes())
    }
}

impl Output for RecoveryCodeAccepted {
    fn facts(self) -> Facts {
        let (set, code) = self.into_parts();
        tokens(&set, code.codes())
    }
}

impl Output for RecoveryCodeRegenerated {
    fn facts(self) -> Facts {
        Facts { codes: self.into_new_code().codes(), ..Facts::default() }
    }
}

impl Output for AuthenticatorAdded {
    fn facts(self) -> Facts {
        let (it, codes) = self.into_parts();
        let words = text!(it.authenticator_type, it.oob_channel, it.binding_method, it.id);
        let (secret, uri) = (it.secret.as_ref().map(OtpSecret::expose), it.barcode_uri.as_ref());
        let oob_code = it.oob_code.as_ref().map(OobCode::expose);
        let all = text!(secret, uri.map(BarcodeUri::expose), oob_code, words);
        Facts { all, words, codes: codes.codes() }
    }
}

impl Output for Challenge {
    fn facts(self) -> Facts {
        let words = text!(self.challenge_type, self.binding_method);
        let oob_code = self.oob_code.as_ref().map(OobCode::expose);
        facts(text!(oob_code, self.expires_in, self.interval, words), words)
    }
}

impl Output for Authenticators {
    fn facts(self) -> Facts {
        let words = |it: &auth0_mfa_core::Authenticator| {
            text!(it.id, it.authenticator_type, it.active, it.oob_channels, it.r#type)
        };
        let words: Vec<String> = self.authenticators.iter().map(words).collect();
        let rest =
            self.authenticators.iter().map(|it| (&it.name, &it.phone_number, &it.created_at, &it.last_auth));
        facts(text!(words, rest.collect::<Vec<_>>()), words.join(" "))
    }
}

impl Output for AuthenticationMethods {
    fn facts(self) -> Facts {
        let words: Vec<String> =
            self.methods.iter().map(|it| text!(it.id, it.r#type, it.confirmed, it.created_at)).collect();
        let people = self.methods.iter().map(|it| (&it.name, &it.phone_number, &it.email));
        let rest = self
            .methods
            .iter()
            .map(|it| (&it.preferred_authentication_method, &it.link_id, &it.enrolled_at, &it.last_auth_at));
        let page = (self.start, self.limit, self.total);
        facts(text!(words, people.collect::<Vec<_>>(), rest.collect::<Vec<_>>(), page), words.join(" "))
    }
}

impl Output for GuardianFactors {
    fn facts(self) -> Facts {
        let words = text!(self.factors);
        facts(words.clone(), words)
    }
}

impl Output for GuardianFactorSet {
    fn facts(self) -> Facts {
        facts(text!(self.enabled), String::new())
    }
}

impl Output for Deleted {
    fn facts(self) -> Facts {
        Facts::default()
    }
}
