/** `up`, `publish` and `down`. */
import { readRootFile, ROOT_FILE } from '@eda/gitops';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appImages, provideImage } from './app-images.ts';
import { MIRROR_ADDRESS, publish, startMirror } from './git-mirror.ts';
import { contextOf, KindCluster } from './kind-cluster.ts';
import type { Command, KindOptions } from './options.ts';
import { requirePrograms } from './prerequisites.ts';

export interface CommandContext extends Omit<KindOptions, 'command'> {
  /** The repository that this program belongs to. */
  readonly workspace: string;
  /** The current folder. */
  readonly folder: string;
  readonly out: (line: string) => void;
}

export const commands: Readonly<Record<Command, (context: CommandContext) => Promise<void>>> = {
  async up({ workspace, name, images, out }) {
    const { engine } = await requirePrograms('kind', 'kubectl');
    const { environment } = readRootFile(readFileSync(join(workspace, ROOT_FILE), 'utf8'));
    const wanted = images ? appImages(workspace, environment) : [];
    const cluster = new KindCluster(name, engine);
    if (await cluster.exists()) {
      out(`cluster ${name}: is there already`);
      await cluster.select();
    } else {
      out(`cluster ${name}: being made with kind in ${engine}`);
      await cluster.create();
    }
    for (const [index, image] of wanted.entries()) {
      out(`image ${index + 1} of ${wanted.length}: ${image.image}`);
      await provideImage(image, cluster, workspace);
    }
    out('Git server: being started');
    await startMirror(contextOf(name));
    const { commit, branch } = await publish(workspace, contextOf(name));
    out(`Git server: ${branch} is ${commit.slice(0, 7)} at ${MIRROR_ADDRESS}`);
    out(`\nThe cluster is ready. Next:\n\n  ${testCommand(workspace, name)}`);
  },

  async publish({ folder, name, out }) {
    const { commit, branch } = await publish(folder, contextOf(name));
    out(`${branch} is ${commit.slice(0, 7)} at ${MIRROR_ADDRESS}`);
  },

  async down({ name, out }) {
    const { engine } = await requirePrograms('kind');
    await new KindCluster(name, engine).delete();
    out(`cluster ${name}: deleted`);
  },
};

/** Returns the command that tries gitops/ on the cluster. It calls this program by its path: a clone has no node_modules. */
export function testCommand(workspace: string, name: string): string {
  const program = join(workspace, 'tools/cluster/src/kind/main.ts');
  const publishing = `node ${quoted(program)} publish --name ${name}`;
  return `npm run test:cluster -- --repo ${MIRROR_ADDRESS} --publish ${quoted(publishing)} --timeout 1800`;
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w/.:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
