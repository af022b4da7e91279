// Matter, and the demo's own controller, as the API shows them.
import { z } from 'zod';
import type { MatterFabric, MatterLock, MatterNode, MatterStatus } from '../../../lock/matter-port.ts';
import type { RemoteLock, RemoteNews, RemoteUser } from '../../../lock/matter-remote.ts';
import { at, count, shape } from './shape.ts';

export const matterNode = shape<MatterNode>('MatterNode')(
  z.strictObject({
    id: z.string(),
    lock: z.string().exactOptional(),
    port: z.int(),
    commissioned: z.boolean(),
    fabrics: count,
    codes: z
      .strictObject({ qr: z.string(), manual: z.string() })
      .exactOptional()
      .describe('Only while it can be commissioned.'),
    windowUntil: at.exactOptional(),
  }),
);
const matterLock = shape<MatterLock>('MatterLock')(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    node: z.string(),
    endpoint: z.int(),
    reachable: z.boolean(),
    features: z.array(z.string()),
  }),
);
export const matterStatus = shape<MatterStatus>('MatterStatus')(
  z.strictObject({
    state: z.enum(['off', 'starting', 'running', 'failed', 'stopped']),
    reason: z.string().exactOptional(),
    fix: z.string().exactOptional(),
    interface: z.string().exactOptional(),
    nodes: z.array(matterNode),
    locks: z.array(matterLock),
  }),
);
export const matterFabric = shape<MatterFabric>('MatterFabric')(
  z.strictObject({
    node: z.string(),
    index: z.int(),
    label: z.string(),
    vendor: z.string(),
    fabricId: z.string(),
    nodeId: z.string(),
  }),
);

export const remoteLock = shape<RemoteLock>('RemoteLock')(
  z.strictObject({
    name: z.string(),
    endpoint: z.int(),
    reachable: z.boolean(),
    state: z.enum(['locked', 'unlocked', 'unlatched', 'not_fully_locked']).nullable(),
    battery: z.number().nullable(),
  }),
);
export const remoteUser = shape<RemoteUser>('RemoteUser')(
  z.strictObject({ user: z.int(), name: z.string().nullable(), pins: z.array(z.int()) }),
);
export const remoteNews = shape<RemoteNews>('RemoteNews')(
  z.strictObject({ number: count, at, lock: z.string(), name: z.string(), value: z.unknown() }),
);
