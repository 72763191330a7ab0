/** The address of a git repository, and what follows from it. */
import { UsageError } from '../errors.ts';

interface Place {
  readonly host: string;
  readonly path: string;
}

/**
 * Returns the address as it may stand in the repository: without a password. Throws a `UsageError` for what no cluster can read.
 * `named` says where the address is from.
 */
export function checkedAddress(address: string, named: string): string {
  if (placeOf(address) === undefined)
    throw new UsageError(
      `${named} is "${address}", which a cluster cannot read. Give --repo https://host/owner/name.git, or git@host:owner/name.git.`,
    );
  return address.replace(/^(https?:\/\/)[^@/]*@/, '$1');
}

/** Returns where its files are shown to people, as GitHub and GitLab do. */
export function filesAddress(address: string, branch: string): string | undefined {
  const place = placeOf(address);
  return place && `https://${place.host}/${place.path}/${isGitLab(place) ? '-/' : ''}blob/${branch}`;
}

/** Returns where the images of the repository are kept by who keeps the repository; undefined when that cannot be told. */
export function imagesAddress(address: string): string | undefined {
  const place = placeOf(address);
  if (place === undefined) return undefined;
  const path = place.path.toLowerCase();
  if (place.host === 'github.com') return `ghcr.io/${path}`;
  return isGitLab(place) ? `registry.gitlab.com/${path}` : undefined;
}

const isGitLab = ({ host }: Place) => host === 'gitlab.com';

const FORMS = [
  /^(?:https?|ssh):\/\/(?:[^@/\s]*@)?([\w.-]+)(?::\d+)?\/([\w./~-]+?)(?:\.git)?\/?$/,
  /^[\w.-]+@([\w.-]+):([\w./~-]+?)(?:\.git)?\/?$/,
];

function placeOf(address: string): Place | undefined {
  for (const form of FORMS) {
    const [, host, path] = form.exec(address) ?? [];
    if (host !== undefined && path !== undefined) return { host, path };
  }
  return undefined;
}
