import { appendFile, mkdir, open, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Static } from 'typebox';
import { reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/** A mail as it was understood; addresses without the names, which are in the headers. */
export type Mail = Static<typeof Mail>;
const Mail = Type.Object({
  id: Type.String(),
  receivedAt: Type.String(),
  /** The `Message-ID` header, angle brackets included; empty if there is none. */
  messageId: Type.String(),
  from: Type.String(),
  to: Type.Array(Type.String()),
  subject: Type.String(),
  text: Type.Union([Type.String(), Type.Null()]),
  html: Type.Union([Type.String(), Type.Null()]),
  date: Type.Union([Type.String(), Type.Null()]),
  /** By lower-case name, as they came; those that came twice have a line each. */
  headers: Type.Record(Type.String(), Type.String()),
  envelope: Type.Object({ from: Type.String(), to: Type.Array(Type.String()) }),
});
const readMail = reader(Mail);

export type Limits = { readonly mails: number; readonly bytes: number };

export type Mailbox = {
  /** Returns when it is in the file. */
  readonly add: (mail: Mail) => Promise<void>;
  readonly newestFirst: () => readonly Mail[];
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const LIMITS: Limits = { mails: 10_000, bytes: 64 * 1_024 * 1_024 };
/** How much of the file may be of mails that are no longer kept, before it is written afresh. */
const FILE_TO_KEPT = 2;

type Kept = { readonly mail: Mail; readonly bytes: number };

const lineOf = (mail: Mail) => `${JSON.stringify(mail)}\n`;

/** A process that was killed leaves at most its last line unfinished; that mail was not accepted. */
const understood = (line: string): Mail | undefined => {
  try {
    return readMail(JSON.parse(line));
  } catch {
    return undefined;
  }
};

const overLimit = (kept: readonly Kept[], limits: Limits): number => {
  let bytes = 0;
  for (let from = kept.length - 1; from >= 0; from--) {
    bytes += kept[from]?.bytes ?? 0;
    if (kept.length - from > limits.mails || bytes > limits.bytes) return from + 1;
  }
  return 0;
};

const load = async (file: string, limits: Limits): Promise<Kept[]> => {
  const kept: Kept[] = [];
  const handle = await open(file, 'a+');
  try {
    for await (const line of handle.readLines({ start: 0, autoClose: false })) {
      const mail = understood(line);
      if (mail) kept.push({ mail, bytes: Buffer.byteLength(line) + 1 });
      if (kept.length > FILE_TO_KEPT * limits.mails) kept.splice(0, overLimit(kept, limits));
    }
  } finally {
    await handle.close();
  }
  kept.splice(0, overLimit(kept, limits));
  return kept;
};

/** Beside, and then in its place: killed in between, the old file is still whole. */
const rewrite = async (file: string, kept: readonly Kept[]): Promise<FileHandle> => {
  const unfinished = `${file}.new`;
  await writeFile(unfinished, '');
  for (const { mail } of kept) await appendFile(unfinished, lineOf(mail));
  await rename(unfinished, file);
  return open(file, 'a');
};

/**
 * The newest mails, in memory and in a file of a line each, both bounded. The file is not forced
 * to the disk: a killed process loses nothing, and a power cut may take what was only caught.
 */
export const openMailbox = async (file: string, limits: Limits = LIMITS): Promise<Mailbox> => {
  await mkdir(dirname(file), { recursive: true });
  const kept = await load(file, limits);
  let handle = await rewrite(file, kept);
  let fileBytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  let last: Promise<void> = Promise.resolve();

  const afresh = async () => {
    await handle.close();
    handle = await rewrite(file, kept);
    fileBytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    lines = kept.length;
  };
  let lines = kept.length;

  const append = async (mail: Mail) => {
    const line = lineOf(mail);
    const bytes = Buffer.byteLength(line);
    await handle.appendFile(line);
    fileBytes += bytes;
    lines += 1;
    kept.push({ mail, bytes });
    kept.splice(0, overLimit(kept, limits));
    if (lines > FILE_TO_KEPT * limits.mails || fileBytes > FILE_TO_KEPT * limits.bytes)
      await afresh();
  };
  /** One at a time: the file is written in the order in which mails are answered. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  return {
    add: (mail) => inTurn(() => append(mail)),
    newestFirst: () => kept.map(({ mail }) => mail).toReversed(),
    clear: () =>
      inTurn(async () => {
        kept.length = 0;
        await afresh();
      }),
    close: () => inTurn(() => handle.close()),
  };
};
