import { ADDRESS, CREDENTIALS } from './registry-address.ts';
import { RegistryProblem } from './registry-problem.ts';

/** A request, in words that may be shown. */
export interface Asked {
  readonly method: string;
  readonly url: string;
}

const WAITS = 'On a cluster, --wait SECONDS waits for it.';

/** Returns what to say when there was no answer: `error` is what `fetch` threw. */
export function failureOf(asked: Asked, error: unknown, timeoutMs: number): RegistryProblem {
  const { host, hostname } = new URL(asked.url);
  const at = `(${asked.method} ${asked.url})`;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new RegistryProblem(
      `No answer from ${host} within ${timeoutMs / 1000} s ${at}. Is it a registry, and is it well? --timeout SECONDS gives it longer.`,
      { passing: true, cause: error },
    );
  }
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') {
    return new RegistryProblem(
      `Nothing listens at ${host}: connection refused ${at}. Is the registry running, and is the address right (${ADDRESS})? ${WAITS}`,
      { passing: true, repeatable: true, cause: error },
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new RegistryProblem(
      `There is no host ${hostname}: ${code} ${at}. Is the address right (${ADDRESS})? ${WAITS}`,
      { passing: true, cause: error },
    );
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return new RegistryProblem(
      `No trusted connection to ${host}: ${code} ${at}. NODE_EXTRA_CA_CERTS=FILE makes the certificate of its authority known; is it https at all?`,
      { cause: error },
    );
  }
  if (textOf(error) === 'bad port') {
    return new RegistryProblem(
      `The port of ${host} belongs to another protocol, and HTTP is not allowed there ${at}. Is the address right (${ADDRESS})?`,
      { cause: error },
    );
  }
  return new RegistryProblem(
    `The connection to ${host} broke: ${code === '' ? textOf(error) : code} ${at}. Run it again; when it breaks again, look at what stands between here and the registry.`,
    { passing: true, cause: error },
  );
}

interface Misfit {
  readonly status: number;
  /** The registry's own words, when there are any. */
  readonly reason: string;
  /** What came, for example `text/html`. */
  readonly type: string;
  /** True when credentials were sent. */
  readonly identified: boolean;
}

/** Returns what to say about an answer that no registry gives, or that nothing can be done with. */
export function misfitOf(asked: Asked, { status, reason, type, identified }: Misfit): RegistryProblem {
  const { host } = new URL(asked.url);
  const at = `(${asked.method} ${asked.url})`;
  const told = reason === '' ? '' : `: ${reason}`;
  if (status === 401) {
    const next = identified ? 'Check' : 'Set';
    const what = identified ? 'does not accept these credentials' : 'asks for credentials';
    return new RegistryProblem(`${host} ${what}: 401${told} ${at}. ${next} ${CREDENTIALS}.`);
  }
  if (status === 403) {
    return new RegistryProblem(
      `${host} does not allow this: 403${told} ${at}. plan and verify need the right to read, apply that to write; ` +
        `the credentials are those of ${CREDENTIALS}.`,
    );
  }
  if (status === 404) {
    return new RegistryProblem(
      `There is no schema registry at this address: 404${told} ${at}. ` +
        `That of an Apicurio Registry ends in /apis/ccompat/v7; give it with ${ADDRESS}.`,
    );
  }
  if (status >= 300 && status < 400) {
    return new RegistryProblem(
      `${host} points elsewhere: ${status} ${at}. Give the address of the registry itself with ${ADDRESS}; is there a login page in front of it?`,
    );
  }
  if (status === 502 || status === 503 || status === 504) {
    return new RegistryProblem(`${host} is not ready: ${status}${told} ${at}. Try again later. ${WAITS}`, {
      passing: true,
      repeatable: status === 503,
    });
  }
  if (status >= 500) {
    return new RegistryProblem(`${host} failed: ${status}${told} ${at}. Its log says more.`);
  }
  if (status >= 400) {
    return new RegistryProblem(
      `${host} refused the request: ${status}${told === '' ? `, with ${type}` : told} ${at}. ` +
        `Is it a registry, of a version that this program knows (Apicurio Registry 3.3)?`,
    );
  }
  return new RegistryProblem(
    `${host} does not answer as a registry does: ${status} with ${type} ${at}. ` +
      `Is it a proxy, a login page or another service? The address comes from ${ADDRESS}.`,
  );
}

/** `fetch` hides why in `cause`; for several addresses of one name, in the errors of that. */
function codeOf(error: unknown): string {
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    const { code, errors } = link as { code?: unknown; errors?: unknown };
    if (typeof code === 'string') return code;
    if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  }
  return '';
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
