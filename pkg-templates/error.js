// What does a caller catch? One class with a stable `code`.

export class SkillMeshError extends Error {
  constructor(code, message, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SkillMeshError";
    this.code = code;
  }
}

/** What is thrown where a caller said something wrong. */
export function refused(message) {
  return new SkillMeshError("invalid-argument", message);
}

/** Runs `step`; whatever it throws leaves as a SkillMeshError. */
export function guarded(step) {
  try {
    return step();
  } catch (error) {
    throw asSkillMeshError(error);
  }
}

/** The codes that there are: those of wasm and JavaScript. What else fails has codes of its own, such as Node's words and DOM's numbers. */
const CODES = new Set([
  "invalid-argument", "io", "registry", "path-escape", "integrity", "snapshot-format", "snapshot-version", "snapshot-corrupt", "model-format",
  "model-version", "model-corrupt", "model-mismatch", "no-model", "embed", "worker", "state-format", "not-initialised", "freed", "internal",
]);

/** The error as a SkillMeshError: with the code that came from wasm, else `code`. */
export function asSkillMeshError(error, code = "internal") {
  if (error instanceof SkillMeshError) return error;
  return new SkillMeshError(CODES.has(error?.code) ? error.code : code, error?.message ?? String(error), error);
}

/** Has promises that fail disturb nobody: who awaits one hears of it, which may be after it failed. */
export function heeded(...given) {
  given.forEach((one) => Promise.resolve(one).catch(() => {}));
}

/** Tells a listener; its mistake keeps nothing from anybody else. */
export async function told(listener, event) {
  try {
    await listener(event);
  } catch (error) {
    console.error(error);
  }
}

/** What a method throws of a snapshot that was freed. */
export function freed() {
  return new SkillMeshError("freed", "this snapshot was freed; load it again");
}
