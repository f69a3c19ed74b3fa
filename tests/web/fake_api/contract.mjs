// Holds each question and answer against openapi.json, so that the application and this fake cannot drift from the gateway.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './modules.mjs';

const api = JSON.parse(await readFile(path.join(root, 'services/gateway/openapi.json'), 'utf8'));
const patterns = Object.entries(api.paths).map(([pattern, operations]) => ({
  pattern, operations, expression: new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '([^/:]+?)')}$`),
}));

export function operationOf(method, address) {
  for (const { pattern, operations, expression } of patterns) {
    if (expression.test(address) && operations[method.toLowerCase()]) return { pattern, operation: operations[method.toLowerCase()] };
  }
  return null;
}

// allOf is one object here: what a later part says of a name wins.
function resolve(schema) {
  if (schema?.$ref) return resolve(schema.$ref.split('/').slice(1).reduce((at, name) => at[name], api));
  if (!schema?.allOf) return schema;
  const parts = schema.allOf.map(resolve);
  return { type: 'object', properties: Object.assign({}, ...parts.map((part) => part.properties)), required: parts.flatMap((part) => part.required ?? []) };
}

function problems(schema, value, where, out) {
  const s = resolve(schema);
  if (!s || out.length > 8) return out;
  const wrong = (what) => out.push(`${where || '/'}: ${what}`);
  switch (s.type) {
    case 'object':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) { wrong('not an object'); break; }
      for (const name of s.required ?? []) if (!(name in value)) wrong(`lacks ${name}`);
      for (const [name, one] of Object.entries(value)) {
        if (s.properties?.[name]) problems(s.properties[name], one, `${where}/${name}`, out);
        else if (s.additionalProperties === false) wrong(`does not know ${name}`);
        else if (typeof s.additionalProperties === 'object') problems(s.additionalProperties, one, `${where}/${name}`, out);
      }
      break;
    case 'array':
      if (!Array.isArray(value)) { wrong('not an array'); break; }
      if (s.maxItems !== undefined && value.length > s.maxItems) wrong(`more than ${s.maxItems} items`);
      value.forEach((one, i) => problems(s.items, one, `${where}/${i}`, out));
      break;
    case 'integer': if (!Number.isInteger(value)) wrong('not an integer'); break;
    case 'number': if (typeof value !== 'number') wrong('not a number'); break;
    case 'boolean': if (typeof value !== 'boolean') wrong('not a boolean'); break;
    case 'string':
      if (typeof value !== 'string') { wrong('not a string'); break; }
      if (s.maxLength !== undefined && value.length > s.maxLength) wrong(`longer than ${s.maxLength}`);
      if (s.minLength !== undefined && value.length < s.minLength) wrong(`shorter than ${s.minLength}`);
      if (s.pattern && !new RegExp(s.pattern).test(value)) wrong(`${value} is not ${s.pattern}`);
      break;
    default:
  }
  if (s.enum && !s.enum.includes(value)) wrong(`${JSON.stringify(value)} is none of ${s.enum.join(', ')}`);
  if (s.minimum !== undefined && value < s.minimum) wrong(`under ${s.minimum}`);
  if (s.maximum !== undefined && value > s.maximum) wrong(`over ${s.maximum}`);
  return out;
}

export function checkRequest(method, address, query, headers, body) {
  const found = operationOf(method, address);
  if (!found) return [`${method} ${address} is not in openapi.json`];
  const out = [];
  const { operation } = found;
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in === 'header' && parameter.name === 'Idempotency-Key' && !headers['idempotency-key']) out.push('no Idempotency-Key');
  }
  const known = new Set((operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name));
  for (const name of query.keys()) if (!known.has(name)) out.push(`query ${name} is not known`);
  const wanted = operation.requestBody?.content?.['application/json']?.schema;
  if (wanted) problems(wanted, body, '', out);
  return out.map((one) => `${method} ${found.pattern} ${one}`);
}

export function checkAnswer(method, address, status, body) {
  const found = operationOf(method, address);
  const schema = found && resolve(found.operation.responses[status])?.content?.['application/json']?.schema;
  return schema ? problems(schema, body, '', []).map((one) => `${method} ${found.pattern} answers ${one}`) : [];
}
