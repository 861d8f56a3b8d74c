//! Faults: what goes wrong on the way, by a plan. No clock and no chance: the same requests meet the same faults.

mod call;
mod carry_out;
mod fault;
mod plan;
mod request;
mod rule;
mod served;
mod spoiled;

pub use call::{FaultCall, UnknownCall};
pub use fault::Fault;
pub use plan::{FaultPlan, PlannedFault};
pub use rule::FaultRule;
pub use served::Served;
