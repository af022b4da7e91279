// latchbridge flow, typed at a terminal: the commands, and the live guide with its questions.
import { describe, expect, test } from 'vitest';
import { CLEARANCE, NEW_ADMIN, NEW_CODE, OPEN_DOOR, WIPE } from '../support/fake-flows.ts';
import { useKit } from './kit.ts';

const kit = useKit();
const START = 'flow start unpair front_door --reason replacing';

describe('flow start', () => {
  test('shows the plan, guides through it one thing at a time, and ends with 0', async () => {
    kit.io.answers.push('', '4071');
    expect(await kit.type(START)).toBe(0);
    const { errs, outs } = kit.io;
    expect(errs).toContain('This will be lost:');
    expect(errs).toContain('  - 2 codes: Ada, Cleaner');
    expect(errs.indexOf('Open the door and leave it open.')).toBeLessThan(errs.indexOf('[2/3] clearance'));
    expect(outs).toEqual(['The unpairing of front_door is done.']);
    expect(kit.daemon.flows.answers.map(one => one.answer)).toEqual([
      { prompt: 'p-1', answer: 'done' },
      { prompt: 'p-2', answer: 'yes', challenge: '4071' },
    ]);
  });

  test('asks in the mode of the person, and tells the reason and the times', async () => {
    kit.io.answers.push('', '4071');
    await kit.typeRaw(
      ...'flow start turnover front_door --reason tenant_left --keep 3,7 --checkout'.split(' '),
      '2026-05-11 10:00',
      '--data',
      kit.folder,
    );
    expect(kit.daemon.flows.started[0]?.request).toMatchObject({
      type: 'turnover',
      keep: [3, 7],
      checkout: Date.UTC(2026, 4, 11, 10),
      mode: 'guided',
    });
  });

  test('says what is at stake when it changes', async () => {
    kit.io.answers.push('', '4071');
    await kit.type(START);
    expect(kit.io.errs.filter(line => line.includes('Nothing has changed. You can stop.'))).toHaveLength(1);
  });

  test('with --plan-only keeps the plan, which resume begins', async () => {
    expect(await kit.type(`${START} --plan-only`)).toBe(0);
    expect(kit.io.outs).toEqual(['f-1: a plan, not begun.']);
    kit.io.answers.push('', '4071');
    expect(await kit.type('flow resume f-1')).toBe(0);
    expect(kit.io.outs.at(-1)).toBe('The unpairing of front_door is done.');
  });

  test('with --detach begins and comes back at once', async () => {
    expect(await kit.type(`${START} --detach`)).toBe(0);
    expect(kit.io.outs).toEqual(['f-1: waits for somebody.']);
  });

  test.each([
    ['flow start unpair front_door', 'Say why with --reason'],
    ['flow start unpiar front_door --reason other', 'TYPE must be one of'],
    ['flow start unpair --reason other', 'LOCK is missing.'],
    ['flow start unpair front_door --reason because', 'must be one of'],
    ['flow start unpair front_door --reason other --override R16', 'belong together'],
    ['flow begin unpair', 'ACT must be one of'],
  ])('"%s" is mistyped', async (words, text) => {
    expect(await kit.type(words)).toBe(2);
    expect(kit.io.all).toContain(text);
    expect(kit.daemon.flows.started).toEqual([]);
  });

  test('of a lock that another flow has says which', async () => {
    await kit.type(`${START} --detach`);
    expect(await kit.type(START)).toBe(1);
    expect(kit.io.errs.at(-1)).toContain('f-1');
  });
});

describe('the guide', () => {
  test('takes no light yes for what cannot be undone', async () => {
    kit.daemon.flows.script = [CLEARANCE, WIPE];
    kit.io.answers.push('yes', '1234', 'no');
    expect(await kit.type(START)).toBe(1);
    expect(kit.daemon.flows.answers.map(one => one.answer.answer)).toEqual(['no']);
    expect(kit.io.outs[0]).toBe('The unpairing of front_door is stopped, nothing has changed.');
  });

  test('asks again when the flow does not take the answer', async () => {
    kit.daemon.flows.script = [OPEN_DOOR];
    kit.io.answers.push('perhaps', 'i can');
    expect(await kit.type(START)).toBe(0);
    expect(kit.io.errs).toContain('That is none of Done, I cannot.');
    expect(kit.daemon.flows.answers[0]?.answer.answer).toBe('skip');
  });

  test('withdraws its question when the lock proves that it was done', async () => {
    kit.daemon.flows.script = [OPEN_DOOR, WIPE];
    const done = kit.type(START);
    await kit.io.until(() => kit.io.asked.length === 1);
    kit.daemon.flows.prove('f-1');
    expect(await done).toBe(0);
    expect(kit.daemon.flows.answers).toEqual([]);
  });

  test('shows what the lock says while a question is open', async () => {
    kit.daemon.flows.script = [OPEN_DOOR];
    const done = kit.type(START);
    await kit.io.until(() => kit.io.asked.length === 1);
    kit.daemon.flows.say('f-1', 'That was only a restart: hold longer.');
    await kit.io.until(all => all.includes('hold longer'));
    kit.daemon.flows.prove('f-1');
    await done;
    expect(kit.io.asked).toHaveLength(1);
  });

  test('asks for a secret unseen, and never prints it', async () => {
    kit.daemon.flows.script = [NEW_ADMIN];
    kit.io.answers.push(NEW_CODE);
    expect(await kit.type(START)).toBe(0);
    expect(kit.io.asked).toMatchObject([{ hidden: true }]);
    expect(kit.daemon.flows.answers[0]?.answer.answer).toBe(NEW_CODE);
    expect(kit.io.all).not.toContain(NEW_CODE);
  });

  test('counts the time for which the door is open to others', async () => {
    kit.daemon.flows.script = [OPEN_DOOR, WIPE];
    const exposure = { what: 'anybody nearby can pair it', seconds: 42, limitSeconds: 600 };
    const done = kit.type(START);
    await kit.io.until(() => kit.io.asked.length === 1);
    kit.daemon.flows.change('f-1', { prompts: [], state: 'waiting_radio', exposure });
    await kit.io.until(() => kit.io.statuses.some(text => text.includes('OPEN TO OTHERS for 0:42 of at most 10:00')));
    kit.daemon.flows.prove('f-1');
    expect(await done).toBe(0);
  });

  test('is left with Ctrl-C, says how to come back, and goes on there', async () => {
    const left = kit.type(START);
    await kit.io.until(() => kit.io.asked.length === 1);
    kit.io.stopper.abort();
    expect(await left).toBe(3);
    expect(kit.io.errs.at(-1)).toMatch(/Come back with: .*flow follow f-1$/);
    expect(kit.daemon.flows.get('f-1')?.state).toBe('waiting_human');
    kit.io.renew();
    kit.io.answers.push('', '4071');
    expect(await kit.type('flow follow f-1')).toBe(0);
  });

  test('prints no heading of a step that is over, when the flow went on between its two looks', async () => {
    const { flows } = kit.daemon;
    flows.script = [OPEN_DOOR, CLEARANCE, WIPE];
    const lines = flows.lines.bind(flows);
    let isFirst = true;
    // The lines are asked for after the view: meanwhile somebody answers.
    flows.lines = id => {
      if (isFirst) flows.prove(id);
      isFirst = false;
      return lines(id);
    };
    kit.io.answers.push('4071');
    expect(await kit.type(START)).toBe(0);
    const heads = kit.io.errs.filter(line => line.startsWith('[')).map(line => line.slice(0, 5));
    expect(heads).toEqual(heads.toSorted());
  });

  test('prints no heading of a step that is only taken back', async () => {
    const { flows } = kit.daemon;
    flows.script = [OPEN_DOOR, CLEARANCE];
    const lines = flows.lines.bind(flows);
    const undone = { number: 999, at: 0, kind: 'compensated', step: OPEN_DOOR.id, text: 'Taken back.' };
    flows.lines = id => [...lines(id), ...(flows.get(id)?.endedAt === undefined ? [] : [undone])];
    kit.io.answers.push('', 'no');
    await kit.type(START);
    expect(kit.io.errs.filter(line => line.startsWith('[')).map(line => line.slice(0, 3))).toEqual(['[1/', '[2/']);
  });

  test('stays while a flow waits for the lock, and says what to do', async () => {
    kit.daemon.flows.script = [OPEN_DOOR];
    const done = kit.type(START);
    await kit.io.until(() => kit.io.asked.length === 1);
    kit.daemon.flows.change('f-1', { prompts: [] });
    kit.daemon.flows.park('f-1', { code: 'not_heard', text: 'The lock is not heard.', next: 'Touch its keypad.' });
    await kit.io.until(all => all.includes('Touch its keypad.'));
    kit.daemon.flows.prove('f-1');
    expect(await done).toBe(0);
  });
});

describe('without a terminal', () => {
  test('it prints what is asked and how to answer, and exits with 3', async () => {
    kit.io.interactive = false;
    expect(await kit.type(START)).toBe(3);
    expect(kit.io.errs.at(-1)).toMatch(/Answer with: .*flow answer f-1 p-1 done\|skip$/);
    expect(await kit.type('flow answer f-1 done')).toBe(0);
    expect(await kit.type('flow follow f-1')).toBe(3);
    expect(kit.io.errs.at(-1)).toContain('flow answer f-1 p-2 yes|no --challenge 4071');
    expect(await kit.type('flow answer f-1 p-2 yes --challenge 4071')).toBe(0);
    expect(kit.io.outs.at(-1)).toContain('f-1: done.');
  });

  test('--json prints the flow alone', async () => {
    kit.io.interactive = false;
    expect(await kit.type(`${START} --json`)).toBe(3);
    expect(kit.printed()).toMatchObject({ id: 'f-1', prompts: [{ id: 'p-1' }] });
    expect(kit.io.errs).toEqual([]);
  });

  test('--yes confirms, and leaves what only a person knows', async () => {
    kit.io.interactive = false;
    kit.daemon.flows.script = [CLEARANCE, WIPE];
    expect(await kit.type(`${START} --yes`)).toBe(0);
    expect(kit.daemon.flows.started[0]?.request.mode).toBe('guided');
    await kit.type('flow start turnover front_door --reason tenant_left --yes');
    expect(kit.daemon.flows.started[1]?.request.mode).toBe('brief');
    kit.daemon.flows.script = [OPEN_DOOR];
    expect(await kit.type(`${START} --yes`)).toBe(3);
  });

  test('a secret is piped in, and refused as a word', async () => {
    kit.io.interactive = false;
    kit.daemon.flows.script = [NEW_ADMIN];
    await kit.type(`${START} --detach`);
    expect(await kit.type(`flow answer f-1 ${NEW_CODE}`)).toBe(2);
    expect(kit.daemon.flows.answers).toEqual([]);
    kit.io.piped = `${NEW_CODE}\n`;
    expect(await kit.type('flow answer f-1 --answer-stdin')).toBe(0);
    expect(kit.daemon.flows.answers[0]?.answer.answer).toBe(NEW_CODE);
    expect(kit.io.all).not.toContain(NEW_CODE);
  });
});

describe('looking and steering', () => {
  test('list, show, lines, pause, hand-over, cancel and emergency', async () => {
    await kit.type(`${START} --detach`);
    expect(await kit.type('flow list')).toBe(0);
    expect(kit.io.outs.at(-1)).toContain('f-1  unpairing  front_door  waits for somebody  1/3 open door');
    await kit.type('flow show f-1');
    expect(kit.io.outs).toContain('step 1 of 3: open door');
    await kit.type('flow lines f-1');
    expect(kit.io.outs.at(-1)).toContain('step opening.open_door: Open the door and leave it open.');
    await kit.type('flow pause f-1');
    expect(kit.io.outs.at(-1)).toBe('f-1: paused. Nothing has changed. You can stop.');
    await kit.type('flow hand-over f-1 Bob');
    expect(kit.daemon.flows.get('f-1')?.holder).toBe('Bob');
    await kit.type('flow cancel f-1');
    expect(kit.io.outs.at(-1)).toContain('f-1: stopped, nothing has changed.');
    await kit.type('flow emergency');
    expect(kit.io.outs.at(-1)).toBe('No flow was under way.');
  });

  test('preview shows every step and begins nothing', async () => {
    expect(await kit.type('flow preview unpair front_door --reason replacing')).toBe(0);
    expect(kit.io.outs).toContain('   1. open door: Open the door and leave it open.');
    expect(kit.io.outs).toContain('  - The reset button does not change a metal cylinder.');
    expect(kit.daemon.flows.started).toEqual([]);
  });

  test('suggestions say what was noticed and what could help', async () => {
    kit.daemon.flows.suggested = [
      {
        id: 's1',
        lock: '0123456789ab',
        rule: 'drops',
        text: 'front_door drops often.',
        suggests: ['diagnose', 'repair'],
        evidence: ['9 a day'],
        since: 1,
      },
    ];
    await kit.type('flow suggestions');
    expect(kit.io.outs).toEqual([
      'front_door drops often.',
      '  - 9 a day',
      '  could help: flow start diagnose, then flow start repair',
    ]);
  });
});
