//! What holds for every page.

use crate::browser::Page;
use crate::site::{Site, confirm, send_code, send_otp};
use crate::tenant::{FakeTenant, accepted, refused, rejected};
use crate::{NEW_CODE, OLD_CODE};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// A look at every page, and at what is none.
fn every_page() -> Vec<Page> {
    let (site, _tenant) = Site::answering([rejected(), rejected(), accepted(NEW_CODE)]);
    let (mut browser, _) = site.after_recovery("FAKE-TOO-SHORT");
    let _ = send_otp(&mut browser, "123456");
    let _ = send_code(&mut browser, OLD_CODE);
    let page = send_code(&mut browser, OLD_CODE);
    for path in ["/new-code.txt", "/style.css", "/script.js", "/no-such-page"] {
        let _ = browser.get(path);
    }
    let page = confirm(&mut browser, &page);
    let _ = browser.submit(&page, "/logout", &[]);
    let _ = browser.submit(&page, "/logout", &[]);
    browser.seen
}

#[test]
fn no_answer_is_kept_and_each_has_the_strict_policy() {
    for page in every_page() {
        let header = |name| page.header(name).unwrap_or_default();
        assert_eq!(header("cache-control"), "no-store", "{page:?}");
        assert_eq!(header("content-security-policy"), POLICY, "{page:?}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{page:?}");
    }
}

#[test]
fn no_page_has_an_inline_script_style_or_handler() {
    for page in every_page() {
        let inline = ["<script>", "<style", " style=", " onclick", " onload", " onsubmit", "javascript:"];
        for text in inline {
            assert!(!page.body.contains(text), "{text}: {page:?}");
        }
        assert_eq!(
            page.body.matches("<script").count(),
            page.body.matches("<script src=\"/script.js\"").count()
        );
    }
}

#[test]
fn every_control_has_an_id_and_every_field_a_label() {
    let pages = every_page();
    let controls = pages.iter().flat_map(|page| page.body.split('<').map(move |tag| (tag, page)));
    let mut count = 0;
    for (tag, page) in controls.filter(|(tag, _)| tag.starts_with("input") || tag.starts_with("button")) {
        if tag.contains("type=\"hidden\"") {
            continue;
        }
        count += 1;
        let id = tag.split_once(" id=\"").unwrap_or_else(|| panic!("{tag}")).1.split('"').next().unwrap();
        let is_labelled = page.body.contains(&format!("for=\"{id}\""));
        assert!(tag.starts_with("button") || is_labelled, "{tag}");
    }
    assert!(count > 10, "{count}");
}

#[test]
fn what_auth0_says_is_shown_as_text() {
    let hostile = r#"</q><script>alert(1)</script><img src=x onerror='y'>&amp;"#;
    let (site, _tenant) = Site::answering([refused("<b>odd</b>", hostile)]);
    let (_, page) = site.after_recovery(OLD_CODE);
    let shown = "&lt;/q&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror='y'&gt;&amp;amp;";
    assert!(page.body.contains(shown), "{page:?}");
    for tag in ["<script>", "<img", "<b>"] {
        assert!(!page.body.contains(tag), "{tag}: {page:?}");
    }
}

#[test]
fn what_a_user_is_called_is_shown_as_text() {
    let (_tenant, transport) = FakeTenant::new([crate::tenant::let_in()]);
    let site = Site::over(transport, "https://tenant.example.com");
    let mut browser = site.browser();
    let page = browser.open("/");
    let page = browser.submit(&page, "/login", &[("user", "<script>\"a\"</script>"), ("password", "fake")]);
    assert!(
        page.body.contains("&lt;script&gt;&quot;a&quot;&lt;/script&gt;") && !page.body.contains("<script>")
    );
}
