//! A browser of one test.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::capabilities::capabilities;
use crate::driver::{Driver, Place};
use crate::installation::Installation;
use crate::wire::{Refusal, Wire};

/// How often something is looked for, and how long until the next look: 30 seconds, for a test that fails.
const LOOKS: usize = 1_500;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The key of an element in an answer, by the specification.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A page that is still coming: another look may find it.
const NOT_YET: [&str; 4] =
    ["no such element", "stale element reference", "element not interactable", "element click intercepted"];

/// A browser with a profile of its own: no cookie, no history. It ends when it is dropped.
#[derive(Debug)]
pub struct Browser {
    wire: Wire,
    /// `/session/…`
    session: String,
    // Dropped in this order.
    _driver: Arc<Driver>,
    _profile: TempDir,
    _place: Place,
}

/// One of the browser's tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab(String);

impl Browser {
    /// `None`, with a line that says so, where there is no Chromium.
    ///
    /// # Panics
    /// Where there is none although `CI` is `true`, and when it does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// One that waits for no page to be loaded: for a test in which an answer does not come.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_impatient() -> Option<Self> {
        Self::begin(&[], "none")
    }

    /// The same with more of Chromium's flags.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_with(flags: &[&str]) -> Option<Self> {
        Self::begin(flags, "normal")
    }

    fn begin(flags: &[&str], page_load: &str) -> Option<Self> {
        let installation = Installation::find()?;
        let place = Place::take();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let driver = Driver::shared(&installation);
        let wire = driver.wire.clone();
        let asked = capabilities(&installation.chromium(), profile.path(), flags, page_load);
        let opened = wire.post("/session", &asked).unwrap_or_else(|refusal| panic!("no session: {refusal}"));
        let session = format!("/session/{}", field(&opened, "sessionId"));
        Some(Self { wire, session, _driver: driver, _profile: profile, _place: place })
    }

    // --- pages ------------------------------------------------------------------------------------------------------

    /// Opens an address, until it is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.command("/url", &json!({ "url": url }));
    }

    /// As if the user pressed the button.
    #[track_caller]
    pub fn reload(&self) {
        self.command("/refresh", &json!({}));
    }

    /// As if the user pressed the button.
    #[track_caller]
    pub fn back(&self) {
        self.command("/back", &json!({}));
    }

    /// As if the user pressed the button.
    #[track_caller]
    pub fn forward(&self) {
        self.command("/forward", &json!({}));
    }

    /// The address that is shown.
    #[track_caller]
    #[must_use]
    pub fn url(&self) -> String {
        text(&self.ask("/url"))
    }

    /// The title of the page.
    #[track_caller]
    #[must_use]
    pub fn title(&self) -> String {
        text(&self.ask("/title"))
    }

    /// The page as HTML, as it is now.
    #[track_caller]
    #[must_use]
    pub fn source(&self) -> String {
        text(&self.ask("/source"))
    }

    // --- elements, by CSS selector ----------------------------------------------------------------------------------

    /// Whether there is one at this moment, shown or hidden.
    #[track_caller]
    #[must_use]
    pub fn has(&self, selector: &str) -> bool {
        let found = self.command("/elements", &by_css(selector));
        found.as_array().is_some_and(|elements| !elements.is_empty())
    }

    /// Waits until there is one.
    #[track_caller]
    pub fn wait_for(&self, selector: &str) {
        self.wait_until(&format!("{selector} is there"), |browser| browser.has(selector));
    }

    /// Clicks it once it is there. A page to which that leads may take its time: wait for something that only it has.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        self.on_element(selector, |element| self.try_post(&format!("{element}/click"), &json!({})));
    }

    /// Types at the end of what is in the field.
    #[track_caller]
    pub fn type_into(&self, selector: &str, typed: &str) {
        self.on_element(selector, |element| {
            self.try_post(&format!("{element}/value"), &json!({ "text": typed }))
        });
    }

    /// The text that is seen of it; what is hidden has none.
    #[track_caller]
    #[must_use]
    pub fn text(&self, selector: &str) -> String {
        text(&self.on_element(selector, |element| self.try_get(&format!("{element}/text"))))
    }

    /// An attribute as it is in the page.
    #[track_caller]
    #[must_use]
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let value = self.on_element(selector, |element| self.try_get(&format!("{element}/attribute/{name}")));
        value.as_str().map(str::to_owned)
    }

    /// Whether it can be seen.
    #[track_caller]
    #[must_use]
    pub fn is_displayed(&self, selector: &str) -> bool {
        self.on_element(selector, |element| self.try_get(&format!("{element}/displayed"))) == true
    }

    /// Waits for a page by its title.
    #[track_caller]
    pub fn wait_for_title(&self, title: &str) {
        let mut last = String::new();
        for _ in 0..LOOKS {
            last = self.title();
            if last == title {
                return;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        panic!("the title is {last:?}, never {title:?}");
    }

    /// Looks until it is so.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..LOOKS {
            if is_so(self) {
                return;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        panic!("never so: {what}");
    }

    // --- tabs -------------------------------------------------------------------------------------------------------

    /// The tab that the commands go to.
    #[track_caller]
    #[must_use]
    pub fn tab(&self) -> Tab {
        Tab(text(&self.ask("/window")))
    }

    /// Opens a tab, and goes to it.
    #[track_caller]
    pub fn new_tab(&self) -> Tab {
        let opened = self.command("/window/new", &json!({ "type": "tab" }));
        let tab = Tab(field(&opened, "handle"));
        self.go_to(&tab);
        tab
    }

    /// Goes to a tab.
    #[track_caller]
    pub fn go_to(&self, tab: &Tab) {
        self.command("/window", &json!({ "handle": tab.0 }));
    }

    /// Closes the tab; go to another one next. The browser ends with the last.
    #[track_caller]
    pub fn close_tab(&self) {
        let closed = self.wire.delete(&format!("{}/window", self.session));
        closed.unwrap_or_else(|refusal| panic!("the tab was not closed: {refusal}"));
    }

    // --- scripts and what is seen beside the page -------------------------------------------------------------------

    /// Runs the body of a function in the page, and answers what it returns; a promise is awaited.
    #[track_caller]
    pub fn script(&self, body: &str) -> Value {
        self.command("/execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// Sends a command of the DevTools protocol, for what WebDriver has none.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Lets pages read and write the clipboard, as a user who was asked and agreed.
    #[track_caller]
    pub fn allow_clipboard(&self) {
        let both = ["clipboardReadWrite", "clipboardSanitizedWrite"];
        self.devtools("Browser.grantPermissions", &json!({ "permissions": both }));
    }

    /// Puts what is downloaded into a folder, without asking.
    #[track_caller]
    pub fn download_into(&self, folder: &Path) {
        self.devtools("Browser.setDownloadBehavior", &json!({ "behavior": "allow", "downloadPath": folder }));
    }

    /// From the next page on, pages run no script of theirs.
    #[track_caller]
    pub fn disable_scripts(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// What came to the console of all pages since the last time.
    #[track_caller]
    #[must_use]
    pub fn console(&self) -> Vec<String> {
        let entries = self.command("/se/log", &json!({ "type": "browser" }));
        entries.as_array().expect("entries").iter().map(|entry| field(entry, "message")).collect()
    }

    /// Writes a picture of the page as PNG.
    #[track_caller]
    pub fn screenshot(&self, file: &Path) {
        let png = Base64::decode_vec(&text(&self.ask("/screenshot"))).expect("base64");
        std::fs::write(file, png).expect("the picture is written");
    }

    // --- commands ---------------------------------------------------------------------------------------------------

    #[track_caller]
    fn command(&self, path: &str, parameters: &Value) -> Value {
        self.try_post(path, parameters).unwrap_or_else(|refusal| panic!("{path}: {refusal}"))
    }

    #[track_caller]
    fn ask(&self, path: &str) -> Value {
        self.try_get(path).unwrap_or_else(|refusal| panic!("{path}: {refusal}"))
    }

    fn try_post(&self, path: &str, parameters: &Value) -> Result<Value, Refusal> {
        self.wire.post(&format!("{}{path}", self.session), parameters)
    }

    fn try_get(&self, path: &str) -> Result<Value, Refusal> {
        self.wire.get(&format!("{}{path}", self.session))
    }

    /// Does something with an element, once it is there and lets it be done.
    #[track_caller]
    fn on_element(&self, selector: &str, act: impl Fn(&str) -> Result<Value, Refusal>) -> Value {
        let mut last = None;
        for _ in 0..LOOKS {
            let done = self.try_post("/element", &by_css(selector)).and_then(|found| {
                let id = field(&found, ELEMENT);
                act(&format!("/element/{id}"))
            });
            match done {
                Ok(value) => return value,
                Err(refusal) if NOT_YET.contains(&refusal.code.as_str()) => last = Some(refusal),
                Err(refusal) => panic!("{selector}: {refusal}"),
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        let why = last.map(|refusal| refusal.to_string()).unwrap_or_default();
        panic!("{selector}, on the page {:?}: {why}", self.title());
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.wire.delete(&self.session);
    }
}

fn by_css(selector: &str) -> Value {
    json!({ "using": "css selector", "value": selector })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn field(value: &Value, name: &str) -> String {
    value.get(name).map(text).unwrap_or_default()
}
