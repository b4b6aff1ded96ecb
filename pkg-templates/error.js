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

/** The error as a SkillMeshError: with the code that came from wasm, else `code`. */
export function asSkillMeshError(error, code = "internal") {
  if (error instanceof SkillMeshError) return error;
  return new SkillMeshError(error?.code && !error.syscall ? error.code : code, error?.message ?? String(error), error);
}

/** Tells a listener; its mistake keeps nothing from anybody else. */
export async function told(listener, event) {
  try {
    await listener(event);
  } catch (error) {
    console.error(error);
  }
}
