// What the daemon works with: radios, units, the broker.
import { z } from 'zod';
import type { LockView } from '../../lock/lock.ts';
import type { Choices } from '../../lock/upkeep.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';
import { configSetting, mqttView, radioView, unitView } from './shapes/system-shapes.ts';

export interface UnitView {
  id: string;
  name: string;
  /** Ids. */
  locks: readonly string[];
}

export function systemRoutes({ locks, radios, mqtt, settings }: ApiParts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/units',
      right: 'anyone',
      about: 'The units, and which locks are in them.',
      answer: z.strictObject({ units: z.array(unitView) }),
      handle: () => ({ units: unitsOf(locks.all()) }),
    }),
    ...(radios
      ? [
          route({
            method: 'GET',
            url: '/api/radios',
            right: 'anyone',
            about: 'The Bluetooth adapters, and what they have done since the start.',
            answer: z.strictObject({ radios: z.array(radioView) }),
            handle: () => ({ radios: radios() }),
          }),
        ]
      : []),
    ...(settings ? configRoutes(settings) : []),
    ...(mqtt
      ? [
          route({
            method: 'GET',
            url: '/api/mqtt',
            right: 'anyone',
            about: 'Whether a broker is connected, and under which topics the locks are.',
            answer: mqttView,
            handle: () => mqtt(),
          }),
        ]
      : []),
  ];
}

const MOST_VALUES = 64;
const MOST_CHARACTERS = 1024;
const word = z.string().max(MOST_CHARACTERS);
const wanted = z.strictObject({
  values: z
    .record(
      z.string().min(1).max(64),
      z.union([word, z.number(), z.boolean(), z.array(word).max(MOST_VALUES), z.null()]),
    )
    .refine(values => Object.keys(values).length <= MOST_VALUES, 'too many values at once')
    .describe('By key. A list is one of words, e.g. of adapters. null takes back what was set here.'),
});

function configRoutes(settings: Choices): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/config',
      right: 'manager',
      about: 'Every setting that has a value or may get one here, and where it comes from. Secrets are masked.',
      answer: z.strictObject({ settings: z.array(configSetting) }),
      handle: () => ({ settings: settings.all() }),
    }),
    route({
      method: 'PATCH',
      url: '/api/config',
      right: 'owner',
      prove: true,
      about: 'Sets what wins over the settings file. `restart`: something of it counts from the next start only.',
      body: wanted,
      answer: z.strictObject({ restart: z.boolean() }),
      fails: ['disk'],
      handle: ({ body, asker }) => settings.change(new Map(Object.entries(body.values)), asker),
    }),
  ];
}

function unitsOf(locks: readonly LockView[]): UnitView[] {
  const units = new Map<string, UnitView>();
  for (const { id, unit } of locks) {
    units.set(unit.id, { ...unit, locks: [...(units.get(unit.id)?.locks ?? []), id] });
  }
  return [...units.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}
