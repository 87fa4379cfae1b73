import { checkPlugin } from '../registry/check-plugin.ts';
import type { AnyPlugin } from '../spec/index.ts';
import { type ConformanceCheck, check, expectSame, expectThat } from './check.ts';

/** What holds for plugins of every kind. `config` is one that works. */
export function commonChecks(plugin: AnyPlugin, config: Record<string, unknown>): ConformanceCheck[] {
  return [
    check('the host accepts what it says of itself', () => {
      checkPlugin(plugin);
    }),
    check('its description says more than its title', () =>
      expectThat(plugin.description.length > plugin.title.length, 'the description is too short to help'),
    ),
    check('needs are named once each', () =>
      expectSame([...new Set(plugin.needs)], [...plugin.needs], 'a need is repeated'),
    ),
    check('parsed config parses to itself', () => {
      const once = plugin.config.parse(config);
      expectSame(plugin.config.parse(once), once, 'defaults move when they are parsed again');
    }),
    check('config with an unknown key is refused', () => {
      const parsed = plugin.config.safeParse({ ...config, 'no such key': 1 });
      expectThat(!parsed.success, 'a misspelt key would be taken silently');
    }),
    check('every key of the config is described or has a plain name', () => {
      const properties = Object.keys((checkPlugin(plugin).configSchema.properties ?? {}) as object);
      const faulty = properties.filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name));
      expectSame(faulty, [], 'keys are camelCase words');
    }),
  ];
}
