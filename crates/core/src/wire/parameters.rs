//! The parameters of a request, as a server reads them.

use std::borrow::Cow;

use crate::serve::RequestError;
use crate::wiped::Wiped;
use crate::wire::{FORM, JSON, form, is_of_type, json};
use crate::{MfaToken, OobCode};

/// The parameters of a request, from a form or a JSON object: Auth0 takes both. In JSON, one that is no string has no
/// text.
pub(crate) struct Parameters<'a>(Vec<(Cow<'a, str>, Option<Wiped>)>);

impl<'a> Parameters<'a> {
    pub(crate) fn read(request: &http::Request<&'a [u8]>) -> Result<Self, RequestError> {
        if is_of_type(request.headers(), FORM) {
            Ok(Self::of_form(request.body()))
        } else if is_of_type(request.headers(), JSON) {
            Self::from_json(request.body())
        } else {
            Err(RequestError::UnreadableBody)
        }
    }

    /// The text of the parameter of one name, whatever else there is. In a form, it is the first of that name.
    pub(crate) fn read_one(
        request: &http::Request<&[u8]>,
        name: &'static str,
    ) -> Result<Wiped, RequestError> {
        let value = if is_of_type(request.headers(), FORM) {
            form::read_first(request.body(), name).filter(|value| !value.is_empty())
        } else {
            Parameters::read(request)?.optional(name)?.map(|value| Wiped::from(value.to_owned()))
        };
        value.ok_or(RequestError::MissingParameter(name))
    }

    pub(crate) fn of_query(request: &'a http::Request<&[u8]>) -> Self {
        Self::of_form(request.uri().query().unwrap_or("").as_bytes())
    }

    fn of_form(form: &'a [u8]) -> Self {
        Self(form::read(form).map(|(name, value)| (name, Some(value))).collect())
    }

    fn from_json(body: &[u8]) -> Result<Self, RequestError> {
        let text = json::Text::of(body);
        let fields = json::Fields::parse(text.as_str()).ok_or(RequestError::UnreadableBody)?;
        Ok(Self::of_fields(&fields))
    }

    /// The fields of a JSON object.
    pub(crate) fn of_fields(fields: &json::Fields<'_>) -> Self {
        Self(fields.each_string().into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect())
    }

    /// A parameter that may be absent; an empty one is (RFC 6749, 3.2).
    pub(crate) fn optional(&self, name: &'static str) -> Result<Option<&str>, RequestError> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(RequestError::RepeatedParameter(name)),
            (None, None) => Ok(None),
            (Some(None), None) => Err(RequestError::InvalidParameter(name)),
            (Some(Some(value)), None) => Ok(Some(value.as_str()).filter(|value| !value.is_empty())),
        }
    }

    pub(crate) fn required(&self, name: &'static str) -> Result<&str, RequestError> {
        self.optional(name)?.ok_or(RequestError::MissingParameter(name))
    }

    pub(crate) fn mfa_token(&self) -> Result<MfaToken, RequestError> {
        MfaToken::parse(self.required("mfa_token")?).map_err(|_| RequestError::InvalidParameter("mfa_token"))
    }

    pub(crate) fn oob_code(&self) -> Result<OobCode, RequestError> {
        OobCode::parse(self.required("oob_code")?).map_err(|_| RequestError::InvalidParameter("oob_code"))
    }

    /// Refuses a parameter that is there twice, whatever it is.
    pub(crate) fn refuse_repeated(&self, name: &'static str) -> Result<(), RequestError> {
        let count = self.0.iter().filter(|(known, _)| known == name).count();
        if count > 1 { Err(RequestError::RepeatedParameter(name)) } else { Ok(()) }
    }

    /// A whole number that may be absent.
    pub(crate) fn whole_number(&self, name: &'static str) -> Result<Option<u32>, RequestError> {
        let parse = |text: &str| text.parse().map_err(|_| RequestError::InvalidParameter(name));
        self.optional(name)?.map(parse).transpose()
    }
}
