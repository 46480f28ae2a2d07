import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Failed } from './outcome.ts';

const run = promisify(execFile);

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const LONGEST_PRINT_MS = 60_000;

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The page is ours and asks for nothing, so that it needs no sandbox where there can be none. */
const flags = (profile: string, to: string) => [
  ...['--headless', '--disable-gpu', '--no-sandbox', '--no-first-run', '--no-pdf-header-footer'],
  ...[`--user-data-dir=${profile}`, `--print-to-pdf=${to}`],
];

/** @throws {Failed} where there is no Chromium. */
export const printed = async (page: string, to: string): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'lastro-report-'));
  try {
    const source = join(directory, 'report.html');
    await writeFile(source, page);
    for (const browser of BROWSERS)
      try {
        const given = [...flags(join(directory, 'profile'), to), pathToFileURL(source).href];
        await run(browser, given, { timeout: LONGEST_PRINT_MS });
        return;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    throw new Failed('There is no Chromium on this machine: install it, or use --html');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
