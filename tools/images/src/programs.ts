/** What an image can be made of: every app, and programs of `tools/` that run on a cluster too. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Programs of `tools/` that have an image, by name, with what they read of the workspace. */
const TOOLS: Readonly<Record<string, RegExp>> = {
  contracts: /^(schemas\/.+|apps\/[^/]+\/asyncapi\.yaml)$/,
};

/** Returns the names of the apps of the workspace `root`. */
export function appsOf(root: string): string[] {
  return readdirSync(join(root, 'apps'))
    .filter((name) => isProgram(root, `apps/${name}`))
    .sort();
}

/** Returns everything that an image can be made of in the workspace `root`: apps, then tools. */
export function imagesOf(root: string): string[] {
  return [...appsOf(root), ...Object.keys(TOOLS).filter((name) => isProgram(root, `tools/${name}`))];
}

/** Returns where the program of the image stands: `apps/store`, `tools/contracts`. */
export function workspaceOf(image: string): string {
  return image in TOOLS ? `tools/${image}` : `apps/${image}`;
}

/** Returns whether the program of the image reads `file` of the workspace; its own code apart. */
export function readsFile(image: string, file: string): boolean {
  return TOOLS[image]?.test(file) === true;
}

function isProgram(root: string, workspace: string): boolean {
  return existsSync(join(root, workspace, 'src/main.ts'));
}
