/** Nest's configuration package, by the names of what it exports. */
export const nestConfiguration = {
  module: '@nestjs/config',
  /** `registerAs('database', () => ({ … }))`: what the function returns stands under the name. */
  registers: 'registerAs',
  /** `ConfigModule.forRoot({ load: […] })`: what the functions return stands at the root. */
  loads: 'ConfigModule.forRoot',
  /** What a look-up by such a key is called here. */
  get: 'ConfigService.get',
  /** A configuration as a whole, injected as `ConfigType<typeof database>`. */
  injected: 'ConfigType',
} as const;
