#!/usr/bin/env node
// The terminal program for those who have npm and no Rust: models are fetched here, wasm does everything else.
import { pull } from "./pull.js";
import { run } from "./run.js";

const BAD_INPUT = 2;

/** What the words ask of `pull`, which wasm does not have; `undefined` where they ask for something else. */
function askedOfPull(words) {
  const [first, second, third, ...rest] = words;
  if (first === "model" && second === "pull") return words.slice(2);
  const isHelp = rest.length === 0 && third === "pull" && [first, second].sort().join(" ") === "help model";
  return isHelp ? ["--help"] : undefined;
}

async function program(words) {
  if (process.platform === "win32") throw new Error("this program runs on Linux and macOS; on Windows run it in WSL, or use the native program");
  const pulling = askedOfPull(words);
  return pulling ? pull(pulling) : run(words);
}

/** A sentence for whatever the program in wasm did not say itself. */
function failed(error) {
  console.error(`error: ${sentence(error)}`);
  return BAD_INPUT;
}

function sentence(error) {
  if (error.syscall === "uv_cwd") return "the working folder is no longer there; go to another one";
  if (error instanceof WebAssembly.RuntimeError) return `skillmesh itself failed: ${error.message}; what stands above says where`;
  return error.message;
}

process.exitCode = await program(process.argv.slice(2)).catch(failed);
