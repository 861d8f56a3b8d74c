//! Holds nothing: each example is a file beside this one.
