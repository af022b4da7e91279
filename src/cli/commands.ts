// All commands, in the order of the help text.
import { audit } from './audit.ts';
import { backup } from './backup.ts';
import { bundle } from './bundle.ts';
import { code } from './code.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { exporting } from './export.ts';
import { flow } from './flow.ts';
import { act, paired, timer } from './functions.ts';
import { hand } from './hand.ts';
import { importing } from './import.ts';
import { adminCode, phone, revokeKeys } from './keys.ts';
import { list, show } from './list.ts';
import { lock, unlatch, unlock } from './lock.ts';
import { lockLog } from './lock-log.ts';
import { matter } from './matter.ts';
import { pair } from './pair.ts';
import { permitJoin } from './permit-join.ts';
import { recoveryCode } from './recovery-code.ts';
import { record } from './record.ts';
import { remove } from './remove.ts';
import { rename, set } from './rename.ts';
import { demo, run } from './run.ts';
import { scan } from './scan.ts';
import { settings } from './settings.ts';
import { card, finger } from './token.ts';
import { trace } from './trace.ts';
import { unpair } from './unpair.ts';
import { version } from './version.ts';
import { watch } from './watch.ts';
import { web } from './web.ts';

export const commands: readonly Command[] = [
  run,
  demo,
  doctor,
  web,
  scan,
  pair,
  permitJoin,
  list,
  show,
  lock,
  unlock,
  unlatch,
  watch,
  code,
  card,
  finger,
  settings,
  act,
  timer,
  paired,
  lockLog,
  phone,
  revokeKeys,
  adminCode,
  rename,
  set,
  unpair,
  flow,
  remove,
  matter,
  hand,
  trace,
  record,
  bundle,
  audit,
  backup,
  exporting,
  importing,
  recoveryCode,
  version,
];
