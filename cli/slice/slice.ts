import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, type Command } from 'commander';
import { answer, carryOut, Failed } from '../outcome.ts';
import { filled, formsOf, isCapability } from './names.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEMPLATE = fileURLToPath(new URL('template/', import.meta.url));
const SUFFIX = '.template';
const IDS = 'shared/ids.ts';

const ID = `
export type {{Name}}Id = Static<typeof {{Name}}Id>;
export const {{Name}}Id = branded<'{{Name}}Id'>(uuid);
`;

const WHAT_IS_LEFT = `
It is specified, and nothing knows of it yet. What turns it on:
  docs/glossary.md          {{Name}}Opened, {{Name}}Closed and {{words}}, as the business calls them
  make contracts            and look at the difference in docs/events.json
  projections/catalogue.ts  {{camels}}, from './{{name}}/{{names}}-view.ts', among the views
  command-api/app.ts        ...{{camel}}Routes({ eventStore }), from './{{name}}/routes.ts'
  query-api/app.ts          ...{{camel}}Routes(db), from './{{name}}/routes.ts'`;

const templates = async (): Promise<string[]> => {
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX))
    .map((entry) => relative(TEMPLATE, join(entry.parentPath, entry.name)))
    .sort();
};

/**
 * Begins a capability in the checkout at `root`: its contracts, rules, example messages and one
 * file for each side, with their specs. Nothing that is there is written over.
 * @returns the files, and what is left to be done.
 * @throws {Failed} when there is such a capability.
 */
export const begin = async (
  name: string,
  root: string,
): Promise<{ readonly files: readonly string[]; readonly left: string }> => {
  const forms = formsOf(name);
  const folder = join(root, 'shared', name);
  if (await stat(folder).catch(() => undefined))
    throw new Failed(`There is a shared/${name} already: choose another name`);

  const files: string[] = [];
  for (const template of await templates()) {
    const file = filled(template.slice(0, -SUFFIX.length), forms);
    const text = filled(await readFile(join(TEMPLATE, template), 'utf8'), forms);
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text, { flag: 'wx' });
    files.push(file);
  }
  await appendFile(join(root, IDS), filled(ID, forms));
  return { files: [...files, IDS], left: filled(WHAT_IS_LEFT, forms) };
};

const readName = (name: string): string => {
  if (isCapability(name)) return name;
  throw new InvalidArgumentError('It takes one or more words of small letters: gift-card');
};

export const slice = (program: Command): void => {
  program
    .command('slice', { hidden: true })
    .description('begin a capability, for whoever develops it')
    .argument('<name>', 'what it is called, in the singular', readName)
    .action((name: string) =>
      carryOut(async () => {
        const { files, left } = await begin(name, ROOT);
        answer({}, [...files, left].join('\n'), {});
      }),
    );
};
