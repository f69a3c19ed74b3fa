// What the search box understands, and what it never lets into an address.
import { bundle } from '../fake_api/modules.mjs';
import { check } from '../tools.mjs';

const { understand } = await bundle("export * from './search/query';");
const is = (text, query) => check(JSON.stringify(understand(text).query) === JSON.stringify(query), `${text}: ${JSON.stringify(understand(text))}`);

export default {
  'search: numbers are known by their form': () => {
    is('20261120-595-0001', { lot: '20261120-595-0001' });
    is('scan-1a2b3c4d', { lot: 'scan-1a2b3c4d' });
    is('1A12345678901', { registered: '1A12345678901' });
    is('a0001230', { endorser: 'A0001230' });
    is('00000000000000000000000000000012', { pli: '00000000000000000000000000000012' });
    is('0007 lot:20261120-595-0001', { pli: '0007', lot: '20261120-595-0001' });
    is('595', { caisse: '595' });
    is('20/11/2026', { received_from: '2026-11-20', received_to: '2026-11-20' });
  },
  'search: words narrow it, in French and without accents': () => {
    is('type:aat etat:a-coder service:ij caisse:595', { type: 'AAT', state: 'TO_KEY', service: 'IJ', caisse: '595' });
    is('état:en-quarantaine', { state: 'QUARANTINED' });
    is('etat:TO_KEY', { state: 'TO_KEY' });
    is('recu:01/11/2026..20/11/2026', { received_from: '2026-11-01', received_to: '2026-11-20' });
  },
  'search: a NIR is recognised in every writing, and is secret': () => {
    for (const text of ['255081416802538', '2 55 08 14 168 025 38', '2550814168025', '2 84 05 2A 321 025 52', 'caisse:595 2 55 08 14 168 025 38']) {
      const found = understand(text);
      check(found.secret && found.query.nir?.length >= 13 && !found.query.nir.includes(' '), `${text}: ${JSON.stringify(found)}`);
      check(!found.chips.join(' ').includes('168'), 'its digits are not repeated');
    }
    check(!understand('20261120-595-0001').secret && !understand('1A12345678901').secret, 'other numbers are not');
  },
  'search: what is not understood is said, and nothing is asked': () => {
    for (const text of ['bonjour', 'etat:inconnu', 'recu:hier', 'couleur:bleu']) check(understand(text).problems.length === 1, text);
  },
};
