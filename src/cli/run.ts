// latchbridge run, latchbridge demo: only their words; main starts them.
import { command } from './command.ts';
import { demoOptions, runOptions } from './start-options.ts';

export const run = command({
  name: 'run',
  about: 'start the daemon',
  words: '',
  options: runOptions,
  more: [
    'Settings come from the command line, then variables (LATCHBRIDGE_...), then the page, then latchbridge.yaml.',
  ],
  run: ({ values, start }) => start.run(values),
});

export const demo = command({
  name: 'demo',
  about: 'start with virtual locks and a broker of its own; needs no Bluetooth',
  words: '',
  options: demoOptions,
  more: [
    'Other commands find the newest running demo by themselves.',
    'A family or variant that there is none of is answered with those that there are.',
  ],
  run: ({ values, start }) => start.demo(values),
});
