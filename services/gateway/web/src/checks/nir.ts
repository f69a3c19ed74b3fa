// NIR, provisional (NNP) and migrant numbers: 13 characters, or 15 with the key. Same rules as the hub's.
import { compact, digitsOnly, remainder } from './checksum';
import { type Check, incomplete, invalid, unchecked, valid } from './check';

const asNumber = (thirteen: string): string =>
  thirteen.replace(/^(.{5})2A/, '$119').replace(/^(.{5})2B/, '$118');

function isNir(thirteen: string): boolean {
  if (!/^[12]\d{4}(\d\d|2A|2B)\d{6}$/.test(thirteen)) return false;
  const month = Number(thirteen.slice(3, 5));
  if (month === 0 || (month > 12 && month < 20)) return false;
  // Rows of zeros are what an empty comb gives.
  return thirteen.slice(5, 7) !== '00' && thirteen.slice(7, 10) !== '000' && thirteen.slice(10) !== '000';
}

const isCaisseNumber = (thirteen: string): boolean =>
  (/^[78][0-2]\d{11}$/.test(thirteen) || /^[56][12]\d{11}$/.test(thirteen)) &&
  thirteen.slice(2, 5) !== '000' && thirteen.slice(5) !== '00000000';

// The two digits that end a number of 13; empty when it has not that form.
export function nirKey(thirteen: string): string {
  const digits = asNumber(thirteen);
  if (digits.length !== 13 || !digitsOnly(digits)) return '';
  return String(97 - remainder(digits, 97)).padStart(2, '0');
}

export function checkNir(text: string): Check {
  const value = compact(text);
  if (!/^[0-9AB]*$/.test(value)) return invalid(value, 'Seuls des chiffres, et A ou B pour la Corse.');
  if (value.length < 13) return incomplete(value, `${value.length} caractères sur 13 ou 15.`);
  const thirteen = value.slice(0, 13);
  if (value.length > 15) return invalid(value, `${value.length} caractères : un NIR en a 13, ou 15 avec sa clé.`);
  if (!isNir(thirteen) && !isCaisseNumber(thirteen)) return invalid(value, whyNot(thirteen));
  if (value.length === 13) return unchecked(value, 'Sans clé : le numéro ne peut pas être vérifié.');
  if (value.length === 14) return incomplete(value, 'La clé a deux chiffres.');
  const key = nirKey(thirteen);
  return value.slice(13) === key ? valid(value) : invalid(value, `Clé ${value.slice(13)} ; ces 13 chiffres donnent ${key}.`);
}

function whyNot(thirteen: string): string {
  if (!/^[1-8]/.test(thirteen)) return 'Un NIR commence par 1 ou 2.';
  const month = Number(thirteen.slice(3, 5));
  if (/^[12]/.test(thirteen) && (month === 0 || (month > 12 && month < 20))) return `Le mois ${thirteen.slice(3, 5)} n’existe pas.`;
  return 'Ces 13 caractères n’ont pas la forme d’un NIR.';
}

// What a NIR says of the birth must agree with the birth date; null when one of them cannot tell.
export function nirAgreesWithBirth(nir: string, isoDate: string): boolean | null {
  if (!isNir(nir.slice(0, 13)) || !/^\d{4}-\d\d-\d\d$/.test(isoDate)) return null;
  const month = Number(nir.slice(3, 5));
  return nir.slice(1, 3) === isoDate.slice(2, 4) && (month > 12 || month === Number(isoDate.slice(5, 7)));
}

// 2 55 08 14 168 025 38: as it is printed on forms.
export const groupNir = (value: string): string =>
  [value.slice(0, 1), value.slice(1, 3), value.slice(3, 5), value.slice(5, 7), value.slice(7, 10), value.slice(10, 13), value.slice(13)]
    .filter((part) => part !== '').join(' ');
