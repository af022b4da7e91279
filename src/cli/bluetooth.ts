// Whether the daemon can hear at all: nobody should touch a lock for two minutes while no adapter listens.
import { LockError } from '../base/errors.ts';
import type { Health } from '../lock/upkeep.ts';
import type { Client } from './client.ts';

/** Rejects `unreachable` with what is missing and what to do. */
export async function mustHear(client: Client): Promise<void> {
  const { parts } = await client.get<Health>('/api/health');
  const radio = parts.find(part => part.name === 'radio');
  if (!radio || radio.ok) return;
  const text = ['No lock can be heard.', radio.text, radio.fix].filter(Boolean).join(' ');
  throw new LockError('unreachable', text, { reason: 'no_radio' });
}
