// How does the harness talk to an engine in its thread?
//
// One question at a time, one answer each. A failed command and a dead thread both reject the call; `tooBig` tells an
// engine that ran out of memory (a finding) from one that crashed (an error).
import { Worker } from "node:worker_threads";

const HEAP_MB = 6000;
const SCRIPT = new URL("./host-worker.mjs", import.meta.url);

export class Host {
  #worker;
  #waiting;
  #dead;

  static async start(engine) {
    const host = new Host(engine);
    await host.#answer();
    return host;
  }

  constructor(engine) {
    this.engine = engine;
    this.#worker = new Worker(SCRIPT, { workerData: { engine }, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    this.#worker.on("message", (reply) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", (code) => this.#die(new Error(`its thread ended with code ${code}`)));
  }

  #answer() {
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  #settle({ value, error }) {
    if (error) this.#waiting?.reject(Object.assign(new Error(`${this.engine}: ${error.message}`), { cause: error }));
    else this.#waiting?.resolve(value);
    this.#waiting = undefined;
  }

  #die(error) {
    this.#dead ??= error;
    this.#settle({ error });
  }

  call(command, args = {}) {
    const answer = this.#answer();
    if (this.#dead) this.#settle({ error: this.#dead });
    else this.#worker.postMessage({ command, args });
    return answer;
  }

  stop() {
    return this.#worker.terminate();
  }
}

/** Out of heap, or over V8's longest string: the corpus is too big for the engine, the engine is not broken. */
export function tooBig(error) {
  return error.cause?.code === "ERR_WORKER_OUT_OF_MEMORY" || /Invalid string length|Map maximum size/.test(error.message);
}
