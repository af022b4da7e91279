// Health, doctor, audit, backup, keys on paper and in files, as the API shows them.
import { z } from 'zod';
import type {
  AuditFound,
  AuditRow,
  CarriedLock,
  Check,
  Examination,
  Health,
  HealthPart,
  RestartView,
  RestoreCheck,
  SettingOrigin,
} from '../../../lock/upkeep.ts';
import type { Trace } from '../../../lock/trace.ts';
import type { Via } from '../../../lock/lock.ts';
import { at, count, json, shape } from './shape.ts';

const healthPart = shape<HealthPart>('HealthPart')(
  z.strictObject({
    name: z.string(),
    ok: z.boolean(),
    text: z.string(),
    fix: z.string().exactOptional().describe('What a person can do about it.'),
  }),
);
export const healthReport = shape<Health>('Health')(
  z.strictObject({
    ready: z.boolean().describe('Commands are taken.'),
    version: z.string(),
    startedAt: at,
    parts: z.array(healthPart),
  }),
);

const check = shape<Check>('Check')(
  z.strictObject({
    name: z.string(),
    verdict: z.enum(['good', 'warning', 'bad']),
    text: z.string(),
    fix: z.string().exactOptional(),
  }),
);
const settingOrigin = shape<SettingOrigin>('SettingOrigin')(
  z.strictObject({ key: z.string(), value: z.string(), from: z.string() }),
);
export const examination = shape<Examination>('Examination')(
  z.strictObject({ checks: z.array(check), settings: z.array(settingOrigin) }),
);

const via = shape<Via>('Via')(z.enum(['mqtt', 'matter', 'web', 'cli', 'flow', 'daemon']));
export const auditRow = shape<AuditRow>('AuditRow')(
  z.strictObject({
    number: count,
    at,
    lock: z.string().exactOptional(),
    what: z.string(),
    via,
    who: z.string(),
    detail: z.string().exactOptional(),
  }),
);

export const auditFound = shape<AuditFound>('AuditFound')(
  z.strictObject({ ok: z.boolean(), lines: count, head: z.string(), text: z.string() }),
);

export const restoreCheck = shape<RestoreCheck>('RestoreCheck')(
  z.strictObject({
    restore: z.string().describe('To be said back with the yes.'),
    made: at.exactOptional(),
    version: count.describe('The format of its database.'),
    locks: z.array(z.string()),
    differences: z.array(z.string()),
    needs_recovery_code: z.boolean(),
    ok: z.boolean(),
    text: z.string(),
  }),
);

export const restartView = shape<RestartView>('RestartView')(
  z.strictObject({
    kept_by: z.enum(['home_assistant', 'systemd', 'container', 'demo', 'nobody']).describe('Who starts it again.'),
    again: z.boolean().describe('Somebody is seen who starts it again.'),
    text: z.string(),
    effects: z.array(z.string()).describe('What comes of it for doors and flows, a sentence each.'),
  }),
);

export const backupMade = z.strictObject({
  path: z.string(),
  bytes: count,
  second: z.string().exactOptional().describe('The copy elsewhere, where one is set up.'),
});

const carriedLock = shape<CarriedLock>('CarriedLock')(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    family: z.string(),
    outcome: z.enum(['added', 'renewed', 'kept']),
    weak: z.string().exactOptional().describe('Why its keys should be changed.'),
  }),
);
export const carried = z.strictObject({ locks: z.array(carriedLock) });

/** Only the passphrase opens it. */
export const sealedFile = z.record(z.string(), json);

/** Masked by the lock's driver: test vectors. */
export const traceFile = shape<Trace>('Trace')(
  z.strictObject({
    meta: z.intersection(z.strictObject({ family: z.string() }), z.record(z.string(), json)),
    vectors: z.array(json),
  }),
);
