/** Ratios of what a night counted. */
import type { Night } from '../figures/night.ts';
import { count } from '../figures/tally.ts';

/** Everything that a night asked of EC2 and SSM, refused or not, for each volume. */
export const awsCallsPerVolume = ({ tally, volumes }: Night): number => count(tally, / (ec2|ssm):/) / volumes;

/**
 * One CreateSnapshots and two SendCommand an instance of four volumes; instances, volumes, snapshots and guests listed once, and
 * progress asked for once, in pages of a thousand.
 */
export const leastCallsPerVolume = (volumes: number): number => {
  const instances = Math.ceil(volumes / 4);
  return (3 * instances + 5 * Math.ceil(volumes / 1000)) / volumes;
};

/** Calls of all services, the billed unit of an orchestrator. */
export const allCalls = ({ tally }: Night): number => count(tally, /./);

/** Slope of a straight line through points on log-log axes: 1 is proportional. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: 'x' | 'y') => logs.reduce((sum, point) => sum + point[of], 0) / logs.length;
  const [x, y] = [mean('x'), mean('y')];
  const covariance = logs.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return covariance / logs.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}
