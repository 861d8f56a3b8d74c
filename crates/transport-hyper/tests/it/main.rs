//! The transport against small servers on loopback that follow a script: in plain, and over TLS.

#[cfg(test)]
mod connections;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;
