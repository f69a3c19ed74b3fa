// What GET /reference answers, from the tables of deploy/config.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './modules.mjs';

async function table(name) {
  const lines = (await readFile(path.join(root, 'deploy/config', name), 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const heads = lines[0].split(';');
  return lines.slice(1).map((line) => Object.fromEntries(line.split(';').map((cell, i) => [heads[i], cell])));
}

export async function loadReference() {
  const types = Object.fromEntries((await table('nomenclature.csv')).map((row) => [row.code, {
    label_fr: row.label_fr, service: row.service, priority: row.priority, secrecy: row.secrecy, cerfa: row.cerfa, s_ref: row.s_ref, role: row.role,
    required: row.required ? row.required.split('|') : [], share: Number(row.daily_share_pct || 0),
  }]));
  const services = Object.fromEntries((await table('services.csv')).map((row) => [row.code, row.label_fr]));
  const caisses = Object.fromEntries((await table('organismes.csv')).map((row) => [row.caisse, row.label_fr]));
  const fields = {
    nir: 'NIR de l\'assuré', beneficiary_nir: 'NIR du bénéficiaire', birth_date: 'Date de naissance', last_name: 'Nom', first_name: 'Prénom',
    postal_code: 'Code postal', iban: 'IBAN', siret: 'SIRET de l\'employeur', finess: 'FINESS', rpps: 'RPPS', caisse: 'Code organisme',
    document_date: 'Date du document', accident_date: 'Date de l\'accident', period_from: 'Début de période', period_to: 'Fin de période',
  };
  return { types, services, caisses, fields };
}
