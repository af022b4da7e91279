// What the daemon works with, as the API asks for it: log, radios, broker, virtual locks, how a door stands.
import { LogRing } from '../../src/base/log-ring.ts';
import type { ApiParts } from '../../src/bridge/web/parts.ts';
import { CommandTally } from '../../src/lock/tally.ts';
import type { AuditFound, MqttView, Pulse, RadioView, RestartView, StagedLock } from '../../src/lock/upkeep.ts';

export class FakeSystem {
  readonly ring = new LogRing();
  found: AuditFound = { ok: true, lines: 7, head: '7 abcd', text: '7 lines are unchanged.' };
  radio: RadioView = {
    id: 'hci0',
    ok: true,
    text: 'It is ready.',
    scanning: true,
    links: 1,
    mostLinks: 7,
    adverts: 100,
    addresses: 5,
    connects: 4,
    failures: 1,
    scans: 1,
    scanRestarts: 0,
    resets: 0,
    silentMs: 20,
  };
  broker: MqttView = {
    used: true,
    connected: true,
    protocol: '5',
    anonymous: false,
    broker: 'mqtt://127.0.0.1',
    baseTopic: 'latchbridge',
    discoveryPrefix: 'homeassistant',
  };
  staged: StagedLock = {
    name: 'front_door',
    family: 'ttlock',
    variant: 'deadbolt',
    acts: [{ act: 'press_key', label: 'Press any key.' }],
    looks: { bolt: 'locked', door: 'closed', battery: 80, powered: true, paired: true },
  };

  readonly tally = new CommandTally();
  pulse: Pulse = { live: true, meanDelayMs: 1, mostDelayMs: 9, memoryBytes: 1e8, heapBytes: 5e7, cpuSeconds: 3 };

  keptBy: RestartView['kept_by'] = 'systemd';
  restarted: { by_hand?: boolean } | undefined;
  uploaded = 0;
  restored: string | undefined;
  chosen: ReadonlyMap<string, unknown> | undefined;
  file = { path: import.meta.filename, name: '' };

  parts(): Pick<
    ApiParts,
    | 'restores'
    | 'restarts'
    | 'settings'
    | 'tally'
    | 'pulse'
    | 'logs'
    | 'radios'
    | 'mqtt'
    | 'standing'
    | 'staged'
    | 'auditCheck'
  > {
    return {
      restores: {
        file: async () => this.file,
        check: async file => {
          for await (const chunk of file) this.uploaded += chunk.length;
          const found = { restore: 'r1', version: 4, locks: ['front'], differences: ['It comes back.'], ok: true };
          return { ...found, needs_recovery_code: false, text: 'A whole backup.' };
        },
        restore: id => ((this.restored = id), { text: 'It starts again.' }),
      },
      restarts: {
        look: () => ({ kept_by: this.keptBy, again: true, text: 'It is started again.', effects: ['Doors stay.'] }),
        begin: how => ((this.restarted = how), { text: 'It ends now.' }),
      },
      settings: {
        all: () => [
          { key: 'mqtt.password', value: '•••', from: 'latchbridge.yaml, line 3', changeable: true, kind: 'secret' },
        ],
        change: values => ((this.chosen = values), { restart: true }),
      },
      tally: this.tally,
      pulse: () => this.pulse,
      logs: this.ring,
      radios: () => [this.radio],
      mqtt: () => this.broker,
      auditCheck: () => this.found,
      staged: () => [this.staged],
      standing: {
        openers: () => [{ kind: 'our_key', text: 'This program.', since: 1, known: true, revocable: true }],
        waysBack: () => ({
          ways: [{ kind: 'admin_secret', text: 'Our key.', ok: true }],
          enough: false,
          text: 'There is no second way.',
        }),
      },
    };
  }
}
