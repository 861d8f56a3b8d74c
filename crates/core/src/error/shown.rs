//! What a log and a person are shown of an error: nothing of the request, and nothing of the reply but what its head
//! says of itself.

use std::fmt;

use super::{CallError, InDoubt, Malformed, NotSent, Refused};
use crate::Call;

impl<C: Call> fmt::Display for CallError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = C::NAME;
        match self {
            Self::NotSent(_) => write!(f, "{name}: the request was not sent"),
            Self::InDoubt(doubt) => match doubt.status {
                Some(status) => {
                    write!(
                        f,
                        "{name}: a gateway answered {}; Auth0 may have processed the request",
                        status.as_u16()
                    )
                }
                None => write!(f, "{name}: the request may have been processed, and no reply was read"),
            },
            Self::Api(refused) => write!(f, "{name}: {}", refused.error),
            Self::Malformed(malformed) => {
                let (status, reason) = (malformed.status.as_u16(), malformed.reason.reason());
                write!(f, "{name}: the reply ({status}) {reason}")
            }
        }
    }
}

impl<C: Call> fmt::Debug for CallError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (variant, new_code, source) = match self {
            Self::NotSent(it) => return f.debug_struct("NotSent").field("source", &it.source).finish(),
            Self::InDoubt(it) => {
                ("InDoubt", &it.new_code, it.source.as_ref().map(|source| source as &dyn fmt::Debug))
            }
            Self::Api(it) => ("Api", &it.new_code, Some(&it.error as &dyn fmt::Debug)),
            Self::Malformed(it) => {
                ("Malformed", &it.new_code, it.source.as_ref().map(|source| source as &dyn fmt::Debug))
            }
        };
        let mut shown = f.debug_struct(variant);
        shown.field("status", &self.status()).field("new_code", new_code);
        if let Self::Malformed(malformed) = self {
            shown.field("reason", &malformed.reason.reason());
        }
        if let Some(source) = source {
            shown.field("source", source);
        }
        shown.finish()
    }
}

impl<C: Call> std::error::Error for CallError<C> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotSent(it) => Some(it.source.as_ref()),
            Self::InDoubt(it) => it.source.as_ref().map(|source| source.as_ref() as _),
            Self::Api(it) => Some(it.error.as_ref()),
            Self::Malformed(it) => it.source.as_ref().map(|source| source.as_ref() as _),
        }
    }
}

impl<C> fmt::Debug for NotSent<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotSent").field("source", &self.source).finish_non_exhaustive()
    }
}

impl<C: Call> fmt::Debug for InDoubt<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InDoubt")
            .field("status", &self.status)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl<C: Call> fmt::Debug for Refused<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<C: Call> fmt::Debug for Malformed<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Malformed")
            .field("status", &self.status)
            .field("reason", &self.reason.reason())
            .finish_non_exhaustive()
    }
}
