import { describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { Turns } from '../../src/lock/turns.ts';

const never = new AbortController().signal;

function gated(log: string[], name: string): { task: () => Promise<string>; open: () => void } {
  let open!: () => void;
  const gate = new Promise<void>(resolve => (open = resolve));
  const task = async (): Promise<string> => {
    log.push(name);
    await gate;
    return name;
  };
  return { task, open };
}

describe('turns', () => {
  it('run one at a time, people before routine', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const tasks = ['first', 'routine', 'person'].map(name => gated(log, name));
    const done = [
      turns.take('routine', never, tasks[0]!.task),
      turns.take('routine', never, tasks[1]!.task),
      turns.take('person', never, tasks[2]!.task),
    ];
    expect(turns.pressed).toBe(true);
    for (const task of tasks) task.open();
    await Promise.all(done);
    expect(log).toEqual(['first', 'person', 'routine']);
    expect(turns.idle).toBe(true);
  });

  it('drop what is aborted while it waits, and go on', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const first = gated(log, 'first');
    const running = turns.take('person', never, first.task);
    const abort = new AbortController();
    const waiting = turns.take('person', abort.signal, async () => 'late');
    abort.abort(new LockError('timeout', 'Too late.'));
    await expect(waiting).rejects.toMatchObject({ code: 'timeout' });
    first.open();
    expect(await running).toBe('first');
    expect(await turns.take('routine', never, async () => 'next')).toBe('next');
  });

  it('go on after a task that failed', async () => {
    const turns = new Turns();
    await expect(turns.take('person', never, () => Promise.reject(new LockError('busy', 'x')))).rejects.toBeDefined();
    expect(await turns.take('person', never, async () => 1)).toBe(1);
  });

  it('start nothing after the end', async () => {
    const turns = new Turns();
    const first = gated([], 'first');
    const running = turns.take('person', never, first.task);
    const waiting = turns.take('person', never, async () => 2);
    turns.end(new LockError('stopped', 'Stopping.'));
    await expect(waiting).rejects.toMatchObject({ code: 'stopped' });
    await expect(turns.take('person', never, async () => 3)).rejects.toMatchObject({ code: 'stopped' });
    first.open();
    expect(await running).toBe('first');
  });
});
