// Where is the model? Beside this file: as a literal URL, so that bundlers see it; Node reads it from the disk.
export const minilm = served(new URL("./minilm.msgpack", import.meta.url));

/** The development server of Vite moves scripts into a folder of its own and, before version 8, leaves the model behind in the package. */
function served(url) {
  const moved = /\/node_modules\/\.[^?#]+\/deps\/minilm\.msgpack/;
  return moved.test(url.href) ? new URL(url.href.replace(moved, "/node_modules/skillmesh-model-minilm/minilm.msgpack")) : url;
}
