// How are a project's commands run? Each in a group of its own, so that its children end with it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const quiet = { CI: "1", NO_COLOR: "1", NEXT_TELEMETRY_DISABLED: "1", WRANGLER_SEND_METRICS: "false", npm_config_update_notifier: "false" };

function begin(folder, command, words) {
  const child = spawn(command, words, { cwd: folder, detached: true, env: { ...process.env, ...quiet } });
  child.said = "";
  child.output = "";
  child.stdout.on("data", (text) => ((child.output += text), (child.said += text)));
  child.stderr.on("data", (text) => (child.said += text));
  child.on("error", (error) => (child.said += error.message)); // such as of a command that is not there
  return child;
}

/** What a command writes to its output; throws with all that it said where it fails. */
export async function run(folder, command, ...words) {
  return within(5 * 60_000, folder, command, ...words);
}

/** The same in so many milliseconds, after which it is ended. */
export async function within(limit, folder, command, ...words) {
  const child = begin(folder, command, words);
  let isLate = false;
  const late = setTimeout(() => end(child, (isLate = true)), limit);
  const code = await new Promise((ended) => child.on("close", (code, signal) => ended(code ?? signal)));
  clearTimeout(late);
  if (code === 0) return child.output;
  const why = isLate ? `not done after ${limit / 1000} s` : `exit code ${code}`;
  throw new Error(`${command} ${words.join(" ")}: ${why}\n${child.said.slice(-2500)}`);
}

/** Starts a server, waits until it answers, and gives what ends it. */
export async function started(folder, address, words, command = "npm") {
  const child = begin(folder, command, words);
  const stop = () => end(child);
  const deadline = Date.now() + 90_000;
  while (!(await answers(address))) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error(`${command} ${words.join(" ")}: no answer at ${address}\n${child.said.slice(-2500)}`);
  }
  return Object.assign(stop, { said: () => child.said.slice(-2500) });
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, "SIGTERM");
  const kill = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 5000);
  await once(child, "close");
  clearTimeout(kill);
}

async function answers(address) {
  await new Promise((later) => setTimeout(later, 200));
  const signal = AbortSignal.timeout(20_000);
  return fetch(address, { signal }).then((response) => response.body.cancel().then(() => response.ok), () => false);
}

/** A port that nobody listens at. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
