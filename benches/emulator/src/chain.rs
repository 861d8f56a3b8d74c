//! Recovery grants one after the other, each with the code that the one before brought.

use auth0_mfa_emulator::{Tenant, Timestamp, TokenFormat};
use stats_alloc::Stats;

use crate::{counted, fixture};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

/// The chain of one login.
pub struct Chain {
    tenant: Tenant,
    form: Vec<u8>,
}

impl Chain {
    /// # Panics
    /// When the tenant cannot be made.
    pub fn new(tokens: TokenFormat) -> Self {
        let mut tenant = Tenant::new(fixture::config(tokens, 1), 1).expect("a good config");
        let form = fixture::recovery_form(&mut tenant, &fixture::user(0), NOW).into_bytes();
        Self { tenant, form }
    }

    /// Makes a request, and counts what the tenant does with it: until the reply is there.
    ///
    /// # Panics
    /// When the reply brings no code.
    pub fn grant(&mut self) -> Stats {
        let request = fixture::request(&self.form);
        let (reply, stats) = counted(|| self.tenant.handle(&request, NOW));
        let code = fixture::code_of(reply.body().expose()).to_vec();
        fixture::replace_code(&mut self.form, &code);
        stats
    }
}
