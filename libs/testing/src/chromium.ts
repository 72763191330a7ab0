/** Finds a browser for tests of web pages. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
  'msedge',
];
const PLACES = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/opt/google/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS',
  '/Applications/Chromium.app/Contents/MacOS',
];
const MAC_NAMES = ['Google Chrome', 'Chromium'];

/** How to start the browser: give it to the `launch` of playwright-core. */
export interface BrowserLaunch {
  readonly executablePath: string;
  readonly args: string[];
}

/**
 * Returns the Chromium of this machine: `CHROME_PATH` if it is set, otherwise the first found on the PATH and in the
 * usual places. Throws an error that says what to install when there is none.
 */
export function chromiumLaunch(env: NodeJS.ProcessEnv = process.env): BrowserLaunch {
  const executablePath = findChromium(env);
  return {
    executablePath,
    args: [
      '--headless=new',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // Chromium refuses its sandbox to root, which is who runs tests in most containers.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  };
}

function findChromium(env: NodeJS.ProcessEnv): string {
  const chosen = env['CHROME_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (isExecutable(chosen)) return chosen;
    throw new Error(`CHROME_PATH is ${chosen}, and that is no program that can be run.`);
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), ...PLACES];
  const found = folders
    .flatMap((folder) => [...NAMES, ...MAC_NAMES].map((name) => join(folder, name)))
    .find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    'No Chromium was found, and this test looks at a real page. Install one (Debian and Ubuntu: ' +
      'apt-get install chromium; macOS: brew install --cask google-chrome) or set CHROME_PATH to it.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
