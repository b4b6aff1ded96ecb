// May a model be fetched? Where it may cost something, once somebody has said so; that holds for the visit.

const KEPT = "meaning";

/** Whether many megabytes may cost something here: on a phone, or where somebody saves data. */
export function isCostly() {
  const { saveData, effectiveType = "4g", type } = navigator.connection ?? {};
  return Boolean(saveData) || type === "cellular" || effectiveType !== "4g" || matchMedia("(pointer: coarse) and (max-width: 48rem)").matches;
}

export const consent = {
  isGiven: () => !isCostly() || agreed(),
  give: agree,
};

function agreed() {
  try {
    return sessionStorage.getItem(KEPT) === "yes";
  } catch {
    return false;
  }
}

function agree() {
  try {
    sessionStorage.setItem(KEPT, "yes");
  } catch {
    // It holds for this page then.
  }
}
