export default {
  target: "node",
  mode: "production",
  entry: "./main.js",
  experiments: { outputModule: true },
  output: { module: true },
  module: { parser: { javascript: { importMeta: false } } }, // else the bundle would hold the address of this machine's file
};
