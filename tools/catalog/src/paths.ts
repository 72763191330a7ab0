/** Where each page stands, from the root of the site. */

/** Returns the page of the event in a topic. */
export function eventPage(topic: string): string {
  return `events/${topic}.html`;
}

/** Returns the page of an app. */
export function appPage(app: string): string {
  return `apps/${app}.html`;
}

/** Returns where the schema of a topic stands, for people and tools to take. */
export function schemaFile(topic: string): string {
  return `events/${topic}.avsc`;
}
