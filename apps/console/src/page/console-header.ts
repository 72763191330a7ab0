/** The head of the page: is the page live, how is every part, light or dark. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { PartHealth } from '../messages.ts';
import { announce } from './announcer.ts';
import { plural } from './format.ts';
import { Panel } from './panel.ts';
import type { Happening } from './store.ts';
import { chooseTheme, currentTheme, onThemeChange } from './theme.ts';

class ConsoleHeader extends Panel {
  protected readonly drawnAfter = ['connection', 'status', 'deadLetters'] as const;
  private wasLost = false;

  override connectedCallback(): void {
    super.connectedCallback();
    onThemeChange(() => this.requestUpdate());
  }

  protected override happened(happening: Happening): void {
    if (happening.name !== 'connection') return;
    if (this.page.connection === 'reconnecting') {
      this.wasLost = true;
      announce('Connection lost, reconnecting.');
    } else if (this.page.connection === 'open' && this.wasLost) {
      this.wasLost = false;
      announce('Connected again.');
    }
  }

  override render(): TemplateResult {
    const { health, deadLetters } = this.page;
    const dark = currentTheme() === 'dark';
    return html`
      <div class="bar">
        <a class="brand" href="#main">
          <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M4 9h9c7 0 3 14 10 14h5M4 23h7M21 9h7" />
            <circle cx="4" cy="9" r="2.6" />
            <circle cx="28" cy="23" r="2.6" />
            <circle cx="28" cy="9" r="2.6" />
            <circle cx="4" cy="23" r="2.6" />
          </svg>
          <h1>Event console<span>Real-time store inventory</span></h1>
        </a>
        ${this.connection()}
        <ul class="parts" aria-label="Health of the parts">
          ${health.map((part) => this.partEntry(part))}
        </ul>
        ${
          deadLetters.waiting > 0
            ? html`<a class="badge" href="#dead-letters">${plural(deadLetters.waiting, 'dead letter')}</a>`
            : nothing
        }
        <a class="catalog-link" href="/catalog/">Catalogue</a>
        <button
          type="button"
          class="icon-button"
          aria-pressed=${dark ? 'true' : 'false'}
          aria-label="Dark mode"
          title=${dark ? 'Switch to light' : 'Switch to dark'}
          @click=${() => chooseTheme(dark ? 'light' : 'dark')}
        >
          ${dark ? moon : sun}
        </button>
      </div>
      ${this.notice()}
    `;
  }

  private connection(): TemplateResult {
    const { connection, feed } = this.page;
    const [state, text] =
      connection === 'connecting'
        ? ['waiting', 'connecting…']
        : connection === 'reconnecting'
          ? ['lost', 'reconnecting…']
          : feed.state === 'live'
            ? ['live', 'live']
            : ['waiting', feed.state === 'reading' ? 'reading…' : 'waiting for Kafka…'];
    return html`<p class="connection ${state}" data-connection=${connection} title=${feed.detail}>
      <span class="pulse" aria-hidden="true"></span>${text}
    </p>`;
  }

  private partEntry({ name, state, detail }: PartHealth): TemplateResult {
    const words = { up: 'up', degraded: 'not ready', down: 'down', unknown: 'asking…' }[state];
    return html`<li class="part ${state}" title=${detail} data-part=${name} data-state=${state}>
      <span class="mark" aria-hidden="true">${MARKS[state]}</span>${name}
      <span class=${state === 'up' ? 'visually-hidden' : 'words'}>${words}</span>
    </li>`;
  }

  /** What is wrong in one sentence each, where everybody sees it. */
  private notice(): TemplateResult | typeof nothing {
    const { connection, feed, health } = this.page;
    if (connection === 'reconnecting') {
      return html`<p class="notice">
        The console does not answer. What you see is from before; trying again…
      </p>`;
    }
    if (connection === 'open' && feed.state === 'connecting') {
      return html`<p class="notice">${feed.detail}</p>`;
    }
    const broken = health.filter((part) => part.state === 'down' || part.state === 'degraded');
    if (broken.length === 0) return nothing;
    return html`<p class="notice quiet">
      ${broken.map((part) => `${part.name}: ${part.detail}`).join(' · ')}
    </p>`;
  }
}

const MARKS = { up: '✓', degraded: '!', down: '✕', unknown: '?' } as const;

const sun = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="4.5" />
  <path d="M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2" />
</svg>`;
const moon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z" />
</svg>`;

customElements.define('console-header', ConsoleHeader);
