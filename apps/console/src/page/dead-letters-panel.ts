/** Records that a consumer gave up, with the reason, and the button that puts one back. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DeadLetterView } from '../messages.ts';
import { announce } from './announcer.ts';
import { count, moment, plural } from './format.ts';
import { bytesPreview, definitions } from './fragments.ts';
import { Panel } from './panel.ts';
import './redrive-all.ts';
import { redrive } from './redrive.ts';
import type { RedriveResult } from './redrive.ts';
import type { Happening } from './store.ts';

type Progress = 'running' | RedriveResult;

class DeadLettersPanel extends Panel {
  protected readonly drawnAfter = ['deadLetters'] as const;
  private all = false;
  private waiting = 0;
  /** Redrives started on this page: their letters stay in view with the result. */
  private readonly started = new Map<string, Progress>();

  protected override happened(happening: Happening): void {
    if (happening.name === 'snapshot') this.waiting = happening.data.deadLetters.waiting;
    if (happening.name !== 'deadLetters') return;
    if (happening.data.waiting > this.waiting)
      announce(`${plural(happening.data.waiting, 'dead letter')} waiting.`);
    this.waiting = happening.data.waiting;
  }

  override render(): TemplateResult {
    const { letters, waiting, redriven } = this.page.deadLetters;
    const shown = letters.filter(
      (letter) => this.all || letter.redrivenAt === undefined || this.started.has(letter.at),
    );
    return html`
      <section class="panel" aria-labelledby="dead-letters-title">
        <header class="panel-head">
          <h2 id="dead-letters-title">Dead letters</h2>
          <p class="hint">${count(waiting)} waiting, ${count(redriven)} put back</p>
          <label class="check">
            <input
              type="checkbox"
              .checked=${this.all}
              ?disabled=${redriven === 0}
              @change=${this.toggleAll}
            />
            Show those put back
          </label>
        </header>
        <redrive-all></redrive-all>
        ${
          shown.length === 0
            ? html`<p class="empty">
                <span class="mark up" aria-hidden="true">✓</span> Nothing was given up. A record that a
                consumer cannot handle appears here with its reason, and can be put back once the cause is
                mended.
              </p>`
            : html`<ul class="letters">
                ${repeat(
                  shown,
                  (letter) => letter.at,
                  (letter) => this.letter(letter),
                )}
              </ul>`
        }
        ${
          waiting + redriven > letters.length
            ? html`<p class="hint">The newest ${count(letters.length)} are kept here.</p>`
            : nothing
        }
      </section>
    `;
  }

  private letter(letter: DeadLetterView): TemplateResult {
    const { original } = letter;
    const done = letter.redrivenAt !== undefined;
    const details = html`
      <details>
        <summary>Details</summary>
        <div class="letter-details">
          <div>
            <h4>Error</h4>
            ${definitions([
              ['Name', letter.errorName],
              ['Code', letter.code],
              ['Dead letter', `${letter.topic}, partition ${letter.partition}, offset ${letter.offset}`],
            ])}
            ${letter.stack === '' ? nothing : html`<pre tabindex="0">${letter.stack}</pre>`}
          </div>
          <div>
            <h4>Value</h4>
            ${letter.preview ? bytesPreview(letter.preview) : html`<p class="hint">No value: a tombstone.</p>`}
          </div>
          <div>
            <h4>Headers</h4>
            ${
              Object.keys(letter.headers).length === 0
                ? html`<p class="hint">It came without headers.</p>`
                : definitions(Object.entries(letter.headers))
            }
          </div>
        </div>
      </details>
    `;
    return html`<li class="letter ${done ? 'done' : ''}" data-letter=${letter.at}>
      <div class="letter-head">
        <p class="reason"><span class="code">${letter.code}</span> ${letter.message}</p>
        ${this.action(letter)}
      </div>
      <p class="letter-facts">
        <span><b>${original.topic}</b> p${original.partition} · ${original.offset}</span>
        <span>key ${letter.key ?? 'none'}</span>
        <span>given up by <b>${letter.group}</b> after ${plural(letter.attempts, 'try', 'tries')}</span>
        <time datetime=${new Date(letter.failedAt).toISOString()}>${moment(letter.failedAt)}</time>
      </p>
      ${details}
    </li>`;
  }

  private action(letter: DeadLetterView): TemplateResult {
    const progress = this.started.get(letter.at);
    const result = typeof progress === 'object' ? progress : undefined;
    const done = letter.redrivenAt !== undefined || result?.done === true;
    const text =
      result?.text ?? (letter.redrivenAt === undefined ? '' : `Put back ${moment(letter.redrivenAt)}`);
    return html`<div class="letter-action">
      ${
        done
          ? html`<span class="result good" tabindex="-1">✓ ${text}</span>`
          : html`${text === '' ? nothing : html`<span class="result bad">${text}</span>`}
              <button
                type="button"
                class="primary"
                aria-disabled=${progress === 'running' ? 'true' : 'false'}
                aria-label="Redrive the record with key ${letter.key ?? 'none'}, offset ${letter.original.offset}"
                @click=${() => this.start(letter)}
              >
                ${progress === 'running' ? 'Putting back…' : 'Redrive'}
              </button>`
      }
    </div>`;
  }

  private async start(letter: DeadLetterView): Promise<void> {
    if (this.started.get(letter.at) === 'running') return;
    this.started.set(letter.at, 'running');
    this.requestUpdate();
    const result = await redrive(letter);
    this.started.set(letter.at, result);
    announce(result.text);
    this.requestUpdate();
    await this.updateComplete;
    // The button that had the focus is gone; without this, the next Tab would start from the top of the page.
    const lost = document.activeElement === document.body;
    if (lost) this.querySelector<HTMLElement>(`[data-letter="${CSS.escape(letter.at)}"] .result`)?.focus();
  }

  private readonly toggleAll = (event: Event): void => {
    this.all = (event.target as HTMLInputElement).checked;
    this.requestUpdate();
  };
}

customElements.define('dead-letters-panel', DeadLettersPanel);
