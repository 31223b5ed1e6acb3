import pg from 'pg';

/** Statements that stay planned; a server asks about a hundred different ones, beside lists of many lengths. */
const PLANNED = 500;

/** The driver's client, which names what it is asked with arguments: the database then plans it once a connection. */
export function namingClient(options: Partial<pg.ClientConfig> = {}): typeof pg.Client {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= PLANNED) return known;
    names.set(text, `q${names.size}`);
    return names.get(text);
  };
  return class extends pg.Client {
    constructor(config: pg.ClientConfig) {
      super({ ...config, ...options });
    }

    override query(...args: never[]): never {
      const [config, values, ...rest] = args as unknown as [unknown, unknown, ...unknown[]];
      const planned =
        typeof config === 'object' && config !== null && 'text' in config && Array.isArray(values) && values.length > 0
          ? { ...config, name: nameOf(String(config.text)) }
          : config;
      return (super.query as (...all: unknown[]) => unknown).call(this, planned, values, ...rest) as never;
    }
  };
}
