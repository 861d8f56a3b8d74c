use crate::command::Failure;
use crate::golden::Goldens;
pub(crate) fn check(_: Goldens) -> Result<(), Failure> {
    Ok(())
}
