// A lock as bridges see it, put together from what its keeper knows.
import type { Advert } from '../radio/radio.ts';
import type { LockSettings, LockState, LockView, SessionStats } from './lock.ts';
import type { LockRecord } from './ports.ts';

export interface Known {
  record: LockRecord;
  settings: LockSettings;
  state: LockState;
  stats: SessionStats;
  advert: Advert | undefined;
  trouble: LockView['trouble'];
}

export function viewOf({ record, settings, state, stats, advert, trouble }: Known): LockView {
  const { id, name, unit, family, address, endpoint, lifecycle, generation, abilities, facts } = record;
  return {
    id,
    name,
    unit,
    family,
    address,
    endpoint,
    lifecycle,
    generation,
    settings,
    ...(abilities && { abilities }),
    facts,
    state,
    ...(advert && { rssi: advert.rssi, lastHeard: advert.at }),
    stats,
    ...(trouble && { trouble }),
  };
}
