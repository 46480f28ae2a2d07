import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openMailbox, type Mail } from './mailbox.ts';

const mail = (id: number, text = ''): Mail => ({
  id: String(id),
  receivedAt: '2026-01-15T12:00:00Z',
  messageId: `<${id}@lastro>`,
  from: 'nobody@lastro.example',
  to: ['ana@example.com'],
  subject: '',
  text,
  html: null,
  date: null,
  headers: {},
  envelope: { from: 'nobody@lastro.example', to: ['ana@example.com'] },
});
const LINE_BYTES = JSON.stringify(mail(10)).length + 1;

describe('A mailbox', () => {
  let home: string;
  const file = () => join(home, 'deep', 'messages.ndjson');
  const ids = (box: { newestFirst: () => readonly Mail[] }) =>
    box.newestFirst().map(({ id }) => id);

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lastro-spec-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('keeps the newest, in memory and over a restart', async () => {
    const limits = { mails: 3, bytes: 1_000_000 };
    const box = await openMailbox(file(), limits);
    const all = Array.from({ length: 30 }, (_, index) => mail(10 + index));
    await Promise.all(all.map(box.add));
    expect(ids(box)).to.deep.equal(['39', '38', '37']);
    await box.close();

    const again = await openMailbox(file(), limits);
    expect(ids(again)).to.deep.equal(['39', '38', '37']);
    await again.close();
  });

  it('lets large mails go earlier than small ones', async () => {
    const box = await openMailbox(file(), { mails: 100, bytes: 3 * LINE_BYTES });
    for (const id of [10, 11, 12]) await box.add(mail(id));
    expect(ids(box)).to.deep.equal(['12', '11', '10']);
    await box.add(mail(13, 'x'.repeat(LINE_BYTES)));
    expect(ids(box)).to.deep.equal(['13', '12']);
    await box.close();
  });

  it('has a file that does not grow for ever', async () => {
    const box = await openMailbox(file(), { mails: 5, bytes: 1_000_000 });
    for (let id = 10; id < 99; id++) {
      await box.add(mail(id));
      expect((await stat(file())).size).to.be.at.most(10 * LINE_BYTES);
    }
    expect(ids(box)).to.deep.equal(['98', '97', '96', '95', '94']);
    await box.close();
  });

  it('overlooks a line that a killed process did not finish, and writes the next one apart', async () => {
    const first = await openMailbox(file());
    await first.add(mail(10));
    await first.close();
    await appendFile(file(), JSON.stringify(mail(11)).slice(0, 40));

    const second = await openMailbox(file());
    await second.add(mail(12));
    await second.close();
    const third = await openMailbox(file());
    expect(ids(third)).to.deep.equal(['12', '10']);
    await third.close();
  });

  it('is empty for good once it was cleared', async () => {
    const box = await openMailbox(file());
    await box.add(mail(10));
    await box.clear();
    await box.add(mail(11));
    expect(ids(box)).to.deep.equal(['11']);
    expect((await readFile(file(), 'utf8')).split('\n').length).to.equal(2);
    await box.close();
  });
});
