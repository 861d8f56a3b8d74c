//! The tenant that all clients talk to, and what the harness does there in place of a client.

use std::fs;
use std::path::{Path, PathBuf};

use auth0_mfa_core::{Body, ClientSecret, RecoveryCode};
use auth0_mfa_emulator::server::{EmulatorServer, TlsOptions};
use auth0_mfa_emulator::{ApplicationConfig, Config, MfaPolicy, User, UserConfig};
use serde_json::Value;

/// An application that the clients are.
#[derive(Clone, Copy)]
pub(super) struct Application {
    pub(super) client_id: &'static str,
    pub(super) client_secret: &'static str,
}

pub(super) const PLAIN: Application =
    Application { client_id: "fakePlainApp", client_secret: "fake-plain-secret" };
/// Its secret becomes another one, and stray parameters, when it is not encoded.
pub(super) const AWKWARD: Application =
    Application { client_id: "fakeAwkwardApp", client_secret: "fake s+e&c=r%74" };
/// Without a secret.
pub(super) const PUBLIC: Application = Application { client_id: "fakePublicApp", client_secret: "" };

pub(super) const PASSWORD: &str = "fake-pässword+&=%";

pub(super) struct Stage {
    server: EmulatorServer,
    /// Where the clients are installed.
    pub(super) folder: PathBuf,
    /// The authority that clients are to trust.
    pub(super) ca: PathBuf,
}

impl Stage {
    /// One user for each client, so that none uses up the tries of another.
    pub(super) fn set(folder: &Path) -> Result<Self, String> {
        let mut config = Config::default();
        config.applications = [PLAIN, AWKWARD]
            .map(|application| {
                let secret = ClientSecret::parse(application.client_secret);
                secret.map(|secret| ApplicationConfig::confidential(application.client_id, secret))
            })
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        config.applications.push(ApplicationConfig::public(PUBLIC.client_id));
        let new = super::sdks::users().map(|user| {
            let mut user = UserConfig::new(user, PASSWORD);
            // It is listed, with a channel, though nobody enrolled it.
            user.email_verified = true;
            user
        });
        let enrolled = super::samples::users().map(|user| UserConfig::new(user, PASSWORD).enrolled());
        config.users = new.chain(enrolled).collect();
        let server = EmulatorServer::builder().config(config).tls(TlsOptions::new()).start();
        let server = server.map_err(|error| error.to_string())?;
        let ca = folder.join("ca.pem");
        fs::write(&ca, server.ca_pem().unwrap_or_default()).map_err(|error| error.to_string())?;
        Ok(Self { server, folder: folder.to_owned(), ca })
    }

    /// Host and port: an Auth0 domain. Mono finds no certificate valid for an address.
    pub(super) fn domain(&self) -> String {
        format!("localhost:{}", self.server.address().port())
    }

    pub(super) fn base_url(&self) -> String {
        self.server.base_url()
    }

    pub(super) fn recovery_code(&self, user: &str) -> Option<String> {
        self.server.with_tenant(|tenant, _| {
            tenant.user(user)?.recovery_code().map(RecoveryCode::expose).map(str::to_owned)
        })
    }

    pub(super) fn is_enrolled(&self, user: &str) -> bool {
        self.server.with_tenant(|tenant, _| tenant.user(user).is_some_and(User::is_enrolled))
    }

    pub(super) fn totp_secret(&self, user: &str) -> Option<String> {
        self.server.with_tenant(|tenant, _| {
            tenant.user(user)?.totp_secret().map(|secret| secret.expose().to_owned())
        })
    }

    pub(super) fn otp(&self, user: &str) -> Option<String> {
        self.server.with_tenant(|tenant, now| tenant.otp(user, now).map(|otp| otp.expose().to_owned()))
    }

    /// The `mfa_token` of a login that no client made.
    pub(super) fn mfa_token(&self, user: &str, application: Application) -> Result<String, String> {
        let (_, told) = self.post_form("/oauth/token", &login(user, application))?;
        let token = told.get("mfa_token").and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| "the harness's own login brought no mfa_token".to_owned())
    }

    /// A session from before the tenant demanded a second factor: its tokens.
    pub(super) fn earlier_session(&self, user: &str, application: Application) -> Value {
        let request = form_request(&self.base_url(), "/oauth/token", &login(user, application));
        self.server.with_tenant(|tenant, now| {
            tenant.set_mfa_policy(MfaPolicy::Never);
            let reply = request
                .map(|request| tenant.handle(&super::super::wire::borrowed(&request, Vec::as_slice), now));
            tenant.set_mfa_policy(MfaPolicy::AllApplications);
            reply.map(|reply| read(reply.body())).unwrap_or_default()
        })
    }

    /// What the tenant lists for an `mfa_token`; nothing when it is none of its own.
    pub(super) fn listed(&self, mfa_token: &str) -> Option<Value> {
        let request = http::Request::get(format!("{}/mfa/authenticators", self.base_url()))
            .header("authorization", format!("Bearer {mfa_token}"))
            .body(Vec::new())
            .ok()?;
        let (status, listed) = self.answer(&request);
        (status == 200).then_some(listed)
    }

    /// An association that no client made.
    pub(super) fn associate(&self, mfa_token: &str, body: &'static str) -> Result<(), String> {
        let request = http::Request::post(format!("{}/mfa/associate", self.base_url()))
            .header("authorization", format!("Bearer {mfa_token}"))
            .header("content-type", "application/json")
            .body(body.into())
            .map_err(|error| error.to_string())?;
        match self.answer(&request) {
            (200, _) => Ok(()),
            (status, told) => Err(format!("the harness's own association came to {status} {}", told)),
        }
    }

    /// Confirms the authenticator app for a client that cannot.
    pub(super) fn confirm(&self, user: &str, mfa_token: &str, application: Application) {
        let otp = self.otp(user).unwrap_or_default();
        let _ = self.post_form(
            "/oauth/token",
            &[
                ("grant_type", "http://auth0.com/oauth/grant-type/mfa-otp"),
                ("client_id", application.client_id),
                ("client_secret", application.client_secret),
                ("mfa_token", mfa_token),
                ("otp", &otp),
            ],
        );
    }

    fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Result<(u16, Value), String> {
        let request = form_request(&self.base_url(), path, form)?;
        Ok(self.answer(&request))
    }

    fn answer(&self, request: &http::Request<Vec<u8>>) -> (u16, Value) {
        let request = super::super::wire::borrowed(request, Vec::as_slice);
        let reply = self.server.with_tenant(|tenant, now| tenant.handle(&request, now));
        (reply.status().as_u16(), read(reply.body()))
    }
}

fn read(body: &Body) -> Value {
    serde_json::from_slice(body.expose()).unwrap_or_default()
}

fn login(user: &str, application: Application) -> Vec<(&str, &str)> {
    let mut form = vec![
        ("grant_type", "password"),
        ("client_id", application.client_id),
        ("username", user),
        ("password", PASSWORD),
        ("scope", "openid profile email offline_access"),
    ];
    if !application.client_secret.is_empty() {
        form.push(("client_secret", application.client_secret));
    }
    form
}

fn form_request(base_url: &str, path: &str, form: &[(&str, &str)]) -> Result<http::Request<Vec<u8>>, String> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    http::Request::post(format!("{base_url}{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .map_err(|error| error.to_string())
}
