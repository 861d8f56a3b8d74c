//! Holds nothing: each example is a file beside this one.
//!
//! All of them log a user in with a recovery code. They take where and who from the environment (`AUTH0_DOMAIN`,
//! `AUTH0_CLIENT_ID`, `AUTH0_MFA_TOKEN`) and the code from standard input; `thread_per_core` begins the login itself,
//! from `AUTH0_USERNAME` and a password on the line before the code. `auth0-mfa emulator` is a tenant to try them on.
//!
//! `wasm-fetch` is a crate of its own, for the browser.
