import type { RegistryClient } from './registry-client.ts';
import { RegistryProblem } from './registry-problem.ts';

/** Who put what into the registry, and when. */
export interface VersionRecord {
  readonly subject: string;
  readonly id: number;
  /** ISO 8601. */
  readonly createdOn: string;
  /** Empty when the registry does not know. */
  readonly owner: string;
}

const PAGE = 500;

/**
 * Returns every version of every subject that is not deleted, oldest first, however many there are. The
 * Confluent-compatible API ends at 1000 subjects without saying so; this asks Apicurio's own, page by page.
 */
export async function allVersions(client: RegistryClient): Promise<VersionRecord[]> {
  const found = new Map<number, VersionRecord | undefined>();
  for (let offset = 0; ;) {
    const path = `/search/versions?groupId=default&orderby=globalId&order=asc&limit=${PAGE}&offset=${offset}`;
    const { ok, status, reason, body } = await client.askNative('GET', path);
    const { versions, count } = (body ?? {}) as { versions?: unknown; count?: unknown };
    if (!ok || !Array.isArray(versions) || typeof count !== 'number') {
      throw new RegistryProblem(
        `${client.nativeUrl ?? client.url} does not list its versions (${status}${reason === '' ? '' : `: ${reason}`}). ` +
          'Is it an Apicurio Registry 3.3?',
      );
    }
    const before = found.size;
    for (const version of versions as ListedVersion[]) {
      found.set(version.globalId, version.state === 'DISABLED' ? undefined : recordOf(version));
    }
    offset += versions.length;
    if (versions.length === 0 || offset >= count) break;
    if (found.size === before) {
      throw new RegistryProblem(
        `${client.nativeUrl ?? client.url} gives the same page again and again. Is it an Apicurio Registry 3.3?`,
      );
    }
  }
  return [...found.values()].filter((record) => record !== undefined);
}

interface ListedVersion {
  readonly artifactId: string;
  readonly globalId: number;
  readonly contentId: number;
  readonly createdOn: string;
  readonly owner?: string;
  readonly state: string;
}

function recordOf({ artifactId, contentId, createdOn, owner = '' }: ListedVersion): VersionRecord {
  return { subject: artifactId, id: contentId, createdOn, owner };
}
