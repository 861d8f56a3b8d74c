//! The settings that both transports have, from outside.

#[cfg(test)]
mod settings;
