/** After how many seconds a provider's network drops a TCP connection on which nothing is said. */

export interface ProviderFact {
  /** Name in the topology file. */
  readonly id: string;
  /** Seconds, the provider's documented default; absent where none is known for certain. */
  readonly idleTimeoutSeconds?: number;
  /** What drops the connection, for messages. */
  readonly path?: string;
  /** The provider's own documentation of the number. */
  readonly source?: string;
}

export const providers: readonly ProviderFact[] = [
  {
    id: 'aws',
    idleTimeoutSeconds: 350,
    path: 'NAT gateway and Network Load Balancer',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html',
  },
  {
    id: 'azure',
    idleTimeoutSeconds: 240,
    path: 'Load Balancer and outbound rules',
    source: 'https://learn.microsoft.com/azure/load-balancer/load-balancer-tcp-reset',
  },
  {
    id: 'gcp',
    idleTimeoutSeconds: 600,
    path: 'VPC connection tracking',
    source: 'https://cloud.google.com/compute/docs/troubleshooting/general-tips',
  },
  { id: 'digitalocean' },
  { id: 'heroku' },
  { id: 'neon' },
  { id: 'supabase' },
];

export function providerFact(id: string): ProviderFact | undefined {
  const wanted = id.toLowerCase();
  return providers.find((provider) => provider.id === wanted);
}
