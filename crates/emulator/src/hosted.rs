//! A tenant that several callers share, and the clock that it goes by.

use std::sync::{Mutex, PoisonError};

use crate::{Clock, Tenant, Timestamp};

pub(crate) struct Hosted {
    tenant: Mutex<Tenant>,
    clock: Clock,
}

impl Hosted {
    pub(crate) fn new(tenant: Tenant, clock: Clock) -> Self {
        Self { tenant: Mutex::new(tenant), clock }
    }

    /// Looks at the tenant, or changes it, at the time that the clock shows. A caller that panicked left it whole.
    pub(crate) fn with_tenant<R>(&self, f: impl FnOnce(&mut Tenant, Timestamp) -> R) -> R {
        let mut tenant = self.tenant.lock().unwrap_or_else(PoisonError::into_inner);
        f(&mut tenant, self.clock.now())
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }
}
