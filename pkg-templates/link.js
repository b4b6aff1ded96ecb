// How do calls cross to another thread and back, with callbacks, signals and errors in them?
//
// Both ends do the same. What can't be cloned crosses as a Map, which no argument or answer holds otherwise: a function or signal by its
// number, an error by its fields.

import { SkillMeshError, refused } from "./error.js";
import { unlessAborted } from "./options.js";

/** Bytes that cross for good: they are not copied, and gone here. */
export class Handed {
  constructor(bytes) {
    this.bytes = bytes;
  }
}

/** Functions of another end: by which link and number they are called. When nobody has one any more, the other end forgets it. */
const borrowed = new WeakMap();
const forgotten = globalThis.FinalizationRegistry && new FinalizationRegistry(({ link, number }) => link.forget(number)); // Workers may lack it

export class Link {
  /** Resolves when the other end has begun. */
  begun;
  #begin;
  #port;
  #functions = new Map();
  #calls = new Map();
  #signals = new Map();
  #next = 0;
  #ended = null;
  #turn = Promise.resolve();

  /** `served` is what the other end calls first, as number 0. */
  constructor(port, served) {
    this.#port = port;
    this.begun = new Promise((begin) => (this.#begin = begin));
    port.onmessage = ({ data: [kind, ...rest] }) => this.#received[kind](...rest);
    if (!served) return this.#hold();
    this.#functions.set(0, served);
    port.postMessage(["up"]);
  }

  /** Calls a function of the other end. */
  async call(number, ...args) {
    if (this.#ended) throw this.#ended;
    const [id, parts] = [++this.#next, { signals: [], transfer: [], lent: [] }];
    try {
      const packed = this.#handed(args, parts);
      parts.signals.forEach(({ signal }) => signal.throwIfAborted());
      this.#post(["call", id, number, packed], parts);
      const answer = new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
      this.#hold();
      return await unlessAborted(answer, parts.signals[0]?.signal);
    } finally {
      parts.lent.forEach((unsent) => this.#functions.delete(unsent));
      this.#calls.delete(id);
      parts.signals.forEach(({ leave }) => leave());
      this.#hold();
    }
  }

  /** Ends all calls, those to come as well, with this error. */
  end(error) {
    this.#ended ??= error;
    this.#calls.forEach(({ reject }) => reject(this.#ended));
    this.#port.close();
  }

  forget(number) {
    if (!this.#ended) this.#port.postMessage(["forget", number]);
  }

  #received = {
    up: () => this.#begin(),
    call: (id, number, args) => this.#answer(id, number, args),
    answer: (id, isGood, value) => {
      const said = this.#opened(value); // so that what nobody waits for any more is given back
      this.#calls.get(id)?.[isGood ? "resolve" : "reject"](said);
    },
    abort: (number, reason) => this.#signals.get(number)?.abort(this.#opened(reason)),
    forget: (number) => this.#functions.delete(number),
  };

  async #answer(id, number, packed) {
    const parts = { signals: [], transfer: [], lent: [] };
    try {
      const args = this.#opened(packed, parts);
      if (parts.signals.length > 0) await this.#begun(parts.signals);
      const value = await this.#functions.get(number)(...args);
      this.#post(["answer", id, true, this.#packed(value, parts)], parts);
    } catch (error) {
      this.#failed(id, error);
    } finally {
      parts.lent.forEach((unsent) => this.#functions.delete(unsent));
      parts.signals.forEach(({ leave }) => leave());
    }
  }

  /** An error that can't cross as a whole crosses by its message. */
  #failed(id, error) {
    const say = (told) => this.#post(["answer", id, false, told]);
    try {
      say(this.#handed(error, { signals: [], transfer: [] }));
    } catch {
      say(this.#packed(new SkillMeshError("internal", String(error?.message ?? typeof error))));
    }
  }

  /** Calls with a signal begin one after the other, each when all that has arrived was read: one that is aborted by then never begins. */
  async #begun(signals) {
    await (this.#turn = this.#turn.then(later).then(later));
    signals.forEach(({ signal }) => signal.throwIfAborted());
  }

  /** What was lent with a message is the other end's to give back, once that is sent. */
  #post(message, { transfer = [], lent = [] } = {}) {
    try {
      this.#port.postMessage(message, transfer);
      lent.length = 0;
    } catch (error) {
      throw refused(`a worker can't be handed this: ${error.message}`);
    }
  }

  /** In Node, an end that waits for nothing lets the process end. */
  #hold() {
    if (!this.#functions.has(0)) this.#calls.size > 0 ? this.#port.ref?.() : this.#port.unref?.();
  }

  #handed(args, parts) {
    try {
      return this.#packed(args, parts);
    } catch (error) {
      throw refused(`a worker can't be handed this: ${error.message}`); // such as what holds itself
    }
  }

  #packed(value, parts) {
    if (typeof value === "function") return this.#lent(value, parts);
    if (ArrayBuffer.isView(value)) return whole(value);
    if (typeof value !== "object" || value === null || isCloned(value)) return value;
    if (value instanceof Handed) return this.#given(whole(value.bytes), parts);
    if (value instanceof AbortSignal) return this.#watched(value, parts);
    if (value instanceof Error) return new Map([["error", this.#packed(fieldsOf(value), parts)]]);
    if (value[Symbol.iterator]) return Array.from(value, (one) => this.#packed(one, parts));
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#packed(one, parts)]));
  }

  #opened(value, parts) {
    if (value instanceof Map) for (const [kind, content] of value) return this.#openedAs[kind](content, parts);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || isCloned(value)) return value;
    if (Array.isArray(value)) return value.map((one) => this.#opened(one, parts));
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#opened(one, parts)]));
  }

  #openedAs = {
    own: (number) => this.#functions.get(number),
    function: (number) => this.#borrow(number),
    signal: (number, parts) => this.#followed(number, parts),
    error: (fields) => revived(this.#opened(fields)),
  };

  #given(bytes, { transfer }) {
    transfer.push(bytes.buffer ?? bytes);
    return bytes;
  }

  #lent(own, parts) {
    const home = borrowed.get(own);
    if (home?.link === this) return new Map([["own", home.number]]);
    this.#functions.set(++this.#next, own);
    parts?.lent?.push(this.#next);
    return new Map([["function", this.#next]]);
  }

  #borrow(number) {
    const call = (...args) => this.call(number, ...args);
    borrowed.set(call, { link: this, number });
    forgotten?.register(call, { link: this, number });
    return call;
  }

  #watched(signal, { signals }) {
    const number = ++this.#next;
    const tell = () => this.#post(["abort", number, this.#packed(signal.reason, {})]);
    signal.addEventListener("abort", tell, { once: true });
    signals.push({ signal, leave: () => signal.removeEventListener("abort", tell) });
    return new Map([["signal", number]]);
  }

  #followed(number, { signals }) {
    const controller = new AbortController();
    this.#signals.set(number, controller);
    signals.push({ signal: controller.signal, leave: () => this.#signals.delete(number) });
    return controller.signal;
  }
}

/** Bytes with nothing beside them: a view of a part would take the whole buffer along. */
function whole(bytes) {
  const isPart = ArrayBuffer.isView(bytes) && !(bytes instanceof DataView) && bytes.byteLength !== bytes.buffer.byteLength;
  return isPart ? Uint8Array.prototype.slice.call(bytes) : bytes;
}

/** What crosses as it is. */
function isCloned(value) {
  return value instanceof ArrayBuffer || value instanceof WebAssembly.Module;
}

/** Resolves when what has arrived so far was read; timers would wait four milliseconds. */
function later() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(port1.close());
    port2.postMessage(null);
  });
}

function fieldsOf(error) {
  const { name, message, stack, cause } = error;
  return { ...error, name, message, stack, cause, isDom: error instanceof DOMException };
}

/** An error like the one that was thrown in the other thread. */
function revived({ name, message, stack, cause, isDom, ...fields }) {
  if (isDom) return new DOMException(message, name);
  const error = name === "SkillMeshError" ? new SkillMeshError(fields.code, message, cause) : new Error(message, { cause });
  return Object.assign(error, fields, { name, stack });
}
