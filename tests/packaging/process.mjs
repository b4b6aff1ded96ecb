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
  return child;
}

/** What a command writes to its output; throws with all that it said where it fails. */
export async function run(folder, command, ...words) {
  const child = begin(folder, command, words);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ${words.join(" ")}: exit code ${code}\n${child.said.slice(-2500)}`);
  return child.output;
}

/** Starts a server, waits until it answers, and gives what ends it. */
export async function started(folder, address, words) {
  const child = begin(folder, "npm", words);
  const stop = () => end(child);
  const deadline = Date.now() + 90_000;
  while (!(await answers(address))) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error(`npm ${words.join(" ")}: no answer at ${address}\n${child.said.slice(-2500)}`);
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
  return fetch(address).then((response) => response.body.cancel().then(() => response.ok), () => false);
}

/** A port that nobody listens at. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
