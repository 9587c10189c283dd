// Requests over loopback, bounded in number: more than the pools have connections, held open by the shut gate.
import { Agent, get } from 'node:http';

/**
 * Requests opened between two looks at the server: many at first, then a few for as long as it takes, since a worker that
 * comes up late gets none of those that its siblings have queued already. And the most per instance.
 */
const manyAtOnce = 12;
const fewAtOnce = 2;
const manyPerInstance = 180;
const mostPerInstance = 2000;

/** A growing load on some ports; every request is dropped at the end. */
export function startLoad(ports) {
  const agent = new Agent({ keepAlive: false });
  const open = new Map(ports.map((port) => [port, []]));
  return {
    grow(wanted = mostPerInstance) {
      for (const [port, requests] of open) {
        const step = requests.length < manyPerInstance ? manyAtOnce : fewAtOnce;
        const limit = Math.min(wanted, requests.length + step);
        while (requests.length < limit) {
          const request = get({ host: '127.0.0.1', port, path: '/', agent }, (response) => response.resume());
          request.on('error', () => {});
          requests.push(request);
        }
      }
    },
    stop() {
      for (const requests of open.values()) for (const request of requests) request.destroy();
      agent.destroy();
    },
  };
}

/** Whether an instance answers. */
export function answers(port) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/ready', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}
