// The ports of upkeep over the daemon's parts: audit, backup, recovery code, the doctor's questions.
import { statSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import type { Asker } from '../lock/lock.ts';
import { type RadioFact, examine as look } from '../cli/examine.ts';
import type { AuditFound, AuditReader, Backups, Check, Examination, HealthPart, RecoveryCode } from '../lock/upkeep.ts';
import type { StationStatus } from '../radio/station.ts';
import { bundle } from '../flow/record/bundle.ts';
import type { Daemon } from './daemon.ts';
import { BACKUP } from '../store/copies.ts';
import { backUp } from './second-copy.ts';
import { settingsNow } from './settings.ts';

export function auditOf({ store }: Daemon): AuditReader {
  return { read: query => store.audit.read(query) };
}

export function auditCheckOf({ store }: Daemon): AuditFound {
  const found = store.audit.check();
  const { number, hash } = store.audit.head();
  const head = `${number} ${hash}`;
  if (found.ok) return { ok: true, lines: found.lines, head, text: `${found.lines} lines are unchanged.` };
  return { ok: false, lines: number, head, text: found.text };
}

export function backupsOf(daemon: Daemon): Backups {
  const { store, parts, matter } = daemon;
  return {
    async backup(asker) {
      const path = join(parts.config.data, BACKUP);
      const second = await backUp(store, parts.config, () => matter.backUp());
      store.audit.write({ what: 'backup', via: asker.via, who: asker.who });
      return { path, bytes: statSync(path).size, ...(second !== undefined && { second }) };
    },
  };
}

/** A support bundle about one lock or all. */
export function bundleOf(daemon: Daemon): (lock: string | undefined, asker: Asker) => string {
  const { store, registry, flows, blackBox, radio, parts } = daemon;
  const collected = {
    version: parts.version,
    host: () => ({
      system: `${platform()} ${release()} ${arch()}`,
      node: process.version,
      memory_mib: Math.round(process.memoryUsage().rss / 2 ** 20),
      running_s: Math.round((parts.clock.now() - daemon.startedAt) / 1000),
    }),
    locks: registry,
    flows: flows.engine,
    blackBox,
    procedures: flows.procedures,
    health: () => daemon.health(),
    radios: () => radio.status(),
    auditor: store.audit,
    audit: store.audit,
    log: () => parts.recent?.lines() ?? [],
    secrets: () => store.vault.everything(),
    now: () => parts.clock.now(),
  };
  return (lock, asker) => bundle(collected, lock, asker);
}

export function recoveryOf({ store }: Daemon): RecoveryCode {
  const said = (asker: Asker, what: string): void => store.audit.write({ what, via: asker.via, who: asker.who });
  return {
    show(asker) {
      said(asker, 'recovery_code_asked');
      return store.vault.recoveryCode();
    },
    confirm(code, asker) {
      store.vault.confirmRecoveryCode(code.reveal());
      said(asker, 'recovery_code_typed_back');
    },
    enter(code, asker) {
      store.vault.restoreKey(code.reveal());
      said(asker, 'recovery_code_entered');
    },
  };
}

/** What the doctor asks, answered by the running daemon: the machine, and what only it knows. */
export async function examine(daemon: Daemon): Promise<Examination> {
  const { parts, store, mqtt } = daemon;
  const health = daemon.health().parts;
  const broker = health.find(part => part.name === 'mqtt');
  const matterPart = health.find(part => part.name === 'matter');
  const looked = await look(parts.config, {
    radios: daemon.radio.status().map(status => (parts.demo ? simulated(status) : radioFact(status))),
    ...(mqtt && broker && { broker: { ...broker, connected: mqtt.connected } }),
    ...(matterPart && { matter: matterPart }),
    clock: parts.clock,
  });
  const own = health.filter(part => OWN.includes(part.name)).map(checkOf);
  const damaged = store.locks.damaged().map<Check>(({ text }) => ({
    name: 'lock record',
    verdict: 'bad',
    text,
    fix: 'Restore the backup, or remove the lock and pair it again.',
  }));
  return { checks: [...looked.checks, ...own, ...damaged, auditCheck(daemon)], settings: settingsNow(daemon) };
}

/** Health knows them; the doctor's own look does not. */
const OWN = ['vault', 'recovery_code', 'audit', 'control_socket', 'page'];

function radioFact({ id, state }: StationStatus): RadioFact {
  if (state.ready) return { code: 'ready', id, reason: '', fix: '' };
  return { code: state.code ?? 'failed', id, reason: state.reason, fix: state.fix };
}

/** A demo needs no Bluetooth, so it says nothing about this machine's. */
function simulated({ id, state }: StationStatus): RadioFact {
  return { code: 'simulated', id, reason: state.ready ? '' : state.reason, fix: '' };
}

function checkOf(part: HealthPart): Check {
  const verdict = part.ok ? 'good' : part.name === 'vault' ? 'bad' : 'warning';
  const { name, text, fix } = part;
  return { name: name.replaceAll('_', ' '), verdict, text, ...(fix === undefined ? {} : { fix }) };
}

function auditCheck({ store }: Daemon): Check {
  const found = store.audit.check();
  if (found.ok) return { name: 'audit chain', verdict: 'good', text: `${found.lines} lines are unchanged.` };
  const fix = 'Somebody or something changed the database; keep a copy of it.';
  return { name: 'audit chain', verdict: 'bad', text: found.text, fix };
}
