import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { settingsIn, type Setting } from './house/settings-in-code.ts';
import { theTree } from './house/the-tree.ts';

const LONGEST_FILE = 200;
/** What a tool writes, or a lawyer. */
const WRITTEN_BY_OTHERS = new Set(['package-lock.json', 'docs/events.json', 'LICENSE']);
const COMMENT = /^\s*(\/\/|\/?\*|<!--|#)/;

/** A checkout is moved, and installed from anywhere: no path of one machine, no host of one registry. */
const TRACES = [
  /(?<![\w.}-])\/(home|root|Users|work)\/\w/,
  /\bfile:\/\/\/\w/,
  /https?:\/\/(?:[\w-]+\.)*(?:registry|artifactory|nexus|verdaccio)[\w.-]*[/:"]/i,
];
const SKIPPED = /\b(?:describe|context|it)\.(?:skip|only)\b|\bx(?:it|describe)\(|\bthis\.skip\(/;

describe('The house', function () {
  this.timeout(30_000);

  let tree: ReadonlyMap<string, string>;
  const text = (file: string) => tree.get(file) ?? '';
  const those = (broken: (text: string, file: string) => boolean) =>
    [...tree].filter(([file, text]) => broken(text, file)).map(([file]) => file);

  before(async () => {
    tree = await theTree();
  });

  it('has no file that is too long to be read at one go', () => {
    const lines = (text: string, file: string) =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '' && (file.endsWith('.md') || !COMMENT.test(line)))
        .length;
    const long = those(
      (text, file) => !WRITTEN_BY_OTHERS.has(file) && lines(text, file) > LONGEST_FILE,
    );
    expect(long).to.deep.equal([]);
  });

  it('has no spec that is skipped, and none that keeps others from running', () => {
    const skipped = (text: string, file: string) => file.endsWith('.spec.ts') && SKIPPED.test(text);
    expect(those(skipped)).to.deep.equal([]);
    const skips = ['it.sk' + 'ip(', 'describe.on' + 'ly(', 'xi' + 't(', 'this.sk' + 'ip('];
    expect(skips.filter((one) => !SKIPPED.test(one))).to.be.empty;
  });

  it('knows no machine and no registry', () => {
    expect(those((text) => TRACES.some((trace) => trace.test(text)))).to.deep.equal([]);
    const traces = ['a /ro' + 'ot/x', '"/ho' + 'me/ana', 'https://npm.regis' + 'try.example/x'];
    expect(traces.filter((one) => !TRACES.some((trace) => trace.test(one)))).to.be.empty;
  });

  it('lists every decision, and no other', () => {
    const decisions = [...tree.keys()].filter((file) => /^docs\/adr\/\d{4}-.*\.md$/.test(file));
    const listed = [...text('docs/adr/README.md').matchAll(/\]\((\d{4}-[^)]+\.md)\)/g)];
    expect(listed.map(([, file]) => `docs/adr/${String(file)}`)).to.have.members(decisions);
    const numbers = decisions.map((file) => file.slice(9, 13));
    expect(numbers.filter((one, nth) => numbers.indexOf(one) !== nth)).to.deep.equal([]);
  });

  it('has no document that leads nowhere', () => {
    const lost = [...tree].flatMap(([file, text]) =>
      file.endsWith('.md')
        ? [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
            .map(([, link]) => join(dirname(file), String(link)))
            .filter(
              (to) =>
                !tree.has(to) &&
                ![...tree.keys()].some((one) => one.startsWith(`${to.replace(/\/$/, '')}/`)),
            )
            .map((to) => `${file} -> ${to}`)
        : [],
    );
    expect(lost).to.deep.equal([]);
  });

  it('has a target for every make that a document asks for', () => {
    const targets = new Set(
      [...text('Makefile').matchAll(/^([a-z][a-z -]*):/gm)].flatMap(([, all]) =>
        String(all).split(' '),
      ),
    );
    const asked = [...tree].flatMap(([file, text]) =>
      file.endsWith('.md')
        ? [...text.matchAll(/(?:^|`)make ([a-z]+)/gm)].map(
            ([, target]) => [file, String(target)] as const,
          )
        : [],
    );
    expect(asked.filter(([, target]) => !targets.has(target))).to.deep.equal([]);
  });

  describe('tells of every setting', () => {
    const product = (file: string) =>
      /^(?!test\/|bench\/).*\.ts$/.test(file) &&
      !/\.spec\.ts$|\/testing\/|\/conformance\//.test(file);
    const inCode = () =>
      [...tree].flatMap(([file, text]) => (product(file) ? settingsIn(file, text) : []));
    const told = ({ name, file, standard = '' }: Setting) => `${name}=${standard} (${file})`;
    const documented = () =>
      new Map(
        [
          ...text('docs/configuration.md').matchAll(
            /^\| `([A-Z_]+)` +\| (?:`([^`]*)`|[^|]*?) +\|/gm,
          ),
        ].map(([, name, standard]) => [String(name), standard]),
      );
    const example = () =>
      new Map(
        [...text('.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(
          ([, name, value]) => [String(name), String(value)] as const,
        ),
      );

    it('in docs/configuration.md, with its default', () => {
      const all = documented();
      const wrong = inCode().filter(
        ({ name, standard = '' }) => !all.has(name) || (all.get(name) ?? '') !== standard,
      );
      expect(wrong.map(told)).to.deep.equal([]);
    });

    it('in .env.example, with its default', () => {
      const all = example();
      const wrong = inCode().filter(({ name, standard = '' }) => all.get(name) !== standard);
      expect(wrong.map(told)).to.deep.equal([]);
    });

    it('and of none that there is not', () => {
      const names = new Set(inCode().map(({ name }) => name));
      expect(names.size).to.be.greaterThan(20);
      // What is set for the servers of others has names of theirs.
      const composed = [...text('docker-compose.yml').matchAll(/^ {2,}([A-Z][A-Z_]+): /gm)]
        .map(([, name]) => String(name))
        .filter((name) => !/^(POSTGRES|MP|EVENTSTORE)_(?!URL$)/.test(name));
      expect(composed.length).to.be.greaterThan(10);
      expect(composed.filter((name) => !names.has(name))).to.deep.equal([]);
      expect([...documented().keys()].filter((name) => !names.has(name))).to.deep.equal([]);
      expect([...example().keys()].filter((name) => !names.has(name))).to.deep.equal([]);
    });
  });
});
