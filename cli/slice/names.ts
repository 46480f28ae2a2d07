/** Letters and single dashes: it becomes folders, streams, tables, paths and problem codes. */
const CAPABILITY = /^[a-z]+(-[a-z]+)*$/;
/** Enough to be told apart, and short enough for a table's name. */
const LONGEST = 40;

export const isCapability = (name: string): boolean =>
  CAPABILITY.test(name) && name.length <= LONGEST;

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** As English does most of the time; whoever knows better renames. */
const plural = (word: string): string => {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
};

/** One name as each kind of place writes it, by what stands for it in the template. */
export const formsOf = (name: string): ReadonlyMap<string, string> => {
  const pascal = (kebab: string) => kebab.split('-').map(capital).join('');
  const camel = (kebab: string) => {
    const joined = pascal(kebab);
    return joined.charAt(0).toLowerCase() + joined.slice(1);
  };
  const words = name.replaceAll('-', ' ');
  const names = plural(name);
  return new Map([
    ['name', name],
    ['names', names],
    ['camel', camel(name)],
    ['camels', camel(names)],
    ['Name', pascal(name)],
    ['Names', pascal(names)],
    ['snake', name.replaceAll('-', '_')],
    ['snakes', names.replaceAll('-', '_')],
    ['words', words],
    ['Words', capital(words)],
    ['words plural', plural(words)],
    ['Words plural', capital(plural(words))],
  ]);
};

/** @throws {Error} on a blank that has no form: the template is wrong then. */
export const filled = (text: string, forms: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\{\{([\w ]+)\}\}/g, (blank, form: string) => {
    const word = forms.get(form);
    if (word === undefined) throw new Error(`The template asks for ${blank}`);
    return word;
  });
