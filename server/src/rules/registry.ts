/** The only list of rules. Adding one is a file in catalogue/ and a line here. */
import { clientPoolBehindTransactionPooler } from './catalogue/client-pool-behind-transaction-pooler.ts';
import { clientsExceedPoolerLimit } from './catalogue/clients-exceed-pooler-limit.ts';
import { connectionHeldDuringIo } from './catalogue/connection-held-during-io.ts';
import { connectionLeak } from './catalogue/connection-leak.ts';
import { engineAcrossEventLoops } from './catalogue/engine-across-event-loops.ts';
import { fleetExceedsDuringRollout } from './catalogue/fleet-exceeds-during-rollout.ts';
import { fleetExceedsMaxConnections } from './catalogue/fleet-exceeds-max-connections.ts';
import { hardcodedCredentials } from './catalogue/hardcoded-credentials.ts';
import { ignoredPoolOptions } from './catalogue/ignored-pool-options.ts';
import { implicitOverflow } from './catalogue/implicit-overflow.ts';
import { invalidPoolArguments } from './catalogue/invalid-pool-arguments.ts';
import { minExceedsMax } from './catalogue/min-exceeds-max.ts';
import { missingConnectionLimit } from './catalogue/missing-connection-limit.ts';
import { missingHealthChecks } from './catalogue/missing-health-checks.ts';
import { missingPoolErrorHandler } from './catalogue/missing-pool-error-handler.ts';
import { missingPrePing } from './catalogue/missing-pre-ping.ts';
import { missingRecycle } from './catalogue/missing-recycle.ts';
import { noAcquireTimeout } from './catalogue/no-acquire-timeout.ts';
import { nullPoolWithoutPooler } from './catalogue/null-pool-without-pooler.ts';
import { overflowTooLarge } from './catalogue/overflow-too-large.ts';
import { persistentConnectionsUnderAsgi } from './catalogue/persistent-connections-under-asgi.ts';
import { pgbouncerDeprecatedSetting } from './catalogue/pgbouncer-deprecated-setting.ts';
import { pgbouncerInsecureAuth } from './catalogue/pgbouncer-insecure-auth.ts';
import { pgbouncerInvalidValue } from './catalogue/pgbouncer-invalid-value.ts';
import { pgbouncerPoolExceedsLimit } from './catalogue/pgbouncer-pool-exceeds-limit.ts';
import { pgbouncerSectionRepeated } from './catalogue/pgbouncer-section-repeated.ts';
import { pgbouncerSyntax } from './catalogue/pgbouncer-syntax.ts';
import { pgbouncerUnknownSetting } from './catalogue/pgbouncer-unknown-setting.ts';
import { poolCreatedPerRequest } from './catalogue/pool-created-per-request.ts';
import { poolExceedsServerConcurrency } from './catalogue/pool-exceeds-server-concurrency.ts';
import { poolInheritedOverFork } from './catalogue/pool-inherited-over-fork.ts';
import { poolTimeoutTooLong } from './catalogue/pool-timeout-too-long.ts';
import { poolTooLarge } from './catalogue/pool-too-large.ts';
import { poolTooSmall } from './catalogue/pool-too-small.ts';
import { poolerRecommended } from './catalogue/pooler-recommended.ts';
import { preparedStatementsBehindTransactionPooler } from './catalogue/prepared-statements-behind-transaction-pooler.ts';
import { recycleExceedsIdleTimeout } from './catalogue/recycle-exceeds-idle-timeout.ts';
import { reservedTooSmall } from './catalogue/reserved-too-small.ts';
import { rootClientInTransaction } from './catalogue/root-client-in-transaction.ts';
import { selfDefeatingPoolSetting } from './catalogue/self-defeating-pool-setting.ts';
import { serverSideCursorsBehindTransactionPooler } from './catalogue/server-side-cursors-behind-transaction-pooler.ts';
import { sessionStateBehindTransactionPooler } from './catalogue/session-state-behind-transaction-pooler.ts';
import { startupParameterRejected } from './catalogue/startup-parameter-rejected.ts';
import { streamingResponseHoldsConnection } from './catalogue/streaming-response-holds-connection.ts';
import { suppressionWithoutRule } from './catalogue/suppression-without-rule.ts';
import { topologyDrift } from './catalogue/topology-drift.ts';
import { topologyInvalid } from './catalogue/topology-invalid.ts';
import { topologyPathMatchesNothing } from './catalogue/topology-path-matches-nothing.ts';
import { topologyServiceWithoutPaths } from './catalogue/topology-service-without-paths.ts';
import { topologyUnknownReference } from './catalogue/topology-unknown-reference.ts';
import { unboundedPool } from './catalogue/unbounded-pool.ts';
import { unguardedHotReload } from './catalogue/unguarded-hot-reload.ts';
import { unneededPgbouncerFlag } from './catalogue/unneeded-pgbouncer-flag.ts';
import { unusedSuppression } from './catalogue/unused-suppression.ts';
import type { Rule } from './rule.ts';

/** In the order in which the documentation lists them: by what they are about. */
export const rules: readonly Rule[] = [
  hardcodedCredentials,
  missingPrePing,
  missingHealthChecks,
  recycleExceedsIdleTimeout,
  missingRecycle,
  missingPoolErrorHandler,
  poolTimeoutTooLong,
  noAcquireTimeout,
  fleetExceedsMaxConnections,
  fleetExceedsDuringRollout,
  unboundedPool,
  minExceedsMax,
  implicitOverflow,
  overflowTooLarge,
  poolTooLarge,
  poolExceedsServerConcurrency,
  poolTooSmall,
  missingConnectionLimit,
  invalidPoolArguments,
  ignoredPoolOptions,
  selfDefeatingPoolSetting,
  nullPoolWithoutPooler,
  clientPoolBehindTransactionPooler,
  serverSideCursorsBehindTransactionPooler,
  clientsExceedPoolerLimit,
  preparedStatementsBehindTransactionPooler,
  sessionStateBehindTransactionPooler,
  startupParameterRejected,
  connectionLeak,
  poolCreatedPerRequest,
  poolInheritedOverFork,
  engineAcrossEventLoops,
  connectionHeldDuringIo,
  streamingResponseHoldsConnection,
  persistentConnectionsUnderAsgi,
  unguardedHotReload,
  rootClientInTransaction,
  unneededPgbouncerFlag,
  pgbouncerSyntax,
  pgbouncerInvalidValue,
  pgbouncerUnknownSetting,
  pgbouncerSectionRepeated,
  pgbouncerPoolExceedsLimit,
  pgbouncerInsecureAuth,
  pgbouncerDeprecatedSetting,
  topologyInvalid,
  topologyUnknownReference,
  topologyDrift,
  topologyPathMatchesNothing,
  topologyServiceWithoutPaths,
  reservedTooSmall,
  poolerRecommended,
  unusedSuppression,
  suppressionWithoutRule,
];

export const ruleIds: readonly string[] = rules.map((rule) => rule.id);
