/** Long sentences on lines of at most 100 columns. */
export const columns = 100;

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
