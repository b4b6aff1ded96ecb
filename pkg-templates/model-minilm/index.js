// Where is the model? Beside this file: as a literal URL, so that bundlers see it; Node reads it from the disk.
export const minilm = new URL("./minilm.msgpack", import.meta.url);
