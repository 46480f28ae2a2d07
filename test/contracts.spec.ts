import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { english } from '#shared/audit/sentences/en.ts';
import { portuguese } from '#shared/audit/sentences/pt-br.ts';
import { contractOf } from '#shared/audit/vocabulary.ts';
import type { Contract } from '#shared/kernel/message.ts';

type Stored = { readonly version: number; readonly schema: unknown };
type Contracts = Readonly<Record<string, Readonly<Record<string, Stored>>>>;

const root = new URL('../', import.meta.url);
const committed = new URL('docs/events.json', root);
const isContract = (value: unknown): value is Contract =>
  typeof value === 'object' && value !== null && 'schemas' in value && 'categories' in value;

/** Wherever in shared/ somebody declares events; specs and their things are not stored for ever. */
const declaring = async (): Promise<readonly string[]> => {
  const files = await readdir(new URL('shared', root), { recursive: true });
  const sources = files.filter((file) => /^(?!testing\/).*(?<!\.spec)\.ts$/.test(file)).sort();
  const texts = await Promise.all(
    sources.map((file) => readFile(new URL(`shared/${file}`, root), 'utf8')),
  );
  return sources.filter((_, nth) => /^export const \w+ = contract\(/m.test(texts[nth] ?? ''));
};

const declared = async (): Promise<readonly Contract[]> => {
  const modules = await Promise.all(
    (await declaring()).map(
      async (file) => (await import(join('../shared', file))) as Record<string, unknown>,
    ),
  );
  return modules.flatMap((exported) => Object.values(exported).filter(isContract));
};

const contracts = async (): Promise<Contracts> => {
  const typesOf = ({ schemas, versionOf }: Contract): Contracts[string] =>
    Object.fromEntries(
      Object.entries(schemas).map(([type, schema]) => [type, { version: versionOf(type), schema }]),
    );
  return Object.fromEntries(
    (await declared())
      .map((contract) => [[...contract.categories].join(' and '), typesOf(contract)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
};

const namesIn = (all: Contracts) => Object.values(all).flatMap((types) => Object.keys(types));

describe('Event contracts', () => {
  it('are declared in the events.ts of their capability, or are the kernel’s own', async () => {
    const elsewhere = (await declaring()).filter(
      (file) => !/^(kernel\/|[^/]+\/events\.ts$)/.test(file),
    );
    expect(elsewhere).to.deep.equal([]);
    expect(await declaring()).to.include.members([
      'activation/events.ts',
      'kernel/handle-unique.ts',
    ]);
  });

  it('can be checked, each of them, sealed and open', async () => {
    for (const { schemas, read, versionOf } of await declared())
      for (const type of Object.keys(schemas))
        for (const sealed of [true, false])
          expect(() => read(type, [], { version: versionOf(type), sealed }), type).to.throw(
            '/ must be object',
          );
  });

  it('are what docs/events.json says they are (make contracts, and look at the difference)', async () => {
    const text = `${JSON.stringify(await contracts(), null, 2)}\n`;
    if (process.argv.includes('--write-contracts')) await writeFile(committed, text);
    expect(text).to.equal(await readFile(committed, 'utf8'));
  });

  it('have a name each that no other has', async () => {
    const names = namesIn(await contracts());
    expect(names.filter((name, nth) => names.indexOf(name) !== nth)).to.deep.equal([]);
  });

  it('have a sentence each, in every language in which a history is told', async () => {
    const names = namesIn(await contracts());
    for (const sentences of [english, portuguese])
      expect(Object.keys(sentences)).to.have.members(names);
    expect(
      names.filter((name) => !contractOf(name)),
      'shared/audit/vocabulary.ts',
    ).to.be.empty;
  });

  it('are the events of the glossary, all of them and no others', async () => {
    const glossary = await readFile(new URL('docs/glossary.md', root), 'utf8');
    const section = /^## Events$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(glossary)?.[1] ?? '';
    const rows = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(rows).to.have.members(namesIn(await contracts()));
  });
});
