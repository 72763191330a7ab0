/** The images that the applications of an environment run, built from the working tree. */
import { versionedApplications, readVersion } from '@eda/gitops';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ClusterError } from '../errors.ts';
import type { KindCluster } from './kind-cluster.ts';
import { mustRun } from '../must-run.ts';

export interface AppImage {
  /** Its address with the tag that the environment has. */
  readonly image: string;
  readonly app: string;
  /** The folder that the app is in, as the Dockerfile wants it. */
  readonly kind: 'apps' | 'tools';
}

/** Returns what has a version of its own in the environment. Throws a `ClusterError` for what cannot be built. */
export function appImages(workspace: string, environment: string): AppImage[] {
  return versionedApplications(workspace, environment).map((application) => {
    const chart = `charts/${application}/values.yaml`;
    const { image } = parse(readFileSync(join(workspace, chart), 'utf8')) as {
      readonly image?: { readonly repository?: string };
    };
    const version = readVersion(workspace, environment, application) ?? '';
    if (image?.repository === undefined) throw new ClusterError(`${chart} has no image.repository`);
    if (version.includes('@'))
      throw new ClusterError(
        `${application} is at ${version} in ${environment}, and no image that is built here has that digest. Give --no-images when the cluster can pull it.`,
      );
    const app = image.repository.slice(image.repository.lastIndexOf('/') + 1);
    const kind = (['apps', 'tools'] as const).find((folder) => existsSync(join(workspace, folder, app)));
    if (kind === undefined) throw new ClusterError(`${chart}: there is no app or tool ${app} to build`);
    return { image: `${image.repository}:${version}`, app, kind };
  });
}

/** Builds an image and gives it to the nodes of the cluster. */
export async function provideImage(
  { image, app, kind }: AppImage,
  cluster: KindCluster,
  workspace: string,
): Promise<void> {
  const { engine } = cluster;
  const args = ['--build-arg', `KIND=${kind}`, '--build-arg', `APP=${app}`, '--tag', image];
  await mustRun(engine, ['build', ...args, '.'], { cwd: workspace });
  if (engine === 'docker') return cluster.loadImage(image);
  // kind looks for images in Docker only.
  const folder = mkdtempSync(join(tmpdir(), 'app-image-'));
  try {
    const archive = join(folder, 'image.tar');
    await mustRun(engine, ['save', '--output', archive, image]);
    await cluster.loadArchive(archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
