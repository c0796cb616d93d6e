/**
 * Texts of guests, tags and other people reach the operator's terminal: what would steer it, or turn around what it shows, must not.
 * https://en.wikipedia.org/wiki/C0_and_C1_control_codes https://trojansource.codes
 */

/** Control characters but for new lines and tabs, and invisible ones, those that change the direction of writing among them. */
const unseen = String.raw`(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]`;
const shown = new RegExp(unseen, 'gu');
/** With the codes of `Terminal.paint`, which have to stay. */
const painted = new RegExp(String.raw`\u001b\[(?:1|2|22|3[1236]|39)m|${unseen}`, 'gu');

/**
 * @param coloured whether the text may have colours of ours
 * @returns with a replacement character for each that must not be shown
 */
export const printable = (text: string, coloured = true): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(coloured ? painted : shown, (found) => (found.startsWith('\u001b[') ? found : '\uFFFD'));

/** JSON that says the same, without them: JSON itself escapes those below 0x20 alone. */
export const printableJson = (json: string): string => json.replaceAll(shown, escaped);

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
