"use client";
import "skillmesh/widget";

export function Search() {
  return <skillmesh-search snapshot="/docs.msgpack"></skillmesh-search>;
}
