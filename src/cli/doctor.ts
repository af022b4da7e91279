// latchbridge doctor: looks at everything that can be missing, and says what to do.
import { LockError } from '../base/errors.ts';
import { type Config, type ConfigAsk, loadConfig } from '../config.ts';
import type { Check, Examination } from '../lock/upkeep.ts';
import { type Start, command, jsonOption, whereOptions } from './command.ts';
import { examine, machineChecks } from './examine.ts';
import { table } from './text.ts';
import type { Io } from './io.ts';

const MARKS: Readonly<Record<Check['verdict'], string>> = { good: 'ok  ', warning: 'mind', bad: 'BAD ' };

export const doctor = command({
  name: 'doctor',
  about: 'look at everything that can be missing, and say what to do',
  words: '',
  options: {
    settings: { type: 'boolean', about: 'also list every setting and where it comes from' },
    ...jsonOption,
    ...whereOptions,
  },
  more: ['Works with and without a running daemon. Exit code 1 when something is bad.'],
  async run({ values, io, start, self, daemon }) {
    const client = await daemon().catch((thrown: unknown) => {
      if (thrown instanceof LockError && thrown.reason === 'not_running') return undefined;
      throw thrown;
    });
    const ask = { file: values.config, options: { data: values.data } };
    const found = client ? await client.get<Examination>('/api/doctor') : await lookMyself(ask, io, start);
    const running = client !== undefined;
    if (values.json) io.out(JSON.stringify({ running, ...found }));
    else print(found, io, { running, self, settings: values.settings ?? false });
    return found.checks.some(check => check.verdict === 'bad') ? 1 : 0;
  },
});

async function lookMyself(ask: ConfigAsk, io: Io, start: Start): Promise<Examination> {
  const { probeRadios: probe } = start;
  const page = await start.pageSettings();
  let config: Config;
  try {
    config = loadConfig({ ...ask, page });
  } catch (thrown) {
    if (!(thrown instanceof LockError)) throw thrown;
    const fix = 'latchbridge.example.yaml shows every setting.';
    const settings: Check = { name: 'settings', verdict: 'bad', text: thrown.message, fix };
    return { checks: [settings, ...machineChecks({ radios: await probe([]) })], settings: [] };
  }
  const devices = config.radios.map(radio => ('device' in radio ? radio.device : radio.address));
  return examine(config, { radios: await probe(devices), clock: io.clock });
}

function print(
  { checks, settings }: Examination,
  io: Io,
  how: { running: boolean; self: string; settings: boolean },
): void {
  io.out(how.running ? 'Latchbridge is running.' : `Latchbridge is not running. Start it with: ${how.self} run`);
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, verdict, text, fix } of checks) {
    io.out(`${MARKS[verdict]}  ${name.padEnd(width)}  ${text}`);
    if (fix !== undefined) io.out(`${' '.repeat(width + 8)}-> ${fix}`);
  }
  if (!how.settings) return io.out(`Where each setting comes from: ${how.self} doctor --settings`);
  for (const line of table(
    ['SETTING', 'VALUE', 'FROM'],
    settings.map(it => [it.key, it.value, it.from]),
  ))
    io.out(line);
}
