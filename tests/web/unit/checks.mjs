// Identifiers: the test vectors of the trade, and the same verdicts as the hub's own rules.
import { bundle } from '../fake_api/modules.mjs';
import { check } from '../tools.mjs';

const c = await bundle("export * from './checks/fields'; export { nirKey } from './checks/nir'; export { ribKey } from './checks/iban'; export { remainder } from './checks/checksum';");
const is = (field, text, status) => check(c.checkField(field, text).status === status, `${field} ${text}: ${JSON.stringify(c.checkField(field, text))}, expected ${status}`);
const all = (field, status, texts) => texts.forEach((text) => is(field, text, status));

export default {
  'a NIR: the published vectors hold': () => all('nir', 'valid', ['2 55 08 14 168 025 38', '2 84 05 88 321 025 32', '2 94 03 75 120 005 91', '1 53 12 45 007 231 60', '2 84 05 2A 321 025 52',
    '2 84 05 2B 321 025 79', '2 84 20 2B 321 025 28', '2 84 99 2B 321 025 31', '284052a321025 52']),
  'a NIR: the published bad vectors do not': () => all('nir', 'invalid', ['8 84 05 88 321 025 23', '2 55 08 14 168 025 00', '2 84 05 88 321 025 30', '2 84 05 24 321 025 52', '2 84 05 2C 321 025 52', '2 84 13 88 321 025 32', '0000000000000']),
  'a NIR without its key is not checked, one being typed is not wrong yet': () => { is('nir', '2840588321025', 'unchecked'); all('nir', 'incomplete', ['', '2', '28405', '28405883210253']); },
  'a NIR: every wrong digit and every swap of neighbours is seen': () => {
    const right = '255081416802538';
    for (let at = 0; at < 15; at += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const wrong = right.slice(0, at) + digit + right.slice(at + 1);
        if (wrong !== right) check(c.checkField('nir', wrong).status === 'invalid', wrong);
      }
      const swapped = right.slice(0, at) + (right[at + 1] ?? '') + right[at] + right.slice(at + 2);
      if (swapped !== right && swapped.length === 15) check(c.checkField('nir', swapped).status === 'invalid', swapped);
    }
  },
  'a NIR says its key, provisional and migrant numbers are taken': () => {
    check(c.nirKey('2550814168025') === '38' && c.nirKey('284052B321025') === '79' && c.nirKey('284') === '', 'keys');
    all('nir', 'unchecked', ['7159512345678', '8059512345678']);
    check(c.checkField('nir', `5159512345678${c.nirKey('5159512345678')}`).status === 'valid', 'migrant');
    all('nir', 'invalid', ['6059512345678', '9159512345678']);
  },
  'an IBAN: the published vector, its faults, foreign lengths': () => {
    is('iban', 'FR14 2004 1010 0505 0001 3M02 606', 'valid');
    all('iban', 'invalid', ['FR14 2004 1010 0505 0001 3M02 607', 'FR15 2004 1010 0505 0001 3M02 606', '1214 2004', 'FR14 2004 1010 0505 0001 3M02 6060']);
    all('iban', 'incomplete', ['FR', 'FR14 2004 1010']);
    is('iban', 'BE68 5390 0754 7034', 'valid');
    check(c.ribKey('20041010050500013M026') === '06', c.ribKey('20041010050500013M026'));
  },
  'an IBAN whose RIB key is wrong is not called valid': () => {
    const bban = '20041010050500013M02607';
    const key = 98 - c.remainder(`${bban}FR00`.replace(/[A-Z]/g, (l) => l.charCodeAt(0) - 55), 97);
    is('iban', `FR${String(key).padStart(2, '0')}${bban}`, 'unchecked');
  },
  'SIRET, FINESS, RPPS: Luhn, La Poste, Corsica': () => {
    is('siret', '732 829 320 00074', 'valid');
    all('siret', 'invalid', ['73282932000075', '00000000000000', '7328293200007A']);
    all('siret', 'valid', ['35600000000048', '35600000000001']);
    all('siret', 'invalid', ['35600000000002', '73282933000073']);
    all('finess', 'valid', ['590780193', '060785011', '130786049', '2A0000014']);
    all('finess', 'invalid', ['590780194', '990780193', '000000000', '2A0000015', '2B0000014', '2C0000014']);
    is('rpps', '10001234565', 'valid');
    all('rpps', 'invalid', ['10001234566', '00000000000', '06001234565']);
    all('siret', 'incomplete', ['7328', '']);
  },
  'dates: as people write them, in a calendar, with four digits for the year': () => {
    for (const text of ['14/08/1955', '14081955', '14-8-1955', '14.08.1955', '14 08 1955', '1955-08-14']) check(c.checkField('birth_date', text).value === '1955-08-14', text);
    is('period_from', '29/02/2024', 'valid');
    all('period_from', 'invalid', ['29/02/2025', '31/04/2026', '00/01/2026', '12/13/2026', 'hier']);
    all('period_from', 'incomplete', ['14', '1408', '140855']);
  },
  'postal codes and organismes': () => {
    is('postal_code', '59500', 'unchecked');
    all('postal_code', 'invalid', ['00500', '99000', '5950A']);
    all('caisse', 'valid', ['595', '01595', '01 595 0000']);
    all('caisse', 'invalid', ['02595', '59A']);
  },
  'what is typed is grouped as it is printed, what is sent is bare': () => {
    check(c.groupTyped('nir', '255081416802538') === '2 55 08 14 168 025 38', c.groupTyped('nir', '255081416802538'));
    check(c.groupTyped('birth_date', '14081955') === '14/08/1955', 'date');
    check(c.groupTyped('iban', 'fr1420041010050500013m02606') === 'FR14 2004 1010 0505 0001 3M02 606', 'iban');
    check(c.checkField('nir', '2 55 08 14 168 025 38').value === '255081416802538', 'bare');
  },
  'two fields that contradict each other are said, never refused': () => {
    check(c.crossWarnings({ nir: '255081416802538', birth_date: '1955-08-31' }).birth_date === undefined, 'agrees');
    check(c.crossWarnings({ nir: '255081416802538', birth_date: '1955-09-01' }).birth_date, 'month');
    check(c.crossWarnings({ nir: '255081416802538', beneficiary_nir: '284058832102532', birth_date: '1984-05-02' }).birth_date === undefined, 'the beneficiary counts');
    check(c.crossWarnings({ period_from: '2026-11-20', period_to: '2026-11-12' }).period_to, 'period');
  },
};
