// Reloads the page when `trunk serve` has built it anew. Loaded by the shell
// only where trunk has sent the page; trunk's own script for this would have to
// stand in the page, where the content security policy forbids it.

const WAIT_MS = 2_000;
const address = new URL(".well-known/trunk/ws", document.baseURI);
address.protocol = address.protocol.replace("http", "ws");

/** `isAgain`: after a loss of the connection, when trunk was started anew. */
function listen(isAgain) {
  const socket = new WebSocket(address);
  socket.onopen = () => isAgain && location.reload();
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "reload") location.reload();
    else console.error(`the build failed: ${message.data.reason}`);
  };
  socket.onclose = () => setTimeout(() => listen(true), WAIT_MS);
}

listen(false);
