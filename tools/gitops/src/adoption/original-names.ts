/** What this repository is called before somebody makes it theirs. Put together, so that renaming leaves them as they are. */

const product = ['eda', 'blueprint'].join('-');

export const ORIGINAL = {
  scope: ['@', 'eda'].join(''),
  product,
  title: ['EDA', 'blueprint'].join(' '),
  repository: `https://github.com/${product}/${product}.git`,
} as const;
