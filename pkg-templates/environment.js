// Where are the wasm files here, and how are addresses read? Set once by the entry that was imported.

let current;

export function setEnvironment(environment) {
  current = environment;
}

export function environment() {
  return current;
}
