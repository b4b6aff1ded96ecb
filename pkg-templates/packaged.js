// Which model comes with the package? What it is called, and what tells its vectors from others.

export const PACKAGED = "skillmesh-mini";
export const FINGERPRINT = "1d613e578b16f9eb8ccd1eca5f3ff55fb34a209bd940f26e24225f1854c67f1f";
