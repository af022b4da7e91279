// The MQTT desk with flows of the fake engine.
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { MqttConfig } from '../../../src/bridge/mqtt/mqtt.ts';
import { FakeFlows } from '../../support/fake-flows.ts';
import { type Counter, makeCounter } from './counter.ts';
import { FakeLocks, makeView } from './fakes.ts';
import { LOCK, TOKEN } from './house.ts';

export const FLOW = 'latchbridge/flow/f-1';
export const START = { type: 'unpair', lock: 'front', reason: 'replacing', token: TOKEN };

export interface Kit extends Counter {
  flows: FakeFlows;
}

export function makeKit(
  more: {
    protocol?: '5' | '3.1.1';
    connect?: boolean;
    config?: Partial<MqttConfig>;
    before?: (flows: FakeFlows) => void;
  } = {},
): Kit {
  const clock = new VirtualClock();
  const locks = new FakeLocks(makeView(LOCK, 'front'));
  const flows = new FakeFlows(clock, lock => locks.find(lock)?.name);
  more.before?.(flows);
  const counter = makeCounter({
    ...more,
    locks,
    options: { flows, clock, record: flow => (flow === 'f-1' ? '{"record":{}}' : undefined) },
  });
  return { ...counter, clock, flows };
}

/** What the broker has kept on it. */
export function kept(kit: Kit, topic: string): Record<string, any> | undefined {
  const text = kit.kept().get(topic);
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, any>);
}
