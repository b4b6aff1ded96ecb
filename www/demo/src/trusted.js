// Who vouches for a script's address, where policies with trusted types ask? The page, for those of its own.

const policy = globalThis.trustedTypes?.createPolicy("skillmesh-demo", { createScriptURL: (text) => text });

export function trusted(address) {
  return policy?.createScriptURL(address) ?? address;
}
