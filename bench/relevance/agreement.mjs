// Do the package's answers equal the native program's, id by id?
//
// Both read the same snapshot: where they differ, they are not of one version, or one is wrong. Only judged queries
// count, since the program leaves others out.

/** In how many of the native answers the package gave the same ids in the same order. */
export function agreement(native, answers) {
  const ours = new Map(answers.map(({ id, ids }) => [id, String(ids)]));
  const same = native.filter(({ id, ids }) => ours.get(id) === String(ids)).length;
  return { same, of: native.length };
}
