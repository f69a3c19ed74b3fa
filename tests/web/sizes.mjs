// What a workstation downloads: 60 KiB of gzipped JavaScript for the first screen, 120 KiB for the whole application.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const firstMax = 60 * 1024, wholeMax = 120 * 1024;
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

export async function checkSizes(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.gz'));
  const size = Object.fromEntries(await Promise.all(names.map(async (name) => [name.slice(0, -3), (await readFile(path.join(folder, name))).length])));
  const html = await readFile(path.join(folder, 'index.html'), 'utf8');
  // The entry, and what it imports before anything is shown.
  const first = new Set();
  const visit = async (name) => {
    if (first.has(name)) return;
    first.add(name);
    const text = await readFile(path.join(folder, name), 'utf8');
    for (const [, other] of text.matchAll(/(?:^|[;}])\s*import\s*(?:[^"'()]*?from\s*)?["']\.\/([^"']+\.js)["']/g)) await visit(other);
  };
  for (const [, name] of html.matchAll(/\/web\/([\w.-]+\.js)/g)) await visit(name);
  const js = Object.keys(size).filter((name) => name.endsWith('.js'));
  const firstBytes = [...first].reduce((sum, name) => sum + size[name], 0), whole = js.reduce((sum, name) => sum + size[name], 0);
  const css = Object.entries(size).filter(([name]) => name.endsWith('.css')).reduce((sum, [, bytes]) => sum + bytes, 0);
  return [
    { ok: first.size > 0 && firstBytes <= firstMax, name: `the wall loads ${kib(firstBytes)} of gzipped JavaScript, at most ${kib(firstMax)}`, figure: ['JavaScript of the wall, gzipped', kib(firstBytes), `${kib(firstMax)}`] },
    { ok: whole <= wholeMax, name: `the whole application is ${kib(whole)} of gzipped JavaScript, at most ${kib(wholeMax)} (and ${kib(css)} of CSS)`, figure: ['JavaScript of the whole application, gzipped', kib(whole), `${kib(wholeMax)}`] },
    { ok: size['index.html'] < 2_048, name: `the page itself is ${kib(size['index.html'])}` },
  ];
}
