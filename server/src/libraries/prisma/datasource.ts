/** How a schema's datasource is declared: in the shape of a call whose settings are its arguments. */
export const datasourcePath = 'prisma.datasource';
/** Where the declaration has the schema's generators. */
export const generatorsKey = 'generators';
/** Where it has the options of the client that it is a pool of. */
export const clientKey = 'client';
/** What a datasource's pool has for a callable. */
export const datasourceCallable = 'datasource';
