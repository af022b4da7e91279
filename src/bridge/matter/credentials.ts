// Credentials of the door lock cluster: the slots of access. A code reaches the lock and is read back before yes is said.
import './switches.ts';
import { Bytes, FabricIndex, Supervision } from '@matter/main';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { Status, StatusResponseError } from '@matter/main/types';
import type { CredentialView } from '../../access/access.ts';
import type { Holder, Said } from '../../access/holders.ts';
import { checkDigits } from '../../access/rules.ts';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import { type Place, askerOf, invalid, kindsOf, refusal } from './desk.ts';
import type { From } from './happenings.ts';
import type { People } from './people.ts';
import { type Right, checkRight, codeRight, windowsOf } from './rights.ts';
import { CARD_BYTES, MOST_CREDENTIALS } from './shape.ts';

const { CredentialType, DataOperationType, StatusCode } = DoorLock;

const ALL = 0xfffe;

type Kind = CredentialView['kind'];
/** What a SetCredential comes down to. */
interface Task {
  kind: Kind;
  slot: number;
  value: Secret<string>;
  user: number;
  /** Of a user that is made with it. */
  said: Said | undefined;
  right: Right;
}

export class Credentials {
  readonly #place: Place;
  readonly #people: People;

  constructor(place: Place, people: People) {
    this.#place = place;
    this.#people = people;
  }

  async set(from: From, request: DoorLock.SetCredentialRequest): Promise<DoorLock.SetCredentialResponse> {
    const { credentialIndex: slot } = request.credential;
    let kind: Kind | undefined;
    const answer = (status: number, userIndex: number | null = null): DoorLock.SetCredentialResponse => {
      const nextCredentialIndex = kind === undefined ? null : this.#nextFree(kind, slot);
      const response = { status, userIndex, nextCredentialIndex };
      // The cluster's own codes are none of the library's list of statuses.
      Supervision(response, 'status').validate = false;
      return response;
    };
    try {
      kind = this.#kindOf(request.credential.credentialType);
      if (slot < 1 || slot > this.#capacity(kind)) throw invalid('There is no place with that number.');
      const task = this.#taskOf(kind, request);
      await this.#place.change(from, () => this.#put(task, from));
      return answer(Status.Success, request.userIndex === null ? task.user : null);
    } catch (thrown) {
      // A controller is told a number; why it was stands here alone.
      const { name } = this.#place.view();
      this.#place.around.log.warn(
        { lock: name },
        `Matter: ${kind ?? 'credential'} ${slot} of ${name} was not set: ${refusal(thrown).message}`,
      );
      return answer(statusOf(thrown));
    }
  }

  status({ credential }: DoorLock.GetCredentialStatusRequest): DoorLock.GetCredentialStatusResponse {
    const kind = KINDS[credential.credentialType];
    if (kind === undefined || !kindsOf(this.#place.shape).includes(kind))
      return { ...UNKNOWN, nextCredentialIndex: null };
    const { credentialIndex: slot } = credential;
    const nextCredentialIndex = this.#taken(kind).find(one => one > slot) ?? null;
    const owner = this.#ownerOf(kind, slot);
    const held = owner?.credentials.find(({ view }) => view.kind === kind && view.slot === slot);
    if (!owner || !held) return { ...UNKNOWN, nextCredentialIndex };
    return {
      credentialExists: true,
      userIndex: owner.index,
      creatorFabricIndex: held.creator === undefined ? null : FabricIndex(held.creator),
      lastModifiedFabricIndex: held.modifier === undefined ? null : FabricIndex(held.modifier),
      nextCredentialIndex,
    };
  }

  /** A user whose last credential goes, goes with it. */
  async clear(from: From, credential: DoorLock.Credential | null): Promise<void> {
    const kinds = credential === null ? kindsOf(this.#place.shape) : [this.#kindOf(credential.credentialType)];
    const slot = credential === null ? ALL : credential.credentialIndex;
    const [kind] = kinds;
    if (slot !== ALL && (kind === undefined || slot < 1 || slot > this.#capacity(kind))) {
      throw invalid('There is no place with that number.');
    }
    const { around, lock } = this.#place;
    const gone = around.access
      .credentials(lock)
      .filter(one => kinds.includes(one.kind) && [ALL, one.slot].includes(slot));
    await this.#place.change(from, async () => {
      for (const view of gone) {
        if (view.kind === 'code') await around.access.clearCode(lock, view.slot, askerOf(from));
        else await around.tokens.remove(lock, view.kind, view.slot, askerOf(from));
      }
    });
  }

  #taskOf(kind: Kind, request: DoorLock.SetCredentialRequest): Task {
    const { operationType, userIndex, credentialData } = request;
    const slot = request.credential.credentialIndex;
    const value = this.#valueOf(kind, credentialData);
    const owner = this.#ownerOf(kind, slot);
    if (operationType === DataOperationType.Modify) {
      if (!owner || userIndex !== owner.index) throw invalid('No user with that number has that credential.');
      return { kind, slot, value, user: owner.index, said: undefined, right: owner };
    }
    if (operationType !== DataOperationType.Add) throw invalid('A credential is added or modified here.');
    if (owner) throw new DoorLock.OccupiedError('There is a credential with that number already.');
    if (userIndex === null) {
      const user = this.#people.free();
      if (user === undefined)
        throw new StatusResponseError('There is room for no more users.', Status.ResourceExhausted);
      const said = this.#people.said(request);
      const right = { kind: said.kind ?? 'always', enabled: said.enabled ?? true, hours: [] };
      return { kind, slot, value, user, said, right };
    }
    const user = this.#people.find(userIndex);
    if (!user) throw invalid('There is no user with that number.');
    if (user.credentials.length >= MOST_CREDENTIALS) {
      throw new StatusResponseError('That user has as many credentials as there may be.', Status.ResourceExhausted);
    }
    return { kind, slot, value, user: user.index, said: undefined, right: user };
  }

  async #put(task: Task, from: From): Promise<void> {
    const { kind, slot, user, said, right } = task;
    const { holders } = this.#place.around;
    const { lock } = this.#place;
    checkRight(right, [kind]);
    if (kind === 'code') await this.#putCode(task, from);
    else await this.#putCard(task, from);
    if (said) holders.say(lock, user, said, from.fabric);
    holders.give(lock, user, { kind, slot }, from.fabric);
  }

  async #putCode({ slot, value, user, right }: Task, from: From): Promise<void> {
    const { around, lock } = this.#place;
    const name = this.#people.find(user)?.name ?? '';
    const asker = askerOf(from);
    const wanted = codeRight(right);
    const request = { ...wanted, digits: value, ...(name.trim() !== '' && { person: name }) };
    await around.access.setCode(lock, slot, request, asker);
    if (!wanted.enabled || this.#place.view().abilities?.codes?.readable !== true) return;
    await around.access.reconcile(lock, asker);
    const there = around.access.match(lock, 'code', value)?.slot === slot;
    const view = around.access.credentials(lock).find(one => one.kind === 'code' && one.slot === slot);
    if (there && view?.state === 'on_lock') return;
    throw new LockError('rejected', 'The lock took the code and does not have it.', { reason: 'not_taken' });
  }

  async #putCard({ slot, value, user, right }: Task, from: From): Promise<void> {
    const { around, lock } = this.#place;
    const name = this.#people.find(user)?.name ?? '';
    const asker = askerOf(from);
    const weekly = windowsOf(right.hours);
    if (right.kind !== 'always' && weekly.length === 0 && !right.period)
      throw invalid('Set the hours of the user first.');
    if (this.#ownerOf('card', slot)) await around.tokens.remove(lock, 'card', slot, asker);
    const person = name.trim() === '' ? {} : { person: name };
    const request = { number: value, ...right.period, ...(weekly.length > 0 && { weekly }), ...person };
    await around.tokens.addCard(lock, slot, request, asker);
  }

  /** Digits as text; the identifier of a card as the number that readers show. */
  #valueOf(kind: Kind, data: Bytes): Secret<string> {
    const bytes = Buffer.from(Bytes.of(data));
    if (kind === 'finger') throw invalid('A finger is enrolled at the lock.');
    if (kind === 'card') {
      if (bytes.length < CARD_BYTES.least || bytes.length > CARD_BYTES.most)
        throw invalid('That is no number of a card.');
      return new Secret(BigInt(`0x${bytes.toString('hex')}`).toString());
    }
    const digits = bytes.toString('latin1');
    checkDigits(this.#place.view(), digits);
    return new Secret(digits);
  }

  #kindOf(type: DoorLock.CredentialType): Kind {
    const kind = KINDS[type];
    if (kind !== undefined && kindsOf(this.#place.shape).includes(kind)) return kind;
    throw invalid('This lock has no credentials of that type.');
  }

  #capacity(kind: Kind): number {
    const { abilities } = this.#place.view();
    const of = { code: abilities?.codes, card: abilities?.cards, finger: abilities?.fingers };
    return of[kind]?.capacity ?? 0;
  }

  #ownerOf(kind: Kind, slot: number): Holder | undefined {
    const has = (one: Holder): boolean => one.credentials.some(({ view }) => view.kind === kind && view.slot === slot);
    return this.#place.people().find(has);
  }

  #taken(kind: Kind): number[] {
    const views = this.#place.around.access.credentials(this.#place.lock).filter(one => one.kind === kind);
    return views.map(one => one.slot).toSorted((a, b) => a - b);
  }

  #nextFree(kind: Kind, after: number): number | null {
    const taken = new Set(this.#taken(kind));
    for (let slot = after + 1; slot <= this.#capacity(kind); slot++) if (!taken.has(slot)) return slot;
    return null;
  }
}

const KINDS: Partial<Record<DoorLock.CredentialType, Kind>> = {
  [CredentialType.Pin]: 'code',
  [CredentialType.Rfid]: 'card',
  [CredentialType.Fingerprint]: 'finger',
};
const UNKNOWN = {
  credentialExists: false,
  userIndex: null,
  creatorFabricIndex: null,
  lastModifiedFabricIndex: null,
} satisfies Partial<DoorLock.GetCredentialStatusResponse>;

/** E.g. `duplicate_code`: that another slot has the same digits is the one thing that a controller can act on. */
const REASONS: Readonly<Record<string, number>> = {
  duplicate_code: StatusCode.Duplicate,
  duplicate_card: StatusCode.Duplicate,
  no_space: Status.ResourceExhausted,
  code_rules: Status.InvalidCommand,
  card_number: Status.InvalidCommand,
  slot_taken: StatusCode.Occupied,
};

function statusOf(thrown: unknown): number {
  if (thrown instanceof LockError) return REASONS[thrown.reason] ?? Status.Failure;
  if (!(thrown instanceof StatusResponseError)) return Status.Failure;
  return thrown.clusterCode ?? thrown.code;
}
