/** What is deployed, for tools that change or try it. */
export { readRootFile, ROOT_FILE, type RootSettings, withSettings } from './adoption/root-file.ts';
export { bootstrapFiles } from './bootstrap/bootstrap-files.ts';
export { GitopsError } from './errors.ts';
export { readVersion, versionedApplications } from './promotion/version-file.ts';
