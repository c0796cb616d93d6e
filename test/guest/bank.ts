import { expect } from 'vitest';

/** Money goes from account to account, each transfer with a number in a log: the sum stays, and the log has no gap. */
const accounts = 10;
const total = accounts * 100;

/** SQL that makes an empty log and the accounts. */
export const accountTables = [
  'CREATE TABLE account (id int PRIMARY KEY, balance int);',
  `INSERT INTO account VALUES ${Array.from({ length: accounts }, (_, index) => `(${index + 1}, 100)`).join(', ')};`,
  'CREATE TABLE log (n int PRIMARY KEY);',
].join(' ');

/** Statements of the transfer with this number, for any SQL database. */
export const transfer = (number: number): string =>
  [
    'BEGIN;',
    `UPDATE account SET balance = balance - 1 WHERE id = ${(number % accounts) + 1};`,
    `UPDATE account SET balance = balance + 1 WHERE id = ${((number + 3) % accounts) + 1};`,
    `INSERT INTO log VALUES (${number});`,
    'COMMIT;',
  ].join(' ');

/** SQL whose one row is `<sum of all balances>,<entries of the log>,<the last entry>`. */
export const balanceSheet =
  "SELECT concat((SELECT sum(balance) FROM account), ',', (SELECT count(*) FROM log), ',', (SELECT max(n) FROM log))";

/** What a client knew just before the hold, and what it had sent when the copy was complete. */
export interface Bounds {
  readonly acknowledged: number;
  readonly sent: number;
}

/** @param sheet the answer to `balanceSheet` from a server that was started from a copy */
export function expectConsistent(sheet: string, { acknowledged, sent }: Bounds): void {
  const [sum, count, last] = sheet.split(',').map(Number);
  expect({ sum, count }).toEqual({ sum: total, count: last });
  expect(last).toBeGreaterThanOrEqual(acknowledged);
  expect(last).toBeLessThanOrEqual(sent);
}
