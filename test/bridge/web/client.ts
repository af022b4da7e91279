// A plain HTTP client on a socket file, and a reader of event streams.
import { type IncomingHttpHeaders, request } from 'node:http';
import { checkAnswer, checkEvent } from './contract.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  body: never;
}

export function ask(
  socketPath: string,
  method: string,
  path: string,
  how: { body?: unknown; raw?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const sent = how.raw ?? (how.body === undefined ? undefined : JSON.stringify(how.body));
  // Without a length, the body of a DELETE has no end.
  const json = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent ?? '') };
  const headers = { ...(sent === undefined ? {} : json), ...how.headers };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers, agent: false }, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(answer.headers['content-type'] ?? '') && text !== '';
        const body = (isJson ? JSON.parse(text) : undefined) as never;
        const status = answer.statusCode ?? 0;
        try {
          checkAnswer(method, path, { status, text, type: answer.headers['content-type'] ?? '' });
        } catch (thrown) {
          return reject(thrown as Error);
        }
        resolve({ status, headers: answer.headers, text, body });
      });
    });
    asked.on('error', reject);
    asked.end(sent);
  });
}

/** Lines of an event stream as they come. */
export class Reader {
  text = '';
  status = 0;
  ended = false;
  readonly #asked;
  #woken: (() => void)[] = [];

  constructor(socketPath: string, path: string, headers: Record<string, string> = {}) {
    this.#asked = request({ socketPath, path, headers, agent: false }, answer => {
      this.status = answer.statusCode ?? 0;
      answer.on('data', (chunk: Buffer) => {
        this.text += chunk.toString();
        this.#wake();
      });
      answer.on('close', () => this.#end());
      answer.on('error', () => this.#end());
    });
    this.#asked.on('error', () => this.#end());
    this.#asked.end();
  }

  get events(): { id: string; kind: string; [more: string]: unknown }[] {
    const found = [...this.text.matchAll(/^event: (.+)\ndata: (.+)$/gm)];
    return found.map(([, event = '', data = '']) => {
      checkEvent(event, data);
      return JSON.parse(data) as { id: string; kind: string };
    });
  }

  /** Waits until it is so; the test's own deadline ends a wait for what never comes. */
  async until(so: (reader: this) => boolean): Promise<void> {
    while (!so(this)) await new Promise<void>(resolve => this.#woken.push(resolve));
  }

  close(): void {
    this.#asked.destroy();
  }

  #end(): void {
    this.ended = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#woken.splice(0)) wake();
  }
}
