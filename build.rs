//! Where is libduckdb when the program runs? Where it was when it was linked.
#![allow(clippy::disallowed_methods, reason = "Cargo speaks to build scripts by the environment")]

fn main() {
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB_DIR");
    let folder = std::env::var("DUCKDB_LIB_DIR").ok().filter(|_| std::env::var_os("CARGO_FEATURE_METRICS").is_some());
    if let Some(folder) = folder {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
