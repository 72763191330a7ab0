import { CLIENT_GAPS, describeBroker, kafkaUnderTest } from '@eda/testing';

describeBroker('kafkajs', () => kafkaUnderTest('kafkajs'), CLIENT_GAPS.kafkajs);
