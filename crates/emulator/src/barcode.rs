//! What an app scans, as recordings have it.

use auth0_mfa_core::{BarcodeUri, OtpSecret};

use crate::base_url::BaseUrl;

/// The barcode of an authenticator app.
pub(crate) fn of_app(tenant: &str, user: &str, secret: &OtpSecret) -> BarcodeUri {
    let (tenant, user, secret) = (percent_encoded(tenant), percent_encoded(user), secret.expose());
    BarcodeUri::from(format!(
        "otpauth://totp/{tenant}:{user}?secret={secret}&issuer={tenant}&algorithm=SHA1&digits=6&period=30"
    ))
}

/// The barcode of a push. Its `base_url` is this tenant's, where recordings have Guardian's own.
pub(crate) fn of_push(tenant: &str, user: &str, enrollment_tx_id: &str, base: &BaseUrl) -> BarcodeUri {
    let (tenant, user) = (percent_encoded(tenant), percent_encoded(user));
    let base_url = percent_encoded(base.as_str().trim_end_matches('/'));
    BarcodeUri::from(format!(
        "otpauth://totp/{tenant}:{user}?enrollment_tx_id={enrollment_tx_id}&base_url={base_url}"
    ))
}

/// The text with everything but the unreserved characters of RFC 3986 as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_barcodes_are_the_recorded_ones() {
        let secret = OtpSecret::from("HJ6XM2DNERXDAVCUONGWKRTCMNTU6VDF".to_owned());
        assert_eq!(
            of_app("My Test Tenant", "user@example.com", &secret).expose(),
            "otpauth://totp/My%20Test%20Tenant:user%40example.com?secret=HJ6XM2DNERXDAVCUONGWKRTCMNTU6VDF\
             &issuer=My%20Test%20Tenant&algorithm=SHA1&digits=6&period=30"
        );
        let request = http::Request::get("https://guardian.example.com/x").body(()).expect("a request");
        let base = BaseUrl::of(None, &request);
        assert_eq!(
            of_push("My Test Tenant", "user@example.com", "t5FmaYNt8APzKlh3WCRNLi2dG3uZYnAC", &base).expose(),
            "otpauth://totp/My%20Test%20Tenant:user%40example.com?enrollment_tx_id=t5FmaYNt8APzKlh3WCRNLi2dG3uZYnAC\
             &base_url=https%3A%2F%2Fguardian.example.com"
        );
    }
}
