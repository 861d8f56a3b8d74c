//! No secret is seen but the new code, in the page that shows it and in the file.

use crate::browser::Page;
use crate::site::{Site, confirm, log_in, send_code, send_otp};
use crate::tenant::{ACCESS_TOKEN, MFA_TOKEN, accepted, mfa_required, no_answer, rejected};
use crate::{NEW_CODE, OLD_CODE, PASSWORD};

#[test]
fn no_secret_is_in_an_answer_but_the_new_code_where_it_is_shown() {
    let answers = [no_answer(), rejected(), rejected(), accepted(NEW_CODE), mfa_required(), rejected()];
    let (site, _tenant) = Site::answering(answers);
    let (mut browser, _) = site.after_recovery(OLD_CODE);
    let _ = send_otp(&mut browser, "654321");
    let _ = send_code(&mut browser, OLD_CODE);
    let page = send_code(&mut browser, OLD_CODE);
    let _ = browser.get("/new-code.txt");
    let page = confirm(&mut browser, &page);
    let _ = browser.submit(&page, "/logout", &[]);
    let _ = log_in(&mut browser);
    let _ = send_code(&mut browser, NEW_CODE);

    let shows_new_code = |page: &Page| page.body.contains(NEW_CODE);
    for page in &browser.seen {
        for secret in [OLD_CODE, PASSWORD, MFA_TOKEN, ACCESS_TOKEN, "654321"] {
            assert!(!page.head.contains(secret) && !page.body.contains(secret), "{secret}: {page:?}");
        }
        assert!(!page.head.contains(NEW_CODE), "{page:?}");
        let may_show =
            page.status == 200 && (page.has("new-code") || page.body.starts_with("Recovery code: "));
        assert_eq!(shows_new_code(page), may_show, "{page:?}");
    }
    assert!(browser.seen.iter().filter(|page| shows_new_code(page)).count() == 2, "the page and the file");
}

#[test]
fn no_secret_is_in_debug_of_what_is_remembered() {
    let (site, tenant) = Site::answering([no_answer(), accepted(NEW_CODE)]);
    let (mut browser, page) = site.after_recovery(OLD_CODE);
    let in_doubt = format!("{:#?}", site.sessions);
    let _ = send_code(&mut browser, OLD_CODE);
    let with_new_code = format!("{:?}", site.sessions);
    assert!(in_doubt.contains("SecondFactor") && with_new_code.contains("Issued"), "they are there");

    let csrf = page.value("name=\"csrf\" value").unwrap();
    let cookie = browser.cookies["session"].as_str();
    for secret in [OLD_CODE, NEW_CODE, PASSWORD, MFA_TOKEN, ACCESS_TOKEN, csrf, cookie] {
        assert!(!in_doubt.contains(secret) && !with_new_code.contains(secret), "{secret}");
    }
    assert_eq!(tenant.requests(), 3);
}
