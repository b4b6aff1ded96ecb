// How is a server of the Model Context Protocol asked over standard input and output?
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A server, and what asks it: as many questions at a time as are wanted. */
export async function served(bin, args, metrics) {
  const program = spawn(bin, ["mcp", ...args], { env: { ...process.env, SKILLMESH_METRICS: metrics }, stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  let [last, ended] = [0, undefined];
  createInterface({ input: program.stdout }).on("line", (line) => {
    const { id, ...answer } = JSON.parse(line);
    waiting.get(id)?.heard(answer);
    waiting.delete(id);
  });
  const failAll = (reason) => {
    ended ??= reason;
    waiting.forEach(({ failed }) => failed(ended));
  };
  program.on("error", failAll).on("exit", (code) => failAll(new Error(`the server ended with ${code}`)));
  // What could not be written any more is told when the server has ended.
  program.stdin.on("error", () => {});
  const send = (message) => program.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const ask = async (method, params) => {
    if (ended) throw ended;
    const id = ++last;
    const answered = new Promise((heard, failed) => waiting.set(id, { heard, failed }));
    send({ id, method, params });
    const { result, error } = await answered;
    if (error || result.isError) throw new Error(`${method}: ${JSON.stringify(error ?? result)}`);
    return result;
  };
  await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } });
  send({ method: "notifications/initialized" });
  return { ask, pid: program.pid, end: () => program.kill() };
}
