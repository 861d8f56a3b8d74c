//! What a person does at the application.

use crate::browser::{Browser, Page};
pub(crate) use crate::common::site::{Site, app};
use crate::tenant::FakeTenant;
use crate::{PASSWORD, USER};

impl Site {
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser whose user has given the password, and the page that it shows.
    pub(crate) fn at_second_factor(&self) -> (Browser, Page) {
        let mut browser = self.browser();
        let page = log_in(&mut browser);
        assert_eq!(page.title(), "One more step");
        (browser, page)
    }

    /// The same, and a recovery code was sent.
    pub(crate) fn after_recovery(&self, code: &str) -> (Browser, Page) {
        let (mut browser, _) = self.at_second_factor();
        let page = send_code(&mut browser, code);
        (browser, page)
    }

    /// A browser whose user has sent a recovery code and closed the tab, and the form that it was typed into. The
    /// tenant has the code, and does not answer before its gate is opened.
    pub(crate) fn after_a_tab_was_closed(&self, tenant: &FakeTenant, code: &str) -> (Browser, Page) {
        let (mut browser, _) = self.at_second_factor();
        tenant.wait_for_request();
        let form = browser.open("/recovery-code");
        tenant.close_gate();
        let tab = browser.begin_post(&form, "/recovery-code", &[("recovery_code", code)]);
        tenant.wait_for_request();
        drop(tab);
        (browser, form)
    }
}

pub(crate) fn log_in(browser: &mut Browser) -> Page {
    let page = browser.open("/");
    browser.submit(&page, "/login", &[("user", USER), ("password", PASSWORD)])
}

pub(crate) fn send_code(browser: &mut Browser, code: &str) -> Page {
    let page = browser.open("/recovery-code");
    browser.submit(&page, "/recovery-code", &[("recovery_code", code)])
}

pub(crate) fn send_otp(browser: &mut Browser, otp: &str) -> Page {
    let page = browser.open("/otp");
    browser.submit(&page, "/otp", &[("otp", otp)])
}

pub(crate) fn confirm(browser: &mut Browser, page: &Page) -> Page {
    let shown = page.value("name=\"codes_so_far\" value").unwrap();
    browser.submit(page, "/new-code", &[("codes_so_far", shown), ("stored", "yes")])
}
