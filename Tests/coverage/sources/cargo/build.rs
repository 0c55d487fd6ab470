//! Writes a module and compiles a file of C.

use std::{env, fs, path::Path};

fn main() {
    let name = quote::format_ident!("answer");
    let module = quote::quote! { pub fn #name() -> u32 { 42 } };
    let folder = env::var("OUT_DIR").unwrap();
    fs::write(Path::new(&folder).join("generated.rs"), module.to_string()).unwrap();
    cc::Build::new().file("src/twice.c").compile("twice");
}
