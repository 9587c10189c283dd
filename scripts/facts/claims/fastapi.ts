import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { claimsOf, type LibraryClaims } from '../claim.ts';

export const library: LibraryClaims = {
  name: 'FastAPI dependencies',
  probe: 'python/fastapi_dependencies.py',
  environments: [
    { id: 'fastapi-0.105', language: 'python', packages: ['fastapi==0.105.0'] },
    { id: 'fastapi-0.117', language: 'python', packages: ['fastapi==0.117.1'] },
    { id: 'fastapi-newest', language: 'python', packages: ['fastapi'] },
  ],
  claims({ versions }) {
    const version = versions['fastapi'] ?? '0';
    // From 0.106 to 0.117 a dependency ended before the body was sent.
    const endsEarly = isAtLeast(version, '0.106') && !isAtLeast(version, '0.118');
    const hasScope = isAtLeast(version, '0.121');
    return claimsOf('https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/', [
      [
        'a dependency of a streamed response',
        endsEarly ? ['dependency ends', 'body', 'background task'] : ['body', 'background task', 'dependency ends'],
        'A dependency with yield outlives a streamed response, but for 0.106 to 0.117',
      ],
      ['Depends has scope', hasScope, 'Depends has a scope'],
      ...(hasScope
        ? ([
            [
              'scope="function"',
              ['dependency ends', 'body', 'background task'],
              'scope="function" ends it before the body is sent',
            ],
          ] as const)
        : []),
    ]);
  },
};
