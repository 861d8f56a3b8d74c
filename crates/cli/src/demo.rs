//! `auth0-mfa demo`: the whole story of a recovery code, over real sockets, against a local tenant.

mod story;
mod teller;

use std::process::ExitCode;

use crate::args::{DemoArgs, TransportKind};
use crate::exit::Exit;
use story::{Problem, Story};
use teller::Teller;

pub(crate) fn run(args: &DemoArgs) -> ExitCode {
    let mut teller = Teller::new(args.json, args.yes);
    match tell(args.transport, &mut teller) {
        Ok(()) => {
            teller.end("Done: Bob lost his phone and was never locked out; three recovery codes were shown, none was lost.");
            Exit::Done.into()
        }
        Err(problem) => {
            teller.fail(&problem);
            Exit::Failed.into()
        }
    }
}

fn tell(transport: TransportKind, teller: &mut Teller) -> Result<(), Problem> {
    let story = Story::begin(transport, teller)?;
    let first = story.enrol(teller)?;
    story.lose_the_phone(teller)?;
    let second = story.recover(teller, &first)?;
    story.try_the_old_code(teller, &first)?;
    let third = story.use_the_new_code(teller, &second)?;
    story.switch_recovery_codes_off(teller, &third)
}
