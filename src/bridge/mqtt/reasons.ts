// Why there is no broker, in words for people. Nothing of an error's own text is shown: it may quote the URL.
import { textOf } from '../../base/errors.ts';

/** "Unacceptable protocol version": 1 on 3.1.1, 132 on 5. */
const PROTOCOL_CODES = [1, 132];
/** Client id, credentials or rights were refused, or we were banned: 2, 4, 5 on 3.1.1, the rest on 5. */
const REFUSED_CODES = [2, 4, 5, 133, 134, 135, 138, 140];
/** What the library says when it waited in vain for a CONNACK or an answer to a ping. */
const SILENT = /timeout/i;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|SSL|TLS|PEM/;

export function isProtocolRefused(failure: unknown): boolean {
  return PROTOCOL_CODES.includes(codeOf(failure) as number);
}

/** Trying again soon cannot help. */
export function isSlow(failure: unknown): boolean {
  const code = codeOf(failure);
  return typeof code === 'number' ? REFUSED_CODES.includes(code) : CERTIFICATE.test(code ?? '');
}

/** `text` is what was thrown before a connection was tried: a setting that cannot work. */
export function reasonFor(failure: unknown, host: string, text?: string): string {
  if (text !== undefined) return `The MQTT connection to ${host} cannot be set up; check its address and certificate.`;
  const code = codeOf(failure);
  if (typeof code === 'number') return refusal(code, host);
  if (code === undefined) {
    const silent = SILENT.test(textOf(failure));
    return `The MQTT broker at ${host} ${silent ? 'does not answer any more' : 'closed the connection'}. Trying again.`;
  }
  if (code === 'ECONNREFUSED') return `Nothing answers at ${host}. Is the MQTT broker running? Trying again.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The name of the MQTT broker ${host} is not known. Trying again.`;
  if (CERTIFICATE.test(code)) {
    return `The certificate of the MQTT broker at ${host} is not trusted. Give the CA that signed it, or correct the name.`;
  }
  return `The MQTT broker at ${host} cannot be reached (${code}). Trying again.`;
}

/** Host and port of a broker's URL, without user and password. */
export function hostOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed ? parsed.host : 'the given address';
}

export function hasLogin(url: string): boolean {
  return URL.canParse(url) && new URL(url).username !== '';
}

function refusal(code: number, host: string): string {
  if (code === 4 || code === 134)
    return `The MQTT broker at ${host} refuses our user name or password. Trying again slowly.`;
  if (code === 5 || code === 135) return `The MQTT broker at ${host} does not let this user in. Trying again slowly.`;
  if (code === 2 || code === 133) return `The MQTT broker at ${host} refuses our client id. Trying again slowly.`;
  if (code === 3 || code === 136 || code === 137)
    return `The MQTT broker at ${host} is busy or not ready. Trying again.`;
  return `The MQTT broker at ${host} refused the connection (code ${code}). Trying again.`;
}

function codeOf(failure: unknown): number | string | undefined {
  if (typeof failure !== 'object' || failure === null || !('code' in failure)) return undefined;
  const { code } = failure;
  return typeof code === 'number' || (typeof code === 'string' && /^[A-Z0-9_]{1,48}$/.test(code)) ? code : undefined;
}
