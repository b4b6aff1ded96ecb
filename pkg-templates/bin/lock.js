// How do two programs that fetch one file stay out of each other's way? One waits until the other is done, or gone.

import { open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds between two looks at a lock that another holds. */
const AGAIN = 200;
/** Who holds a lock touches it this often, in milliseconds; one that was not touched for `STALE` is nobody's. */
const TOUCH = 2_000;
const STALE = 30_000;

let locks = 0;

/** Does `step` while no other program, nor another call in this one, does one for the same `path`. */
export async function alone(path, step) {
  const lock = `${path}.lock`;
  const holder = `${hostname()} ${process.pid} ${++locks}`;
  await take(lock, holder, path);
  const touching = setInterval(() => utimes(lock, new Date(), new Date()).catch(() => {}), TOUCH).unref();
  try {
    return await step();
  } finally {
    clearInterval(touching);
    await rm(lock, { force: true });
  }
}

async function take(lock, holder, path) {
  for (let told = false; !(await made(lock, holder)); told = true) {
    if ((await isLeft(lock)) && (await takenOver(lock, holder))) return;
    if (!told) console.error(`note: waiting for another program that fetches ${path}; it holds ${lock}`);
    await pause(AGAIN);
  }
}

/** Whether there was no lock, and there is one now. */
async function made(lock, holder) {
  const file = await open(lock, "wx").catch((error) => (error.code === "EEXIST" ? null : Promise.reject(error)));
  await file?.writeFile(holder).finally(() => file.close());
  return file !== null;
}

/** Whether the program that made the lock has ended without taking it away. */
async function isLeft(lock) {
  const [text, age] = await Promise.all([readFile(lock, "utf8"), stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs)]).catch(() => ["", 0]);
  const [host, pid] = text.split(" ");
  return age > STALE || (host === hostname() && !isAlive(Number(pid)));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Of several that take it over at once, the last one has it. */
async function takenOver(lock, holder) {
  const own = `${lock}.${process.pid}`;
  await writeFile(own, holder);
  await rename(own, lock);
  await pause(AGAIN);
  return (await readFile(lock, "utf8").catch(() => "")) === holder;
}
