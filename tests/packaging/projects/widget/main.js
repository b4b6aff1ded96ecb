import "skillmesh/widget";

const search = document.createElement("skillmesh-search");
search.setAttribute("snapshot", "/docs.msgpack");
document.body.append(search);
