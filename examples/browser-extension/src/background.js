// What happens where no page is open? The context menu, and the answers that pages ask for. The browser ends this worker when it is
// idle: whatever must outlast it lies in chrome.storage or IndexedDB, and all listeners are here when the next event starts it anew.

import { answers } from "./answers.js";

chrome.runtime.onInstalled.addListener(() => {
  chrome.contextMenus.create({ id: "find", title: "Find skills for this", contexts: ["selection"] });
});

chrome.contextMenus.onClicked.addListener(async ({ selectionText }) => {
  await chrome.storage.session.set({ selected: selectionText });
  await chrome.action.openPopup().catch(openWindow); // refused where no window has the focus
});

chrome.runtime.onMessage.addListener(({ name, ...question }, sender, answer) => {
  answers[name](question).then((value) => answer({ value }), (error) => answer({ error: told(error) }));
  return true; // the answer comes later
});

function openWindow() {
  return chrome.windows.create({ url: "popup.html", type: "popup", width: 460, height: 640 });
}

/** Errors do not cross between worker and page as they are. */
function told({ code = "internal", message }) {
  return { code, message };
}
