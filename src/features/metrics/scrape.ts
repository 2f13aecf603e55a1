import { describeError, report } from '../../http/log.ts';
import { counts } from './counts.ts';
import { fromDatabase, fromMeter } from './gauges.ts';
import { exposition, series } from './series.ts';

/** Everything there is to show at this moment. A source that is out of reach is left out, and counted as failed. */
export const scrape = async (env: Env, nowMs: number): Promise<string> => {
  let failed = 0;
  const part = async (ask: Promise<Record<string, number>>): Promise<Record<string, number>> => {
    try {
      return await ask;
    } catch (error) {
      failed += 1;
      report('metrics_part_failed', describeError(error));
      return {};
    }
  };
  const [sums, states] = await Promise.all([
    part(fromMeter(env, counts.take(), nowMs)),
    part(fromDatabase(env.DB, nowMs)),
  ]);
  return exposition({ ...sums, ...states, [series('daybook_scrape_parts_failed')]: failed });
};
