#!/usr/bin/env node
// The terminal program for those who have npm and no Rust: models are fetched here, wasm does everything else.
import { pull } from "./pull.js";
import { run } from "./run.js";

const words = process.argv.slice(2);
const isPull = words[0] === "model" && words[1] === "pull";
process.exitCode = await (isPull ? pull(words.slice(2)) : run(words));
