// What a check says of a value being typed. `incomplete` is not wrong yet: nothing is said in red while somebody types.
export interface Check {
  status: 'valid' | 'invalid' | 'unchecked' | 'incomplete';
  value: string;  // as it would be kept
  why: string;
}
export const valid = (value: string, why = ''): Check => ({ status: 'valid', value, why });
export const invalid = (value: string, why: string): Check => ({ status: 'invalid', value, why });
export const unchecked = (value: string, why = ''): Check => ({ status: 'unchecked', value, why });
export const incomplete = (value: string, why = ''): Check => ({ status: 'incomplete', value, why });
