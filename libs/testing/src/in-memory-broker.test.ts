import { inMemoryBrokerUnderTest } from './brokers-under-test.ts';
import { CLIENT_GAPS } from './client-gaps.ts';
import { describeBroker } from './describe-broker.ts';

describeBroker('the broker in memory', inMemoryBrokerUnderTest, CLIENT_GAPS['in memory']);
