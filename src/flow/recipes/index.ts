// Every kind of flow that there is.
import type { Recipe } from '../step.ts';
import { diagnose } from './diagnose.ts';
import { rekey } from './rekey.ts';
import { repair } from './repair.ts';
import { reset } from './reset.ts';
import { turnover } from './turnover.ts';
import { unpair } from './unpair.ts';

export const recipes: readonly Recipe[] = [unpair, repair, reset, rekey, turnover, diagnose];
