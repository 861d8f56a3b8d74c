//! Lists: nothing of them is lost, and nothing is added.

use auth0_mfa_core::{AuthenticationMethods, Authenticators, GuardianFactors};
use http::Response;

use crate::calls;
use crate::json::{Object, elements};
use crate::message::borrowed;
use crate::replies::{any, sent};

/// `GET /mfa/authenticators`.
pub fn authenticators(reply: &Response<Vec<u8>>) {
    any(reply, calls::list_authenticators);
    let Ok(list) = sent(calls::list_authenticators()).answered(borrowed(reply)) else { return };
    let Authenticators { authenticators, .. } = &list;
    let kinds = authenticators.iter().map(|it| Some(it.authenticator_type.clone()));
    is_each(reply, None, "authenticator_type", kinds.map(|kind| kind.filter(|kind| !kind.is_empty())));
    assert_eq!(list.active().count(), authenticators.iter().filter(|it| it.active != Some(false)).count());
}

/// `GET authentication-methods`.
pub fn authentication_methods(reply: &Response<Vec<u8>>) {
    any(reply, calls::list_authentication_methods);
    let Ok(list) = sent(calls::list_authentication_methods()).answered(borrowed(reply)) else { return };
    let AuthenticationMethods { methods, .. } = &list;
    is_each(reply, Some("authenticators"), "type", methods.iter().map(|it| it.r#type.clone()));
    let is_code = |it: &auth0_mfa_core::AuthenticationMethod| it.r#type.as_deref() == Some("recovery-code");
    assert_eq!(list.recovery_code(), methods.iter().find(|it| is_code(it)));
}

/// `GET /guardian/factors`.
pub fn guardian_factors(reply: &Response<Vec<u8>>) {
    any(reply, calls::list_guardian_factors);
    let Ok(list) = sent(calls::list_guardian_factors()).answered(borrowed(reply)) else { return };
    let GuardianFactors { factors, .. } = &list;
    is_each(reply, None, "name", factors.iter().map(|it| it.name.clone()));
}

/// Each element of a list that is not `null`, by one of its words; the list may be in a field of an object.
fn is_each(
    reply: &Response<Vec<u8>>,
    field: Option<&str>,
    word: &str,
    read: impl Iterator<Item = Option<String>>,
) {
    let text = String::from_utf8_lossy(reply.body());
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let object = field.and_then(|_| Object::parse(text));
    let listed = object.as_ref().zip(field).and_then(|(object, field)| object.value(field)).unwrap_or(text);
    let listed = elements(listed).expect("a list is an array");
    let words = listed.into_iter().filter(|element| *element != "null").map(|element| {
        let object = Object::parse(element).expect("each is an object");
        object.string(word).filter(|it| word != "authenticator_type" || !it.is_empty())
    });
    assert_eq!(words.collect::<Vec<_>>(), read.collect::<Vec<_>>(), "{text:?}");
}
