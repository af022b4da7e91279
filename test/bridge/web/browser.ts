// A browser as far as the server can tell: a cookie jar, an origin, the page's token, one connection a request.
import { type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, unknown>;
}
export interface How {
  body?: unknown;
  raw?: string | Buffer;
  /** undefined leaves one out. */
  headers?: Record<string, string | undefined>;
}

export class Browser {
  readonly port: number;
  readonly host: string;
  cookie: string | undefined;
  csrf: string | undefined;

  constructor(port: number, host = `127.0.0.1:${port}`) {
    this.port = port;
    this.host = host;
  }

  get(path: string, how: How = {}): Promise<Answer> {
    return this.ask('GET', path, how);
  }

  post(path: string, body: unknown = {}, how: How = {}): Promise<Answer> {
    return this.ask('POST', path, { body, ...how });
  }

  /** As the page asks; `headers` changes that. */
  async ask(method: string, path: string, { body, raw, headers = {} }: How = {}): Promise<Answer> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const changes = method === 'GET' || method === 'HEAD' ? {} : this.#ofPage();
    const all = { host: this.host, cookie: this.cookie, ...changes, ...headers };
    const wanted = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const answer = await send(this.port, { method, path, headers: wanted as Record<string, string>, sent });
    const [set] = answer.headers['set-cookie'] ?? [];
    if (set !== undefined) this.cookie = /=;/.test(set) ? undefined : set.split(';')[0];
    if (typeof answer.body['csrf'] === 'string') this.csrf = answer.body['csrf'];
    return answer;
  }

  #ofPage(): Record<string, string | undefined> {
    const type = { 'content-type': 'application/json', origin: `http://${this.host}`, 'sec-fetch-site': 'same-origin' };
    return { ...type, 'x-latchbridge-csrf': this.csrf };
  }
}

interface Sending {
  method: string;
  path: string;
  headers: Record<string, string>;
  sent: string | Buffer | undefined;
}

function send(port: number, { method, path, headers, sent }: Sending): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = sent === undefined ? {} : { 'content-length': Buffer.byteLength(sent) };
    const options = { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent: false };
    const asked = request(options, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(answer.headers['content-type'] ?? '') && text !== '';
        const body = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body });
      });
    });
    asked.on('error', reject);
    asked.end(sent);
  });
}
