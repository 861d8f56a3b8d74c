//! What the settings do to a transport as a whole.

use std::sync::Arc;

use auth0_mfa_core::transport::AsyncTransport;
use auth0_mfa_transport_hyper::HyperTransport;

#[test]
fn debug_shows_the_limits() {
    let shown = format!("{:?}", HyperTransport::new().expect("the defaults are sound"));
    for limit in ["connect_timeout: 5s", " timeout: 30s", "max_reply_bytes: 262144"] {
        assert!(shown.contains(limit), "{shown}");
    }
}

#[test]
fn a_transport_can_be_shared_and_made_an_object() {
    fn is_shareable<T: Clone + Send + Sync + 'static>(transport: T) -> T {
        transport
    }
    let transport = is_shareable(HyperTransport::new().expect("the defaults are sound"));
    let _: Arc<dyn AsyncTransport> = Arc::new(transport);
}
