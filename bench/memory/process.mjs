// What does the system know of a process? From /proc, so on Linux.
import { readFile, readdir } from "node:fs/promises";

const TICKS = 100; // a second has as many there

/** Bytes in memory. */
export async function resident(pid) {
  return Number((await readFile(`/proc/${pid}/status`, "utf8")).match(/VmRSS:\s+(\d+)/)[1]) * 1024;
}

/** Milliseconds of processor used so far. */
export async function cpu(pid) {
  const [user, system] = (await fields(pid)).slice(11, 13);
  return ((Number(user) + Number(system)) * 1000) / TICKS;
}

/** This process's children of a name. */
export async function children(name) {
  const found = await Promise.all((await readdir("/proc")).filter(Number).map(async (pid) => {
    const [, parent] = await fields(pid, `(${name})`);
    return parent === String(process.pid) ? Number(pid) : null;
  }));
  return found.filter(Boolean);
}

/** What stands behind the name in /proc/PID/stat; nothing where the process has another name, or has ended. */
async function fields(pid, name = "") {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.includes(name) ? stat.slice(stat.lastIndexOf(")") + 2).split(" ") : [];
}
