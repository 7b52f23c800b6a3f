// The state of now, as the service sends it; the browser connects again by itself.

/** Calls `onState` with every state, and `onLink` with "live" or "offline". */
export function follow(onState, onLink) {
  let source;
  const open = () => {
    source = new EventSource("/api/events");
    source.addEventListener("status", (event) => {
      onLink("live");
      onState(JSON.parse(event.data));
    });
    source.onerror = () => {
      onLink("offline");
      if (source.readyState === EventSource.CLOSED) retry();
    };
  };
  // a refused connection (a proxy's error page, a token that was replaced) is not tried again by the browser
  const retry = () =>
    setTimeout(async () => {
      const answer = await fetch("/api/status").catch(() => undefined);
      if (answer?.status === 401) location.reload();
      else open();
    }, 3000);
  open();
}
