// Light, dark, or as the device has it. Kept on this device where it allows that.

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'latchbridge-theme';

export function themeNow(): Theme {
  const kept = document.documentElement.dataset['theme'];
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export function useTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  keep(KEY, theme);
}

export function loadTheme(): void {
  const theme = kept(KEY);
  if (theme === 'light' || theme === 'dark') useTheme(theme);
}

/** A frame of another site may refuse storage: then it holds until the page is closed. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    memory.set(key, value);
  }
}
export function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? memory.get(key);
  } catch {
    return memory.get(key);
  }
}
const memory = new Map<string, string>();
