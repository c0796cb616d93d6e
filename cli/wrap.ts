/** Long sentences on lines of as many columns as the terminal has, and of at most 100. */

/** @param terminal columns that it has; undefined where there is none, as in a pipe */
export const columnsWithin = (terminal: number | undefined): number => Math.min(100, Math.max(60, terminal ?? 100));

/** Of every line, but for what must stay whole to be copied. */
export const columns = columnsWithin(process.stdout.columns);

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are written with the escape character
const colourCodes = /\u001b\[\d+m/g;

/** How many columns a text takes, colours left out. */
export const widthOf = (text: string): number => text.replaceAll(colourCodes, '').length;

/**
 * Lines broken at spaces; a word that is longer stands alone, so that ids and commands stay whole.
 * @param hanging put in front of every line but the first
 */
export function wrap(text: string, hanging = '', most = columns): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.trim() === '') lines[lines.length - 1] = `${last} ${word}`;
    else if (widthOf(last) + 1 + widthOf(word) <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(hanging + word);
  }
  return lines;
}

/** The same as one text, its own line breaks kept. */
export const wrapped = (text: string, hanging = '', most = columns): string =>
  text
    .split('\n')
    .flatMap((line) => wrap(line, hanging, most))
    .join('\n');

/** A command within a text that has options, and so may be folded. */
const commandStart = /\b(?:aws|npx) [a-z][\w-]* .*--[a-z]/;

/** A text whose lines have at most so many columns, each hanging where it begins; commands are folded, and stay ones that can be pasted. */
export const fitted = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => (widthOf(line) <= columns ? [line] : broken(line)))
    .join('\n');

function broken(line: string): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const at = line.search(commandStart);
  if (at < 0) return wrap(line, indent);
  const words = line.slice(0, at).trimEnd();
  if (/^\s*\d*$/.test(words)) return foldedCommand(line, `${indent}    `).split('\n');
  return [...wrap(words, indent), ...foldedCommand(`${indent}    ${line.slice(at)}`, `${indent}      `).split('\n')];
}

/** The beginning of a line, as many columns as there are; what is left out is dots. Colours at its beginning are kept. */
export function cut(line: string, most: number): string {
  if (widthOf(line) <= most) return line;
  const codes = line.length - widthOf(line);
  return `${line.slice(0, Math.max(0, most - 1) + codes)}…`;
}

/**
 * A shell command over several lines, that can still be pasted: broken before options (with a backslash), and inside JSON between
 * objects, where white space means nothing.
 */
export function foldedCommand(command: string, hanging: string, most = columns): string {
  const options = command.split(/ (?=--)/);
  const lines: string[] = [];
  for (const option of options) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + option.length <= most - 2)
      lines[lines.length - 1] = `${last} ${option}`;
    else lines.push(last === undefined ? option : hanging + option);
  }
  return lines.map((line) => foldedJson(line, `${hanging}  `, most - 2)).join(' \\\n');
}

/** Between the objects of a list; where that is not enough, between the members of an object, and ARNs of a list. */
const seams = [/(?<=\},)(?=\{)|(?<=\[)(?=\{)/, /(?<=,)(?="(?:[\w ]+":|arn:))/];

function foldedJson(text: string, hanging: string, most: number, level = 0): string {
  const seam = seams[level];
  if (text.length <= most || seam === undefined) return text;
  const lines: string[] = [];
  for (const part of text.split(seam)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= most) lines[lines.length - 1] = last + part;
    else lines.push(last === undefined ? part : hanging + part);
  }
  return lines.map((line) => foldedJson(line, hanging, most, level + 1)).join('\n');
}
