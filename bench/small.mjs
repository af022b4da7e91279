// As src/main.ts does before it loads anything: what is measured runs under the same orders.
import { staySmall } from '../dist/base/memory.js';

staySmall();
