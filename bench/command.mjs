// What does a program print, how long does it take, and how much memory does it have at most? From /proc, so on Linux.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** What a program printed, its seconds, and the most memory it had in MiB. */
export async function measured(program, args, env = process.env) {
  const began = performance.now();
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let [text, most] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (part) => (text += part));
  const watch = setInterval(() => (most = Math.max(most, memory(child.pid).peak)), 20);
  const [status] = await once(child, "close").finally(() => clearInterval(watch));
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ended with ${status}`);
  return { text, seconds: (performance.now() - began) / 1000, mebibytes: most };
}

/** MiB that a process has in memory, and the most that it had; 0 of one that has ended. */
export function memory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const mebibytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
    return { now: mebibytes("VmRSS"), peak: mebibytes("VmHWM") };
  } catch {
    return { now: 0, peak: 0 };
  }
}
