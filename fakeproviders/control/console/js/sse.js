// Server-sent events, read off a fetch: EventSource cannot send a token.

/** `{event, id, data, retry}` of each event, as it comes; absent parts are null. Comments come as empty events. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = nothing();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        yield event;
        event = nothing();
      } else take(event, line);
    }
  }
}

const nothing = () => ({ event: null, id: null, data: null, retry: null });

function take(event, line) {
  const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
  if (name === "data") event.data = event.data === null ? value : `${event.data}\n${value}`;
  else if (name in event) event[name] = value;
}
