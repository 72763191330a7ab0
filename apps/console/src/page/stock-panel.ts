/** Stock per store and item as a shaded table whose numbers light up when they change. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { repeat } from 'lit/directives/repeat.js';
import type { StockPage, StoreStock } from '../messages.ts';
import { count, plural } from './format.ts';
import { Panel } from './panel.ts';
import { flashKey } from './state.ts';
import { stockTable } from './stock-table.ts';
import type { StockTable } from './stock-table.ts';

const ROWS_AT_FIRST = 12;
const MORE_ROWS = 24;
const COLUMNS = 12;
/** The style sheet has this many shades. */
const SHADES = 8;
const SEARCH_DELAY_MS = 250;

class StockPanel extends Panel {
  protected readonly drawnAfter = ['stock'] as const;
  private search = '';
  private rows = ROWS_AT_FIRST;
  /** Answer of the server to a search among more stores than the page holds. */
  private found: StockPage | undefined;
  private searching: ReturnType<typeof setTimeout> | undefined;

  override render(): TemplateResult {
    const { stores, items, totalStores, totalItems } = this.page;
    const shown = this.found ?? { stores, items };
    const table = stockTable(shown.stores, shown.items, {
      search: this.search,
      rows: this.rows,
      columns: COLUMNS,
    });
    return html`
      <section class="panel stock" aria-labelledby="stock-title">
        <header class="panel-head">
          <h2 id="stock-title">Stock</h2>
          <p class="hint">${plural(totalStores, 'store')}, ${plural(totalItems, 'item')}</p>
          <div class="controls">
            <label class="visually-hidden" for="stock-search">Search stores and items</label>
            <input
              id="stock-search"
              type="search"
              placeholder="Search store or item"
              autocomplete="off"
              spellcheck="false"
              @input=${this.setSearch}
            />
          </div>
        </header>
        ${
          totalStores + totalItems === 0
            ? html`<p class="empty">No stock yet: run <code>npm run golden</code> to fill the shelves.</p>`
            : table.skus.length === 0
              ? html`<p class="empty">No store and no item is called that.</p>`
              : this.table(table)
        }
        ${this.more(table)}
      </section>
    `;
  }

  private table(table: StockTable): TemplateResult {
    return html`
      <div class="table-scroll" tabindex="0" role="region" aria-labelledby="stock-title">
        <table class="stock-table">
          <thead>
            <tr>
              <th scope="col">Store</th>
              ${table.skus.map((sku) => html`<th scope="col">${sku}</th>`)}
            </tr>
          </thead>
          <tbody>
            <tr class="totals">
              <th scope="row">All stores</th>
              ${repeat(
                table.skus,
                (sku) => sku,
                (sku) => this.cell(flashKey(sku), table.totals.get(sku), 0),
              )}
            </tr>
            ${repeat(
              table.stores,
              (store) => store.storeId,
              (store) => this.row(store, table),
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  private row({ storeId, stock }: StoreStock, { skus, largest }: StockTable): TemplateResult {
    return html`<tr data-store=${storeId}>
      <th scope="row">${storeId}</th>
      ${repeat(
        skus,
        (sku) => sku,
        (sku) => this.cell(flashKey(sku, storeId), stock[sku], largest),
      )}
    </tr>`;
  }

  /** `largest` is what the darkest shade stands for; 0 means no shade. */
  private cell(key: string, value: number | undefined, largest: number): TemplateResult {
    if (value === undefined) return html`<td class="none"><span class="visually-hidden">none</span></td>`;
    const flash = this.page.flashes.get(key);
    const shade = largest > 0 ? Math.ceil((Math.max(0, value) / largest) * SHADES) : 0;
    const content = html`<span class=${flash ? (flash.delta > 0 ? 'flash up' : 'flash down') : ''}
      >${count(value)}</span
    >`;
    return html`<td class=${value <= 0 ? 'out' : `shade-${shade}`}>${keyed(flash?.at, content)}</td>`;
  }

  private more({ moreStores, moreSkus }: StockTable): TemplateResult | typeof nothing {
    if (moreStores + moreSkus === 0) return nothing;
    const columns =
      moreSkus > 0
        ? html`<span class="hint">${plural(moreSkus, 'more item')}: search to see them</span>`
        : nothing;
    const rows =
      moreStores > 0
        ? html`<button type="button" @click=${this.showMore}>
            Show ${plural(Math.min(moreStores, MORE_ROWS), 'more store')}
          </button>`
        : nothing;
    return html`<footer class="panel-foot">${rows}${columns}</footer>`;
  }

  private readonly showMore = (): void => {
    this.rows += MORE_ROWS;
    this.requestUpdate();
  };

  private readonly setSearch = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value;
    this.rows = ROWS_AT_FIRST;
    this.found = undefined;
    this.requestUpdate();
    clearTimeout(this.searching);
    if (this.search.trim() === '' || this.page.totalStores === this.page.stores.length) return;
    this.searching = setTimeout(() => void this.askServer(this.search.trim()), SEARCH_DELAY_MS);
  };

  private async askServer(search: string): Promise<void> {
    try {
      const response = await fetch(`/api/stock?search=${encodeURIComponent(search)}`);
      if (!response.ok || search !== this.search.trim()) return;
      this.found = (await response.json()) as StockPage;
      this.requestUpdate();
    } catch {
      // Without the server the search is among what the page holds; the header already says that it is lost.
    }
  }
}

customElements.define('stock-panel', StockPanel);
