// Ending so that somebody starts us again: who that is, what comes of it for doors and flows, and the end itself.
import { LockError } from '../base/errors.ts';
import type { FlowView } from '../flow/words.ts';
import type { Restarts, RestartView } from '../lock/upkeep.ts';
import type { Daemon } from './daemon.ts';

/** The answer still has to reach whoever asked. */
export const RESTART_AFTER_MS = 500;
/** More than anybody reads. */
const MOST_NAMED = 5;

const KEEPERS: Readonly<Record<RestartView['kept_by'], string>> = {
  home_assistant: 'Home Assistant starts it again, mostly within half a minute.',
  systemd: 'systemd starts it again, where its unit says Restart=on-failure or Restart=always.',
  container: 'Its container is started again, if its restart policy says so: on-failure, unless-stopped or always.',
  demo: 'Nobody starts a demo again: end it in its terminal with Ctrl-C, and start it anew there.',
  nobody: 'Nobody is seen who would start it again: somebody has to do so on its machine.',
};

/** `restart`: ends this daemon; undefined where it cannot be started again, as in a demo. */
export function restartsOf(daemon: Daemon, restart: (() => void) | undefined): Restarts {
  const { store, parts, flows } = daemon;
  const keptBy = restart ? (parts.keptBy ?? 'nobody') : 'demo';
  const again = keptBy !== 'demo' && keptBy !== 'nobody';
  return {
    look() {
      const effects = [...doorEffects(parts.config.matter.enabled), ...flowEffects(flows.engine.all({ open: true }))];
      return { kept_by: keptBy, again, text: KEEPERS[keptBy], effects };
    },
    begin({ by_hand: byHand }, asker) {
      if (!restart) throw new LockError('unsupported', KEEPERS.demo, { reason: 'demo' });
      if (!again && byHand !== true) throw new LockError('rejected', KEEPERS.nobody, { reason: 'nobody_restarts' });
      store.audit.write({ what: 'restart', via: asker.via, who: asker.who });
      parts.clock.after(RESTART_AFTER_MS, restart);
      return { text: `Latchbridge ends now. ${KEEPERS[keptBy]}` };
    },
  };
}

function doorEffects(matter: boolean): string[] {
  return [
    'Every door stays as it is; keys, codes and cards work at the door as ever. From here none is moved until Latchbridge is back.',
    ...(matter ? ['Homes that use Matter show the locks as unreachable for up to a minute.'] : []),
  ];
}

function flowEffects(flows: readonly FlowView[]): string[] {
  if (flows.length === 0) return ['No flow is open.'];
  const named = flows.slice(0, MOST_NAMED).map(({ type, lockName, step, exposure }) => {
    const what = lockName === undefined ? `The flow "${type}"` : `The flow "${type}" of "${lockName}"`;
    const where = step === undefined ? '' : ` at "${step.title}"`;
    const open = exposure === undefined ? '' : ` Until then ${exposure.what}: stay at the door.`;
    return `${what} stops${where} and goes on there by itself.${open}`;
  });
  const more = flows.length - named.length;
  return more > 0 ? [...named, `So do ${more} more.`] : named;
}
