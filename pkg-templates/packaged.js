// Which model comes with the package? What it is called, and what tells its vectors from others.

export const PACKAGED = "skillmesh-mini";
export const FINGERPRINT = "484b14bf90b0679b945709fb472ce20b69d5d3754ca5eb531b00060d92149ca2";
