// The code of the tests that stand at the end of flows.
import type { StepCode } from '../step.ts';
import { counts, log, motor, newKey, oldKey, shown, wayBack } from './verify.ts';

export const verifyingSteps: readonly StepCode[] = [newKey, oldKey, counts, log, motor, wayBack, shown];
