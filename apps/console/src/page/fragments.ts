/** Small pieces of the page that more than one part uses. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { BytesPreview } from '../messages.ts';
import { count } from './format.ts';

/** Draws names with their values; those without a value are left out. */
export function definitions(
  entries: readonly (readonly [name: string, value: string | undefined])[],
): TemplateResult {
  return html`<dl class="definitions">
    ${entries.map(([name, value]) =>
      value === undefined
        ? nothing
        : html`<dt>${name}</dt>
            <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** Draws the start of some bytes. */
export function bytesPreview(preview: BytesPreview): TemplateResult {
  const kind = preview.encoding === 'text' ? 'text' : 'hexadecimal';
  const note = `${count(preview.bytes)} bytes as ${kind}${preview.truncated ? ', the start' : ''}`;
  return html`<pre tabindex="0" class="bytes">${preview.text === '' ? '(empty)' : preview.text}</pre>
    <p class="hint">${note}</p>`;
}
