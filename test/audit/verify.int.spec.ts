import { expect } from 'chai';
import { fromLine } from '#shared/audit/stored.ts';
import { given } from '#shared/testing/a-thing.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { encodeRecord } from '../../embedded/eventstore/record.ts';
import { audited, held, sealedLog, verified } from '../support/a-sealed-log.ts';
import { aLogOnDisk, type ALogOnDisk, type Tampering } from '../support/a-log-on-disk.ts';

const keys = inMemoryKeys();

describe('An audit of the log', function () {
  this.timeout(180_000);
  let log: ALogOnDisk;
  let lines: readonly string[];

  const tampered = (tamper: Tampering) => log.tampered(tamper, (url) => verified(url));
  /** The nth event there ever was, where it lies. */
  const positionOf = (nth: number) => Number(fromLine(lines[nth] ?? '').position);
  const record = ({ records }: Parameters<Tampering>[0], nth: number): Buffer =>
    Buffer.from(records.get(positionOf(nth)) ?? '');
  const replaced = (bytes: Buffer, text: string, by: string): Buffer => {
    const at = bytes.indexOf(text);
    if (at < 0 || text.length !== by.length) throw new Error(`There is no ${text} to replace`);
    bytes.write(by, at);
    return bytes;
  };

  before(async () => {
    log = await aLogOnDisk();
    await log.write((url) => sealedLog(url, keys));
    const { out } = await log.write((url) => audited(url, 'export'));
    lines = out.trimEnd().split('\n').slice(0, -1);
    expect(lines).to.have.length(11);
  });
  after(() => log.remove());

  it('finds every seal to hold, and counts what is not sealed yet', async () => {
    const found = await tampered(() => undefined);
    expect(held(found)).to.deep.equal([true, true, true]);
    expect(found).to.deep.include({ holds: true, flaws: [], sealed: 9, unsealed: 2 });
    const { code, out } = await log.write((url) => audited(url, 'verify'));
    expect(code).to.equal(0);
    expect(out).to.match(/3 of 3 seals hold, over 9 events; 2 events since/);
  });

  it('still finds so when a person is erased', async () => {
    await keys.destroy((given().data as { readonly subjectId: string }).subjectId);
    expect((await tampered(() => undefined)).holds).to.equal(true);
  });

  it('names the seal over an event that was changed in the files', async () => {
    const found = await tampered((stores) => {
      stores.records.putSync(positionOf(1), replaced(record(stores, 1), '"size":1', '"size":7'));
    });
    expect(held(found)).to.deep.equal([false, true, true]);
    expect(found.seals[0]?.flaws.join()).to.match(/other events: their root is [0-9a-f]{64}/);
  });

  it('names the seal over who, when and why it was, too', async () => {
    const found = await tampered((stores) => {
      stores.records.putSync(positionOf(4), replaced(record(stores, 4), '"ana"', '"bia"'));
    });
    expect(held(found)).to.deep.equal([true, false, true]);
  });

  it('names what lacks an event that was removed from the files', async () => {
    const found = await tampered(({ records }) => {
      records.removeSync(positionOf(0));
    });
    expect(held(found)).to.deep.equal([false, true, true]);
    expect(found.seals[0]?.flaws.join()).to.match(/made over 3 events, and there are 2/);
    expect(found.flaws.join()).to.match(/thing-1 1\): its stream lacks revision 0/);
  });

  it('names an event that was put in between', async () => {
    const found = await tampered(({ records }) => {
      const id = '0190a1de-0000-5000-8000-0000000000ff';
      const [data, metadata] = ['{"thingId":"1"}', '{}'].map((text) => Buffer.from(text));
      if (!data || !metadata) throw new Error('There are both');
      const event = { id, type: 'ThingBroken', contentType: 'application/json', metadata, data };
      const position = positionOf(5) + 1;
      const place = { stream: 'thing-3', revision: 5, position, created: 0 };
      records.putSync(position, encodeRecord(event, place));
    });
    expect(held(found)).to.deep.equal([true, false, true]);
    expect(found.flaws.join()).to.match(/0000000000ff.*lacks revision 1/);
  });

  it('names events that have changed places', async () => {
    const found = await tampered((stores) => {
      const [one, other] = [record(stores, 4), record(stores, 5)];
      stores.records.putSync(positionOf(4), other);
      stores.records.putSync(positionOf(5), one);
    });
    expect(held(found)).to.deep.equal([true, false, true]);
    expect(found.flaws.join()).to.match(/stands behind position \d+: it was moved/);
  });

  it('finds a seal that was made to fit, by the next one', async () => {
    const found = await tampered((stores) => {
      const { root } = fromLine(lines[3] ?? '').data as { readonly root: string };
      stores.records.putSync(positionOf(3), replaced(record(stores, 3), root, 'f'.repeat(64)));
    });
    expect(held(found)).to.deep.equal([false, false, true]);
    expect(found.seals[1]?.flaws.join()).to.match(/does not hold the root of the one before/);
  });

  it('finds that a seal was taken out of the log', async () => {
    const found = await tampered(({ records }) => {
      records.removeSync(positionOf(3));
    });
    expect(found.holds).to.equal(false);
  });
});
