// Which model comes with the package? What it is called, and what tells its vectors from others.

export const PACKAGED = "skillmesh-mini";
export const FINGERPRINT = "";
