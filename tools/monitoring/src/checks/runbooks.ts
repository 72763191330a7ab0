/** Every alert has a page that says what to do, and every page an alert. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Alert, RUNBOOKS } from '../chart.ts';
import { analyse, type Lookup } from '../promql.ts';

const HEADINGS = ['## What it means', '## Look', '## Do'];
/** Leads to the pages; is none. */
const INDEX = 'README.md';

/** Returns what is wrong with the runbooks in the workspace `root`. */
export function checkRunbooks(root: string, alerts: readonly Alert[], lookup: Lookup): string[] {
  const folder = join(root, RUNBOOKS);
  const pages = existsSync(folder) ? readdirSync(folder).filter((name) => name !== INDEX) : [];
  const wanted = new Map(alerts.map(({ alert, file }) => [`${alert}.md`, file]));
  const index = existsSync(join(folder, INDEX)) ? readFileSync(join(folder, INDEX), 'utf8') : '';
  return [
    ...[...wanted]
      .filter(([page]) => !pages.includes(page))
      .map(
        ([page, file]) =>
          `${RUNBOOKS}/${page}: is missing; ${file} has the alert. Write it, or remove the alert.`,
      ),
    ...pages
      .filter((page) => !wanted.has(page))
      .map((page) => `${RUNBOOKS}/${page}: belongs to no alert; remove it, or give it the name of one.`),
    ...pages.flatMap((page) => checkPage(page, readFileSync(join(folder, page), 'utf8'), lookup)),
    ...pages
      .filter((page) => !index.includes(`](${page})`))
      .map((page) => `${RUNBOOKS}/${INDEX}: does not lead to ${page}; add it.`),
  ];
}

function checkPage(page: string, text: string, lookup: Lookup): string[] {
  const title = `# ${page.replace(/\.md$/, '')}`;
  const lines = text.split('\n');
  return [
    ...[title, ...HEADINGS]
      .filter((heading) => !lines.includes(heading))
      .map((heading) => `${RUNBOOKS}/${page}: has no line "${heading}".`),
    ...queriesIn(text).flatMap((query) =>
      analyse(query, lookup).problems.map((problem) => `${RUNBOOKS}/${page}: "${query}" ${problem}.`),
    ),
  ];
}

/** Each line of a block of PromQL is a query. */
function queriesIn(text: string): string[] {
  return [...text.matchAll(/^```promql\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
}
