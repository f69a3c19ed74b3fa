// Accounts and keys, as the administration screen asks for them.
import { ask, get, post, put } from '../api/client';

export interface Rights { display_name: string; roles: string[]; skills: string[]; services: string[]; caisses: string[]; medical: boolean; subject?: string }
export interface Account extends Rights {
  name: string; state: 'ACTIVE' | 'LOCKED' | 'REMOVED'; has_password: boolean; must_change_password: boolean; last_login_at?: string; locked_until?: string;
  one_time_password?: string;
}
export interface Key { name: string; service: string; created_by: string; created_at: string; revoked_at?: string; key?: string }

export const people = {
  accounts: async () => (await get<{ accounts: Account[] }>('/accounts?limit=200')).accounts,
  create: (name: string, rights: Rights) => post<Account>('/accounts', { name, ...rights }),
  change: (name: string, rights: Rights) => put<Account>(`/accounts/${name}`, rights),
  state: (name: string, state: Account['state']) => post<Account>(`/accounts/${name}:state`, { state }),
  password: (name: string) => post<Account>(`/accounts/${name}:password`, {}),
  keys: async () => (await get<{ keys: Key[] }>('/keys')).keys,
  addKey: (name: string, service: string) => post<Key>('/keys', { name, service }),
  revokeKey: (name: string) => post<Key>(`/keys/${name}:revoke`, {}),
  confirm: (password: string) => ask('/session:confirm', { password }),
};
export const stateWords: Record<Account['state'], string> = { ACTIVE: 'actif', LOCKED: 'verrouillé', REMOVED: 'supprimé' };
