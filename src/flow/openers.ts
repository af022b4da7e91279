// Who can still open a door: everything that is known to, and what nobody can count. Never a code or a key.
import type { CredentialView } from '../access/access.ts';
import type { LockView } from '../lock/lock.ts';
import type { MatterFabric } from '../lock/matter-port.ts';
import type { KeptCredential } from '../lock/ports.ts';
import type { Procedure } from './procedures.ts';
import { metalRekey } from './recipes/cylinder.ts';
import type { FlowView } from './words.ts';

export type OpenerKind =
  | 'our_key'
  | 'old_key'
  | 'code'
  | 'card'
  | 'finger'
  | 'stranger'
  | 'app_keys'
  | 'clients'
  | 'matter'
  | 'mqtt'
  | 'public_code'
  | 'anybody'
  | 'residual'
  | 'metal_key';

/** `known`: we know of this very one; else there may be such. `revocable`: from here, without a tool. */
export interface Opener {
  kind: OpenerKind;
  text: string;
  who?: string;
  /** ms since the epoch: from when and until when. */
  since?: number;
  until?: number;
  known: boolean;
  revocable: boolean;
}

export interface OpenersAsk {
  view: LockView;
  credentials: readonly CredentialView[];
  /** Our own keys of this lock, newest first. */
  keys: readonly KeptCredential[];
  fabrics: readonly MatterFabric[];
  /** Messages over MQTT may open it. */
  byMqtt: boolean;
  /** How many can own it (Nature.owners). */
  owners: 'one' | 'many';
  procedure: Procedure;
  /** Of this lock, open ones first, newest first. */
  flows: readonly FlowView[];
}

/** What is certain first. */
export function openersOf(ask: OpenersAsk): Opener[] {
  const { view, credentials } = ask;
  const on = credentials.filter(({ state }) => state !== 'disabled' && state !== 'wanted');
  return [...exposure(ask), ...ourKeys(ask), ...on.map(credentialOpener), ...waysIn(ask), ...uncounted(ask)].map(
    opener => (view.lifecycle === 'retired' ? { ...opener, revocable: false } : opener),
  );
}

function exposure({ view, flows, owners }: OpenersAsk): Opener[] {
  const open = flows.find(({ exposure: now }) => now)?.exposure;
  if (open) return [{ kind: 'public_code', text: open.what, known: true, revocable: true }];
  // A lock of many clients may have others, which it does not tell to who is none of them.
  if (view.lifecycle !== 'factory' || owners === 'many') return [];
  const text = 'Nobody owns this lock: whoever stands at it can pair it and then open it.';
  return [{ kind: 'anybody', text, known: true, revocable: true }];
}

function ourKeys({ keys }: OpenersAsk): Opener[] {
  return keys.flatMap(({ status, madeAt: since }): Opener[] => {
    if (status === 'live' || status === 'leaving') {
      return [{ kind: 'our_key', text: 'This program, with its own key.', since, known: true, revocable: true }];
    }
    if (status !== 'retired' && status !== 'provisional') return [];
    const text = 'An older key of this program; the lock has not shown that it forgot it.';
    return [{ kind: 'old_key', text, since, known: true, revocable: false }];
  });
}

const WORDS = { code: 'code', card: 'card', finger: 'fingerprint' } as const;

function credentialOpener(kept: CredentialView): Opener {
  const { kind, slot, person, known, from: since, until, state } = kept;
  const times = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
  const leaving = state === 'removing' ? ', which is to be taken off and still is on the lock' : '';
  const isStranger = kind === 'code' && !known && person === undefined;
  const whose = person ? ` of ${person.name}` : '';
  const text = isStranger
    ? `A ${WORDS[kind]} in slot ${slot} that was found on the lock and not put there from here${leaving}.`
    : `The ${WORDS[kind]}${whose} in slot ${slot}${leaving}.`;
  const who = person && { who: person.name };
  return { kind: isStranger ? 'stranger' : kind, text, ...who, ...times, known: true, revocable: true };
}

function waysIn({ view, keys, fabrics, byMqtt }: OpenersAsk): Opener[] {
  if (!keys.some(({ status }) => status === 'live')) return [];
  const { exposed } = view.settings;
  const homes = exposed.includes('matter') ? fabrics.filter(({ node }) => node === 'bridge' || node === view.id) : [];
  return [
    ...homes.map(({ label, vendor }): Opener => {
      const who = label === '' ? vendor : label;
      return {
        kind: 'matter',
        text: `Through Matter: whoever is in the home "${who}".`,
        who,
        known: true,
        revocable: true,
      };
    }),
    ...(byMqtt && exposed.includes('mqtt')
      ? [
          {
            kind: 'mqtt' as const,
            text: 'Over MQTT: every program that may write to the broker, such as Home Assistant and its automations.',
            known: true,
            revocable: true,
          },
        ]
      : []),
  ];
}

/** What nobody here can count. */
function uncounted({ view, owners, keys, procedure, flows }: OpenersAsk): Opener[] {
  const list: Opener[] = [];
  if (keys.length > 0 && owners === 'one') {
    const text =
      'Phones that were given a key by somebody’s app; the lock does not list them. Revoking all of them keeps ours.';
    list.push({ kind: 'app_keys', text, known: false, revocable: true });
  }
  if (owners === 'many') {
    const lists = view.abilities?.authorisations && keys.some(({ status }) => status === 'live');
    const text = `Phones, bridges and codes besides us${lists ? '; the lock lists them' : ': the lock tells us nothing of them now'}.`;
    list.push({ kind: 'clients', text, known: false, revocable: lists === true });
  }
  const { unlisted } = view.abilities ?? {};
  if (unlisted !== undefined) list.push({ kind: 'stranger', text: unlisted, known: false, revocable: false });
  const ended = flows.find(({ endedAt }) => endedAt !== undefined);
  for (const { kind, text, until } of ended?.residuals ?? []) {
    if (!LASTING.includes(kind) || text === unlisted) continue;
    list.push({ kind: 'residual', text, ...(until !== undefined && { until }), known: false, revocable: false });
  }
  const metal = metalRekey(procedure);
  if (metal.cylinder === 'none') return list;
  const text =
    metal.cylinder === 'unknown'
      ? 'Metal keys, if it has a cylinder: nobody here knows how many there are.'
      : 'Metal keys: nobody here knows how many there are, and no reset of the electronics stops them.';
  return [...list, { kind: 'metal_key', text, known: false, revocable: false }];
}

/** Residuals of the last flow that say who might open it still, and that nothing above says. */
const LASTING = ['algorithmic_codes', 'vendor_account', 'lock_kept_keys', 'unmanaged_credential', 'still_opens'];
