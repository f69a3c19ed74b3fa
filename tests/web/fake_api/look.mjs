// Serves the screens over invented mail, to look at them: node tests/web/fake_api/look.mjs [PORT] [FOLDER OF THE BUNDLE]
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, web } from './modules.mjs';
import { startApi } from './server.mjs';

const folder = process.argv[3] ?? path.join(root, 'build/web-bundle');
if (!process.argv[3] && spawnSync(path.join(web, 'build.sh'), [folder], { stdio: 'inherit' }).status !== 0) process.exit(1);
const api = await startApi({ folder, port: Number(process.argv[2] ?? 8090) });
console.log(api.url);
