use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::{Application, AsyncClient};

/// A client of this library's choice.
pub fn client(application: Application) -> AsyncClient<HyperTransport> {
    AsyncClient::new(HyperTransport::new().expect("the defaults are right"), application)
}
