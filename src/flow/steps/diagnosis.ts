// What a diagnosis has found so far, and what follows from it. Plain data: kept in the journal, read after a restart.
import type { Json } from '../../lock/driver.ts';
import type { Scene } from '../step.ts';
import type { FlowType } from '../words.ts';
import { type Answers, readAnswers } from './key-matrix.ts';

export interface Diagnosis {
  /** What of this computer is not well, by name. */
  parts?: Readonly<Record<string, string>>;
  heard?: { now: boolean; rssi?: number; others: number; offered: boolean; twins: number };
  lifecycle?: string;
  keys?: Answers;
  battery?: number;
  /** Seconds that its clock is ahead. */
  drift?: number;
  /** Codes, cards and fingers: not put there from here; ours that are gone from it. */
  strangers?: number;
  missing?: number;
  jams?: number;
  unknownOpened?: number;
  losses?: number;
  opens?: number;
}

export interface Advice {
  text: string;
  flow?: FlowType;
}

const NAME = 'diagnosis';
const WEAK_DBM = -85;
const LOW_PERCENT = 20;
const DRIFT_S = 120;
const LOST_SHARE = 0.2;
const FEW_OPENS = 10;

export function diagnosis(scene: Pick<Scene, 'recall'>): Diagnosis {
  return (scene.recall(NAME) ?? {}) as Diagnosis;
}

export function diagnosed(scene: Pick<Scene, 'recall' | 'remember'>, more: Diagnosis): void {
  scene.remember(NAME, { ...diagnosis(scene), ...more } as unknown as Json);
}

/** The most likely cause first; empty when nothing is wrong. */
export function advise(found: Diagnosis): Advice[] {
  return [...ofComputer(found), ...ofHearing(found), ...ofKeys(found), ...ofLock(found)];
}

function ofComputer({ parts = {} }: Diagnosis): Advice[] {
  const { radio } = parts;
  if (radio === undefined) return [];
  return [{ text: `The Bluetooth adapter is not well: ${radio} Without it no lock can be reached.` }];
}

function ofHearing({ heard, parts = {} }: Diagnosis): Advice[] {
  if (!heard || parts['radio'] !== undefined) return [];
  if (heard.now) {
    const weak = heard.rssi !== undefined && heard.rssi < WEAK_DBM;
    return weak
      ? [{ text: `It is heard weakly (${heard.rssi} dBm): bring the adapter nearer, or use a second one.` }]
      : [];
  }
  if (heard.others > 0) {
    const text = `It is not heard, and ${heard.others} other locks are, so the adapter works: wake it, put fresh batteries in, or bring the adapter nearer.`;
    return [{ text }];
  }
  return [
    {
      text: 'Nothing at all is heard: restart the Bluetooth adapter (unplug it, or restart this computer), then look again.',
    },
  ];
}

function ofKeys({ keys, heard, lifecycle }: Diagnosis): Advice[] {
  if (!keys) {
    const reset = heard?.offered === true && lifecycle !== 'factory';
    return reset
      ? [{ text: 'It offers itself for pairing: it was reset. Pair it again under its old name.', flow: 'repair' }]
      : [];
  }
  const { what, next, flow } = readAnswers(keys);
  const inOrder = keys.live === 'accepted' && (!keys.offered || keys.many === true);
  if (inOrder && flow === undefined) return [];
  return [{ text: `${what} ${next}`, ...(flow && { flow }) }];
}

function ofLock(found: Diagnosis): Advice[] {
  const { battery, drift, strangers = 0, missing = 0, jams = 0, unknownOpened = 0, losses = 0, opens = 0 } = found;
  const advice: Advice[] = [];
  if (battery !== undefined && battery <= LOW_PERCENT) {
    advice.push({
      text: `Its batteries have ${battery} %: put fresh ones in, all of one kind, the right way round, or charge it.`,
    });
  }
  if (unknownOpened > 0) {
    advice.push({
      text: 'Something that is on no list here opened it: turn it over, so that only what is known is left.',
      flow: 'turnover',
    });
  }
  if (strangers > 0) {
    advice.push({
      text: `${strangers} on it were not put there from here: ask whose they are, or turn it over.`,
      flow: 'turnover',
    });
  }
  if (missing > 0) {
    advice.push({
      text: `${missing} of ours are gone from it: read its codes again; what is to be on it is put back.`,
    });
  }
  if (drift !== undefined && Math.abs(drift) > DRIFT_S) {
    advice.push({
      text: `Its clock is wrong by ${Math.round(Math.abs(drift) / 60)} minutes; it is set at the next visit, and codes with times open at wrong hours until then.`,
    });
  }
  if (jams > 0) {
    advice.push({
      text: `Its bolt got stuck ${jams} times: see whether the door has sunk, rubs, or is pulled by a seal.`,
    });
  }
  if (opens >= FEW_OPENS && losses > opens * LOST_SHARE) {
    advice.push({
      text: `${losses} of ${opens} connections were lost: bring the adapter nearer, and see whether the maker’s app or gateway connects to it too.`,
    });
  }
  return advice;
}
