// Who can open a door, and the ways back to its lock, as the API shows them.
import { z } from 'zod';
import type { Opener } from '../../../flow/openers.ts';
import type { WaysBack } from '../../../flow/ways-back.ts';
import { at, shape } from './shape.ts';

export const openerShape = shape<Opener>('Opener')(
  z.strictObject({
    kind: z.enum([
      'our_key',
      'old_key',
      'code',
      'card',
      'finger',
      'stranger',
      'app_keys',
      'clients',
      'matter',
      'mqtt',
      'public_code',
      'anybody',
      'residual',
      'metal_key',
    ]),
    text: z.string(),
    who: z.string().exactOptional(),
    since: at.exactOptional(),
    until: at.exactOptional(),
    known: z.boolean().describe('We know of this very one; else there may be such.'),
    revocable: z.boolean().describe('From here, without a tool.'),
  }),
);

export const waysBack = shape<WaysBack>('WaysBack')(
  z.strictObject({
    ways: z.array(
      z.strictObject({
        kind: z.enum([
          'admin_secret',
          'physical_reset',
          'keypad_master',
          'metal_key',
          'thumb_turn',
          'label_code',
          'vendor_account',
          'person',
        ]),
        text: z.string(),
        ok: z.boolean().describe('As good as known; else somebody has to make sure at the lock.'),
      }),
    ),
    enough: z.boolean().describe('Enough to erase anything.'),
    text: z.string(),
  }),
);
