// What of a page's state stands in its address, so that it can be shared?

const DEFAULTS = { mode: "auto", k: "3", provider: "claude", any: "" };

/** The state that the address names; what it cannot mean is left at its default. */
export function fromAddress() {
  const said = new URLSearchParams(location.search);
  const pick = (name, allowed) => (allowed.includes(said.get(name)) ? said.get(name) : DEFAULTS[name]);
  const k = Number(said.get("k"));
  return {
    q: said.get("q")?.slice(0, 1000) ?? null,
    mode: pick("mode", ["auto", "sparse", "dense"]),
    k: Number.isInteger(k) && k >= 1 && k <= 10 ? k : Number(DEFAULTS.k),
    provider: pick("provider", ["claude", "codex"]),
    any: said.get("any") === "1",
  };
}

/** Puts the state into the address, without what is at its default. */
export function toAddress(state) {
  const said = Object.entries({ ...state, any: state.any ? "1" : "" }).map(([name, value]) => [name, String(value ?? "")]);
  const query = new URLSearchParams(said.filter(([name, value]) => value !== (DEFAULTS[name] ?? ""))).toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}
