/** How deep a change of a contract cuts: what is broken at one level may be fine for those before it. */
export const LEVELS = ['WIRE', 'RUNTIME', 'SOURCE', 'SEMANTIC'] as const;

/**
 * `WIRE`: Avro cannot read the bytes. `RUNTIME`: Avro can by its specification, the library in Node cannot. `SOURCE`: the value
 * has another type in TypeScript. `SEMANTIC`: all as before, and it means something else.
 */
export type Level = (typeof LEVELS)[number];

/** Levels that a reason in the metadata may relax; those before them stop consumers, whatever the reason. */
export const RELAXABLE: readonly Level[] = ['SOURCE', 'SEMANTIC'];
