/** Helpers for tests; never part of what runs. */
export { chromiumLaunch, type BrowserLaunch } from './chromium.ts';
export { createTestTopics, createTopicPrefix, type TestTopics } from './topics.ts';
export { waitFor, type WaitForOptions } from './wait-for.ts';
export { createTestDatabase, type TestDatabase } from './database.ts';
export { testPlatform, type TestPlatform } from './test-platform.ts';
