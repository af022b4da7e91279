// Garbage from people and programs: MQTT topics and payloads, bodies of the API, settings. Refused or done, never a crash.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { afterAll, describe, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { type Log, silent } from '../../src/base/log.ts';
import { bodyOf, transactionOf } from '../../src/bridge/mqtt/envelope.ts';
import { makeTopics } from '../../src/bridge/mqtt/topics.ts';
import { callerOf } from '../../src/bridge/web/caller.ts';
import { makeApi } from '../../src/bridge/web/api.ts';
import { loadConfig } from '../../src/config.ts';
import { makeCounter } from '../bridge/mqtt/counter.ts';
import { FakeDaemon } from '../bridge/web/fake-parts.ts';
import { OWNER } from '../support/fake-family.ts';
import { type Draw, INPUTS, NIGHTLY, damagedText, drawing } from './inputs.ts';

Error.stackTraceLimit = 0;
const SEED = 47;
const LIMIT_MS = 1_800_000;
/** These go through whole programs of others (schema, HTTP, YAML) and cost more each. */
const MESSAGES = NIGHTLY ? 1_000_000 : 10_000;
const REQUESTS = NIGHTLY ? 100_000 : 3_000;
const FILES = NIGHTLY ? 100_000 : 1_500;
/** Messages between two moments in which answers can come. */
const BATCH = 100;

const topics = [
  'latchbridge/front/set',
  'latchbridge/front/set/state',
  'latchbridge/front/set/auto_lock_seconds',
  'latchbridge/front/get',
  'latchbridge/front/get/state',
  'latchbridge/demo/front/hand',
  'latchbridge/bridge/request/permit_join',
  'latchbridge/bridge/request/lock/pair',
  'latchbridge/bridge/request/lock/unpair',
  'latchbridge/bridge/request/lock/rename',
  'latchbridge/bridge/request/lock/options',
  'latchbridge/bridge/request/health_check',
  'homeassistant/status',
  'homeassistant/device/latchbridge_a1b2c3d4e5f6/config',
];
const payloads = [
  'LOCK',
  '"UNLOCK"',
  '{"state":"LOCK","transaction":7}',
  '{"state":"OPEN","code":"1234"}',
  '{"pin_code":{"user":1,"user_type":"unrestricted","user_enabled":true,"pin_code":"4711"}}',
  '{"user_status":{"user":1,"status":"disabled"}}',
  '{"pin_code":{"user":null}}',
  '{"auto_lock_seconds":5,"sound":"ON","token":"x"}',
  '{"time":60}',
  '{"name":"front","to":"back"}',
  '{"lock":"front","options":{"session":"held"}}',
  '{"act":"press_key"}',
  '{"act":"type_code","digits":"1234"}',
  'online',
  '',
  '{"__proto__":{"state":"LOCK"},"constructor":1}',
  '{"a":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}',
];

/** JSON by the grammar: any depth, any kind, words that mean something among them. */
function json(draw: Draw, depth = 0): string {
  const kind = draw(depth > 4 ? 5 : 7);
  if (kind === 0) return ['null', 'true', 'false', '-0', '1e999', '9007199254740993', '0.1'][draw(7)] ?? '0';
  if (kind === 1) return String(draw(100_000) - 50_000);
  if (kind < 5) return JSON.stringify(WORDS[draw(WORDS.length)]);
  const many = Array.from({ length: draw(5) }, () => json(draw, depth + 1));
  if (kind === 5) return `[${many.join(',')}]`;
  return `{${many.map(value => `${JSON.stringify(WORDS[draw(WORDS.length)])}:${value}`).join(',')}}`;
}

const MEANT = 'state LOCK UNLOCK OPEN pin_code user user_status status transaction token name verb lock unlock seconds '
  .concat('options session held exposed mqtt digits kind once front front_door __proto__ constructor toString')
  .split(' ');
const WORDS: readonly string[] = [...MEANT, '', '\u0000', '\ud800', '💥', 'a'.repeat(300)];

function text(draw: Draw, known: readonly string[]): string {
  const one = (): string => known[draw(known.length)] ?? '';
  const way = draw(4);
  if (way === 0) return Array.from({ length: draw(40) }, () => String.fromCodePoint(draw(0x2fff))).join('');
  if (way === 1) return damagedText(draw, one(), one());
  return way === 2 ? json(draw) : one();
}

/** A log that keeps what went wrong inside. */
function complaining(): { log: Log; said: unknown[] } {
  const said: unknown[] = [];
  const error = (...what: unknown[]): void => void said.push(what);
  const log: Log = { ...silent, error, child: () => log } as unknown as Log;
  return { log, said };
}

describe('MQTT', () => {
  test(
    'any topic is one of ours or none, and any text a body or a LockError',
    () => {
      const draw = drawing(SEED);
      const tree = makeTopics('latchbridge', 'homeassistant');
      let ours = 0;
      for (let i = 0; i < INPUTS; i++) {
        const topic = text(draw, topics);
        if (tree.read(topic)) ours += 1;
        tree.mayAnswerOn(topic);
        const payload = text(draw, payloads);
        transactionOf(payload);
        worksOrRefuses(payload, () => bodyOf(payload));
      }
      expect(ours).toBeGreaterThan(1000);
    },
    LIMIT_MS,
  );

  test(
    'any message is carried out, refused or ignored, and nothing fails inside',
    async () => {
      const draw = drawing(SEED + 1);
      const { log, said } = complaining();
      const counter = makeCounter({ options: { log } });
      for (let i = 0; i < MESSAGES && said.length === 0; i++) {
        const payload = Buffer.from(text(draw, payloads));
        const message = { topic: text(draw, topics), payload, retain: draw(20) === 0, dup: draw(10) === 0 };
        counter.desk.received({
          ...message,
          ...(draw(5) === 0 && { answerOn: text(draw, topics), expiresIn: draw(99) }),
        });
        if (i % BATCH !== 0) continue;
        await counter.clock.advance(30_000);
        const internal = counter.sent.filter(one => one.payload.includes('"code":"internal"'));
        expect(internal).toEqual([]);
        counter.sent.length = 0;
      }
      expect(said).toEqual([]);
      expect(counter.locks.commands.length).toBeGreaterThan(10);
    },
    LIMIT_MS,
  );
});

describe('the API', () => {
  const app = fastify({ logger: false });
  afterAll(() => app.close());

  test(
    'answers any body with what was done or why not, and never with a fault of its own',
    async () => {
      const draw = drawing(SEED + 2);
      const { log, said } = complaining();
      const daemon = new FakeDaemon();
      const routes: { method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET'; url: string }[] = [];
      app.addHook('onRoute', route => {
        const methods = [route.method].flat();
        // Streams have no end, and an import takes passphrases that are slow on purpose.
        if (/events|stream|export|import/.test(route.url)) return;
        for (const method of methods) if (method !== 'HEAD') routes.push({ method: method as 'GET', url: route.url });
      });
      await app.register(makeApi({ ...daemon.parts(), log }, () => callerOf(OWNER, 'cli')));
      await app.ready();
      const found = new Map<number, number>();
      const faults: unknown[] = [];
      for (let i = 0; i < REQUESTS; i++) {
        const { method, url } = routes[draw(routes.length)] as (typeof routes)[number];
        const path = url.replace(/:[a-z]+/gi, () => pathPart(draw));
        const query =
          draw(6) === 0 ? `?${encodeURIComponent(Buffer.from(text(draw, WORDS)).toString())}=${draw(9)}` : '';
        const payload = text(draw, bodies);
        const headers = { 'content-type': draw(20) === 0 ? 'text/html' : 'application/json' };
        const answer = await app.inject({ method, url: path + query, headers, ...(method !== 'GET' && { payload }) });
        found.set(answer.statusCode, (found.get(answer.statusCode) ?? 0) + 1);
        if (answer.statusCode >= 500) faults.push({ method, path, payload, answer: answer.body });
        daemon.noted.length = 0;
      }
      expect(faults).toEqual([]);
      expect(said).toEqual([]);
      expect([...found.keys()].some(status => status < 300)).toBe(true);
      expect(found.get(400) ?? 0).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );
});

const bodies = [
  '{"verb":"lock"}',
  '{"verb":"unlock","pin":"1234","transaction":{"a":1}}',
  '{"name":"back","unit":"Flat 3","options":{"session":"held","exposed":["mqtt"]}}',
  '{"force":true}',
  '{"seconds":60}',
  '{"digits":"4711","kind":"permanent","enabled":true}',
  '{"address":"c0:00:00:00:00:01","name":"x","unit":"y","seconds":5}',
  '{"token":"token-1"}',
  '{"act":"thumb","value":"lock"}',
  '{"code":"ABCD-EFGH-JKLM"}',
  '',
];

function pathPart(draw: Draw): string {
  const odd = encodeURIComponent(Buffer.from(text(draw, WORDS)).toString());
  const parts = ['front_door', '0123456789ab', '1', '2', '0', '-1', '1e3', 'nobody', odd];
  return (parts[draw(parts.length)] ?? 'x').slice(0, 120) || 'x';
}

describe('settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchbridge-fuzz-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test(
    'any file gives settings, or one error that names what is wrong',
    () => {
      const draw = drawing(SEED + 3);
      const file = join(folder, 'latchbridge.yaml');
      let good = 0;
      for (let i = 0; i < FILES; i++) {
        const yaml = text(draw, files);
        writeFileSync(file, yaml);
        good += worksOrRefuses(yaml, () => loadConfig({ file, env: {}, folder })) ? 1 : 0;
      }
      expect(good).toBeGreaterThan(50);
    },
    LIMIT_MS,
  );

  test(
    'any options and any environment too',
    () => {
      const draw = drawing(SEED + 4);
      let refused = 0;
      for (let i = 0; i < FILES; i++) {
        const name = draw(2) ? 'LATCHBRIDGE_MQTT_URL' : `LATCHBRIDGE_${text(draw, WORDS).toUpperCase()}`;
        const env = { [name]: text(draw, files), LATCHBRIDGE_RADIOS: text(draw, WORDS) };
        const options = { [draw(2) ? 'http-port' : 'data']: draw(2) ? draw(99_999) : text(draw, WORDS) };
        const given = JSON.stringify({ env, options });
        refused += worksOrRefuses(given, () => loadConfig({ env, options, folder })) ? 0 : 1;
      }
      expect(refused).toBeGreaterThan(50);
    },
    LIMIT_MS,
  );
});

const files = [
  'mqtt:\n  url: mqtt://127.0.0.1:1883\n  username: a\n',
  'radios:\n  - device: hci0\n  - address: 00:1a:7d:da:71:13\n',
  'units:\n  - name: Flat 3\n    locks: [front_door]\nlocks:\n  front_door:\n    session: held\n',
  'http:\n  port: 8080\nmatter:\n  enabled: true\n',
  'policy:\n  open_by_mqtt: never\nbackup:\n  second: /tmp\n',
  'mqtt: &a\n  url: *a\n',
  'a: &a [*a, *a]\n',
  '? {a: b}\n: c\n',
  '!!binary aGVsbG8=\n',
  '--- |\n text\n--- >\n more\n',
  '{}',
  '',
];

/** Whether it gave something. */
function worksOrRefuses(input: string, work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (thrown) {
    if (thrown instanceof LockError) return false;
    throw new RangeError(`with ${JSON.stringify(input)}`, { cause: thrown });
  }
}
