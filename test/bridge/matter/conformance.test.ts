// Whatever the feature map of a lock claims is there: every attribute is read, every command is answered, on each kind of lock.
import '../../../src/bridge/matter/switches.ts';
import { Bytes } from '@matter/main';
import { DoorLockClient } from '@matter/main/behaviors/door-lock';
import { PowerSourceClient } from '@matter/main/behaviors/power-source';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { type AttributeModel, ClusterModel, type CommandModel, Conformance, Matter } from '@matter/main/model';
import { Status } from '@matter/main/types';
import { afterEach, describe, expect, test } from 'vitest';
import { Rig } from './rig.ts';

const VARIANTS = ['deadbolt', 'lever', 'cylinder', 'padlock', 'key_box'] as const;
const cluster = Matter.clusters.require('DoorLock') as ClusterModel;
/** Fields of every command, of which each takes those that it has. */
const FIELDS = {
  userIndex: 1,
  operationType: DoorLock.DataOperationType.Add,
  userName: null,
  userUniqueId: null,
  userStatus: null,
  userType: null,
  credentialRule: null,
  credential: { credentialType: DoorLock.CredentialType.Pin, credentialIndex: 1 },
  credentialData: Bytes.fromString('4815'),
  weekDayIndex: 1,
  daysMask: { monday: true },
  startHour: 8,
  startMinute: 0,
  endHour: 9,
  endMinute: 0,
  yearDayIndex: 1,
  localStartTime: 1_800_000_000,
  localEndTime: 1_900_000_000,
};

let rig: Rig;
afterEach(async () => rig.stop());

/** What the specification demands of a cluster with these features. */
function isDemanded(element: AttributeModel | CommandModel, features: string[]): boolean {
  const definedFeatures = new Set(cluster.features.map(one => one.name));
  const applicability = element.effectiveConformance.applicabilityFor({
    definedFeatures,
    supportedFeatures: new Set(features),
  });
  return applicability === Conformance.Applicability.Mandatory;
}

describe.each(VARIANTS)('a %s', variant => {
  test('has every attribute and answers every command that its features claim', async () => {
    rig = await Rig.make({ variant, choice: { tokens: true } });
    const { lock, state } = rig;
    const known = state as unknown as Record<string, unknown>;
    const map = known['featureMap'] as Record<string, boolean>;
    const names = Object.keys(map).filter(name => map[name]);
    const long = (text = ''): string => text.toLowerCase();
    const short = cluster.features
      .filter(one => names.some(name => long(name) === long(one.title)))
      .map(one => one.name);
    expect(short.length).toBe(names.length);
    const attributes = cluster.attributes.filter(one => isDemanded(one, short));
    const missing = attributes.filter(one => known[one.propertyName] === undefined);
    expect(attributes.length).toBeGreaterThan(short.length);
    expect(missing.map(one => one.name)).toEqual([]);

    const accepted = new Set(known['acceptedCommandList'] as number[]);
    const requests = cluster.commands.filter(one => one.isRequest && isDemanded(one, short));
    expect(requests.filter(one => !accepted.has(one.id)).map(one => one.name)).toEqual([]);
    const generated = new Set(known['generatedCommandList'] as number[]);
    const answers = requests.flatMap(one => (one.responseModel?.id === undefined ? [] : [one.responseModel]));
    expect(answers.filter(one => one.name.endsWith('Response') && !generated.has(one.id)).map(one => one.name)).toEqual(
      [],
    );

    const commands = lock.commandsOf(DoorLockClient) as unknown as Record<string, (fields: object) => Promise<unknown>>;
    const unanswered: string[] = [];
    for (const id of accepted) {
      const model = cluster.commands.find(one => one.id === id && one.isRequest);
      if (!model) continue;
      const fields = Object.fromEntries(
        model.children.flatMap(field => {
          const name = field.propertyName;
          return name in FIELDS ? [[name, (FIELDS as Record<string, unknown>)[name]]] : [];
        }),
      );
      await commands[model.propertyName]?.(fields).catch((thrown: { code?: number }) => {
        const none = [Status.UnsupportedCommand, Status.InvalidAction, Status.UnsupportedAccess];
        if (thrown.code === undefined || none.includes(thrown.code)) unanswered.push(model.name);
      });
    }
    expect(unanswered).toEqual([]);
    expect(lock.stateOf(PowerSourceClient).batPercentRemaining).toBeGreaterThan(0);
    const claims = { codes: map['pinCredential'], cards: map['rfidCredential'], fingers: map['fingerCredentials'] };
    const { abilities } = rig.view;
    expect(claims).toEqual({
      codes: abilities?.codes !== undefined,
      cards: abilities?.cards !== undefined,
      fingers: abilities?.fingers !== undefined,
    });
    expect(map['doorPositionSensor']).toBe(abilities?.door);
  });
});
