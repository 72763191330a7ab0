/** What the pages of the catalogue do in the browser: light or dark, and the search. A classic script, so that files open without a server. */

interface Entry {
  readonly title: string;
  /** What it is, for example "event" or "field of StockMoved". */
  readonly kind: string;
  /** In small letters: what is searched. */
  readonly text: string;
  /** From the root of the site. */
  readonly page: string;
}

{
  const MOST_RESULTS = 12;
  /** The console's, so that both look alike where both are served. */
  const KEY = 'theme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  const remembered = (): string | null => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const isDark = () => document.documentElement.dataset['theme'] === 'dark';
  const show = (theme: string) => {
    document.documentElement.dataset['theme'] = theme;
    document.getElementById('theme')?.setAttribute('aria-pressed', String(isDark()));
  };
  const showWanted = () => show(remembered() ?? (system.matches ? 'dark' : 'light'));

  const find = (query: string): Entry[] => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const entries = (globalThis as { CATALOG?: readonly Entry[] }).CATALOG ?? [];
    if (words.length === 0) return [];
    const score = ({ title, text }: Entry) =>
      words.every((word) => text.includes(word))
        ? words.filter((word) => title.toLowerCase().includes(word)).length + 1
        : 0;
    return entries
      .map((entry) => ({ entry, found: score(entry) }))
      .filter(({ found }) => found > 0)
      .sort((a, b) => b.found - a.found)
      .map(({ entry }) => entry);
  };

  const listen = () => {
    showWanted();
    system.addEventListener('change', showWanted);
    document.getElementById('theme')?.addEventListener('click', () => {
      const theme = isDark() ? 'light' : 'dark';
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // A browser may forbid storage; then the choice holds until the page is left.
      }
      show(theme);
    });

    const input = document.getElementById('search') as HTMLInputElement;
    const results = document.getElementById('results') as HTMLElement;
    const count = document.getElementById('found') as HTMLElement;
    const close = () => {
      results.hidden = true;
    };
    const update = () => {
      const found = find(input.value);
      results.hidden = input.value.trim() === '';
      results.querySelector('ul')?.replaceChildren(...found.slice(0, MOST_RESULTS).map(toItem));
      count.textContent = saying(found.length);
    };
    const saying = (found: number): string => {
      if (found === 0) return 'Nothing found';
      return found > MOST_RESULTS ? `The first ${MOST_RESULTS} of ${found}` : `${found} found`;
    };
    const item = (...content: (Node | string)[]) => {
      const element = document.createElement('li');
      element.append(...content);
      return element;
    };
    const toItem = ({ title, kind, page }: Entry) => {
      const link = document.createElement('a');
      const hint = document.createElement('span');
      link.href = `${document.body.dataset['root'] ?? ''}${page}`;
      hint.textContent = kind;
      link.append(title, ' ', hint);
      return item(link);
    };
    input.addEventListener('input', update);
    input.addEventListener('focus', update);
    document.addEventListener('click', (event) => {
      if (event.target instanceof Node && !input.closest('search')?.contains(event.target)) close();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') close();
      if (event.key === '/' && document.activeElement !== input) {
        event.preventDefault();
        input.focus();
      }
      const first = results.querySelector('a');
      if (event.key === 'Enter' && document.activeElement === input && first) first.click();
    });
  };

  show(remembered() ?? (system.matches ? 'dark' : 'light'));
  document.addEventListener('DOMContentLoaded', listen);
}
