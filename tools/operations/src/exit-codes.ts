/** What the commands end with. */
export const EXIT = {
  done: 0,
  /** Kafka or the database did not do it. */
  failed: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** Not all was done, and the same command goes on with it: stopped, or somebody else is at work. */
  incomplete: 3,
} as const;
