//! A published client that knows the MFA API: each step is asked of its driver.
