export { buildCatalog } from './build-catalog.ts';
