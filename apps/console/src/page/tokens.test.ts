import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const sheet = readFileSync(join(import.meta.dirname, 'styles/tokens.css'), 'utf8');

/** The colours of one block of the style sheet, by name. */
function colors(selector: string): Map<string, string> {
  const block = sheet.slice(sheet.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = parseInt(color.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT: readonly (readonly [text: string, background: string])[] = [
  ...['ink', 'muted', 'accent', 'good', 'warn', 'dead', 'event', 'state'].flatMap((text) => [
    [text, 'surface'] as const,
    [text, 'page'] as const,
  ]),
  ['ink', 'raised'],
  ['muted', 'raised'],
  ['accent-ink', 'accent'],
  ['good', 'good-soft'],
  ['warn', 'warn-soft'],
  ['dead', 'dead-soft'],
  ['ink', 'event-soft'],
  ['muted', 'event-soft'],
  ['ink', 'state-soft'],
  ['muted', 'state-soft'],
];

describe.each([
  ['light', ':root'],
  ['dark', "[data-theme='dark']"],
])('the %s colours', (_theme, selector) => {
  const palette = colors(selector);
  const color = (name: string) => palette.get(name) ?? expect.fail(`no colour ${name}`);

  it.each(TEXT)('let people read --%s on --%s', (text, background) => {
    expect(contrast(color(text), color(background))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([1, 2, 3, 4, 5, 6])('let people see line %i of a chart', (number) => {
    expect(contrast(color(`series-${number}`), color('surface'))).toBeGreaterThanOrEqual(3);
  });
});
