//! A call is under way.

use maud::{Markup, html};

use super::layout;
use crate::session::UnderWay;

pub(super) fn view(under_way: &UnderWay) -> Markup {
    let what = match under_way {
        UnderWay::Password { .. } => "Your user name and password are being sent.",
        UnderWay::Otp => "Your one-time password is being sent.",
        UnderWay::RecoveryCode => "Your recovery code is being sent.",
    };
    layout(
        "Being sent",
        html! { meta http-equiv="refresh" content="2; url=/"; },
        html! {
            p id="sending" role="status" { (what) }
            p { "It is sent once, and goes on if you leave: what comes back is kept for you here." }
            p { a id="look-again" href="/" { "See whether there is an answer" } }
        },
    )
}
