// Numbers of establishments and practitioners, postal codes, codes of organisme.
import { compact, digitsOnly, digitSum, luhn } from './checksum';
import { type Check, incomplete, invalid, unchecked, valid } from './check';

const laPoste = '356000000';
const laPosteHeadOffice = '35600000000048';

function fixed(text: string, length: number, name: string, holds: (value: string) => boolean): Check {
  const value = compact(text);
  if (!digitsOnly(value) && value !== '') return invalid(value, `Un ${name} n’a que des chiffres.`);
  if (value.length < length) return incomplete(value, `${value.length} chiffres sur ${length}.`);
  if (value.length > length) return invalid(value, `${value.length} chiffres : un ${name} en a ${length}.`);
  return holds(value) ? valid(value) : invalid(value, `La clé du ${name} ne correspond pas.`);
}

export const checkSiret = (text: string): Check => fixed(text, 14, 'SIRET', (value) => {
  const siren = value.slice(0, 9);
  if (siren === '000000000') return false;  // an empty comb satisfies Luhn
  if (siren === laPoste && value !== laPosteHeadOffice) return digitSum(value) % 5 === 0;
  return luhn(siren) && luhn(value);
});

export const checkRpps = (text: string): Check =>
  fixed(text, 11, 'RPPS', (value) => luhn(value) && /^[18]/.test(value));

const realDepartment = (two: string): boolean => !['00', '96', '99'].includes(two);

export function checkFiness(text: string): Check {
  const value = compact(text);
  const digits = value.replace(/^2A/, '21').replace(/^2B/, '22');
  if (!digitsOnly(digits) && value !== '' && value !== '2') return invalid(value, 'Un FINESS a 9 chiffres ; 2A et 2B pour la Corse.');
  if (value.length < 9) return incomplete(value, `${value.length} caractères sur 9.`);
  if (value.length > 9) return invalid(value, `${value.length} caractères : un FINESS en a 9.`);
  if (!realDepartment(digits.slice(0, 2))) return invalid(value, 'Ce département n’existe pas.');
  return luhn(digits) ? valid(value) : invalid(value, 'La clé du FINESS ne correspond pas.');
}

export function checkPostalCode(text: string): Check {
  const value = compact(text);
  if (!digitsOnly(value) && value !== '') return invalid(value, 'Un code postal a cinq chiffres.');
  if (value.length < 5) return incomplete(value, `${value.length} chiffres sur 5.`);
  if (value.length > 5 || !realDepartment(value.slice(0, 2))) return invalid(value, 'Ce code postal n’existe pas.');
  return unchecked(value);
}

// 595, 01595, 01 595 0000: régime général only.
export function checkCaisse(text: string): Check {
  const value = compact(text);
  if (!digitsOnly(value) && value !== '') return invalid(value, 'Un code organisme n’a que des chiffres : 595, 01595 ou 01 595 0000.');
  if (value.length < 3) return incomplete(value);
  if (value.length === 3) return value === '000' ? invalid(value, 'Cet organisme n’existe pas.') : valid(value);
  if (!value.startsWith('01')) return invalid(value, 'Le régime général commence par 01.');
  return [5, 9].includes(value.length) ? valid(value) : incomplete(value, '01595 ou 01 595 0000.');
}
