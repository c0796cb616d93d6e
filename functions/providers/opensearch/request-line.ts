import { environment } from '#platform/environment.ts';

/** A request of a domain as an operator would type it: `awscurl` signs it. https://github.com/okigan/awscurl */
export const requestLine = (method: 'POST' | 'PUT', address: string, body: object): string =>
  `awscurl --service es --region ${environment.region()} -X ${method} https://${address} -H 'Content-Type: application/json' -d '${quotable(body)}'`;

const quotable = (body: object) => JSON.stringify(body).replaceAll("'", String.raw`'\''`);
