// How long does one keyword query take, for its first ten results?
import { rotate, warmUp } from "./queries.mjs";
import { rotateList } from "./rounds.mjs";

const TOP = 10;

/** One engine in one set of queries. It sits out when its time is spent, so that a slow one does not hold up the run. */
class Contestant {
  samples = [];
  answered = 0;
  asked = 0;
  #left;

  constructor(host, budgetSeconds) {
    this.host = host;
    this.#left = budgetSeconds * 1000;
  }

  async ask(query) {
    if (this.#left <= 0) return;
    const { ms, hits } = await this.host.call("search", { query, k: TOP });
    this.#left -= ms;
    this.samples.push(ms);
    this.asked += 1;
    this.answered += hits > 0 ? 1 : 0;
  }

  /** An engine that fails sits out as well: the others still finish, and the report names it. */
  async try(query) {
    try {
      await this.ask(query);
    } catch (error) {
      this.#left = 0;
      this.error ??= error;
    }
  }

  result() {
    const { samples, asked, answered, error } = this;
    return { engine: this.host.engine, samples, asked, answered, error };
  }
}

const enter = (hosts, budgetSeconds) => hosts.map((host) => new Contestant(host, budgetSeconds));

/** Other queries, whose times are thrown away: V8 has compiled what it will compile before the first sample. */
async function rehearse(contestants) {
  for (const query of warmUp) await ask(contestants, query, 0);
}

/** Every engine answers a query before the next one is asked, and the engine that goes first changes. */
async function ask(contestants, query, turn) {
  for (const one of rotateList(contestants, turn)) await one.try(query);
}

export async function measureKeyword(hosts, queries, { rounds, budgetSeconds }) {
  await rehearse(enter(hosts, budgetSeconds));
  const contestants = enter(hosts, budgetSeconds);
  for (let round = 0; round < rounds; round++) {
    for (const [i, query] of queries.entries()) await ask(contestants, rotate(query, round), i + round);
  }
  return contestants.map((one) => one.result());
}
