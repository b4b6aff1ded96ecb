// May the search box be written in JSX? This file only has to compile.
import "skillmesh/widget";

export function SearchBox({ base }: { base: string }) {
  return <skillmesh-search snapshot={`${base}/words.msgpack.gz`} vectors={`${base}/docs.msgpack.gz`} limit={5} className="search" ref={(element) => element?.open("q")} />;
}

// @ts-expect-error: there is no such attribute
export const misspelt = <skillmesh-search snapshots="/docs.msgpack" />;
