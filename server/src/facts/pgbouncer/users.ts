/** Keys of an entry in [users] and in [peers]. Which key exists since when: loader.c at every release. */
import type { SettingRow } from './setting.ts';

export const userSettings: readonly SettingRow[] = [
  {
    name: 'pool_mode',
    type: 'choice',
    fallback: null,
    since: '1.6',
    choices: ['session', 'transaction', 'statement'],
    meaning: 'pool_mode for this user; it wins over that of the database.',
  },
  {
    name: 'pool_size',
    type: 'integer',
    unit: 'connections',
    fallback: null,
    since: '1.23.0',
    meaning: 'Size of each pool of this user; it wins over that of the database.',
  },
  {
    name: 'reserve_pool_size',
    type: 'integer',
    unit: 'connections',
    fallback: null,
    since: '1.24.0',
    meaning: 'Reserve of each pool of this user; it wins over that of the database.',
  },
  {
    name: 'max_user_connections',
    type: 'integer',
    unit: 'connections',
    fallback: null,
    since: '1.6',
    zero: 'the global value holds',
    meaning: 'Server connections of this user, all databases together.',
  },
  {
    name: 'max_user_client_connections',
    type: 'integer',
    unit: 'connections',
    fallback: null,
    since: '1.24.0',
    zero: 'the global value holds',
    meaning: 'Client connections of this user.',
  },
  {
    name: 'query_timeout',
    type: 'integer',
    unit: 'seconds',
    fallback: null,
    since: '1.24.0',
    meaning: 'query_timeout for this user, in whole seconds.',
  },
  {
    name: 'idle_transaction_timeout',
    type: 'integer',
    unit: 'seconds',
    fallback: null,
    since: '1.24.0',
    meaning: 'idle_transaction_timeout for this user, in whole seconds.',
  },
  {
    name: 'transaction_timeout',
    type: 'integer',
    unit: 'seconds',
    fallback: null,
    since: '1.25.0',
    meaning: 'transaction_timeout for this user, in whole seconds.',
  },
  {
    name: 'client_idle_timeout',
    type: 'integer',
    unit: 'seconds',
    fallback: null,
    since: '1.24.0',
    meaning: 'client_idle_timeout for this user, in whole seconds.',
  },
  {
    name: 'query_wait_timeout',
    type: 'integer',
    unit: 'seconds',
    fallback: null,
    since: 'unreleased',
    meaning: 'query_wait_timeout for this user, in whole seconds; it wins over that of the database.',
  },
];

export const peerSettings: readonly SettingRow[] = [
  {
    name: 'host',
    type: 'text',
    fallback: null,
    since: '1.19.0',
    meaning: 'Address of the peer. Needed.',
  },
  {
    name: 'port',
    type: 'integer',
    unit: 'port',
    fallback: '6432',
    since: '1.19.0',
    meaning: 'Port of the peer.',
  },
  {
    name: 'pool_size',
    type: 'integer',
    unit: 'connections',
    fallback: null,
    since: '1.19.0',
    meaning:
      'Cancel requests that may be forwarded to the peer at the same time. These connections go to the peer, not to PostgreSQL.',
  },
];
