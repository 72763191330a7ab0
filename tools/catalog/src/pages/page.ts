import { html } from '../html.ts';
import type { Html } from '../html.ts';

export interface Page {
  readonly title: string;
  /** From the page to the root of the site: empty or `../`. */
  readonly toRoot: '' | '../';
  readonly body: Html;
}

/** Returns the whole document around what a page has to say. */
export function document({ title, toRoot, body }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title} · Event catalogue</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="${toRoot}icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${toRoot}tokens.css" />
        <link rel="stylesheet" href="${toRoot}base.css" />
        <link rel="stylesheet" href="${toRoot}catalog.css" />
        <script src="${toRoot}search-index.js" defer></script>
        <script src="${toRoot}catalog.js"></script>
      </head>
      <body data-root="${toRoot}">
        <a class="skip-link" href="#main">Skip to the content</a>
        <header class="site-header">
          <div class="bar">
            <a class="brand" href="${toRoot}index.html">Event catalogue</a>
            <nav aria-label="Catalogue">
              <a href="${toRoot}index.html#events">Events</a> <a href="${toRoot}index.html#apps">Apps</a>
              <a href="${toRoot}lineage.html">Lineage</a>
            </nav>
            <search>
              <label class="visually-hidden" for="search">Search events, fields and apps</label
              ><input
                id="search"
                type="search"
                placeholder="Search"
                autocomplete="off"
                aria-controls="results"
                aria-describedby="found"
              />
              <div id="results" hidden>
                <p id="found" role="status"></p>
                <ul aria-labelledby="found"></ul>
              </div>
            </search>
            <button type="button" id="theme" aria-pressed="false">Dark</button>
          </div>
        </header>
        <main id="main" tabindex="-1">${body}</main>
      </body>
    </html> `.text;
}

/** Returns a table; a cell is text or HTML. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
  caption: string,
): Html {
  return html`<div class="table-scroll">
    <table>
      <caption class="visually-hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Returns names with what is said of each. */
export function facts(entries: readonly (readonly [string, Html | string])[]): Html {
  return html`<dl class="facts">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl>`;
}
