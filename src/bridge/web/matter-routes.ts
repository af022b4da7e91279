// Matter: codes, windows for commissioning, the homes that have done it.
import { renderSVG } from 'uqr';
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import type { MatterControl } from '../../lock/matter-port.ts';
import { type Route, route } from './route.ts';
import { matterFabric, matterNode, matterStatus } from './shapes/matter-shapes.ts';

/** As long as apps take to find it, with somebody who reads the instructions. */
const USUAL_S = 300;

const FAILS = ['unreachable', 'not_found', 'busy', 'timeout'] as const;

const node = z.string().min(1).max(64).optional();
const which = z.strictObject({ node });

export function matterRoutes(matter: MatterControl): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/matter',
      right: 'manager',
      about: 'How Matter is, with the codes of nodes that can be commissioned now.',
      answer: matterStatus,
      handle: () => matter.status(),
    }),
    route({
      method: 'GET',
      url: '/api/matter/qr.svg',
      right: 'manager',
      about: 'The QR code of a node as a picture, while it can be commissioned.',
      media: 'image/svg+xml',
      fails: ['not_found'],
      query: which,
      handle: ({ query }, reply) => reply.type('image/svg+xml').send(renderSVG(codeOf(matter, query.node))),
    }),
    route({
      method: 'GET',
      url: '/api/matter/fabrics',
      right: 'manager',
      about: 'The homes that have commissioned a node.',
      answer: z.strictObject({ fabrics: z.array(matterFabric) }),
      fails: ['unreachable'],
      handle: () => ({ fabrics: matter.fabrics() }),
    }),
    ...changes(matter),
  ];
}

function changes(matter: MatterControl): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/matter/window',
      right: 'manager',
      about: 'Lets another app commission a node for 180 to 900 seconds, with a code of its own.',
      answer: matterNode,
      fails: FAILS,
      body: z.strictObject({ node, seconds: z.int().optional() }),
      handle: ({ body, asker }) => matter.openWindow(body.seconds ?? USUAL_S, asker, body.node),
    }),
    route({
      method: 'DELETE',
      url: '/api/matter/window',
      right: 'manager',
      about: 'Closes that window before its time.',
      fails: FAILS,
      body: which,
      handle: ({ body, asker }) => matter.closeWindow(asker, body.node),
    }),
    route({
      method: 'DELETE',
      url: '/api/matter/fabrics/:index',
      right: 'manager',
      about: 'Removes a home: it can no longer see or open anything here.',
      fails: FAILS,
      params: z.strictObject({ index: z.coerce.number().int().min(1).max(254) }),
      body: which,
      handle: ({ params, body, asker }) => matter.removeFabric(params.index, asker, body.node),
    }),
    route({
      method: 'POST',
      url: '/api/matter/reset',
      right: 'owner',
      prove: true,
      about: 'Removes every home and makes new codes. Locks and what is on them stay as they are.',
      fails: FAILS,
      body: which,
      handle: ({ body, asker }) => matter.factoryReset(asker, body.node),
    }),
  ];
}

/** Throws `not_found` while the node cannot be commissioned. */
function codeOf(matter: MatterControl, wanted = 'bridge'): string {
  const found = matter.status().nodes.find(each => each.id === wanted);
  if (found?.codes) return found.codes.qr;
  const text = found
    ? 'It is commissioned and no window is open: open one first.'
    : 'There is no such Matter node, or Matter does not run.';
  throw new LockError('not_found', text, { reason: 'no_code' });
}
