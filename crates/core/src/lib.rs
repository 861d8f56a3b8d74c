//! Auth0's MFA API without I/O.

mod body;
mod domain;
mod replay;
mod secret;
pub mod transport;

pub use body::Body;
pub use domain::Domain;
pub use replay::Replay;
pub use secret::{
    AccessToken, BarcodeUri, ClientSecret, IdToken, InvalidValue, MfaToken, OobCode, Otp, OtpSecret,
    Password, RefreshToken,
};
