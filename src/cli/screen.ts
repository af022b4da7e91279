// The terminal's last line: a question or a status that stands below the lines, whatever is printed meanwhile.
import { type Interface, clearLine, createInterface, cursorTo } from 'node:readline';
import { Writable } from 'node:stream';
import { every, systemClock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';

export interface AskHow {
  /** What is typed is not shown. */
  hidden?: boolean;
  /** Withdraws the question: `ask` rejects with its reason. */
  signal?: AbortSignal;
  /** The question as it is now, once a second: for what counts. */
  ticking?: () => string;
}

const TICK = 1000;

export class Screen {
  /** Shows the question anew. */
  #redraw: (() => void) | undefined;
  #status = '';

  /** A line on its own; what stands last goes below it. */
  line(stream: NodeJS.WriteStream, text: string): void {
    const { stderr } = process;
    if (!this.#redraw && this.#status === '') {
      stream.write(`${text}\n`);
      return;
    }
    wipe(stderr);
    stream.write(`${text}\n`);
    this.#redraw?.();
    if (!this.#redraw) stderr.write(this.#status);
  }

  /** A line that is overwritten by the next; an empty one takes it away. Nothing where nobody watches. */
  status(text: string): void {
    const { stderr } = process;
    if (!stderr.isTTY || this.#redraw) return;
    const fits = text.slice(0, Math.max(0, stderr.columns - 1));
    if (fits === this.#status) return;
    wipe(stderr);
    stderr.write(fits);
    this.#status = fits;
  }

  /** Questions go to stderr, so that what is asked for can be redirected. Rejects `stopped` on Ctrl-C. */
  async ask(question: string, { hidden = false, signal, ticking }: AskHow = {}): Promise<string> {
    this.status('');
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
    const still = ticking ? every(systemClock, TICK, () => this.#tick(lines, ticking())) : () => undefined;
    this.#redraw = hidden ? () => void process.stderr.write(question) : () => lines.prompt(true);
    if (hidden) process.stderr.write(question);
    try {
      return await answer(lines, hidden ? '' : question, signal);
    } finally {
      still();
      this.#redraw = undefined;
      lines.close();
      if (hidden) process.stderr.write('\n');
      else if (signal?.aborted) wipe(process.stderr);
    }
  }

  #tick(lines: Interface, question: string): void {
    if (question === lines.getPrompt()) return;
    lines.setPrompt(question);
    this.#redraw?.();
  }
}

export function interrupted(): LockError {
  return new LockError('stopped', 'Stopped.', { reason: 'interrupted' });
}

function answer(lines: Interface, question: string, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const withdrawn = (): void => reject(signal?.reason as Error);
    if (signal?.aborted) return withdrawn();
    signal?.addEventListener('abort', withdrawn, { once: true });
    lines.once('close', () => reject(interrupted()));
    lines.once('SIGINT', () => lines.close());
    lines.question(question, typed => {
      signal?.removeEventListener('abort', withdrawn);
      resolve(typed);
    });
  });
}

function wipe(stream: NodeJS.WriteStream): void {
  if (!stream.isTTY) return;
  clearLine(stream, 0);
  cursorTo(stream, 0);
}
