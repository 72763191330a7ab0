/** What commands of other tools need too: a repository at a commit, colours, suggestions, text in Markdown. */
export { CannotCheck } from './check/cannot-check.ts';
export { Git, type CommittedFile } from './check/git.ts';
export { cell } from './format/cell.ts';
export { closestOf, didYouMean } from './problems.ts';
export { showsColours } from './shows-colours.ts';
