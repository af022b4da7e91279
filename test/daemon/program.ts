// The whole program as a process of its own, and ears on its broker.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type MqttClient, connectAsync } from 'mqtt';
import { inject } from 'vitest';

const MAIN = inject('main');

/** In place of an option: the demo has its simulated Matter. */
export const MATTER = 'with-matter';

export interface Ready {
  mqtt: string;
  http: string;
  link: string;
  data: string;
  token: string;
  matter: { port: number; manual: string | null; qr: string | null } | null;
  locks: { id: string; name: string; lifecycle: string }[];
}

export interface Program {
  child: ChildProcess;
  ready: Ready;
  /** ms from start to the ready line. */
  tookMs: number;
  errors: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export async function startDemo(data: string, more: readonly string[] = []): Promise<Program> {
  const began = performance.now();
  // It takes seconds to load, and most tests are about something else.
  const matter = more.includes('--matter-interface') || more.includes(MATTER) ? [] : ['--no-matter'];
  const rest = [...matter, ...more.filter(word => word !== MATTER)];
  const words = [MAIN, 'demo', '--json', '--data', data, '--mqtt-port', '0', '--http-port', '0', ...rest];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', chunk => (errors += String(chunk)));
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', line => resolve(JSON.parse(line) as Ready));
    child.once('exit', code => reject(new RangeError(`the demo ended with ${code}: ${errors}`)));
  });
  return {
    child,
    ready,
    tookMs: performance.now() - began,
    get errors() {
      return errors;
    },
    kill: signal => end(child, signal),
  };
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
  child.kill(signal);
  await gone;
}

/** Runs a command of the program to its end. `input` is piped in; `heard` gets what goes to stderr, as it comes. */
export async function run(
  words: readonly string[],
  { input, heard = () => undefined }: { input?: string; heard?: (text: string) => void } = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  let out = '';
  let err = '';
  child.stdout.on('data', chunk => (out += String(chunk)));
  child.stderr.on('data', chunk => {
    err += String(chunk);
    heard(String(chunk));
  });
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { code, out, err };
}

export interface Heard {
  topic: string;
  text: string;
  retained: boolean;
  at: number;
}

/** Everything said on the broker, in order. */
export class Ears {
  readonly all: Heard[] = [];
  readonly client: MqttClient;
  readonly #wakes = new Set<() => void>();

  static async on(url: string, topics: readonly string[] = ['#']): Promise<Ears> {
    const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
    const ears = new Ears(client);
    await client.subscribeAsync([...topics]);
    return ears;
  }

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('error', () => undefined);
    client.on('message', (topic, payload, { retain }) => {
      this.all.push({ topic, text: payload.toString(), retained: retain, at: performance.now() });
      for (const wake of this.#wakes) wake();
    });
  }

  /** The first message at or after `from` that fits. */
  async until(topic: string, fits: (body: Record<string, unknown>) => boolean, from = 0): Promise<Heard> {
    for (;;) {
      const found = this.all.slice(from).find(heard => heard.topic === topic && fits(bodyOf(heard.text)));
      if (found) return found;
      await new Promise<void>(resolve => {
        const wake = (): void => {
          this.#wakes.delete(wake);
          resolve();
        };
        this.#wakes.add(wake);
      });
    }
  }

  async ask(request: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
    const transaction = `t${this.all.length}-${request}`;
    const from = this.all.length;
    await this.client.publishAsync(`latchbridge/bridge/request/${request}`, JSON.stringify({ ...body, transaction }));
    const answer = await this.until(
      `latchbridge/bridge/response/${request}`,
      b => b['transaction'] === transaction,
      from,
    );
    return bodyOf(answer.text);
  }

  close(): Promise<void> {
    return this.client.endAsync(true);
  }
}

export function bodyOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
