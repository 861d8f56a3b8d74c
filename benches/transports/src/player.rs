//! Making calls: one after the other, or many at once.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

/// A client for programs that await. A call answers whether it brought what was asked for.
pub trait AsyncSubject: Send + Sync + 'static {
    fn call(&self) -> impl Future<Output = bool> + Send;
}

/// A client that blocks.
pub trait BlockingSubject: Send + Sync + 'static {
    fn call(&self) -> bool;
}

/// How many lanes there are, and how long each of them makes one call after the other.
#[derive(Clone, Copy)]
pub struct Load {
    pub in_flight: usize,
    pub until: Until,
}

#[derive(Clone, Copy)]
pub enum Until {
    Calls(usize),
    Instant(Instant),
}

impl Load {
    pub fn calls(in_flight: usize, each: usize) -> Self {
        Self { in_flight, until: Until::Calls(each) }
    }

    pub fn lasting(in_flight: usize, time: Duration) -> Self {
        Self { in_flight, until: Until::Instant(Instant::now() + time) }
    }
}

impl Until {
    fn is_over(self, calls: usize) -> bool {
        match self {
            Self::Calls(most) => calls >= most,
            Self::Instant(end) => Instant::now() >= end,
        }
    }
}

/// A client that makes the calls of a load.
pub trait Player {
    /// How many calls there were.
    ///
    /// # Panics
    /// When one of them failed: then a measurement would say nothing.
    fn play(&self, load: Load) -> usize;
}

pub(crate) struct Async<S> {
    pub(crate) subject: Arc<S>,
    pub(crate) runtime: Runtime,
}

impl<S: AsyncSubject> Player for Async<S> {
    fn play(&self, load: Load) -> usize {
        let lane = move |subject: Arc<S>| async move {
            let mut calls = 0;
            while !load.until.is_over(calls) {
                assert!(subject.call().await, "a call failed");
                calls += 1;
            }
            calls
        };
        self.runtime.block_on(async {
            let lanes: Vec<_> =
                (0..load.in_flight).map(|_| tokio::spawn(lane(Arc::clone(&self.subject)))).collect();
            let mut calls = 0;
            for lane in lanes {
                calls += lane.await.expect("every call succeeds");
            }
            calls
        })
    }
}

pub(crate) struct Blocking<S>(pub(crate) Arc<S>);

impl<S: BlockingSubject> Player for Blocking<S> {
    fn play(&self, load: Load) -> usize {
        let lane = move |subject: Arc<S>| {
            let mut calls = 0;
            while !load.until.is_over(calls) {
                assert!(subject.call(), "a call failed");
                calls += 1;
            }
            calls
        };
        let lanes: Vec<_> = (0..load.in_flight)
            .map(|_| Arc::clone(&self.0))
            .map(|subject| thread::spawn(move || lane(subject)))
            .collect();
        lanes.into_iter().map(|lane| lane.join().expect("every call succeeds")).sum()
    }
}
