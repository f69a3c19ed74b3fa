// The application's own TypeScript, bundled for Node: the fake desk of the training screen, the checks, the keymap.
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../..');
export const web = path.join(root, 'services/gateway/web');

export async function bundle(entry) {
  const esbuild = createRequire(path.join(web, 'package.json'))('esbuild');
  const folder = await mkdtemp(path.join(tmpdir(), 'pleiade-web-modules-'));
  const outfile = path.join(folder, 'module.mjs');
  try {
    await esbuild.build({ stdin: { contents: entry, resolveDir: path.join(web, 'src'), loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'error' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
