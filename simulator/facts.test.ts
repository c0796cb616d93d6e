import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const text = read('facts.md');
const cited = [...text.matchAll(/\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g)].map(([, name = '', file = '']) => ({
  name,
  file,
}));

it('facts.md names tests that exist', () => {
  expect(cited.length).toBeGreaterThan(100);
  expect(cited.filter(({ name, file }) => !read(file).includes(name))).toEqual([]);
});

it('facts.md counts its rows right', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (fact|---)/.test(line));
  const byFault = rows.filter((row) => row.includes('| By fault: ')).length;
  const not = rows.filter((row) => row.includes('| Not: ')).length;
  expect(text).toContain(`${rows.length - byFault - not} simulated, ${byFault} by fault, ${not} not.`);
});
