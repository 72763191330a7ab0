/**
 * The rules that contracts are held to: the one place that says what each is about. Findings take their reason from here,
 * and docs/reference/contract-rules.md is made of it.
 */

/** An `error` keeps anything from being generated; a `warning` is only told by `lint`. */
export type Severity = 'error' | 'warning';

export interface Rule {
  /** The rule in a few words, as tools that read findings show it. */
  readonly title: string;
  readonly severity: Severity;
  /** A sentence: what goes wrong when the rule is not kept. */
  readonly why: string;
  /** A sentence: how it is put right, when the place itself does not tell more. */
  readonly fix: string;
  /** The smallest thing that breaks the rule. */
  readonly example: string;
}

const rule = (title: string, why: string, fix: string, example: string): Rule => ({
  title,
  severity: 'error',
  why,
  fix,
  example,
});

/**
 * Codes are never reused: C010 to C019 belong to changes of a contract, C030 and C040 on to generated code and registries, C050 on to `schemas/.spectral.yaml`, which says what is looked at.
 */
export const RULES = {
  C001: rule(
    'Not an Avro schema',
    'Avro has no such type, so neither a registry nor any reader could use the schema.',
    'Write one of the types that Avro has.',
    '"type": "strin"',
  ),
  C002: rule(
    'Type that is not defined',
    'A schema is registered with every type it uses written out, and this one is nowhere to be found.',
    'Define the type in a file of its own, schemas/<domain>/v<major>/<Name>.avsc.',
    '"type": "eda.common.v1.Monye"',
  ),
  C003: rule(
    'Files that refer to each other in a circle',
    'A registry takes a schema only after those it refers to, so it could take none of these.',
    'Merge the files, or break the circle.',
    'Left.avsc has a field of type Right, Right.avsc one of type Left',
  ),
  C004: rule(
    'Attribute that Avro does not know',
    'Avro ignores what it does not know, so a misspelt attribute has no effect and nobody is told.',
    'Remove the attribute; what people should know goes into "doc".',
    '"defualt": null',
  ),
  C005: rule(
    'Default that does not fit',
    'A default has the type of its field, and in a union that of the first branch: Java refuses to read the schema otherwise.',
    'Write a default of that type, or leave it out.',
    '"type": ["null", "string"], "default": "none"',
  ),
  C006: rule(
    'Logical type that is unknown or misplaced',
    'Avro ignores a logical type it cannot apply: readers would get the plain number or text beneath it.',
    'Write one of the logical types of libs/contracts/src/logical-types.ts on the type it stands on.',
    '"type": "long", "logicalType": "timestamp-milis"',
  ),
  C007: rule(
    'Something is missing',
    'Whoever reads the contract later has nobody to ask.',
    'Add it.',
    'a field without "doc", an <Event>.meta.yaml without owner',
  ),
  C008: rule(
    'Enum without UNKNOWN',
    'Readers that are older than a symbol take the default for it; without one, adding a symbol breaks every one of them.',
    'Write "UNKNOWN" as first symbol, and "default": "UNKNOWN".',
    '"symbols": ["SALE", "RESTOCK"]',
  ),
  C009: rule(
    'Union whose branches look the same',
    'The codec tells the branches of a union apart by the JavaScript value; where it cannot, the shape of values would change with the next branch.',
    'Keep one branch, or make the alternatives events of their own or one record with nullable parts.',
    '"type": ["int", "long"]',
  ),
  C010: rule(
    'Field that readers of another version miss',
    'Every released version may be in the topic and in a service that runs: Avro fills a missing field from its default only.',
    'Give the field a default, or start a new major version.',
    'a new field without "default", a field without default taken away',
  ),
  C011: rule(
    'Type that readers of another version cannot take',
    'Every released version may be in the topic and in a service that runs, and both have to read each other.',
    'Undo the change, or start a new major version.',
    '"type": "long" becomes "type": "int"',
  ),
  C012: rule(
    'Change that a registry takes and readers in Node do not',
    'A registry compares as Java does; the library in Node compares full names and logical types as well, and refuses every record.',
    'Undo the change, or start a new major version.',
    'an enum moves to another namespace',
  ),
  C013: rule(
    'Value with another type in TypeScript',
    'Avro reads the records all the same, but the code of a consumer gets values it was not written for.',
    'Undo the change, or write why it hurts nobody: "relax" in the metadata, level SOURCE.',
    '"type": "string" becomes "type": "bytes"',
  ),
  C014: rule(
    'Same bytes, other meaning',
    'Every reader takes the records without an error, and some understand something else.',
    'Undo the change, or write why it hurts nobody: "relax" in the metadata, level SEMANTIC.',
    '"scale": 2 becomes "scale": 3',
  ),
  C015: rule(
    'Released version that was edited',
    'Records of this version are in the topic; what they can be read with is proven with the copy that wrote them.',
    'Restore the file, and make the change in the schema of the event.',
    'a new field in schemas/history/retail/v1/StockMoved@1.avsc',
  ),
  C016: rule(
    'Release that was taken back',
    'What was released may be in topics and services; without its entry nothing would be compared with it any more.',
    'Restore the entry as it was; the lock only grows.',
    'an entry less in schemas/contracts.lock.json',
  ),
  C017: {
    title: 'Records that are kept for a shorter time',
    severity: 'warning',
    why: 'A consumer that is down or replays from the start finds fewer records than it was promised.',
    fix: 'Ask those who consume the topic.',
    example: 'retention: 7d becomes retention: 1d',
  },
  C018: rule(
    'Lock that cannot be followed',
    'The lock says which schema each released version is; with two answers, or none, nothing can be proven.',
    'Restore schemas/contracts.lock.json from the branch you merge into, then run npx contracts release.',
    'two entries with version 2 of one subject',
  ),
  C019: rule(
    'Relaxation that does not hold',
    'Whoever meets the consequence later has to find the reason, and no reason makes bytes readable.',
    'Write for example: relax: [{ level: SEMANTIC, reason: "no consumer reads the field" }].',
    'relax: [{ level: SOURCE }]',
  ),
  C020: rule(
    'Payload that AsyncAPI tools skip',
    'AsyncAPI tools know Avro as version 1.9.0 only and pass over any other payload without a word.',
    'Write schemaFormat: application/vnd.apache.avro;version=1.9.0.',
    'schemaFormat: application/vnd.apache.avro;version=1.12.0',
  ),
  C021: rule(
    'Code and AsyncAPI document differ',
    'Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
    'Add the operation to the document, or take it out of the code.',
    'subscribe(stockMoved, …) in an app without a receive operation for it',
  ),
  C022: rule(
    'Topic that nobody sends',
    'A consumer of it would wait for ever, without an error.',
    'Correct the name, or add the app that sends it.',
    'address: retail.stock-mved.v1',
  ),
  C023: rule(
    'Example that cannot be encoded',
    'The example is recorded as the bytes that every later version has to read, and people copy it.',
    'Correct the example: timestamps as ISO 8601, decimals and bytes as texts.',
    'unitPrice: 12.5 for a decimal',
  ),
  C024: rule(
    'Partitions or key that Kafka cannot use',
    'The key decides the partition, and with it which events stay in order.',
    'Name a field of type string that is always there, and a whole number of partitions.',
    'key: storeid, partitions: 0',
  ),
  C025: rule(
    'Topic with two owners',
    'Two senders order their events independently of each other, and nobody answers for the topic.',
    'Name one owner; the others send an event of their own.',
    'a second app with a send operation for the topic',
  ),
  C026: rule(
    'AsyncAPI document that cannot be followed',
    'The topology, the access rights and the drawing in the console are made of this document.',
    'Correct the document.',
    'a $ref to a channel that does not exist',
  ),
  C027: rule(
    'Records that cannot be handled have nowhere to go',
    'A record is set aside or waits in topics that are named after topic and group; with other names it is lost from sight.',
    'Name the group after the app, and the topics <topic>.<group>.dlq and <topic>.<group>.retry.<n>.',
    'a consumer without a channel <topic>.<group>.dlq',
  ),
  C028: rule(
    'Document and schemas differ',
    'A fact that stands in two places must be the same in both: tools read either.',
    'Change the one that is wrong.',
    'partitions: 3 in the document, partitions: 6 in the metadata',
  ),
  C029: rule(
    'Code and OpenAPI document differ',
    'Clients are written after the document: what is not in it takes them by surprise, and what nobody answers is handled in vain.',
    'Change the routes, and write the document again: npm run openapi -w apps/<app>.',
    'throw problem(409) in an app whose openapi.json has no 409',
  ),
  C031: rule(
    'Service that registers schemas',
    'A schema that a running service registers was reviewed by nobody, and it may be refused in the middle of a rollout.',
    'Change schemas/ and open a pull request; what sets up the environment registers it.',
    'registry.register(schema) in apps/',
  ),
  C032: rule(
    'File that cannot be read',
    'Tools that read such a file see different things in it, or fail without saying where.',
    'Save it as plain UTF-8 text, JSON for .avsc and YAML for .yaml.',
    'the same key twice in one object',
  ),
  C033: rule(
    'Name or place that breaks the convention',
    'Namespace, file, topic and subject follow from each other, so that each can be found from the others.',
    'Rename or move it.',
    'namespace eda.retail.v2 in schemas/retail/v1',
  ),
  C034: rule(
    'Metadata with a wrong value',
    'Topics are created from the metadata as it stands.',
    'Correct the value.',
    'class: evnt',
  ),
  C035: {
    title: 'Personal data that is kept for ever',
    severity: 'warning',
    why: 'Records of an event topic cannot be deleted one by one, so a person who asks to be forgotten could not be.',
    fix: 'Set a retention, or keep the personal data out of the event.',
    example: 'pii: [customerName] with retention: forever',
  },
  C050: rule(
    'AsyncAPI document without the name of its app',
    'Tools know a document by its id, and would take two apps for one.',
    'Write for example "id: urn:eda:store".',
    'id: store',
  ),
  C051: rule(
    'AsyncAPI document without an owner',
    'Whoever has a question about an event does not know whom to ask.',
    'Add the tag "name: owner:<app>".',
    'tags: [{ name: retail }]',
  ),
  C052: rule(
    'Channel that is not explained',
    'People see a name of a topic and have to guess what is in it.',
    'Add a title of a few words and a description of a sentence.',
    'orderPlaced: { address: shop.order-placed.v1 }',
  ),
  C053: rule(
    'Name of a channel or an operation that is not like the others',
    'References are written by hand, and a name that is written otherwise is mistyped.',
    'Begin with a small letter, and each further word with a large one.',
    'order_placed:',
  ),
  C054: rule(
    'Message that is not explained',
    'Tools list messages by name, title and summary, and an empty line says nothing.',
    'Add the name of the event, a title and a summary of a sentence.',
    'orderPlaced: { payload: … }',
  ),
  C055: rule(
    'Message that does not say what its key is',
    'The key decides what stays in order and what compaction keeps, and no schema tells it.',
    'Add bindings.kafka.key with a description.',
    'bindings: { kafka: {} }',
  ),
  C056: rule(
    'Another version of the Kafka binding',
    'The fields of the binding mean what its version says; without it each tool takes the version it likes.',
    'Write "bindingVersion: 0.5.0".',
    'kafka: { partitions: 3 }',
  ),
  C057: rule(
    'Kafka server without a schema registry',
    'A record begins with the id of its schema, and only the registry knows what stands behind it.',
    'Add bindings.kafka.schemaRegistryUrl.',
    'local: { host: localhost:9092, protocol: kafka }',
  ),
  C058: rule(
    'HTTP path that is not like the others',
    'Callers learn one way to write paths, and gateways compare them letter by letter.',
    'Write words in small letters with hyphens, and names in braces like the properties of JSON.',
    '/Stores/{store_id}/',
  ),
  C059: rule(
    'HTTP operation without a name or a summary',
    'Generated clients name their functions after it, and pages list operations by it.',
    'Write operationId, as recordMovement, and summary into the schema of the route, then run npm run openapi of the app.',
    'get: { responses: … }',
  ),
  C060: rule(
    'HTTP parameter that is not explained',
    'A caller sees a name and a pattern, and not what it stands for.',
    'Add a description to the parameter in the schema of the route, then run npm run openapi of the app.',
    '{ name: limit, in: query }',
  ),
  C061: rule(
    'HTTP error that is no problem document',
    'Callers read every error in one way (RFC 9457), and this one would be another.',
    'Answer with application/problem+json.',
    '"404": { content: { text/html: … } }',
  ),
  C062: rule(
    'HTTP body that takes fields nobody knows',
    'A mistyped optional field is dropped without a word, and the caller takes it for stored.',
    'Say additionalProperties: false in the schema of the body.',
    'schema: { type: object, properties: … }',
  ),
  C063: rule(
    'OpenAPI document that does not say what it is',
    'Catalogues show title and description to people who do not know the app.',
    'Add both where the app makes its document.',
    'info: { version: 1.0.0 }',
  ),
  C064: rule(
    'Response that is not explained',
    'Whoever calls the operation sees a number and has to guess what happened.',
    'Give the schema of the response a description where the route says what it answers.',
    'response: { 200: Type.Object({ … }) }',
  ),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleCode = keyof typeof RULES;
