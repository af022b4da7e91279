// Where the page begins.
import { loadTheme } from './shell/theme.ts';
import './shell/app.ts';

loadTheme();
