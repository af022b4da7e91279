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
  const why = lifecycle === 'limbo' ? notKnown(record) : trouble;
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
    ...(why && { trouble: why }),
  };
}

function notKnown({ generation }: LockRecord): NonNullable<LockView['trouble']> {
  const begun = generation === 0 ? 'Its pairing was begun' : 'Something was begun with it';
  const ways = generation === 0 ? ', pair it again, or remove it' : '';
  const text = `${begun}, and how that ended is not known. It is asked as soon as it is heard: wake it, close by${ways}.`;
  return { reason: 'limbo', text };
}
