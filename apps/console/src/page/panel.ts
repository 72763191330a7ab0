/** The base of every part of the page: an element that draws itself again when the state it shows changes. */
import { LitElement } from 'lit';
import type { Happening } from './store.ts';
import { currentState, onChange } from './store.ts';
import type { PageState } from './state.ts';

/** Draws into the page itself, not into a shadow tree: one style sheet, and labels and ids work across parts. */
export abstract class Panel extends LitElement {
  /** The happenings after which this part is drawn again. */
  protected abstract readonly drawnAfter: readonly Happening['name'][];
  private stopListening: (() => void) | undefined;

  protected get page(): PageState {
    return currentState();
  }

  /** Called for every happening, before the part is drawn again. */
  protected happened?(happening: Happening): void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopListening = onChange((happening) => {
      this.happened?.(happening);
      if (happening.name === 'snapshot' || this.drawnAfter.includes(happening.name)) this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopListening?.();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
