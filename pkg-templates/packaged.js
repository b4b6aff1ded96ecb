// Which model comes with the package? What it is called, and what tells its vectors from others.

export const PACKAGED = "skillmesh-mini";
export const FINGERPRINT = "853c14a445b46b57e090230769d8d1058f0c8626fe63056c2e6b195fa7023a41";
