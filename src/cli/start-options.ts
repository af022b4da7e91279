// The options of the two commands that start a daemon. What they mean is main's affair; all are accepted from the first day.
import type { Options, ValuesOf } from './args.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
const port = { type: 'number', value: 'PORT', least: 1, most: 65_535 } as const;

const both = {
  data: { type: 'string', value: 'FOLDER', about: 'where keys, history and the control socket are kept' },
  'log-level': { type: 'string', value: 'LEVEL', choices: levels, about: 'how much is logged' },
  'matter-interface': { type: 'string', value: 'NAME', about: 'the network interface that Matter is on, e.g. eth0' },
  'matter-port': { ...port, about: 'for Matter over UDP, default 5540; Alexa finds no other' },
  json: {
    type: 'boolean',
    about: 'one line of JSON on standard output when everything is up; logs go to standard error',
  },
} as const satisfies Options;

export const runOptions = {
  config: { type: 'string', value: 'FILE', about: 'the settings file, default latchbridge.yaml' },
  ...both,
  'mqtt-url': { type: 'string', value: 'URL', about: 'the MQTT broker, e.g. mqtt://192.168.1.5:1883' },
  'http-port': { ...port, about: 'for the page and the HTTP API, default 8099' },
} as const satisfies Options;
export type RunOptions = ValuesOf<typeof runOptions>;

export const demoOptions = {
  ...both,
  locks: {
    type: 'string',
    value: 'LIST',
    about: 'other virtual locks: FAMILY[:VARIANT]:NAME[:unpaired], with commas between them',
  },
  'mqtt-port': { ...port, least: 0, about: "the port of the demo's own MQTT broker; 0 takes a free one" },
  'http-port': { ...port, least: 0, about: 'for the page and the HTTP API, default 18831; 0 takes a free one' },
  'mqtt-url': { type: 'string', value: 'URL', about: 'use this MQTT broker instead of one of its own' },
  keep: { type: 'boolean', about: 'keep the data folder when the demo ends' },
  'no-matter': { type: 'boolean', about: 'leave Matter out, which takes seconds to load' },
  seed: { type: 'number', value: 'NUMBER', least: 0, most: 4_294_967_295, about: 'without effect so far' },
  tour: { type: 'boolean', about: 'show what it can do, then end' },
} as const satisfies Options;
export type DemoOptions = ValuesOf<typeof demoOptions>;
