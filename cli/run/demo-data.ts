import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Type } from '#shared/kernel/type.ts';
import { BadConfig, commonSettings, EXIT_BAD_CONFIG } from '#shared/platform/config.ts';
import type { Process } from '#shared/platform/lifecycle.ts';
import { outputOf } from './output.ts';
import type { Plan } from './plan.ts';
import type { Supervising } from './supervise.ts';

const CLI = fileURLToPath(new URL('../lastro.mjs', import.meta.url));
const DEMO = new URL('../', import.meta.url);

/** The event store and Postgres. */
const STORES = 2;

export const demoSettings = {
  LASTRO_ENV: commonSettings.LASTRO_ENV,
  DEMO_DATA: Type.Optional(Type.Boolean()),
};

/** @throws {BadConfig} when it is asked for in production, where its passwords would be known. */
export const wantsDemoData = (settings: {
  readonly LASTRO_ENV: string;
  readonly DEMO_DATA?: boolean;
}): boolean => {
  const isProduction = settings.LASTRO_ENV === 'production';
  if (isProduction && settings.DEMO_DATA === true)
    throw new BadConfig('DEMO_DATA is for development: unset it in production');
  return settings.DEMO_DATA ?? !isProduction;
};

/** Tells one version of the demo data from another. */
const edition = async (): Promise<string> => {
  const names = (await readdir(DEMO)).filter((name) => /^demo.*(?<!spec)\.ts$/.test(name));
  const hash = createHash('sha256');
  for (const name of names.toSorted()) hash.update(await readFile(new URL(name, DEMO)));
  return hash.digest('hex');
};

/** Where that is noted which was made in the servers of this directory; nowhere for others'. */
const noteIn = (directory: string, { embedded }: Pick<Plan, 'embedded'>): string | undefined =>
  embedded.filter(({ first }) => first).length === STORES ? join(directory, 'demo') : undefined;

/** Companies and accounts to try it with; what is there already stays as it is. */
export const seed = async (
  supervising: Supervising,
  own: Process,
  plan: Pick<Plan, 'embedded'>,
): Promise<void> => {
  const note = noteIn(supervising.directory, plan);
  const wanted = await edition();
  if (note !== undefined && (await readFile(note, 'utf8').catch(() => '')) === wanted) return;
  if ((await made(supervising, own)) && note !== undefined) await writeFile(note, wanted);
};

/** Whether it was. @throws {BadConfig} */
const made = async (
  { environment, directory, say }: Supervising,
  { onStop, stopping }: Process,
): Promise<boolean> => {
  const child = spawn(process.execPath, [CLI, 'demo'], {
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onStop('demo data', () => child.kill('SIGKILL'));
  const output = outputOf('demo', directory, say);
  output.take(child.stdout);
  output.take(child.stderr, 'last words');
  const [code] = (await once(child, 'close')) as [number | null];
  await output.close();
  if (stopping.aborted || code === 0) return code === 0;
  if (code === EXIT_BAD_CONFIG) throw new BadConfig(output.lastWords());
  say(`The demo data could not be made (${output.lastWords()}); see ${directory}/logs/demo.log`);
  return false;
};
