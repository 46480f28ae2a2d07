import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Type } from 'typebox';
import { BadConfig, commonSettings, EXIT_BAD_CONFIG } from '#shared/platform/config.ts';
import type { Process } from '#shared/platform/lifecycle.ts';
import { outputOf } from './output.ts';
import type { Supervising } from './supervise.ts';

const CLI = fileURLToPath(new URL('../lastro.mjs', import.meta.url));

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

/** Companies and accounts to try it with; what is there already stays as it is. */
export const seed = async (
  { environment, directory, say }: Supervising,
  { onStop, stopping }: Process,
): Promise<void> => {
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
  if (stopping.aborted || code === 0) return;
  if (code === EXIT_BAD_CONFIG) throw new BadConfig(output.lastWords());
  say(`The demo data could not be made (${output.lastWords()}); see ${directory}/logs/demo.log`);
};
