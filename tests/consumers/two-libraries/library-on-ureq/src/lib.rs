use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{Application, BlockingClient};

/// A client of this library's choice.
pub fn client(application: Application) -> BlockingClient<UreqTransport> {
    BlockingClient::new(UreqTransport::new().expect("the defaults are right"), application)
}
