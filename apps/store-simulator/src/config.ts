/** The variables of the simulator; the command line wins over them. */
import { commonConfig } from '@eda/service';
import { Type } from 'typebox';

const url = (byDefault: string, description: string) =>
  Type.String({ default: byDefault, pattern: '^https?://[^\\s/]+(/[^\\s]*)?$', description });

export const CONFIG = Type.Object({
  ...commonConfig,
  PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description: 'the port of the health endpoints; none without it',
    }),
  ),
  STORE_URL: url('http://127.0.0.1:3001', 'the http(s) URL of the store API'),
  INVENTORY_URL: url('http://127.0.0.1:3002', 'the http(s) URL of the inventory API'),
});
