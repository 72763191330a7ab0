/** A repository of contracts of any size, the same for the same seed: as this one is, only larger. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRandom } from '@eda/faults/random';
import { type Json, pick, sharedTypes } from './event-fields.ts';
import { asyncApiOf, codeOf, type GeneratedApp } from './generated-app.ts';
import { GeneratedEvent } from './generated-event.ts';
import { type PlantedBreak, plantBreaks } from './planted-breaks.ts';
import { type Domain, DOMAINS, PARTS, ROLES, VERBS } from './vocabulary.ts';

export interface RepositorySize {
  /** Schemas of events; those of the types they share come on top. */
  readonly events: number;
  readonly apps: number;
  /** Released versions of each event. */
  readonly versions: number;
}

/** What writing a repository takes from outside of it. */
export interface Hands {
  /** The workspace whose common parts are copied. */
  readonly workspace: string;
  /** Runs `contracts` with these arguments on the repository. Throws when it fails. */
  readonly contracts: (...args: readonly string[]) => void;
  /** Runs git in the repository. Throws when it fails. */
  readonly git: (...args: readonly string[]) => void;
  readonly say: (text: string) => void;
}

/** How many of the events an app receives, for each that it sends. */
const RECEIVED_PER_SENT = 1;
/** One app in so many is written in another language, and says what it reads of the events it receives. */
const FOREIGN_EVERY = 4;
/** One event in so many has a new version in the branch that is checked. */
const CHANGED_EVERY = 25;

/**
 * Writes a git repository to the empty folder `root`: contracts with every version released and committed as `main`, and on the
 * branch `change` one event in 25 with a new version, and some that break consumers. Returns those.
 */
export function writeRepository(
  root: string,
  size: RepositorySize,
  seed: number,
  hands: Hands,
): PlantedBreak[] {
  const random = createRandom(seed);
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  const json = (file: string, content: Json) => write(file, `${JSON.stringify(content, undefined, 2)}\n`);
  const appNames = namesOfApps(size.apps);
  const events = makeEvents(size.events, appNames, random);
  const apps = makeApps(appNames, events, random);
  const writeEvents = (version: number) => {
    for (const [name, type] of Object.entries(sharedTypes(version)))
      json(`schemas/common/v1/${name}.avsc`, type);
    for (const event of events) {
      json(event.file, event.schema);
      write(event.metaFile, event.meta);
    }
  };
  const writeApps = () => {
    for (const app of apps) write(`apps/${app.name}/asyncapi.yaml`, asyncApiOf(app));
  };

  cpSync(join(hands.workspace, 'schemas/asyncapi'), join(root, 'schemas/asyncapi'), { recursive: true });
  write('schemas/contracts.config.yaml', 'organisation: eda\n');
  writeApps();
  for (const app of apps.filter((_, index) => index % FOREIGN_EVERY !== 0))
    for (const [file, content] of Object.entries(codeOf(app))) write(`apps/${app.name}/${file}`, content);
  for (let version = 1; version <= size.versions; version += 1) {
    hands.say(`releasing version ${version}`);
    if (version > 1) for (const event of events) event.evolve();
    writeEvents(version);
    hands.contracts('release');
  }
  for (const app of apps.filter((_, index) => index % FOREIGN_EVERY === 0))
    for (const event of app.receives)
      json(`apps/${app.name}/consumes/${event.name}.avsc`, event.narrowReader);
  hands.contracts('generate');
  hands.git('init', '--quiet', '--initial-branch=main');
  hands.git('add', '.');
  hands.git('commit', '--quiet', '--message=contracts');

  hands.git('checkout', '--quiet', '-b', 'change');
  for (const event of events.filter((_, index) => index % CHANGED_EVERY === 0)) event.evolve();
  const received = new Set(apps.flatMap(({ receives }) => receives));
  const planted = plantBreaks(
    events.filter((event, index) => index % CHANGED_EVERY === 1 && received.has(event)),
  );
  writeEvents(size.versions);
  writeApps();
  hands.contracts('generate');
  hands.git('add', '.');
  hands.git('commit', '--quiet', '--message=changes');
  return planted;
}

function namesOfApps(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const domain = DOMAINS[index % DOMAINS.length]?.name ?? '';
    const row = Math.floor(index / DOMAINS.length);
    const role = ROLES[row % ROLES.length] ?? '';
    return `${domain}-${role}${row < ROLES.length ? '' : `-${Math.floor(row / ROLES.length) + 1}`}`;
  });
}

/** Events go round the apps, and through the words of each domain. */
function makeEvents(count: number, apps: readonly string[], random: () => number): GeneratedEvent[] {
  const made = new Map<Domain, number>();
  return Array.from({ length: count }, (_, index) => {
    const app = index % apps.length;
    const domain = DOMAINS[app % DOMAINS.length] as Domain;
    const number = made.get(domain) ?? 0;
    made.set(domain, number + 1);
    return new GeneratedEvent(nameOf(domain, number), domain, apps[app] ?? '', random);
  });
}

function nameOf({ entity }: Domain, number: number): string {
  const part = PARTS[number % PARTS.length] ?? '';
  const verb = VERBS[Math.floor(number / PARTS.length) % VERBS.length] ?? '';
  const round = Math.floor(number / (PARTS.length * VERBS.length));
  return `${entity}${part}${verb}${round === 0 ? '' : round + 1}`;
}

function makeApps(
  names: readonly string[],
  events: readonly GeneratedEvent[],
  random: () => number,
): GeneratedApp[] {
  return names.map((name) => {
    const sends = events.filter(({ owner }) => owner === name);
    const others = events.filter(({ owner }) => owner !== name);
    const receives = new Set<GeneratedEvent>();
    const wanted = Math.min(others.length, sends.length * RECEIVED_PER_SENT);
    while (receives.size < wanted) receives.add(pick(others, random));
    return { name, sends, receives: [...receives] };
  });
}
