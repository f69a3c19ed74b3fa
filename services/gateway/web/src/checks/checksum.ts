// The arithmetic that identifiers share.
export const digitsOnly = (text: string): boolean => /^\d+$/.test(text);

// Presentation spaces, dots and dashes out, letters in upper case: how values are kept.
export const compact = (text: string): string => text.replace(/[\s. _-]/g, '').toUpperCase();

// Of a number of any length, digit by digit: it does not fit a double.
export function remainder(digits: string, by: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % by;
  return rest;
}

export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const twice = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += i % 2 === 0 ? digit : twice;
  }
  return sum % 10 === 0;
}

export const digitSum = (digits: string): number => [...digits].reduce((sum, digit) => sum + Number(digit), 0);
