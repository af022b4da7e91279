// Who starts the process again, told from inside.
import { expect, test } from 'vitest';
import { keptBy } from '../../src/base/kept-by.ts';

const nowhere = (): boolean => false;

test.each([
  ['Home Assistant, where its word is', { SUPERVISOR_TOKEN: 'x' }, ['/.dockerenv'], 'home_assistant'],
  ['systemd, where this is the process of a unit', { SYSTEMD_EXEC_PID: '7' }, [], 'systemd'],
  ['nobody in a terminal that systemd has started', { SYSTEMD_EXEC_PID: '6' }, [], 'nobody'],
  ['a container engine, where it left its mark', {}, ['/run/.containerenv'], 'container', 1],
  ['nobody in a shell in a container', {}, ['/run/.containerenv'], 'nobody', 5],
  ['nobody that could be seen', {}, [], 'nobody'],
] as const)('%s', (_who, env, marks: readonly string[], expected, parent = 5) => {
  expect(keptBy({ env, pid: 7, parent, exists: path => marks.includes(path) })).toBe(expected);
});

test('without a look at this machine it is still an answer', () => {
  expect(keptBy({ env: {}, exists: nowhere })).toBe('nobody');
});
