// Requests that are asked of the lock itself: its settings, its log, its keys, and letting the maker's app in.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import type { Asker } from '../../lock/lock.ts';
import { settingNamed, settingValue } from '../../lock/setting-value.ts';
import { lockText, request, type Request, type RequestParts } from './request.ts';
import { eventDocument, stamp } from './state.ts';

/** An answer must fit into a message that brokers take. */
const MOST_RECORDS = 100;
const USUAL_RECORDS = 20;
const MOST_PHONE_MINUTES = 60;

const value = z.union([z.boolean(), z.number(), z.string().max(64)]);
const settingsBody = z.object({
  lock: lockText,
  settings: z.record(z.string().max(32), value).refine(each => Object.keys(each).length > 0),
});

export function workRequests(parts: RequestParts): [string, Request][] {
  const { workbench, lock } = parts;
  if (!workbench) return [];
  return [
    [
      'lock/settings/read',
      request(z.object({ lock: lockText }), async (body, asker) => {
        const view = lock(body.lock);
        return { id: view.id, lock: view.name, settings: await workbench.readSettings(view.id, asker) };
      }),
    ],
    [
      'lock/settings/set',
      request(settingsBody, async (body, asker) => {
        const view = lock(body.lock);
        // All are looked at before the first is written: a mistyped one must not leave half of them done.
        const wishes = Object.entries(body.settings).map(([name, wanted]) => {
          return [name, settingValue(settingNamed(view, name), wanted)] as const;
        });
        const settings: Record<string, unknown> = {};
        for (const [name, wanted] of wishes) {
          settings[name] = await workbench.writeSetting(view.id, name, wanted, asker);
        }
        return { id: view.id, lock: view.name, settings };
      }),
    ],
    [
      'lock/log/read',
      request(z.object({ lock: lockText, most: z.int().min(1).max(MOST_RECORDS).optional() }), async (body, asker) => {
        const view = lock(body.lock);
        const records = await workbench.readLog(view.id, body.most ?? USUAL_RECORDS, asker);
        return { id: view.id, lock: view.name, records: records.map(eventDocument) };
      }),
    ],
    [
      'lock/phone',
      request(z.object({ lock: lockText, minutes: z.int().min(0).max(MOST_PHONE_MINUTES) }), (body, asker) => {
        const view = lock(body.lock);
        const { until } = workbench.letPhoneIn(view.id, body.minutes, asker);
        return { id: view.id, lock: view.name, ...(until === undefined ? {} : { until: stamp(until) }) };
      }),
    ],
    [
      'lock/keys/revoke',
      request(z.object({ lock: lockText }), async (body, asker) => {
        const view = lock(body.lock);
        mayRevoke(asker);
        await workbench.revokeAppKeys(view.id, asker);
        return { id: view.id, lock: view.name };
      }),
    ],
  ];
}

function mayRevoke(asker: Asker): void {
  if (asker.role === 'owner' || asker.role === 'manager') return;
  throw new LockError('forbidden', 'Revoking the keys of apps takes the token of an owner or a manager.', {
    reason: 'not_authorised',
  });
}
