/**
 * # root-client-in-transaction
 *
 * The callback of an interactive transaction asks the client itself, not the transaction.
 *
 * ## Why it matters
 *
 * Only what is asked of the callback's own client is part of the transaction. A query on the client around it takes a second connection
 * from the pool: it is not rolled back with the rest, it does not see what the transaction has written, and it can wait for a row that
 * the transaction itself has locked. It also takes that connection while the first one is held: as soon as as many transactions run as
 * the pool has connections, each waits for one that none gives back, until Prisma's timeouts end them.
 *
 * ## Wrong
 *
 * ```typescript
 * import { PrismaClient } from '@prisma/client';
 *
 * const prisma = new PrismaClient();
 *
 * export function order(userId: number) {
 *   return prisma.$transaction(async (tx) => {
 *     await tx.order.create({ data: { userId } });
 *     await prisma.user.update({ where: { id: userId }, data: { orders: { increment: 1 } } });
 *   });
 * }
 * ```
 *
 * ## Right
 *
 * ```typescript
 * import { PrismaClient } from '@prisma/client';
 *
 * const prisma = new PrismaClient();
 *
 * export function order(userId: number) {
 *   return prisma.$transaction(async (tx) => {
 *     await tx.order.create({ data: { userId } });
 *     await tx.user.update({ where: { id: userId }, data: { orders: { increment: 1 } } });
 *   });
 * }
 * ```
 *
 * ## Limits
 *
 * Seen are queries in the callback itself, on the name that the transaction was started on (`prisma`, `this.prisma`, `ctx.db`); not
 * those in functions that it calls, nor functions that a class of one's own adds to the client. Where the client is handed in and no
 * type says what it is, as in a tRPC procedure, the workspace has to hold a schema of Prisma, and only queries that are written as
 * Prisma's count: `ctx.db.user.update(…)`. What
 * stands in a `catch` block or in a function that runs later is left alone: a log entry that outlives the rollback is written that way
 * on purpose. The list form, `$transaction([…])`, takes queries of the client and is right.
 *
 * ## References
 *
 * - https://www.prisma.io/docs/orm/prisma-client/queries/transactions#interactive-transactions
 */
import { defineRule } from '../rule.ts';

export const rootClientInTransaction = defineRule({
  id: 'root-client-in-transaction',
  group: 'lifecycle',
  severity: 'warning',
  fix: 'none',
  summary: "Prisma's client is asked inside a transaction's callback, on a connection of its own.",
  contexts: ['app'],
  *check({ scriptObjects }) {
    for (const { at, text, client, parameter } of scriptObjects.rootClientUses) {
      const remedy =
        parameter === undefined
          ? 'Ask the client that the callback is given'
          : `Write ${parameter}${text.slice(client.length)}`;
      yield {
        at,
        message: `${text} runs outside the transaction, on a second connection: it is not rolled back with it, and when every connection is held by such a transaction, each waits for one that none gives back. ${remedy}.`,
      };
    }
  },
});
