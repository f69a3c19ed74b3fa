import { compact, digitsOnly, remainder } from './checksum';
import { type Check, incomplete, invalid, unchecked, valid } from './check';

// The SEPA area: where the Assurance Maladie can pay by transfer.
const lengths: Record<string, number> = {
  AD: 24, AL: 28, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GI: 23,
  GR: 27, HR: 21, HU: 28, IE: 22, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MD: 24, ME: 22, MK: 19, MT: 31, NL: 18,
  NO: 15, PL: 28, PT: 25, RO: 24, SE: 24, SI: 19, SK: 24,
};

// Bank, branch, account and key of a French account; the key that they give.
export function ribKey(bban: string): string {
  const table = (letter: string) => '12345678912345678923456789'['ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(letter)] ?? '';
  const digits = bban.slice(0, 21).replace(/[A-Z]/g, table);
  if (digits.length !== 21 || !digitsOnly(digits)) return '';
  const bank = remainder(digits.slice(0, 5), 97), branch = remainder(digits.slice(5, 10), 97), account = remainder(digits.slice(10), 97);
  return String(97 - ((89 * bank + 15 * branch + 3 * account) % 97)).padStart(2, '0');
}

export function checkIban(text: string): Check {
  const value = compact(text);
  if (value.length < 4) return incomplete(value);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]*$/.test(value)) return invalid(value, 'Un IBAN commence par le pays et deux chiffres.');
  const country = value.slice(0, 2), wanted = lengths[country];
  if (value.length < (wanted ?? 15)) return incomplete(value, `${value.length} caractères sur ${wanted ?? 'au moins 15'}.`);
  if (value.length > (wanted ?? 34)) return invalid(value, `${value.length} caractères : un IBAN ${country} en a ${wanted ?? 34}.`);
  const turned = value.slice(4) + value.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  if (remainder(digits, 97) !== 1) return invalid(value, 'La clé de l’IBAN ne correspond pas.');
  if (wanted === undefined) return unchecked(value, 'Pays hors de la zone SEPA.');
  if ((country === 'FR' || country === 'MC') && ribKey(value.slice(4)) !== value.slice(25)) return unchecked(value, 'La clé RIB ne correspond pas.');
  return valid(value);
}

export const groupIban = (value: string): string => value.replace(/(.{4})(?=.)/g, '$1 ');
