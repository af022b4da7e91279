// Requests to the daemon. Addresses are relative to the page, which lives under any prefix.
import { noAnswer, Refusal, refusalFrom } from './refusal.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Asking {
  /** Of the session; sent with everything that changes something. */
  csrf: () => string | undefined;
  /** Asks for the password; false: the person would rather not. */
  prove: () => Promise<boolean>;
  /** The session is over. */
  lost: () => void;
}

let asking: Asking = { csrf: () => undefined, prove: async () => false, lost: () => undefined };

/** Called once, when the page starts. */
export function setAsking(given: Asking): void {
  asking = given;
}

export interface Extra {
  signal?: AbortSignal;
  /** A file instead of JSON. */
  file?: Blob;
  /** Login and proof: a refusal is for their own dialog. */
  plain?: boolean;
  /** The answer is a file. */
  blob?: boolean;
}

/** Throws a Refusal. Undefined for an answer without content. */
export async function ask<T>(method: Method, path: string, body?: unknown, extra: Extra = {}): Promise<T> {
  try {
    return await once<T>(method, path, body, extra);
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || extra.plain === true) throw thrown;
    if (thrown.status === 401 && thrown.reason === 'login') asking.lost();
    if (thrown.status !== 403 || thrown.reason !== 'prove' || !(await asking.prove())) throw thrown;
    return once<T>(method, path, body, extra);
  }
}

export const get = <T>(path: string, extra?: Extra): Promise<T> => ask<T>('GET', path, undefined, extra);
export const post = <T>(path: string, body: unknown = {}, extra?: Extra): Promise<T> =>
  ask<T>('POST', path, body, extra);
export const put = <T>(path: string, body: unknown): Promise<T> => ask<T>('PUT', path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => ask<T>('PATCH', path, body);
export const remove = <T>(path: string, body: unknown = {}): Promise<T> => ask<T>('DELETE', path, body);

/** One segment of a path. */
export const segment = (text: string): string => encodeURIComponent(text);

async function once<T>(method: Method, path: string, body: unknown, extra: Extra): Promise<T> {
  const changing = method !== 'GET';
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: headersOf(changing, extra),
      ...(changing ? { body: extra.file ?? JSON.stringify(body ?? {}) } : {}),
      ...(extra.signal ? { signal: extra.signal } : {}),
    });
  } catch {
    throw noAnswer(changing && extra.signal?.aborted !== true);
  }
  if (extra.blob === true && response.ok) return (await response.blob()) as T;
  const content = await bodyOf(response);
  if (!response.ok) throw refusalFrom(response.status, content);
  return content as T;
}

function headersOf(changing: boolean, { file }: Extra): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (!changing) return headers;
  headers['content-type'] = file ? 'application/octet-stream' : 'application/json';
  const csrf = asking.csrf();
  if (csrf !== undefined) headers['x-latchbridge-csrf'] = csrf;
  return headers;
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text().catch(() => '');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
