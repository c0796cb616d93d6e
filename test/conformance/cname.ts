import type { Region } from '#simulator/region.ts';

/** Of the record by which applications find a resource. */
export const cname = { zone: 'Z0INTERNAL', name: 'orders.internal.example.com' };

const key = `${cname.name}. CNAME`;

/** The host that it leads to; empty: there is none. */
export const readCname = ({ services }: Region): string =>
  services.route53.zones.get(cname.zone)?.get(key)?.ResourceRecords?.[0]?.Value ?? '';

export function setCname({ services }: Region, host: string): void {
  const record = { Name: `${cname.name}.`, Type: 'CNAME', TTL: 60 } as const;
  services.route53.zones.set(cname.zone, new Map([[key, { ...record, ResourceRecords: [{ Value: host }] }]]));
}
