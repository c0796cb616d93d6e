/** A time zone as it is typed. Imported by deploy-time code only. */
import { closest } from './closest.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import { isZone } from './zone.ts';

export function checkZone(path: PolicyPath, zone: string): Mistake[] {
  if (isZone(zone) && isSpelt(zone)) return [];
  const message = `"${zone}" is not a time zone of the IANA database, such as Europe/London.`;
  const suggestion = meant(zone);
  return [{ path, message, ...(suggestion === undefined ? {} : { suggestion }) }];
}

/** Intl takes any case, and nobody promises that of EventBridge Scheduler. */
const isSpelt = (zone: string): boolean =>
  /^[A-Z][^/]*(\/[A-Z][^/]*)*$/.test(zone) &&
  (resolved(zone).toLowerCase() !== zone.toLowerCase() || resolved(zone) === zone);

/** By the name that Intl has for it, which may be another one of the same zone. */
const resolved = (zone: string) => new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;

/** The right spelling, the zone of a city, or the nearest. */
function meant(typed: string): string | undefined {
  const zone = typed.trim().replaceAll(' ', '_');
  if (isZone(zone)) return resolved(zone);
  const names = Intl.supportedValuesOf('timeZone');
  return names.find((name) => name.toLowerCase().endsWith(`/${zone.toLowerCase()}`)) ?? closest(zone, names);
}
