// How does a text reach the clipboard, and how is that told?

/** Lets `button` copy what `text` gives; `status` says so, and so does the button for a moment. */
export function copying(button, text, status) {
  const name = button.textContent;
  let timer;
  const say = (short, long) => {
    clearTimeout(timer);
    button.textContent = short;
    status.textContent = "";
    setTimeout(() => (status.textContent = long), 50); // the same words again are said again
    timer = setTimeout(() => (button.textContent = name), 1600);
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      say("Copied", "Copied to the clipboard.");
    } catch (error) {
      say("Not copied", `Could not be copied: ${error.message}. Select the text and copy it by hand.`);
    }
  });
}
