/** Light or dark: what the system says, unless the reader chose otherwise; the choice is remembered. */

export type Theme = 'light' | 'dark';

const KEY = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** Returns the theme the page has now. */
export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';
}

/** Changes the theme and remembers it. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser may forbid storage; then the choice holds until the page is left.
  }
  show(theme);
}

/** Calls `listener` whenever the theme changes; returns how to stop that. */
export function onThemeChange(listener: () => void): () => void {
  addEventListener('themechange', listener);
  return () => removeEventListener('themechange', listener);
}

function show(theme: Theme): void {
  if (document.documentElement.dataset['theme'] === theme) return;
  document.documentElement.dataset['theme'] = theme;
  dispatchEvent(new Event('themechange'));
}

function remembered(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined;
  }
}

const fromSystem = (): Theme => (system.matches ? 'dark' : 'light');
system.addEventListener('change', () => show(remembered() ?? fromSystem()));
show(remembered() ?? fromSystem());
