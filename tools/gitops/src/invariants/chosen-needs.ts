/** What one application needs of another though nothing in it says so: the order is a choice. */
export interface ChosenNeed {
  readonly application: string;
  readonly needs: readonly string[];
  readonly why: string;
}

export const CHOSEN_NEEDS: readonly ChosenNeed[] = [
  {
    application: 'store',
    needs: ['inventory', 'replenishment'],
    why: 'Who consumes comes before who produces, so that no event waits for its first reader.',
  },
];
