// How do weights lie in a file, as published models have them?

/** The length of a JSON header, the header, and the numbers as they lie in memory; each tensor is a name, a shape and a Float32Array. */
export function safetensors(tensors) {
  const [head, parts] = [{}, []];
  let at = 0;
  for (const [name, shape, numbers] of tensors) {
    const part = Buffer.from(numbers.buffer);
    head[name] = { dtype: "F32", shape, data_offsets: [at, (at += part.length)] };
    parts.push(part);
  }
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}
