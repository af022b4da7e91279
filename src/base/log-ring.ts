// The newest lines of the log, kept for people who ask for them, besides wherever they go.

export interface LogStream {
  write(line: string): void;
}

/** Some hours of an ordinary day; at 300 bytes a line it is a few hundred kilobytes. */
const MOST = 1000;

export class LogRing implements LogStream {
  readonly #onward: LogStream | undefined;
  readonly #lines: string[] = [];
  readonly #ears = new Set<(line: string) => void>();

  constructor(onward?: LogStream) {
    this.#onward = onward;
  }

  write(line: string): void {
    this.#onward?.write(line);
    this.#lines.push(line.trimEnd());
    if (this.#lines.length > MOST) this.#lines.shift();
    for (const ear of this.#ears) ear(line.trimEnd());
  }

  /** Oldest first; each is one JSON object. */
  lines(): readonly string[] {
    return this.#lines;
  }

  hear(ear: (line: string) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }
}
