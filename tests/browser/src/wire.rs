//! Commands of WebDriver and their answers.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Method, Request};

/// For how long a command may take, so that a test that fails ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// The way to a driver.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    agent: Agent,
    base: String,
}

/// What the driver answers instead of a value.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The error code of the specification, for example `no such element`.
    pub(crate) code: String,
    message: String,
}

impl Wire {
    pub(crate) fn to_port(port: u16) -> Self {
        let config = Agent::config_builder()
            // Never the machine's proxy: it would be asked for a loopback address.
            .proxy(None)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE));
        Self { agent: config.build().into(), base: format!("http://127.0.0.1:{port}") }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value, Refusal> {
        self.send(Method::GET, path, String::new())
    }

    pub(crate) fn post(&self, path: &str, parameters: &Value) -> Result<Value, Refusal> {
        self.send(Method::POST, path, parameters.to_string())
    }

    pub(crate) fn delete(&self, path: &str) -> Result<Value, Refusal> {
        self.send(Method::DELETE, path, String::new())
    }

    fn send(&self, method: Method, path: &str, body: String) -> Result<Value, Refusal> {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        let request = request.header("content-type", "application/json").body(body);
        let request = request.map_err(|error| Refusal::of_wire(&error))?;
        let mut answer = self.agent.run(request).map_err(|error| Refusal::of_wire(&error))?;
        let is_success = answer.status().is_success();
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string();
        let text = text.map_err(|error| Refusal::of_wire(&error))?;
        let mut answer: Value = serde_json::from_str(&text).map_err(|error| Refusal::of_wire(&error))?;
        let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
        if is_success { Ok(value) } else { Err(Refusal::of(&value)) }
    }
}

impl Refusal {
    fn of(value: &Value) -> Self {
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { code: text("error"), message: text("message") }
    }

    fn of_wire(error: &dyn fmt::Display) -> Self {
        Self { code: "no answer".to_owned(), message: error.to_string() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The driver adds a stack of its own.
        let message = self.message.lines().next().unwrap_or_default();
        write!(f, "{}: {message}", self.code)
    }
}
