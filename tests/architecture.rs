//! Does data flow one way? Each module may use its own layer and those below.
#![allow(clippy::disallowed_methods, reason = "the test reads the sources")]

use std::path::{Path, PathBuf};

/// The layer of each module; a module that is missing here fails the test.
const LAYERS: [(&str, u8); 34] = [
    ("bytes", 1),
    ("card", 1),
    ("error", 1),
    ("order", 1),
    ("text", 1),
    ("chunk", 2),
    ("dense", 2),
    ("embed", 2),
    ("load", 2),
    ("sparse", 2),
    ("usage", 3),
    ("snapshot", 3),
    ("search", 3),
    ("index", 3),
    ("route", 3),
    ("cache", 3),
    ("feedback", 3),
    ("emit", 3),
    ("publish", 3),
    ("eval", 3),
    ("lint", 3),
    ("roles", 3),
    ("chroma", 4),
    ("host", 4),
    ("js_error", 4),
    ("metrics", 4),
    ("cli", 5),
    ("mcp", 5),
    ("wasm", 5),
    ("wasm_build", 5),
    ("wasm_embed", 5),
    ("wasm_index", 5),
    ("bin", 5),
    ("lib", 5),
];

/// The noun layer's types and macros stand at the root under these names.
const ROOT_NAMES: [&str; 5] = ["Code", "Error", "ExpertCard", "Result", "from_packed"];

fn layer(module: &str) -> u8 {
    let found = LAYERS.iter().find(|(name, _)| *name == module);
    found.unwrap_or_else(|| panic!("module `{module}` has no layer; add it to the table")).1
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] }).collect()
}

/// The top module of a file below `src/`.
fn module(file: &Path) -> String {
    let first = file.strip_prefix("src").unwrap().iter().next().unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The top modules that a file names after `crate::`.
fn used(source: &str) -> Vec<String> {
    let names = source
        .split("crate::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default().to_owned());
    names.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_lowercase() || c == '_')).collect()
}

#[test]
fn every_module_uses_only_its_layer_and_those_below() {
    for file in rust_files(Path::new("src")).iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        let own = module(file);
        for other in used(&std::fs::read_to_string(file).unwrap()) {
            if ROOT_NAMES.contains(&other.as_str()) {
                continue;
            }
            assert!(LAYERS.iter().any(|(name, _)| *name == other), "{}: unknown module `{other}`", file.display());
            assert!(layer(&other) <= layer(&own), "{}: `{own}` may not use `{other}`", file.display());
        }
    }
}

#[test]
fn a_file_opens_with_its_question() {
    for file in rust_files(Path::new("src")).iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        assert!(std::fs::read_to_string(file).unwrap().starts_with("//! "), "{}", file.display());
    }
}

/// Crates that a wasm module must not contain. (`rayon` comes with `tokenizers`; the linker drops it.)
const NATIVE_ONLY: [&str; 14] = [
    "tokio",
    "duckdb",
    "rmcp",
    "ureq",
    "clap",
    "notify",
    "ctrlc",
    "tract-onnx",
    "jsonschema",
    "pulldown-cmark",
    "html5ever",
    "scraper",
    "ego-tree",
    "lopdf",
];

#[test]
fn the_wasm_modules_hold_no_native_crates() {
    for feature in ["wasm", "wasm-build", "wasm-index", "wasm-embed"] {
        let tree = std::process::Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--no-default-features",
                "--features",
                feature,
                "-e",
                "normal",
                "--prefix",
                "none",
            ])
            .args(["--target", "wasm32-unknown-unknown"])
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let tree = String::from_utf8(tree.stdout).unwrap();
        let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        let banned: Vec<&&str> = NATIVE_ONLY.iter().filter(|name| names.contains(name)).collect();
        assert!(banned.is_empty(), "{feature} contains {banned:?}");
        assert!(!names.iter().any(|name| name.starts_with("tract")), "{feature} contains tract");
    }
}
