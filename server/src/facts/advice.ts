/** Values that fixes propose. Each is a starting point that its rule's documentation explains; none is a library's default. */

/**
 * Seconds after which what stands in front of an application begins to give up: Heroku's router and Gunicorn's workers after 30,
 * nginx and AWS's load balancers after 60. The lowest counts, since nobody reads an answer that comes later.
 *
 * https://devcenter.heroku.com/articles/request-timeout
 * https://docs.gunicorn.org/en/stable/settings.html#timeout
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout
 */
export const usualHttpTimeoutSeconds = 30;

/**
 * Seconds a request should wait for a connection at most: a third of the time that whoever asked still listens, so that the
 * query itself and an answer that says what is wrong have the rest. Our judgement, no measurement; the setting
 * `poolproof.thresholds.acquireTimeoutSeconds` overrides it.
 */
export const advisedAcquireTimeoutSeconds = 10;

/**
 * Seconds after which a connection is replaced where nothing is known of the network: half of the hour that SQLAlchemy's own
 * documentation uses as its example.
 *
 * https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle
 */
export const advisedRecycleSeconds = 1800;

/**
 * `pool_size` of a pool that takes the place of none, where nothing says what fits; SQLAlchemy's own default.
 *
 * https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.QueuePool.params.pool_size
 */
export const advisedPoolSize = 5;

/** Instances of services on one database above which a pooler in front of it is recommended. Our judgement, no measurement. */
export const instancesWithoutPooler = 5;

/**
 * Seconds safely below an idle timeout: whole minutes where there are any, else four fifths; undefined where the limit
 * is too short for any.
 */
export function secondsBelow(limit: number): number | undefined {
  const minutes = Math.ceil(limit / 60) - 1;
  const seconds = minutes >= 1 ? minutes * 60 : Math.floor((limit * 4) / 5);
  return seconds >= 1 ? seconds : undefined;
}
