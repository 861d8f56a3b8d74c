//! Prints the public API of a library, an item a line: auth0-mfa-public-api DOCUMENTATION.json

use public_api::Builder;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let json = std::env::args_os().nth(1).ok_or("say which documentation")?;
    // What every type has says nothing; which traits were derived is a promise.
    let api =
        Builder::from_rustdoc_json(json).omit_blanket_impls(true).omit_auto_trait_impls(true).build()?;
    api.items().for_each(|item| println!("{item}"));
    Ok(())
}
