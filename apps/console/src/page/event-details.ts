/** All about one event, in a dialog. */
import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { LiveEvent } from '../messages.ts';
import { bytesPreview, definitions } from './fragments.ts';
import { count, moment, shortType } from './format.ts';

/** A modal dialog; the browser keeps the focus inside and gives it back. */
export class EventDetails extends LitElement {
  private event: LiveEvent | undefined;
  private followCorrelation: (correlationId: string) => void = () => undefined;

  /** Opens the dialog for an event; `follow` is called when the reader wants all events with its correlation id. */
  show(event: LiveEvent, follow: (correlationId: string) => void): void {
    this.event = event;
    this.followCorrelation = follow;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const dialog = this.querySelector('dialog');
      if (dialog?.open === false) dialog.showModal();
    });
  }

  override render(): TemplateResult {
    const { event } = this;
    return html`<dialog aria-labelledby="event-details-title" @click=${this.closeOutside}>
      ${event ? this.details(event) : nothing}
    </dialog>`;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private details(event: LiveEvent): TemplateResult {
    const { event: decoded } = event;
    const correlation = decoded?.correlationId;
    return html`
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id="event-details-title">
            ${decoded ? shortType(decoded.type) : 'Record that cannot be read'}
          </h2>
          <button type="button" class="icon-button" aria-label="Close" @click=${this.close}>✕</button>
        </header>
        ${event.problem === undefined ? nothing : html`<p class="problem">${event.problem}</p>`}
        ${definitions([
          ['Topic', event.topic],
          ['Partition · offset', `${event.partition} · ${event.offset}`],
          ['Key', event.key ?? 'none'],
          ['In the log since', moment(event.time)],
          ['Size', `${count(event.bytes)} bytes`],
          ['Type', decoded?.type],
          ['Happened', decoded && moment(decoded.time)],
          ['Event id', decoded?.id],
          ['Source', decoded?.source],
          ['Caused by', decoded?.causationId],
          ['Correlation', correlation],
        ])}
        ${
          correlation === undefined
            ? nothing
            : html`<button type="button" @click=${() => this.follow(correlation)}>
                Show everything it led to
              </button>`
        }
        ${
          decoded
            ? html`<h3>Data</h3>
                <pre tabindex="0">${JSON.stringify(decoded.data, undefined, 2)}</pre>`
            : nothing
        }
        ${
          event.preview
            ? html`<h3>Value</h3>
                ${bytesPreview(event.preview)}`
            : nothing
        }
        <h3>Headers</h3>
        ${definitions(Object.entries(event.headers))}
      </div>
    `;
  }

  private follow(correlationId: string): void {
    this.close();
    this.followCorrelation(correlationId);
  }

  private readonly close = (): void => this.querySelector('dialog')?.close();

  private readonly closeOutside = (click: Event): void => {
    if (click.target instanceof HTMLDialogElement) click.target.close();
  };
}

customElements.define('event-details', EventDetails);
