// latchbridge version
import { command } from './command.ts';
import { version as versionOf } from './self.ts';

export const version = command({
  name: 'version',
  about: 'print the version',
  words: '',
  options: {},
  async run({ io }) {
    io.out(versionOf());
    return 0;
  },
});
