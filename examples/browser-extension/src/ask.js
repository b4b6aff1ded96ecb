// How do pages ask the worker? By messages, each of which starts it where the browser has ended it.

/** What the worker answers; its errors are thrown here, with their `code`. */
export async function ask(name, question = {}) {
  const { value, error } = await sent({ name, ...question });
  if (error) throw Object.assign(new Error(error.message), error);
  return value;
}

/** A worker that ends before it has answered is asked once more. */
async function sent(message) {
  const answer = await chrome.runtime.sendMessage(message).catch(() => undefined);
  return answer ?? chrome.runtime.sendMessage(message);
}
