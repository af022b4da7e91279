// Requests for what only some locks have besides: further actions, a list of whom they take, timers.
import { z } from 'zod';
import { lockText, request, type Request, type RequestParts } from './request.ts';
import { shown } from '../../base/log.ts';
import { stamp } from './state.ts';

const id = z.string().min(1).max(32);
const timerShape = {
  enabled: z.boolean().optional(),
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  minute: z.int().min(0).max(1439),
  action: z.string().min(1).max(32),
};

export function functionRequests(parts: RequestParts): [string, Request][] {
  const { workbench, lock } = parts;
  if (!workbench) return [];
  const named = (name: string): { id: string; lock: string } => {
    const view = lock(name);
    return { id: view.id, lock: view.name };
  };
  return [
    [
      'lock/action',
      request(z.object({ lock: lockText, action: z.string().min(1).max(32) }), async (body, asker) => {
        const about = named(body.lock);
        await workbench.perform(about.id, body.action, asker);
        return { ...about, action: body.action };
      }),
    ],
    [
      'lock/authorisations/read',
      request(z.object({ lock: lockText }), async (body, asker) => {
        const about = named(body.lock);
        const found = await workbench.authorisations(about.id, asker);
        const authorisations = found.map(({ name, createdAt, lastUsedAt, validity, ...one }) => ({
          ...one,
          name: shown(name),
          ...stamps({ created_at: createdAt, last_used_at: lastUsedAt, from: validity.from, until: validity.until }),
        }));
        return { ...about, authorisations };
      }),
    ],
    [
      'lock/authorisations/remove',
      request(z.object({ lock: lockText, authorisation: id }), async (body, asker) => {
        const about = named(body.lock);
        await workbench.removeAuthorisation(about.id, body.authorisation, asker);
        return { ...about, authorisation: body.authorisation };
      }),
    ],
    [
      'lock/timers/read',
      request(z.object({ lock: lockText }), async (body, asker) => {
        const about = named(body.lock);
        return { ...about, timers: await workbench.timers(about.id, asker) };
      }),
    ],
    [
      'lock/timers/set',
      request(z.object({ lock: lockText, timer: id.optional(), ...timerShape }), async (body, asker) => {
        const { lock: name, timer, enabled = true, ...rest } = body;
        const about = named(name);
        const wanted = { enabled, ...rest };
        if (timer === undefined) return { ...about, timer: await workbench.addTimer(about.id, wanted, asker) };
        await workbench.changeTimer(about.id, { ...wanted, id: timer }, asker);
        return { ...about, timer: { ...wanted, id: timer } };
      }),
    ],
    [
      'lock/timers/remove',
      request(z.object({ lock: lockText, timer: id }), async (body, asker) => {
        const about = named(body.lock);
        await workbench.removeTimer(about.id, body.timer, asker);
        return { ...about, timer: body.timer };
      }),
    ],
  ];
}

function stamps(times: Readonly<Record<string, number | undefined>>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, at]) => (at === undefined ? [] : [[name, stamp(at)] as const])),
  );
}
