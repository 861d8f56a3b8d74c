//! A call that runs as a task of its own: of the caller and the handler one gets the outcome, whatever happens first.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use auth0_mfa::transport::{BoxError, from_fn};
use auth0_mfa::{
    AsyncClient, BindingCode, Body, CallError, CallOptions, CallTask, ClientAuth, ClientSettings, CodeState,
    Detached, DpopProof, DpopRequest, NewAuthenticator, OobCode, Otp, Outcome, RecoveryCode,
    VerifyWithRecoveryCode,
};
use http::{HeaderValue, Request};

use crate::support::{
    Clients, Sent, application, management_token, mfa_token, ready, replied, text, user_id,
};

const NEXT_CODE: &str = "FAKENEXTCODE";

/// What became of the task of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Task {
    /// Polled while there is no reply.
    Polled,
    /// Polled when there is one.
    Answered,
    Dropped,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Caller {
    Polls,
    Drops,
}

/// Every order of what the task does and what the caller does. Each step is one change under one lock, so these are
/// all the races that there can be.
#[test]
fn in_every_order_of_steps_one_of_caller_and_handler_gets_the_outcome() {
    use Caller::{Drops, Polls};
    use Task::{Answered, Dropped, Polled};
    let tasks = [vec![Answered], vec![Dropped], vec![Polled, Answered], vec![Polled, Dropped]];
    let callers = [vec![Drops], vec![Polls, Drops], vec![Polls, Polls, Drops]];
    let mut orders = 0;
    for task in &tasks {
        for caller in &callers {
            for order in merged(task, caller) {
                let is_asked_for = task.contains(&Polled);
                let expected = match task.last() {
                    Some(Answered) => (CodeState::Spent, Some(NEXT_CODE.to_owned())),
                    _ if is_asked_for => (CodeState::Unknown, None),
                    _ => (CodeState::Intact, None),
                };
                let gets = take_steps(&order);
                assert_eq!(gets.iter().map(|(_, got)| got).collect::<Vec<_>>(), [&expected], "{order:?}");
                orders += 1;
            }
        }
    }
    assert_eq!(orders, 2 * (2 + 3 + 4) + 2 * (3 + 6 + 10), "every order was taken");
}

#[test]
fn who_waits_to_the_end_gets_the_outcome_and_who_does_not_leaves_it_to_the_handler() {
    let step = |step| Step::Task(step);
    let (polls, drops) = (Step::Caller(Caller::Polls), Step::Caller(Caller::Drops));
    let by = |order: &[Step]| take_steps(order).remove(0).0;
    assert_eq!(by(&[polls, step(Task::Answered), polls, drops]), "caller");
    assert_eq!(by(&[polls, step(Task::Answered), drops]), "handler");
    assert_eq!(by(&[polls, drops, step(Task::Answered)]), "handler");
    assert_eq!(by(&[step(Task::Dropped), polls, drops]), "caller");
}

/// The same on two threads, which meet at every point that the machine lets them.
#[test]
fn a_caller_that_is_dropped_while_the_reply_comes_in_does_not_lose_it() {
    const TIMES: usize = 4_000;
    let (mut by_caller, mut by_handler) = (0, 0);
    for time in 0..TIMES {
        let (got, outcomes) = mpsc::channel();
        let call = Call::spawned(got);
        let barrier = Barrier::new(2);
        let received = thread::scope(|threads| {
            threads.spawn(|| {
                call.answer();
                barrier.wait();
                call.poll_task();
            });
            let mut detached = call.detached.lock().unwrap().take().unwrap();
            barrier.wait();
            spin(time * 7 % 4_096);
            let polled = poll(&mut detached);
            spin(time * 13 % 1_024);
            drop(detached);
            polled
        });
        let by_now: Vec<_> = outcomes.try_iter().collect();
        match (received, by_now.as_slice()) {
            (Poll::Ready(outcome), []) => {
                assert_eq!(told(outcome).1.as_deref(), Some(NEXT_CODE));
                by_caller += 1;
            }
            (Poll::Pending, [got]) => {
                assert_eq!(got.1.as_deref(), Some(NEXT_CODE));
                by_handler += 1;
            }
            (received, by_now) => panic!("{time}: {} and {by_now:?}", received.is_ready()),
        }
    }
    assert_eq!(by_caller + by_handler, TIMES);
}

#[test]
fn the_caller_is_woken_when_the_outcome_is_there() {
    struct Wakes(AtomicUsize);
    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let call = Call::spawned(mpsc::channel().0);
    let mut detached = call.detached.lock().unwrap().take().unwrap();
    let [earlier, later] = [0, 1].map(|_| Arc::new(Wakes(AtomicUsize::new(0))));
    for wakes in [&earlier, &later] {
        let waker = Waker::from(Arc::clone(wakes));
        assert!(Pin::new(&mut detached).poll(&mut Context::from_waker(&waker)).is_pending());
    }
    call.answer();
    call.poll_task();
    assert_eq!(earlier.0.load(Ordering::SeqCst), 0, "only who polled last waits");
    assert_eq!(later.0.load(Ordering::SeqCst), 1);
    assert!(poll(&mut detached).is_ready());
}

#[test]
fn each_method_detaches_its_own_call() {
    let clients = Clients::over(|_| Ok(replied(500, "")));
    let client = &clients.asynchronous;
    let oob_code = || OobCode::parse("fake-oob-code").unwrap();
    let (otp, typed) = (|| Otp::verbatim("012345"), || BindingCode::verbatim("543210"));
    let (code, push) = (|| RecoveryCode::verbatim("FAKEOLDCODE"), || NewAuthenticator::Push);
    assert!(is_ready(client.add_authenticator_detached(mfa_token(), push(), run, drop)));
    assert!(is_ready(client.verify_with_otp_detached(mfa_token(), otp(), run, drop)));
    assert!(is_ready(client.verify_with_oob_detached(mfa_token(), oob_code(), typed(), run, drop)));
    assert!(is_ready(client.verify_with_oob_detached(mfa_token(), oob_code(), None, run, drop)));
    assert!(is_ready(client.verify_with_recovery_code_detached(mfa_token(), code(), run, drop)));
    assert!(is_ready(client.regenerate_recovery_code_detached(management_token(), user_id(), run, drop)));
    let detached = clients.take_requests();

    let _ = ready(client.add_authenticator(mfa_token(), push()));
    let _ = ready(client.verify_with_otp(mfa_token(), otp()));
    let _ = ready(client.verify_with_oob(mfa_token(), oob_code(), typed()));
    let _ = ready(client.verify_with_oob(mfa_token(), oob_code(), None));
    let _ = ready(client.verify_with_recovery_code(mfa_token(), code()));
    let _ = ready(client.regenerate_recovery_code(management_token(), user_id()));
    let attached = clients.take_requests();
    assert_eq!(detached.len(), attached.len());
    for (detached, attached) in detached.iter().zip(&attached) {
        assert_eq!(detached.uri(), attached.uri());
        assert_eq!(detached.headers(), attached.headers());
        assert_eq!(text(detached), text(attached));
    }
}

#[test]
fn the_repeat_for_a_dpop_nonce_is_a_part_of_the_task_or_a_task_of_its_own() {
    let answer = |request: &Request<Body>| {
        let has_nonce = request.headers()["dpop"].to_str().unwrap() == "fake-nonce";
        let (status, body) =
            if has_nonce { (200, r#"{"access_token":"a"}"#) } else { (400, r#"{"error":"use_dpop_nonce"}"#) };
        let mut reply = replied(status, body);
        reply.headers_mut().insert("dpop-nonce", HeaderValue::from_static("fake-nonce"));
        Ok(reply)
    };
    let proof = |nonce: Option<&str>| DpopProof::parse(nonce.unwrap_or("no-nonce")).unwrap();
    let signing = ClientSettings::default()
        .dpop_signer(move |request: &DpopRequest<'_>| -> Result<_, BoxError> { Ok(proof(request.nonce)) });
    let by_client = Clients::with(ClientAuth::None, signing, answer);
    let mut detached = by_client.asynchronous.send_detached(call(), run, drop);
    let Poll::Ready(Ok(_)) = poll(&mut detached) else { panic!("the repeat is accepted") };
    assert_eq!(by_client.take_requests().len(), 2);

    let by_program = Clients::over(answer);
    let options = |nonce| CallOptions::default().dpop_proof(proof(nonce));
    let mut first = by_program.asynchronous.send_with_detached(call(), options(None), run, drop);
    let Poll::Ready(Err(CallError::Api(refused))) = poll(&mut first) else { panic!("a nonce is wanted") };
    let repeat = refused.into_dpop_repeat().unwrap();
    let options = options(Some(repeat.nonce()));
    let mut second = by_program.asynchronous.send_dpop_repeat_detached(repeat, options, run, drop);
    let Poll::Ready(Ok(_)) = poll(&mut second) else { panic!("the repeat is accepted") };
    assert_eq!(by_program.take_requests().len(), 2);
}

#[test]
fn a_call_that_could_not_be_signed_needs_no_task() {
    let settings = ClientSettings::default().dpop_signer(|_: &DpopRequest<'_>| Err("the key is gone".into()));
    let clients = Clients::with(ClientAuth::None, settings, |_| panic!("nothing is sent"));
    let mut detached = clients.asynchronous.send_detached(call(), |_| panic!("there is no task"), drop);
    let Poll::Ready(outcome) = poll(&mut detached) else { panic!("there is an outcome") };
    assert_eq!(told(outcome), (CodeState::Intact, None));
}

#[test]
fn a_transport_that_panics_leaves_the_code_in_doubt_and_says_so() {
    let client = AsyncClient::new(from_fn(|_| async { panic!("a fault of the transport") }), application());
    let mut task = None;
    let mut detached = client.send_detached(call(), |it| task = Some(it), |_| ());
    let mut task = task.unwrap();
    catch_unwind(AssertUnwindSafe(|| poll(&mut task))).unwrap_err();
    drop(task);
    let Poll::Ready(outcome) = poll(&mut detached) else { panic!("there is an outcome") };
    assert_eq!(told(outcome), (CodeState::Unknown, None));
}

#[test]
fn a_spawner_that_panics_leaves_the_outcome_to_the_handler() {
    let (got, outcomes) = mpsc::channel();
    let client = AsyncClient::new(from_fn(|_| async { panic!("nothing is sent") }), application());
    catch_unwind(AssertUnwindSafe(|| {
        let spawn = |_: CallTask| panic!("there is no runtime");
        let handler = move |outcome| got.send(told(outcome)).unwrap();
        drop(client.send_detached(call(), spawn, handler));
    }))
    .unwrap_err();
    assert_eq!(outcomes.recv().unwrap(), (CodeState::Intact, None));
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Task(Task),
    Caller(Caller),
}

/// Every order of two rows of steps.
fn merged(task: &[Task], caller: &[Caller]) -> Vec<Vec<Step>> {
    let (Some((first_task, tasks)), Some((first_caller, callers))) =
        (task.split_first(), caller.split_first())
    else {
        let rest = task.iter().map(|it| Step::Task(*it)).chain(caller.iter().map(|it| Step::Caller(*it)));
        return vec![rest.collect()];
    };
    let before = |step, orders: Vec<Vec<Step>>| {
        orders.into_iter().map(move |order| [vec![step], order].concat()).collect::<Vec<_>>()
    };
    let mut orders = before(Step::Task(*first_task), merged(tasks, caller));
    orders.extend(before(Step::Caller(*first_caller), merged(task, callers)));
    orders
}

type Told = (CodeState, Option<String>);

/// Who got what.
fn take_steps(order: &[Step]) -> Vec<(&'static str, Told)> {
    let (got, by_handler) = mpsc::channel();
    let call = Call::spawned(got);
    let mut detached = call.detached.lock().unwrap().take();
    let mut gets = Vec::new();
    for step in order {
        match step {
            Step::Task(Task::Polled) => call.poll_task(),
            Step::Task(Task::Answered) => {
                call.answer();
                call.poll_task();
            }
            Step::Task(Task::Dropped) => drop(call.task.lock().unwrap().take()),
            Step::Caller(Caller::Polls) => {
                if let Some(Poll::Ready(outcome)) = detached.as_mut().map(poll) {
                    gets.push(("caller", told(outcome)));
                    // It is ready once.
                    detached = None;
                }
            }
            Step::Caller(Caller::Drops) => detached = None,
        }
    }
    gets.extend(by_handler.try_iter().map(|got| ("handler", got)));
    gets
}

/// A call that was spawned, and waits for its reply.
struct Call {
    detached: Mutex<Option<Detached<VerifyWithRecoveryCode>>>,
    task: Mutex<Option<CallTask>>,
    reply: Arc<Mutex<Option<Sent>>>,
}

impl Call {
    fn spawned(got: mpsc::Sender<Told>) -> Self {
        let reply = Arc::new(Mutex::new(None));
        let comes = Arc::clone(&reply);
        let transport = from_fn(move |_| {
            let comes = Arc::clone(&comes);
            std::future::poll_fn(move |_| comes.lock().unwrap().take().map_or(Poll::Pending, Poll::Ready))
        });
        let mut task = None;
        let detached = AsyncClient::new(transport, application()).verify_with_recovery_code_detached(
            mfa_token(),
            RecoveryCode::verbatim("FAKEOLDCODE0000000000000"),
            |it| task = Some(it),
            move |outcome| got.send(told(outcome)).unwrap(),
        );
        Self { detached: Mutex::new(Some(detached)), task: Mutex::new(task), reply }
    }

    fn answer(&self) {
        let tokens = format!(r#"{{"access_token":"fake","recovery_code":"{NEXT_CODE}"}}"#);
        *self.reply.lock().unwrap() = Some(Ok(replied(200, &tokens)));
    }

    fn poll_task(&self) {
        if let Some(task) = self.task.lock().unwrap().as_mut() {
            let _ = poll(task);
        }
    }
}

fn call() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim("FAKEOLDCODE0000000000000"))
}

/// A spawner that runs the task at once.
fn run(task: CallTask) {
    ready(task);
}

fn is_ready<C: auth0_mfa::Call>(mut detached: Detached<C>) -> bool {
    poll(&mut detached).is_ready()
}

fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// A while that differs from time to time, so that the two threads meet at different points.
fn spin(times: usize) {
    (0..times).for_each(|_| std::hint::spin_loop());
}

/// What is said of the old code, and what there is of a new one.
fn told(outcome: Outcome<VerifyWithRecoveryCode>) -> Told {
    let (state, new_code) = match outcome {
        Ok(accepted) => (CodeState::Spent, accepted.into_parts().1),
        Err(mut error) => (error.code_state(), error.take_new_code()),
    };
    (state, new_code.issued().map(|code| code.expose().to_owned()))
}
