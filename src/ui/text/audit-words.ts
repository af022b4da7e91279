// Lines of the audit in words. What is not known here is shown as it stands.
import type { AuditRow } from '../api.d.ts';

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
  backup: 'Backup made',
  restored: 'Restored from a backup',
  key_shredded: 'Key destroyed',
  trace: 'Messages recorded',
  gap: 'Lines are missing here',
};

export function auditText({ what, detail }: Pick<AuditRow, 'what' | 'detail'>): string {
  const words = WORDS[what] ?? sentence(what);
  return detail === undefined ? words : `${words}: ${detail}`;
}

function sentence(what: string): string {
  const text = what.replaceAll('_', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
