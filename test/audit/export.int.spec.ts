import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { manifesting } from '#shared/audit/manifest.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { aLogOnDisk, type ALogOnDisk } from '../support/a-log-on-disk.ts';
import { audited, held, sealedLog, verified, type Facts } from '../support/a-sealed-log.ts';

const NO_SERVER = 'esdb://127.0.0.1:1?tls=false';

type Manifest = { readonly manifest: Readonly<Record<string, unknown>> };

describe('An export of the log', function () {
  this.timeout(180_000);
  let log: ALogOnDisk;
  let text: string;
  let lines: readonly string[];
  const exported = (...args: readonly string[]) =>
    log.write((url) => audited(url, 'export', ...args));

  before(async () => {
    log = await aLogOnDisk();
    await log.write((url) => sealedLog(url, inMemoryKeys()));
    text = (await exported()).out;
    await writeFile(log.file('export.ndjson'), text);
    lines = text.trimEnd().split('\n').slice(0, -1);
  });
  after(() => log.remove());

  it('is a line for each event, and a manifest over all bytes before it', async () => {
    const rows = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(rows).to.have.length(11);
    expect(Object.keys(rows[0] ?? {})).to.deep.equal([
      ...['position', 'stream', 'revision', 'id', 'type', 'at', 'actor', 'correlationId'],
      ...['causationId', 'data', 'metadata'],
    ]);
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).to.deep.equal({
      manifest: {
        query: {},
        fromPosition: rows[0]?.['position'],
        toPosition: rows.at(-1)?.['position'],
        rows: 11,
        sha256: createHash('sha256')
          .update(text.slice(0, text.length - last.length - 1))
          .digest('hex'),
      },
    } satisfies Manifest);
    expect(JSON.stringify(rows)).not.to.include('"Ana"');
    expect(JSON.stringify(rows)).to.include('sealed:1:');
    expect((await exported()).said).to.match(/11 events exported/);
  });

  it('is of one thing, or of a time, and says so', async () => {
    const { out } = await exported('--stream', 'thing-1', '--from', '2026-01-15');
    const [first, second, manifest, none] = out.trimEnd().split('\n');
    expect(
      [first, second].map((line) => (JSON.parse(line ?? '') as { type: string }).type),
    ).to.deep.equal(['ThingMade', 'ThingBroken']);
    expect((JSON.parse(manifest ?? '') as Manifest).manifest).to.deep.include({
      query: { from: '2026-01-15', stream: 'thing-1' },
      rows: 2,
    });
    expect(none).to.equal(undefined);
    const empty = await exported('--to', '2020-01-01');
    expect((JSON.parse(empty.out) as Manifest).manifest).to.deep.include({
      ...{ fromPosition: null, toPosition: null, rows: 0 },
    });
    expect((await exported('--from', 'soon')).code).to.equal(2);
  });

  it('is CSV, its manifest a comment', async () => {
    const { out } = await exported('--format', 'csv');
    const all = out.trimEnd().split('\n');
    expect(all[0]).to.match(/^position,stream,revision,id,type,at,/);
    expect(all).to.have.length(13);
    const { manifest } = JSON.parse((all.at(-1) ?? '').replace(/^# /, '')) as Manifest;
    const before = out.slice(0, out.lastIndexOf('# {'));
    expect(manifest['sha256']).to.equal(createHash('sha256').update(before).digest('hex'));
  });

  describe('held to its seals', () => {
    type Case = readonly [string, (all: string[]) => unknown, boolean[], RegExp];
    const offline = async (change: (all: string[]) => unknown, name: string): Promise<Facts> => {
      const changed = [...lines];
      change(changed);
      const manifest = manifesting({});
      for (const line of changed) manifest.add(`${line}\n`, [{ position: 0n }]);
      const file = log.file(name);
      await writeFile(file, `${[...changed, manifest.line()].join('\n')}\n`);
      return verified(NO_SERVER, '--file', file);
    };

    it('finds every seal to hold, with no server', async () => {
      const file = log.file('export.ndjson');
      const found = await verified(NO_SERVER, '--file', file);
      expect(found).to.deep.include({ holds: true, flaws: [], sealed: 9, unsealed: 2 });
    });

    it('names what was changed, removed, put in or moved, though the manifest fits', async () => {
      const cases: readonly Case[] = [
        ['nothing', () => undefined, [true, true, true], /^$/],
        [
          'changed',
          (all) => (all[4] = (all[4] ?? '').replaceAll('ana', 'bia')),
          [true, false, true],
          /other events: their root is [0-9a-f]{64}/,
        ],
        [
          'removed',
          (all) => all.splice(0, 1),
          [false, true, true],
          /thing-1 1\): its stream lacks revision 0/,
        ],
        [
          'put in',
          (all) => all.splice(6, 0, (all[5] ?? '').replace('thing-2', 'thing-9')),
          [true, false, true],
          /thing-9 \d+\)/,
        ],
        [
          'moved',
          (all) => all.splice(0, 2, all[1] ?? '', all[0] ?? ''),
          [false, true, true],
          /stands behind position \d+: it was moved/,
        ],
      ];
      for (const [name, change, seals, named] of cases) {
        const found = await offline(change, `${name}.ndjson`);
        expect(held(found), name).to.deep.equal(seals);
        const said = [...found.flaws, ...found.seals.flatMap(({ flaws }) => flaws)].join();
        expect(said, name).to.match(named);
      }
    });

    it('finds that it breaks off, or is not what its manifest says', async () => {
      const asked = async (changed: string) => {
        await writeFile(log.file('cut.ndjson'), changed);
        return (await verified(NO_SERVER, '--file', log.file('cut.ndjson'))).flaws;
      };
      const cut = text.slice(0, text.lastIndexOf('\n', text.length - 2) - 40);
      expect((await asked(cut)).join()).to.match(/breaks off/);
      expect((await asked(text.replace('"size":1', '"size":2'))).join()).to.match(
        /manifest has sha256/,
      );
    });

    it('says so when it is not of everything', async () => {
      const { out } = await log.write((url) => audited(url, 'export', '--stream', 'thing-1'));
      await writeFile(log.file('one.ndjson'), out);
      const { code, said } = await audited('', 'verify', '--file', log.file('one.ndjson'));
      expect(code).to.equal(1);
      expect(said).to.match(/holds only .*thing-1.* export it with "lastro audit export/);
    });
  });
});
