// `<base>/bridge/request/<command>`: what can be asked of the bridge. Each answers with the data of its envelope.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { shown } from '../../base/log.ts';
import type { Candidate } from '../../flow/flow.ts';
import { type LockSettings, type LockView, slug } from '../../lock/lock.ts';
import { codeRequests } from './codes.ts';
import { flowRequests } from './flow-requests.ts';
import { functionRequests } from './functions.ts';
import { matterRequests } from './matter-requests.ts';
import { lockText, request, type Request, type RequestParts } from './request.ts';
import { listingDocument, stamp, stateDocument } from './state.ts';
import { tokenRequests } from './tokens.ts';
import { workRequests } from './work.ts';

/** The longest that the window for pairing may be open. */
const MOST_PERMIT_S = 120;

const text = z.string().min(1).max(64);

export function makeRequests(parts: RequestParts): ReadonlyMap<string, Request> {
  return new Map<string, Request>([
    ...bridgeRequests(parts),
    ...lockRequests(parts),
    ...pairingRequests(parts),
    ...codeRequests(parts),
    ...tokenRequests(parts),
    ...workRequests(parts),
    ...functionRequests(parts),
    ...matterRequests(parts.matter),
    ...flowRequests(parts),
  ]);
}

/** Throws `not_found` for a command that nobody knows. */
export function requestNamed(requests: ReadonlyMap<string, Request>, command: string): Request {
  const known = requests.get(command);
  if (known) return known;
  const near = nearest(command, requests.keys());
  const advice = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new LockError('not_found', `There is no request "${shown(command)}".${advice}`, { reason: 'unknown_request' });
}

function bridgeRequests({ pairing, health, restarts }: RequestParts): [string, Request][] {
  return [
    [
      'permit_join',
      request(z.object({ time: z.number().min(0).max(86_400) }), ({ time }, asker) => {
        const window = pairing.permitJoin(Math.min(Math.floor(time), MOST_PERMIT_S), asker);
        return {
          time: window.open ? Math.min(Math.floor(time), MOST_PERMIT_S) : 0,
          ...(window.until === undefined ? {} : { until: stamp(window.until) }),
        };
      }),
    ],
    ['health_check', request(z.object({}), () => ({ healthy: health().ready, ...health() }))],
    // Where nobody would start it again it stays: a message must not end it for good.
    ...(restarts
      ? [['restart', request(z.object({}), (_body, asker) => restarts.begin({}, asker))] as [string, Request]]
      : []),
    ['nearby', request(z.object({}), () => ({ candidates: pairing.candidates().map(candidateDocument) }))],
  ];
}

function lockRequests({ locks, lock }: RequestParts): [string, Request][] {
  return [
    [
      'lock/refresh',
      request(z.object({ lock: lockText }), async (body, asker) => {
        const view = lock(body.lock);
        await locks.refresh(view.id, asker);
        return { id: view.id, lock: view.name, state: stateDocument(lock(view.id)) };
      }),
    ],
    [
      'lock/rename',
      request(
        z.object({ from: lockText.optional(), lock: lockText.optional(), to: text.optional(), name: text.optional() }),
        (body, asker) => {
          const view = lock(given(body.from ?? body.lock, 'from'));
          const renamed = locks.rename(view.id, slug(given(body.to ?? body.name, 'to')), asker);
          return { id: view.id, from: view.name, to: renamed.name };
        },
      ),
    ],
    [
      'lock/options',
      request(z.object({ lock: lockText, options: optionsBody }), (body, asker) => {
        const view = lock(body.lock);
        const { unit, ...settings } = body.options;
        if (Object.keys(settings).length > 0) locks.setOptions(view.id, settings as Partial<LockSettings>, asker);
        if (unit !== undefined) locks.assign(view.id, unit, asker);
        // Hidden from MQTT by this very request it can no longer be found through it.
        const now = locks.find(view.id) ?? view;
        return { id: view.id, lock: view.name, from: chosen(view), to: chosen(now) };
      }),
    ],
    [
      'lock/remove',
      request(z.object({ lock: lockText, force: z.boolean().optional() }), (body, asker) => {
        const view = lock(body.lock);
        if (body.force && asker.role !== 'owner') throw ownerOnly(view);
        locks.remove(view.id, asker, { force: body.force === true });
        return { id: view.id, lock: view.name };
      }),
    ],
  ];
}

const optionsBody = z.strictObject({
  session: z.enum(['on_demand', 'held']).optional(),
  exposed: z
    .array(z.enum(['mqtt', 'matter']))
    .max(2)
    .optional(),
  unit: text.optional(),
});

const pairBody = z.object({
  lock: lockText.optional(),
  address: z.string().min(1).max(32).optional(),
  name: text.optional(),
  unit: text.optional(),
  seconds: z.number().min(1).max(MOST_PERMIT_S).optional(),
});

const unpairBody = z.object({
  lock: lockText,
  remove: z.boolean().optional(),
  forget_only: z.boolean().optional(),
  confirm_token: z.string().min(1).max(128).optional(),
});

function pairingRequests({ pairing, unpairing, demo, lock }: RequestParts): [string, Request][] {
  return [
    [
      'lock/pair',
      request(pairBody, async (body, asker) => {
        const known = body.lock === undefined ? undefined : lock(body.lock).id;
        const wish = Object.fromEntries(Object.entries({ ...body, lock: known }).filter(([, v]) => v !== undefined));
        const view = await pairing.pair(wish, asker);
        return { id: view.id, lock: view.name, ...listingDocument(view) };
      }),
    ],
    [
      'lock/unpair',
      request(unpairBody, async (body, asker) => {
        const view = lock(body.lock);
        if (body.confirm_token === undefined) {
          const how = { ...(body.remove ? { remove: true } : {}), ...(body.forget_only ? { forget_only: true } : {}) };
          return unpairing.plan({ lock: view.id, ...how }, asker);
        }
        if (!demo) throw notHere();
        const done = await unpairing.confirm(view.id, body.confirm_token, asker);
        return {
          id: view.id,
          lock: view.name,
          proven: done.proven,
          removed: done.removed,
          text: done.text,
          flow: done.flow,
        };
      }),
    ],
  ];
}

function candidateDocument(candidate: Candidate): Readonly<Record<string, unknown>> {
  return {
    ...candidate,
    ...(candidate.name === undefined ? {} : { name: shown(candidate.name) }),
    model: shown(candidate.model),
    heardAt: undefined,
    heard_at: stamp(candidate.heardAt),
  };
}

function chosen(view: LockView): Readonly<Record<string, unknown>> {
  return { ...view.settings, unit: shown(view.unit.name) };
}

function given(value: string | undefined, field: string): string {
  if (value === undefined) throw new LockError('invalid', `"${field}" is missing or not what it should be.`);
  return value;
}

function ownerOnly(view: LockView): LockError {
  return new LockError(
    'forbidden',
    `Removing "${view.name}" by force leaves our key on the lock for good; only an owner may do that. Unpair it instead.`,
    { reason: 'not_authorised' },
  );
}

function notHere(): LockError {
  return new LockError(
    'forbidden',
    'A wipe cannot be confirmed over MQTT here. Do it on the command line: latchbridge unpair LOCK.',
    { reason: 'not_authorised' },
  );
}
