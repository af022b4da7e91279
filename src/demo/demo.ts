// What a demo adds to a daemon: a folder, a cast, a stage, a token, and the words that tell how to try it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderUnicodeCompact } from 'uqr';
import type { LockView } from '../lock/lock.ts';
import type { Actor } from './stage.ts';

/** A folder of its own, removed at the end, or the one that was named. */
export function demoFolder(named: string | undefined): { data: string; remove: () => void } {
  if (named !== undefined) return { data: named, remove: () => undefined };
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-demo-'));
  return { data, remove: () => rmSync(data, { recursive: true, force: true }) };
}

export interface Scene {
  mqtt: string;
  /** Where the page is, and a one-time link to come in. */
  http: string | undefined;
  link: string | undefined;
  data: string;
  token: string;
  locks: readonly LockView[];
  /** How each lock is made to offer itself, and what pairing it asks for. */
  actors: readonly Actor[];
  self: string;
  /** Absent without Matter. The codes are absent where nobody can use them now. */
  matter: { port: number; real: boolean; manual?: string; qr?: string } | undefined;
}

/** The one line of JSON on stdout. */
export function readyLine({ mqtt, http, link, data, token, locks, matter: found }: Scene): string {
  const shown = locks.map(({ id, name, unit, family, lifecycle, address, settings }) => {
    return { id, name, unit: unit.name, family, lifecycle, address, session: settings.session };
  });
  const matter = found === undefined ? null : { port: found.port, manual: found.manual ?? null, qr: found.qr ?? null };
  const page = http === undefined ? { http: null, openapi: null } : { http, openapi: '/api/openapi.json', link };
  return JSON.stringify({ ready: true, mqtt, ...page, data, token, matter, locks: shown });
}

/** What a person reads. */
export function welcome({ mqtt, link, data, token, locks, actors, self, matter }: Scene): string[] {
  const [first] = locks.filter(lock => lock.lifecycle === 'managed');
  const unpaired = locks.find(lock => lock.lifecycle === 'factory');
  const actor = actors.find(({ lock }) => lock.address === unpaired?.address);
  const name = first?.name ?? locks[0]?.name ?? 'front_door';
  const topic = `latchbridge/${name}`;
  return [
    '',
    'Latchbridge demo: virtual locks, real protocol. Nothing here touches a real door.',
    '',
    ...locks.map(lock => `  ${lock.name.padEnd(16)} ${lock.unit.name.padEnd(8)} ${lock.family}, ${status(lock)}`),
    '',
    ...(link === undefined ? [] : [`  page         ${link}   (works once; another: ${self} web link)`]),
    `  MQTT broker  ${mqtt}   (this machine only)`,
    `  data folder  ${data}`,
    `  owner token  ${token}   (lets an MQTT message confirm a wipe, and is a bearer token for HTTP; only in the demo)`,
    '',
    ...matterLines(matter, self, name),
    'Try, in another terminal:',
    '',
    `  ${self} lock ${name}`,
    `  ${self} watch`,
    `  npx mqtt sub -p ${new URL(mqtt).port} -h 127.0.0.1 -v -t '${topic}/#'`,
    '',
    'And be the person at the door:',
    '',
    `  ${self} hand ${name} thumb unlock`,
    ...(unpaired && actor ? pairLines(unpaired.name, actor, self) : []),
    '',
    'Ctrl-C ends it.',
  ];
}

function pairLines(name: string, { role, lock }: Actor, self: string): string[] {
  const { act, value } = role.family.offer;
  const pin = lock.pin === undefined ? '' : `   (if it asks, its PIN is ${lock.pin})`;
  const hand = [self, 'hand', name, act, ...(value === undefined ? [] : [value])].join(' ');
  return [`  ${hand}   then   ${self} pair ${name}${pin}`];
}

function matterLines(matter: Scene['matter'], self: string, name: string): string[] {
  if (!matter) return [];
  if (!matter.real) {
    const text = 'on a simulated network, where a controller of its own has added the locks.';
    return [`Matter runs ${text}`, '', `  ${self} matter ctl lock ${name}`, ''];
  }
  if (matter.qr === undefined) return [`Matter is in use already: ${self} matter show`, ''];
  const picture = renderUnicodeCompact(matter.qr).split('\n');
  return ['Add the locks to an app with this code:', '', ...picture.map(line => `  ${line}`), `  ${matter.manual}`, ''];
}

function status(lock: LockView): string {
  if (lock.lifecycle === 'factory') return 'not paired';
  return `${lock.lifecycle === 'managed' ? 'paired' : lock.lifecycle}, session ${lock.settings.session.replace('_', ' ')}`;
}
