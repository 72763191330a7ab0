/** How far the consumer groups are behind: asked from the broker, so it is true even when a consumer is dead. */

/** The part of the Kafka administration that lag needs. */
export interface LagSource {
  groupLag(groupId: string, topics: string[]): Promise<{ readonly lag: bigint }[]>;
}

export interface GroupSubscription {
  readonly group: string;
  readonly topics: readonly string[];
}

export interface LagMonitor {
  /** Asks for the lag of every group; a group whose lag cannot be told is left out until it can. */
  refresh(): Promise<void>;
  /** Returns records not yet handled, by group, as of the last refresh. */
  current(): Readonly<Record<string, number>>;
}

/** Returns a monitor that knows no lag yet. */
export function createLagMonitor(source: LagSource, subscriptions: readonly GroupSubscription[]): LagMonitor {
  let lag: Record<string, number> = {};
  return {
    async refresh() {
      const answers = await Promise.allSettled(
        subscriptions.map(async ({ group, topics }) => {
          const partitions = await source.groupLag(group, [...topics]);
          return [group, Number(partitions.reduce((sum, partition) => sum + partition.lag, 0n))] as const;
        }),
      );
      lag = Object.fromEntries(
        answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])),
      );
    },
    current: () => lag,
  };
}
