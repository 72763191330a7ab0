/** The row that puts back all dead letters of one topic, or those with one error code, and shows how far it is. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { announce } from './announcer.ts';
import { count } from './format.ts';
import { Panel } from './panel.ts';
import { redriveAll } from './redrive.ts';
import type { RedriveResult } from './redrive.ts';

interface Running {
  readonly stop: AbortController;
  redriven: number;
  selected: number;
}

class RedriveAll extends Panel {
  protected readonly drawnAfter = ['deadLetters'] as const;
  private topic: string | undefined;
  private code: string | undefined;
  /** Asked whether they mean it. */
  private asked = false;
  private running: Running | undefined;
  private result: RedriveResult | undefined;

  override render(): TemplateResult | typeof nothing {
    const waiting = this.page.deadLetters.letters.filter((letter) => letter.redrivenAt === undefined);
    const topics = [...new Set(waiting.map(({ topic }) => topic))].sort();
    if (topics.length === 0 && !this.running && !this.result) return nothing;
    const topic = this.topic !== undefined && topics.includes(this.topic) ? this.topic : topics[0];
    const codes = [...new Set(waiting.filter((letter) => letter.topic === topic).map(({ code }) => code))];
    const code = this.code !== undefined && codes.includes(this.code) ? this.code : undefined;
    return html`<div class="redrive-all">
      ${this.running ? this.progress(this.running) : topic === undefined ? nothing : this.form(topics, topic, codes.sort(), code)}
      ${this.result ? html`<span class="result ${this.result.done ? 'good' : 'bad'}">${this.result.text}</span>` : nothing}
    </div>`;
  }

  private form(
    topics: readonly string[],
    topic: string,
    codes: readonly string[],
    code: string | undefined,
  ): TemplateResult {
    const meant = `all of ${topic}${code === undefined ? '' : ` with the code ${code}`}`;
    return html`
      <label class="visually-hidden" for="redrive-topic">Dead-letter topic</label>
      <select id="redrive-topic" @change=${this.chooseTopic}>
        ${topics.map((one) => html`<option value=${one} ?selected=${one === topic}>${one}</option>`)}
      </select>
      <label class="visually-hidden" for="redrive-code">Error code</label>
      <select id="redrive-code" @change=${this.chooseCode}>
        <option value="" ?selected=${code === undefined}>every code</option>
        ${codes.map((one) => html`<option value=${one} ?selected=${one === code}>${one}</option>`)}
      </select>
      ${
        this.asked
          ? html`<button
                type="button"
                class="primary"
                aria-label="Yes, put back ${meant}"
                @click=${() => this.start(topic, code)}
              >
                Yes, put them back
              </button>
              <button type="button" @click=${this.cancel}>Cancel</button>`
          : html`<button type="button" aria-label="Redrive ${meant}" @click=${this.ask}>Redrive all</button>`
      }
    `;
  }

  private progress({ redriven, selected, stop }: Running): TemplateResult {
    return html`
      <progress aria-label="Dead letters put back" max=${Math.max(1, selected)} .value=${redriven}></progress>
      <span class="hint"
        >${selected === 0 ? 'Reading…' : `${count(redriven)} of ${count(selected)} put back`}</span
      >
      <button type="button" @click=${() => stop.abort()}>Stop</button>
    `;
  }

  private async start(topic: string, code: string | undefined): Promise<void> {
    const running: Running = { stop: new AbortController(), redriven: 0, selected: 0 };
    this.asked = false;
    this.result = undefined;
    this.running = running;
    this.requestUpdate();
    this.result = await redriveAll({
      topic,
      code,
      signal: running.stop.signal,
      onProgress: (redriven, selected) => {
        Object.assign(running, { redriven, selected });
        this.requestUpdate();
      },
    });
    this.running = undefined;
    announce(this.result.text);
    this.requestUpdate();
  }

  private readonly ask = (): void => {
    this.asked = true;
    this.result = undefined;
    this.requestUpdate();
  };

  private readonly cancel = (): void => {
    this.asked = false;
    this.requestUpdate();
  };

  private readonly chooseTopic = (event: Event): void => {
    this.topic = (event.target as HTMLSelectElement).value;
    this.cancel();
  };

  private readonly chooseCode = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this.code = value === '' ? undefined : value;
    this.cancel();
  };
}

customElements.define('redrive-all', RedriveAll);
