/** What deploys services: how many instances it runs, and how many more while a deploy rolls. */

/** Percent of the replicas that Kubernetes starts in addition while a Deployment rolls; its maxSurge. */
export const kubernetesMaxSurge = 25;

/** Replicas to which KEDA scales where a ScaledObject states no maxReplicaCount. https://keda.sh/docs/latest/concepts/scaling-deployments/ */
export const kedaMaximumReplicas = 100;

/** Percent of the desired tasks that ECS lets run during a deployment: maximumPercent of a rolling update. */
export const ecsMaximumPercent = 200;

export interface PlatformFact {
  /** Name in the topology file. */
  readonly name: string;
  /** Requests that one instance of a function handles at a time, where the platform fixes it. */
  readonly requestsPerInstance?: number;
  /** Why the number of instances is not known where nobody states it. */
  readonly instances?: string;
  readonly source: string;
}

export const platforms: readonly PlatformFact[] = [
  { name: 'kubernetes', source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge' },
  { name: 'compose', source: 'https://docs.docker.com/reference/compose-file/deploy/' },
  { name: 'ecs', source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html' },
  { name: 'heroku', source: 'https://devcenter.heroku.com/articles/procfile' },
  { name: 'fly', source: 'https://fly.io/docs/reference/configuration/' },
  { name: 'cloud-run', source: 'https://cloud.google.com/run/docs/about-instance-autoscaling' },
  {
    name: 'lambda',
    requestsPerInstance: 1,
    instances: 'AWS Lambda starts one instance per concurrent request, up to the concurrency of the account',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html',
  },
  {
    name: 'vercel',
    instances: 'Vercel starts instances as requests come, and lets several requests share one',
    source: 'https://vercel.com/docs/fluid-compute',
  },
  {
    name: 'cloudflare',
    instances: 'Workers reach a database through Hyperdrive, whose own connection limit counts',
    source: 'https://developers.cloudflare.com/hyperdrive/platform/limits/',
  },
];

export function platformFact(name: string | undefined): PlatformFact | undefined {
  const wanted = name?.toLowerCase();
  return platforms.find((platform) => platform.name === wanted);
}
