/** Callers that each wait for their record before they begin the next one. */
import type { Meter } from '../meter.ts';

/** Runs `callers` of them until the meter says stop; a record that fails is noted and not tried again. */
export async function closedLoop(
  meter: Meter,
  callers: number,
  send: (number: number) => Promise<unknown>,
): Promise<void> {
  const caller = async () => {
    for (let number = meter.next(); number >= 0; number = meter.next()) {
      const begunAt = performance.now();
      try {
        await send(number);
        meter.acknowledged(number, begunAt);
      } catch (error) {
        meter.failed(error);
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}
