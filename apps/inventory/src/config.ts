/** The variables of inventory. */
import { commonConfig, databaseConfig, kafkaConfig, port } from '@eda/service';
import { Type } from 'typebox';

export const CONFIG = Type.Object({
  ...commonConfig,
  ...kafkaConfig,
  ...databaseConfig,
  PORT: port(3002),
});
