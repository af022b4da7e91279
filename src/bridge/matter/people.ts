// Users of the door lock cluster: the people of access under numbers. What is said of them here is brought to the lock first.
import './switches.ts';
import { FabricIndex } from '@matter/main';
import { DoorLock } from '@matter/main/clusters/door-lock';
import type { Holder, HolderKind, Said } from '../../access/holders.ts';
import { type Place, askerOf, invalid } from './desk.ts';
import type { From } from './happenings.ts';
import { applyRight } from './rights.ts';
import { capacityOf } from './shape.ts';
import { CREDENTIAL } from './happenings.ts';

const { CredentialRule, DataOperationType, UserStatus, UserType } = DoorLock;

const ALL = 0xfffe;

export class People {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  async setUser(from: From, request: DoorLock.SetUserRequest): Promise<void> {
    const { userIndex, operationType } = request;
    this.#mustExist(userIndex);
    const old = this.find(userIndex);
    if (operationType === DataOperationType.Add) {
      if (old) throw new DoorLock.OccupiedError('There is a user with that number already.');
    } else if (operationType !== DataOperationType.Modify || !old) throw invalid('There is no user with that number.');
    const said = this.said(request);
    if (old) mayRename(old, said, from);
    await this.#place.change(from, async () => {
      if (old) {
        const kind = said.kind ?? old.kind;
        const keptPeriod = kind === 'period' || kind === 'weekly' ? old.period : undefined;
        const hours = kind === 'weekly' ? old.hours : [];
        const right = { kind, enabled: said.enabled ?? old.enabled, ...(keptPeriod && { period: keptPeriod }), hours };
        if (said.kind !== undefined || said.enabled !== undefined) await applyRight(this.#place, old, right, from);
      }
      this.#place.around.holders.say(this.#place.lock, userIndex, said, from.fabric);
    });
  }

  getUser({ userIndex }: DoorLock.GetUserRequest): DoorLock.GetUserResponse {
    this.#mustExist(userIndex);
    const people = this.#place.people();
    const nextUserIndex = people.find(one => one.index > userIndex)?.index ?? null;
    const user = people.find(one => one.index === userIndex);
    return { userIndex, ...(user ? recordOf(user) : NOBODY), nextUserIndex };
  }

  async clearUser(from: From, index: number): Promise<void> {
    if (index !== ALL) this.#mustExist(index);
    const gone = this.#place.people().filter(one => index === ALL || one.index === index);
    await this.#place.change(from, async () => {
      for (const holder of gone) await this.#clear(holder, from);
    });
  }

  find(index: number): Holder | undefined {
    return this.#place.people().find(one => one.index === index);
  }

  /** The first number that nobody has. */
  free(): number | undefined {
    const taken = new Set(this.#place.people().map(one => one.index));
    for (let index = 1; index <= this.#capacity; index++) if (!taken.has(index)) return index;
    return undefined;
  }

  /** Throws for what this lock cannot keep to. */
  said(
    wish: Partial<
      Pick<DoorLock.SetUserRequest, 'userName' | 'userUniqueId' | 'userStatus' | 'userType' | 'credentialRule'>
    >,
  ): Said {
    const { userName, userUniqueId, userStatus, userType, credentialRule } = wish;
    if (credentialRule != null && credentialRule !== CredentialRule.Single) throw invalid('One credential opens here.');
    if (userStatus != null && userStatus !== UserStatus.OccupiedEnabled && userStatus !== UserStatus.OccupiedDisabled) {
      throw invalid('A user is enabled or disabled.');
    }
    return {
      ...(userName != null && { name: userName }),
      ...(userUniqueId != null && { uniqueId: userUniqueId }),
      ...(userStatus != null && { enabled: userStatus === UserStatus.OccupiedEnabled }),
      ...(userType != null && { kind: this.#kindOf(userType) }),
    };
  }

  async #clear(holder: Holder, from: From): Promise<void> {
    const { lock, around } = this.#place;
    for (const { view } of holder.credentials) {
      if (view.kind === 'code') await around.access.clearCode(lock, view.slot, askerOf(from));
      else await around.tokens.remove(lock, view.kind, view.slot, askerOf(from));
    }
    around.holders.drop(lock, holder.index);
  }

  #kindOf(type: DoorLock.UserType): HolderKind {
    const { shape } = this.#place;
    const kinds = this.#place.view().abilities?.codes?.kinds ?? [];
    const [yearly, weekly] = [
      shape.features.includes('YearDayAccessSchedules'),
      shape.features.includes('WeekDayAccessSchedules'),
    ];
    if (type === UserType.UnrestrictedUser) return 'always';
    if (yearly && (type === UserType.YearDayScheduleUser || type === UserType.ScheduleRestrictedUser)) return 'period';
    if (weekly && type === UserType.WeekDayScheduleUser) return 'weekly';
    if (kinds.includes('once') && type === UserType.DisposableUser) return 'once';
    if (shape.features.includes('CredentialOverTheAirAccess') && type === UserType.RemoteOnlyUser) return 'remote';
    throw invalid('This lock does not know users of that type.');
  }

  get #capacity(): number {
    return capacityOf(this.#place.view(), this.#place.shape);
  }

  #mustExist(index: number): void {
    if (index < 1 || index > this.#capacity) throw invalid(`Users are numbered from 1 to ${this.#capacity}.`);
  }
}

const TYPE: Readonly<Record<HolderKind, DoorLock.UserType>> = {
  always: UserType.UnrestrictedUser,
  period: UserType.YearDayScheduleUser,
  weekly: UserType.WeekDayScheduleUser,
  once: UserType.DisposableUser,
  remote: UserType.RemoteOnlyUser,
};
const NOBODY = {
  userName: null,
  userUniqueId: null,
  userStatus: null,
  userType: null,
  credentialRule: null,
  credentials: null,
  creatorFabricIndex: null,
  lastModifiedFabricIndex: null,
};
/** What the cluster has room for. */
const LONGEST_NAME = 10;

function recordOf({ name, uniqueId, kind, enabled, credentials, creator, modifier }: Holder) {
  return {
    userName: Array.from(name).slice(0, LONGEST_NAME).join(''),
    userUniqueId: uniqueId ?? null,
    userStatus: enabled ? UserStatus.OccupiedEnabled : UserStatus.OccupiedDisabled,
    userType: TYPE[kind],
    credentialRule: CredentialRule.Single,
    credentials: credentials.map(({ view }) => ({
      credentialType: CREDENTIAL[view.kind],
      credentialIndex: view.slot,
    })),
    creatorFabricIndex: creator === undefined ? null : FabricIndex(creator),
    lastModifiedFabricIndex: modifier === undefined ? null : FabricIndex(modifier),
  };
}

/** A name belongs to the controller that gave it; nobody's may be given by anybody. */
function mayRename({ creator }: Holder, said: Said, { fabric }: From): void {
  if (creator === undefined || creator === fabric) return;
  if (said.name === undefined && said.uniqueId === undefined) return;
  throw invalid('Another controller made this user; only that one may rename it.');
}
