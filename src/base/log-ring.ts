// The newest lines of the log, kept for people who ask for them, besides wherever they go.

export interface LogStream {
  write(line: string): void;
}

/** Some hours of an ordinary day; at 300 bytes a line it is a few hundred kilobytes. */
const MOST = 1000;

export class LogRing implements LogStream {
  readonly #onward: LogStream | undefined;
  readonly #lines: string[] = [];
  readonly #ears = new Set<(line: string, number: number) => void>();
  #number = 0;

  constructor(onward?: LogStream) {
    this.#onward = onward;
  }

  write(line: string): void {
    this.#onward?.write(line);
    const kept = line.trimEnd();
    this.#number += 1;
    this.#lines.push(kept);
    if (this.#lines.length > MOST) this.#lines.shift();
    for (const ear of this.#ears) ear(kept, this.#number);
  }

  /** Oldest first; each is one JSON object. */
  lines(): readonly string[] {
    return this.#lines;
  }

  /** The same with their numbers, which go on from 1 since the start. */
  numbered(): { number: number; line: string }[] {
    const before = this.#number - this.#lines.length;
    return this.#lines.map((line, i) => ({ number: before + i + 1, line }));
  }

  hear(ear: (line: string, number: number) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }
}
