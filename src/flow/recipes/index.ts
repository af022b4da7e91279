// Every kind of flow that there is.
import type { Recipe } from '../step.ts';

export const recipes: readonly Recipe[] = [];
