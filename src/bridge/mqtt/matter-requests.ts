// Requests about Matter: codes, windows, homes. Only for a token of an owner or a manager, since a code lets somebody in.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import type { Asker } from '../../lock/lock.ts';
import type { MatterControl, MatterNode, MatterStatus } from '../../lock/matter-port.ts';
import { request, type Request } from './request.ts';
import { stamp } from './state.ts';

/** As long as apps take to find it, with somebody who reads the instructions. */
const USUAL_S = 300;

const node = z.string().min(1).max(64).optional();

export function matterRequests(matter: MatterControl | undefined): [string, Request][] {
  if (!matter) return [];
  return [
    [
      'matter/show',
      request(z.object({}), (_body, asker) => {
        mayAsk(asker);
        return { ...matterDocument(matter.status()), nodes: matter.status().nodes.map(nodeDocument) };
      }),
    ],
    [
      'matter/open',
      request(z.object({ node, seconds: z.int().optional() }), async (body, asker) => {
        mayAsk(asker);
        return nodeDocument(await matter.openWindow(body.seconds ?? USUAL_S, asker, body.node));
      }),
    ],
    [
      'matter/close',
      request(z.object({ node }), async (body, asker) => {
        mayAsk(asker);
        await matter.closeWindow(asker, body.node);
        return {};
      }),
    ],
    [
      'matter/fabrics',
      request(z.object({}), (_body, asker) => {
        mayAsk(asker);
        return { fabrics: matter.fabrics() };
      }),
    ],
    [
      'matter/remove',
      request(z.object({ node, index: z.int().min(1).max(254) }), async (body, asker) => {
        mayAsk(asker);
        await matter.removeFabric(body.index, asker, body.node);
        return { index: body.index };
      }),
    ],
    [
      'matter/reset',
      request(z.object({ node }), async (body, asker) => {
        mayAsk(asker);
        await matter.factoryReset(asker, body.node);
        return {};
      }),
    ],
  ];
}

/** What everybody may know of it, retained: no codes. */
export function matterDocument({ state, reason, interface: chosen, nodes, locks }: MatterStatus): object {
  return {
    state,
    ...(reason !== undefined && { reason }),
    ...(chosen !== undefined && { interface: chosen }),
    nodes: nodes.map(({ codes: _codes, windowUntil, ...known }) => ({ ...known, window: windowUntil !== undefined })),
    locks: locks.map(({ name, node: shownBy, endpoint }) => ({ lock: name, node: shownBy, endpoint })),
  };
}

function nodeDocument({ windowUntil, ...known }: MatterNode): object {
  return { ...known, ...(windowUntil !== undefined && { window_until: stamp(windowUntil) }) };
}

function mayAsk(asker: Asker): void {
  if (asker.role === 'owner' || asker.role === 'manager') return;
  const text =
    'Matter is managed with the token of an owner or a manager, or on the command line: latchbridge matter show.';
  throw new LockError('forbidden', text, { reason: 'not_authorised' });
}
