//! What has to hold for any input: the oracles of the fuzz targets, one file a subject. A broken one is a panic.
//!
//! What a reply says is read here a second time, by a reader that has nothing in common with the one under test
//! ([`json`]).

pub mod calls;
pub mod canary;
pub mod facts;
pub mod json;
pub mod lists;
pub mod meaning;
pub mod message;
pub mod replies;
pub mod requests;
pub mod salvage;
pub mod tenant;
pub mod typed;
