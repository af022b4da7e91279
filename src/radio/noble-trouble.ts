// Why there is no Bluetooth, told apart by stable codes, in words for the person who can do something about it.

export type ProbeCode =
  | 'ready'
  | 'opening'
  | 'not_installed'
  | 'not_built'
  | 'wrong_node'
  | 'unsupported'
  | 'no_bluetooth'
  | 'absent'
  | 'off'
  | 'no_permission'
  | 'no_low_energy'
  | 'hung'
  | 'resetting'
  | 'stopped'
  | 'failed';

export interface Trouble {
  code: Exclude<ProbeCode, 'ready'>;
  reason: string;
  fix: string;
}

/** Needs another installation or another start of the program: looking again would find the same. */
export function isLasting(trouble: Trouble): boolean {
  return ['not_installed', 'not_built', 'wrong_node', 'unsupported', 'stopped'].includes(trouble.code);
}

const TEXTS: Record<Trouble['code'], readonly [reason: string, fix: string]> = {
  opening: ['The Bluetooth adapter is being opened.', 'Wait a few seconds.'],
  not_installed: ['The Bluetooth library is not installed.', 'Run "npm ci", then start again.'],
  not_built: [
    'The Bluetooth socket module has not been built.',
    'Run "npm run radio" (it needs python3, make and g++), then start again.',
  ],
  wrong_node: [
    'The Bluetooth socket module was built for another version of Node.',
    'Run "npm run radio" again with this Node, then start again.',
  ],
  unsupported: ['Bluetooth is not supported on this system.', 'Use Linux, for example on a Raspberry Pi.'],
  no_bluetooth: [
    'This system has no Bluetooth: its kernel offers no Bluetooth sockets.',
    'Plug in an adapter and load the module "bluetooth"; in a container, use the network of the host.',
  ],
  absent: ['There is no such Bluetooth adapter.', 'Plug it in. It is looked for every few seconds.'],
  off: [
    'The Bluetooth adapter is switched off.',
    'Switch it on: "rfkill unblock bluetooth", then "bluetoothctl power on".',
  ],
  no_permission: [
    'This program may not use the Bluetooth adapter.',
    'Give it the rights NET_RAW and NET_ADMIN (container: cap_add; otherwise setcap on its node), then start again.',
  ],
  no_low_energy: ['The Bluetooth adapter is too old for Bluetooth Low Energy.', 'Use one with Bluetooth 4.0 or later.'],
  hung: [
    'The Bluetooth adapter does not answer.',
    'If this stays, unplug it and plug it in again, or switch the computer off and on.',
  ],
  resetting: ['The Bluetooth adapter is being reset.', 'Wait a few seconds.'],
  stopped: ['Bluetooth has been stopped.', 'Start the program again.'],
  failed: ['The Bluetooth adapter could not be opened.', 'Look at the log for the cause.'],
};

export function trouble(code: Trouble['code']): Trouble {
  const [reason, fix] = TEXTS[code];
  return { code, reason, fix };
}

/** What an error of the library, its native module or the kernel means. */
export function troubleFrom(thrown: unknown): Trouble {
  const code = typeof thrown === 'object' && thrown && 'code' in thrown ? String(thrown.code) : '';
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const says = (...words: string[]): boolean => words.some(word => code === word || text.includes(word));
  if (says('ERR_DLOPEN_FAILED', 'NODE_MODULE_VERSION')) return trouble('wrong_node');
  if (says('MODULE_NOT_FOUND', 'Cannot find module')) {
    return trouble(
      text.includes('bluetooth_hci_socket') || text.includes('hci-socket') ? 'not_built' : 'not_installed',
    );
  }
  if (says('EAFNOSUPPORT', 'EPROTONOSUPPORT', 'family not supported')) return trouble('no_bluetooth');
  if (says('ENODEV', 'No such device')) return trouble('absent');
  if (says('EPERM', 'EACCES', 'not permitted', 'ermission denied')) return trouble('no_permission');
  if (says('Unsupported platform')) return trouble('unsupported');
  return trouble('failed');
}
