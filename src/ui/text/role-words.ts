// What each role may do, in words.
import type { FlowType, Role } from '../api.d.ts';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  manager: 'Manager',
  technician: 'Technician',
  automation: 'Automation',
  voice: 'Voice assistant',
  viewer: 'Viewer',
};

export const ROLE_RIGHTS: Readonly<Record<Role, string>> = {
  owner: 'Everything, also keys, backups and other people’s accounts.',
  manager: 'Locks, codes and flows; no keys, no accounts.',
  technician: 'Sees locks, finds out what is wrong, does the work at the door that a flow asks for.',
  automation: 'Locks and, where allowed, opens. Starts nothing that erases.',
  voice: 'Locks; opens only with a code.',
  viewer: 'Looks at everything and does nothing.',
};

/** A technician is let in for one piece of work: locks and open flows, nothing around them. */
export function seesHouse(role: Role | undefined): boolean {
  return role !== 'technician';
}

/** Whether the daemon takes commands from them: the page has no button that it would refuse. */
export function mayOperate(role: Role | undefined): boolean {
  return seesHouse(role) && role !== 'viewer';
}

/** A technician finds out what is wrong and starts nothing else (the daemon says so, too). */
export function mayBegin(role: Role | undefined, type: FlowType): boolean {
  return mayManage(role) || (role === 'technician' && type === 'diagnose');
}

export function mayManage(role: Role | undefined): boolean {
  return role === 'owner' || role === 'manager';
}
