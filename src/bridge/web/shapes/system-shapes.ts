// Radios, units, broker, log, and the locks of a demo, as the API shows them.
import { z } from 'zod';
import type { ConfigSetting, LogLine, MqttView, RadioView, StagedAct, StagedLock } from '../../../lock/upkeep.ts';
import type { UnitView } from '../system-routes.ts';
import { at, count, shape } from './shape.ts';

export const logLineShape = shape<LogLine>('LogLine')(
  z.strictObject({
    number: count,
    at,
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
    part: z.string().exactOptional(),
    text: z.string(),
  }),
);

export const unitView = shape<UnitView>('UnitView')(
  z.strictObject({ id: z.string(), name: z.string(), locks: z.array(z.string()).describe('Ids.') }),
);

export const radioView = shape<RadioView>('RadioView')(
  z.strictObject({
    id: z.string(),
    ok: z.boolean(),
    text: z.string(),
    fix: z.string().exactOptional(),
    scanning: z.boolean(),
    links: count,
    mostLinks: count,
    connecting: z.string().exactOptional().describe('The address it connects to now.'),
    adverts: count,
    addresses: count,
    connects: count,
    failures: count,
    scans: count,
    scanRestarts: count,
    resets: count,
    silentMs: z.number(),
  }),
);

export const configSetting = shape<ConfigSetting>('ConfigSetting')(
  z.strictObject({
    key: z.string(),
    value: z.string(),
    from: z.string().describe('The line of the file, the variable or the option that it comes from, or `page`.'),
    changeable: z.boolean().describe('Over the API.'),
    kind: z.enum(['boolean', 'number', 'string', 'enum', 'list', 'secret']),
    words: z.array(z.string()).exactOptional().describe('What it can be, where that is one of a few words.'),
    next: z.string().exactOptional().describe('What counts from the next start, where that is something else.'),
  }),
);

export const mqttView = shape<MqttView>('MqttView')(
  z.strictObject({
    used: z.boolean().describe('A broker is set up, or was found.'),
    connected: z.boolean(),
    protocol: z.string().exactOptional(),
    reason: z.string().exactOptional(),
    anonymous: z.boolean().describe('The broker asks for no login.'),
    broker: z.string().exactOptional(),
    baseTopic: z.string(),
    discoveryPrefix: z.string(),
  }),
);

const stagedAct = shape<StagedAct>('StagedAct')(
  z.strictObject({
    act: z.string(),
    label: z.string(),
    value: z.string().exactOptional().describe('To be sent with it, as `value`.'),
    typed: z
      .strictObject({ label: z.string(), digits: z.boolean(), optional: z.boolean() })
      .exactOptional()
      .describe('What is to be typed first, and then sent as `value`.'),
  }),
);
export const stagedLock = shape<StagedLock>('DemoLock')(
  z.strictObject({
    name: z.string(),
    family: z.string(),
    variant: z.string(),
    acts: z.array(stagedAct),
    looks: z.strictObject({
      bolt: z.enum(['locked', 'unlocked', 'unlatched']),
      door: z.enum(['open', 'closed']),
      battery: z.number(),
      powered: z.boolean(),
      paired: z.boolean(),
    }),
  }),
);
