/** A cluster of kind. */
import { mustRun } from '../must-run.ts';
import type { Engine } from './prerequisites.ts';

export class KindCluster {
  readonly name: string;
  readonly engine: Engine;

  constructor(name: string, engine: Engine) {
    this.name = name;
    this.engine = engine;
  }

  async exists(): Promise<boolean> {
    return (await this.#kind('get', 'clusters')).split('\n').includes(this.name);
  }

  /** Makes the cluster, and the current context of kubectl lead to it. */
  async create(): Promise<void> {
    await this.#kind('create', 'cluster', '--name', this.name, '--wait', '3m');
  }

  /** Makes the current context of kubectl lead to the cluster, which is there. */
  async select(): Promise<void> {
    await this.#kind('export', 'kubeconfig', '--name', this.name);
  }

  async loadImage(image: string): Promise<void> {
    await this.#kind('load', 'docker-image', image, '--name', this.name);
  }

  async loadArchive(file: string): Promise<void> {
    await this.#kind('load', 'image-archive', file, '--name', this.name);
  }

  async delete(): Promise<void> {
    await this.#kind('delete', 'cluster', '--name', this.name);
  }

  #kind(...args: readonly string[]): Promise<string> {
    // It would take Docker, also one that does not run.
    const env =
      this.engine === 'podman' ? { ...process.env, KIND_EXPERIMENTAL_PROVIDER: 'podman' } : process.env;
    return mustRun('kind', args, { env });
  }
}

/** Returns the name that kubectl has for a cluster of kind. */
export function contextOf(name: string): string {
  return `kind-${name}`;
}
