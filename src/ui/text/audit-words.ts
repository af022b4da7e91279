// Lines of the audit in words. What is not known here is shown as it stands.
import type { AuditRow } from '../api.d.ts';
import { FLOW_NAMES, STATE_WORDS } from './flow-words.ts';

const WORDS: Readonly<Record<string, string>> = {
  asked: 'Asked for',
  done: 'Done',
  failed: 'Did not work',
  refused: 'Refused',
  paired: 'Paired',
  pairing: 'Pairing begun',
  pairing_failed: 'Pairing did not work',
  permit_join: 'Pairing window opened',
  unpair_planned: 'Unpairing planned',
  unpair_confirmed: 'Unpairing confirmed',
  unpaired: 'Unpaired',
  unpair_failed: 'Unpairing did not work',
  flow_asked: 'Flow asked for',
  flow_started: 'Flow started',
  flow_planned: 'Flow planned',
  flow_answered: 'Flow answered',
  flow_paused: 'Flow paused',
  flow_resumed: 'Flow goes on',
  flow_cancelled: 'Flow cancelled',
  flow_parked: 'Flow stopped, needs somebody',
  flow_handed_over: 'Flow handed over',
  flow_commented: 'Remark on a flow',
  flow_ended: 'Flow ended',
  code_set: 'Code set',
  code_cleared: 'Code removed',
  codes_reconciled: 'Codes compared with the lock',
  codes_erased: 'Codes erased',
  card_added: 'Card added',
  setting_set: 'Setting changed',
  admin_code_read: 'Admin code read',
  admin_code_set: 'Admin code changed',
  app_keys_revoked: 'App keys revoked',
  support_bundle: 'Support bundle made',
  settings_changed: 'Settings of Latchbridge changed',
  backup: 'Backup made',
  backup_taken: 'Backup taken along',
  restore: 'Restore begun',
  restored: 'Restored from a backup',
  key_shredded: 'Key destroyed',
  trace: 'Messages recorded',
  gap: 'Lines are missing here',
};

export function auditText({ what, detail }: Pick<AuditRow, 'what' | 'detail'>): string {
  const words = WORDS[what] ?? sentence(what);
  const told = what.startsWith('flow_') ? flowDetail(detail) : detail;
  return told === undefined || told === '' ? words : `${words}: ${told}`;
}

const BY: Readonly<Record<AuditRow['via'], string>> = {
  cli: 'on the command line',
  daemon: 'by itself',
  flow: 'in a flow',
  matter: 'through Matter',
  mqtt: 'through MQTT',
  web: 'on the page',
};
/** By whom, and on which way; a flow or the daemon that acted for itself is not named twice. */
export function byWhom({ who, via }: Pick<AuditRow, 'who' | 'via'>): string {
  if (who === via || /^f-[0-9a-f]+$/.test(who)) return BY[via].replace(/^./, first => first.toUpperCase());
  const name = nameText(who);
  return via === 'daemon' ? name : `${name}, ${BY[via]}`;
}

function nameText(who: string): string {
  return who.replace(/^login:/, '').replace(/^token:/, 'the program ');
}

/** Who is behind a flow, as its view says it: "login:anna (web)", or in whose hands it is, without the way. */
export function personText(said: string): string {
  const [, who = said, via] = /^(.*) \((\w+)\)$/.exec(said) ?? [];
  if (via !== undefined && Object.hasOwn(BY, via)) return byWhom({ who, via: via as AuditRow['via'] });
  return nameText(who);
}

/** Which flow it was stands in its address; what is read here is what kind, and how it ended. */
function flowDetail(detail: string | undefined): string | undefined {
  const words = (detail ?? '').split(' ').filter(word => !/^f-[0-9a-f]+$/.test(word));
  const known: Readonly<Record<string, string>> = { ...FLOW_NAMES, ...STATE_WORDS };
  return words.map(word => known[word] ?? word).join(' ');
}

function sentence(what: string): string {
  const text = what.replaceAll('_', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
