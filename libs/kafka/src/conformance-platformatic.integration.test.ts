import { CLIENT_GAPS, describeBroker, kafkaUnderTest } from '@eda/testing';

describeBroker('platformatic', () => kafkaUnderTest('platformatic'), CLIENT_GAPS.platformatic);
