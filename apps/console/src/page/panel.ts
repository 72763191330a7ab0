/** The base of every part of the page: an element that draws itself again when the state it shows changes. */
import { LitElement } from 'lit';
import type { Happening } from './store.ts';
import { currentState, onChange } from './store.ts';
import type { PageState } from './state.ts';

/** At most this often: the first change is drawn at once, a flood of them four times a second. */
const REDRAW_MS = 250;

/** Draws into the page itself, not into a shadow tree: one style sheet, and labels and ids work across parts. */
export abstract class Panel extends LitElement {
  /** The happenings after which this part is drawn again. */
  protected abstract readonly drawnAfter: readonly Happening['name'][];
  private stopListening: (() => void) | undefined;
  private redraw: ReturnType<typeof setTimeout> | undefined;
  private drawnAt = 0;

  protected get page(): PageState {
    return currentState();
  }

  /** Called for every happening, before the part is drawn again. */
  protected happened?(happening: Happening): void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopListening = onChange((happening) => {
      this.happened?.(happening);
      if (happening.name === 'snapshot' || this.drawnAfter.includes(happening.name)) this.redrawSoon();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopListening?.();
    clearTimeout(this.redraw);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private redrawSoon(): void {
    if (this.redraw !== undefined) return;
    const waitMs = Math.max(0, this.drawnAt + REDRAW_MS - performance.now());
    this.redraw = setTimeout(() => {
      this.redraw = undefined;
      this.drawnAt = performance.now();
      this.requestUpdate();
    }, waitMs);
  }
}
