// No address is written into the page, so that it works under every name and port of this machine.
document.getElementById("terminal").dataset.sessionWebsocketUrl = `ws://${location.host}/ws`;
document.getElementById("again").addEventListener("click", () => location.reload());
// Keys reach the app without a click first.
addEventListener("load", () => document.querySelector(".xterm-helper-textarea").focus());
