//! Holds nothing: the tests are in `it`, the corpus in `corpus`, crates as users write them in `consumers`.
