import "skillmesh/worker";
