import { RegistryProblem } from './registry-problem.ts';

/** Where a registry is and how to prove who asks. */
export interface RegistryAddress {
  /** Base of the Confluent-compatible API, without credentials: fit for a log. */
  readonly url: string;
  /** Base of Apicurio's own API; absent when `url` does not have the form of an Apicurio Registry. */
  readonly nativeUrl?: string;
  /** Secret; absent when the registry is asked without credentials. */
  readonly authorization?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the address comes from, and what proves who asks: in words for people. */
export const ADDRESS = '--registry or SCHEMA_REGISTRY_URL';
export const CREDENTIALS = 'SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD, or SCHEMA_REGISTRY_TOKEN';

/**
 * Returns the address in `text`, with the credentials of the environment (SCHEMA_REGISTRY_USERNAME and _PASSWORD, or
 * SCHEMA_REGISTRY_TOKEN) or, when it has none, those that stand in the address itself.
 * Throws `RegistryProblem`, which never shows a secret, when it is no address or the credentials are incomplete.
 */
export function registryAddress(text: string, env: Environment = {}): RegistryAddress {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new RegistryProblem(
      'The address of the registry is no URL of http or https. Expected for example http://127.0.0.1:8081/apis/ccompat/v7 ' +
        `in ${ADDRESS}.`,
    );
  }
  const url = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
  const native = url.replace(/\/apis\/ccompat\/v\d+$/, '/apis/registry/v3');
  const authorization = authorizationOf(parsed, env);
  return {
    url,
    ...(native !== url && { nativeUrl: native }),
    ...(authorization !== undefined && { authorization }),
  };
}

function authorizationOf(url: URL, env: Environment): string | undefined {
  const token = env['SCHEMA_REGISTRY_TOKEN'] ?? '';
  const username = env['SCHEMA_REGISTRY_USERNAME'] ?? '';
  const password = env['SCHEMA_REGISTRY_PASSWORD'] ?? '';
  if (token !== '' && username !== '')
    throw new RegistryProblem(`There are two kinds of credentials. Set either ${CREDENTIALS}.`);
  if ((username === '') !== (password === ''))
    throw new RegistryProblem(`The credentials are incomplete. Set ${CREDENTIALS}.`);
  if (token !== '') return headerValue(`Bearer ${token.trim()}`);
  if (username !== '') return basic(username, password);
  if (url.username === '' && url.password === '') return undefined;
  if (url.username === '')
    throw new RegistryProblem(`The credentials are incomplete: the address has no name. Set ${CREDENTIALS}.`);
  return basic(decoded(url.username), decoded(url.password));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RegistryProblem(
      `The credentials in the address of the registry cannot be read: a % in them is written %25. Or set ${CREDENTIALS}.`,
    );
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** What `fetch` would refuse with an error that shows the value. */
function headerValue(value: string): string {
  if (/^[\x21-\x7e]+ [\x21-\x7e]+$/.test(value)) return value;
  throw new RegistryProblem(
    'SCHEMA_REGISTRY_TOKEN has characters that no token has. Is it the content of the secret, on one line?',
  );
}
