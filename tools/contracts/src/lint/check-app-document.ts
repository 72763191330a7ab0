import { isObject, textOf } from '../json.ts';
import type { AppDocument } from '../load-asyncapi.ts';
import type { Problem } from '../problems.ts';
import type { Sources } from '../read/sources.ts';
import { inside } from '../references.ts';
import type { Place } from '../references.ts';

const PROTOCOLS = ['kafka', 'kafka-secure'];
const OWNER = 'owner:';

/**
 * Checks that the AsyncAPI document of an app names the app, the broker and the messages of its operations rightly; adds what it
 * does not to `problems`. That it names them at all, in the form of the house, is the business of schemas/.spectral.yaml.
 */
export function checkAppDocument(
  sources: Sources,
  app: AppDocument,
  organisation: string,
  problems: Problem[],
): void {
  const document: Place = { file: app.file, field: '', value: sources.content(app.file) ?? null };
  checkName(document, app.name, organisation, problems);
  checkServers(sources, document, app, problems);
  for (const operation of app.operations) checkOperationMessages(document, operation.name, problems);
}

function checkName({ file, value }: Place, app: string, organisation: string, problems: Problem[]): void {
  const { id, info } = isObject(value) ? value : {};
  const expected = `urn:${organisation}:${app}`;
  if (typeof id === 'string' && id.startsWith('urn:') && id !== expected)
    problems.push({
      code: 'C033',
      file,
      field: 'id',
      what: `is ${id}, expected ${expected}`,
      why: 'Tools know the app by this name.',
      fix: `Write "id: ${expected}".`,
    });
  const tags: unknown = isObject(info) ? info['tags'] : undefined;
  for (const [index, tag] of Array.isArray(tags) ? tags.entries() : []) {
    const name = isObject(tag) ? textOf(tag['name']) : '';
    if (!name.startsWith(OWNER) || name === `${OWNER}${app}`) continue;
    problems.push({
      code: 'C033',
      file,
      field: `info.tags.${index}.name`,
      what: `is ${name}, expected ${OWNER}${app}`,
      why: 'The app owns what its document defines, and people would ask another.',
      fix: `Write "name: ${OWNER}${app}".`,
    });
  }
}

function checkServers(
  sources: Sources,
  document: Place,
  { file, operations }: AppDocument,
  problems: Problem[],
): void {
  const servers = inside(sources, document, 'servers');
  const names = isObject(servers?.value) ? Object.keys(servers.value) : [];
  if (names.length === 0 && operations.length > 0)
    problems.push({
      code: 'C026',
      file,
      field: 'servers',
      what: 'is missing',
      why: 'Nobody could know which Kafka the app uses, and which registry has the schemas.',
      fix: 'Write "servers: { local: { $ref: ../../schemas/asyncapi/common.yaml#/servers/local } }".',
    });
  for (const name of names) {
    const server = inside(sources, servers, name);
    // What a reference leads to is the same for all that refer to it.
    if (!server || !isObject(server.value)) continue;
    const { protocol } = server.value;
    if (typeof protocol === 'string' && PROTOCOLS.includes(protocol)) continue;
    problems.push({
      code: 'C026',
      file: server.file,
      field: `${server.field}.protocol`,
      what: `is ${JSON.stringify(protocol ?? null)}, expected ${PROTOCOLS.join(' or ')}`,
      why: 'Channels are topics of Kafka, and tools read their bindings by the protocol of the server.',
      fix: 'Write "protocol: kafka".',
    });
  }
}

function checkOperationMessages({ file, value }: Place, name: string, problems: Problem[]): void {
  const operations = isObject(value) ? value['operations'] : undefined;
  const operation = isObject(operations) ? operations[name] : undefined;
  if (!isObject(operation) || !isObject(operation['channel'])) return;
  const channel = textOf(operation['channel']['$ref']);
  const messages: unknown = operation['messages'];
  for (const [index, message] of Array.isArray(messages) ? messages.entries() : []) {
    const reference = isObject(message) ? textOf(message['$ref']) : '';
    if (reference.startsWith(`${channel}/messages/`)) continue;
    problems.push({
      code: 'C026',
      file,
      field: `operations.${name}.messages.${index}`,
      what: `${reference === '' ? 'is no reference' : reference} is not a message of ${channel}`,
      why: 'An operation sends or receives messages of its channel, and tools pass over all others.',
      fix: `Write "$ref: '${channel}/messages/…'".`,
    });
  }
}
