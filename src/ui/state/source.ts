// A server-sent stream that comes back by itself, also after answers on which a browser gives up.

export interface Hearing {
  /** Event names to listen to. */
  kinds: readonly string[];
  heard: (kind: string, data: unknown) => void;
  /** true: it runs. false: it does not, and is being tried again. */
  standing?: (running: boolean) => void;
}

/** The first try comes soon, since a restart takes a second or two; then ever more seldom. */
const FIRST_MS = 1000;
const LONGEST_MS = 15_000;
/** Nothing was refused for so long that the server is surely gone: a browser notices a dead network late. */
const SILENT_MS = 45_000;

/** The answer ends it. */
export function listen(path: string, hearing: Hearing): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_MS;
  let ended = false;
  const later = (): void => {
    source?.close();
    if (ended) return;
    hearing.standing?.(false);
    clearTimeout(timer);
    timer = setTimeout(open, pause);
    pause = Math.min(LONGEST_MS, pause * 1.7);
  };
  const open = (): void => {
    source?.close();
    source = new EventSource(path);
    source.addEventListener('open', () => {
      pause = FIRST_MS;
      hearing.standing?.(true);
    });
    // While it is CONNECTING the browser tries again by itself, and tells the server what it heard last.
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) later();
      else hearing.standing?.(false);
    });
    for (const kind of hearing.kinds) {
      source.addEventListener(kind, event => hearing.heard(kind, parse(event.data)));
    }
  };
  // A phone that was asleep has a stream that looks alive and is not.
  let hiddenAt = 0;
  const seen = (): void => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt > 0 && Date.now() - hiddenAt > SILENT_MS) open();
  };
  const online = (): void => {
    clearTimeout(timer);
    open();
  };
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('online', online);
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
    document.removeEventListener('visibilitychange', seen);
    window.removeEventListener('online', online);
  };
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data)) as unknown;
  } catch {
    return undefined;
  }
}
