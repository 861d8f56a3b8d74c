//! The settings that both transports have, from outside.

#[cfg(target_os = "linux")]
#[cfg(test)]
mod memory;
#[cfg(test)]
mod settings;
