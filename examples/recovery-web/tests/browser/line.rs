//! The line to the emulator, on which an answer can be held or lost after the emulator has given it.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use auth0_mfa::Body;
use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::transport::{AsyncTransport, TransportError, from_fn};
use http::{Request, Response};
use tokio::sync::watch;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Answers {
    Pass,
    Wait,
    GetLost,
}

pub(crate) struct Line {
    answers: watch::Sender<Answers>,
    answered: Receiver<()>,
}

impl Line {
    pub(crate) fn new() -> (Self, Arc<dyn AsyncTransport>) {
        let (answers, seen) = watch::channel(Answers::Pass);
        let (tell, answered) = mpsc::channel();
        let emulator = Arc::new(HyperTransport::new().unwrap());
        let transport = from_fn(move |request: Request<Body>| {
            let (emulator, tell, mut seen) = (Arc::clone(&emulator), tell.clone(), seen.clone());
            async move {
                let answer = emulator.send(request).await?;
                tell.send(()).ok();
                let now = *seen.wait_for(|answers| *answers != Answers::Wait).await.unwrap();
                deliver(now, answer)
            }
        });
        (Self { answers, answered }, Arc::new(transport))
    }

    /// From now on, and those that wait.
    pub(crate) fn let_answers(&self, answers: Answers) {
        self.answers.send_replace(answers);
    }

    /// Waits until the emulator has answered once more; the patience is for a test that fails.
    pub(crate) fn wait_for_answer(&self) {
        self.answered.recv_timeout(Duration::from_secs(30)).expect("an answer");
    }
}

fn deliver(answers: Answers, answer: Response<Body>) -> Result<Response<Body>, TransportError> {
    match answers {
        Answers::GetLost => Err(TransportError::maybe_sent("the connection broke")),
        Answers::Pass | Answers::Wait => Ok(answer),
    }
}
