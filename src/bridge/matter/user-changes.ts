// What has changed in the people of a lock between two looks, as LockUserChange events. Pure.
import './switches.ts';
import { FabricIndex, NodeId } from '@matter/main';
import { DoorLock } from '@matter/main/clusters/door-lock';
import type { Holder } from '../../access/holders.ts';
import type { DoorEvent, From } from './happenings.ts';

const Change = DoorLock.DataOperationType;
const Data = DoorLock.LockDataType;

interface Item {
  data: DoorLock.LockDataType;
  index: number | null;
  user: number;
  /** The same text: nothing has changed. */
  text: string;
}

const CREDENTIAL_DATA = { code: Data.Pin, card: Data.Rfid, finger: Data.Fingerprint } as const;

/** `from`: the controller that did it; absent, it was done in another way. */
export function changesOf(before: readonly Holder[], after: readonly Holder[], from: From | undefined): DoorEvent[] {
  const old = new Map(itemsOf(before).map(item => [keyOf(item), item]));
  const events: DoorEvent[] = [];
  for (const item of itemsOf(after)) {
    const was = old.get(keyOf(item));
    old.delete(keyOf(item));
    if (!was) events.push(eventOf(item, Change.Add, from));
    else if (was.text !== item.text) events.push(eventOf(item, Change.Modify, from));
  }
  return [...events, ...Array.from(old.values(), item => eventOf(item, Change.Clear, from))];
}

function itemsOf(holders: readonly Holder[]): Item[] {
  return holders.flatMap(holder => {
    const { index: user, name, uniqueId, kind, enabled, credentials, period, hours } = holder;
    return [
      { data: Data.UserIndex, index: null, user, text: JSON.stringify([name, uniqueId, kind, enabled]) },
      ...credentials.map(({ view }) => ({ data: CREDENTIAL_DATA[view.kind], index: view.slot, user, text: view.id })),
      ...(period ? [{ data: Data.YearDaySchedule, index: 1, user, text: JSON.stringify(period) }] : []),
      ...hours.map(hour => ({ data: Data.WeekDaySchedule, index: hour.index, user, text: JSON.stringify(hour) })),
    ];
  });
}

/** Credentials have one numbering for all users, schedules one each. */
function keyOf({ data, index, user }: Item): string {
  return [Data.Pin, Data.Rfid, Data.Fingerprint].includes(data) ? `${data} ${index}` : `${data} ${index} ${user}`;
}

function eventOf({ data, index, user }: Item, change: DoorLock.DataOperationType, from: From | undefined): DoorEvent {
  const { OperationSource } = DoorLock;
  return {
    name: 'lockUserChange',
    payload: {
      lockDataType: data,
      dataOperationType: change,
      operationSource: from ? OperationSource.Remote : OperationSource.Unspecified,
      userIndex: user,
      fabricIndex: from ? FabricIndex(from.fabric) : null,
      sourceNode: from?.node == null ? null : NodeId(from.node),
      dataIndex: index,
    },
  };
}
