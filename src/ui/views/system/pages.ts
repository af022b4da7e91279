// The pages of the system view: what each is called and what it is about. Pure.
import type { IconName } from '../../parts/icon.ts';
import type { Role } from '../../api.d.ts';
import { seesHouse } from '../../text/role-words.ts';

export interface SystemPage {
  tab: string;
  title: string;
  about: string;
  icon: IconName;
  least: 'anyone' | 'house' | 'manager' | 'owner';
}
export interface SystemGroup {
  title: string;
  pages: readonly SystemPage[];
}

const page = (tab: string, title: string, about: string, icon: IconName, least: SystemPage['least']): SystemPage => {
  return { tab, title, about, icon, least };
};

export const GROUPS: readonly SystemGroup[] = [
  {
    title: 'How it goes',
    pages: [
      page('health', 'Health', 'What works, what does not, and what to do', 'check', 'house'),
      page('log', 'Live log', 'What Latchbridge does, line by line', 'code', 'manager'),
      page('audit', 'Audit', 'Who did what, unchangeable', 'clock', 'manager'),
    ],
  },
  {
    title: 'Connections',
    pages: [
      page('radios', 'Bluetooth', 'The adapters that hear the locks', 'nearby', 'house'),
      page('mqtt', 'MQTT', 'Home Assistant and other programs', 'link', 'house'),
      page('matter', 'Matter', 'Apple Home, Google Home and others', 'home', 'manager'),
    ],
  },
  {
    title: 'Safety',
    pages: [
      page('recovery', 'Recovery code', 'Opens your keys when this computer is lost', 'key', 'owner'),
      page('backup', 'Backup and restore', 'All locks and settings in one file', 'download', 'manager'),
      page('account', 'Your account', 'Password, and where you are signed in', 'person', 'anyone'),
      page('people', 'People', 'Who may sign in, and as what', 'person', 'owner'),
      page('tokens', 'API tokens', 'For programs of yours', 'code', 'owner'),
    ],
  },
  {
    title: 'More',
    pages: [
      page('config', 'Settings', 'What is set, and where it comes from', 'system', 'manager'),
      page('support', 'Support bundle', 'For whoever helps you; no secrets in it', 'download', 'manager'),
    ],
  },
];

export function pageOf(tab: string): SystemPage | undefined {
  return GROUPS.flatMap(({ pages }) => pages).find(each => each.tab === tab);
}

export function maySee({ least }: SystemPage, role: Role | undefined): boolean {
  if (least === 'anyone' || role === 'owner') return true;
  if (least === 'house') return seesHouse(role);
  return least === 'manager' && role === 'manager';
}
