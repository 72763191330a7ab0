import { expect, it } from 'vitest';
import { parseJmxProperties, reporterName, samplesOfBean } from './reporter-names.ts';

const samplesIn = (text: string) => parseJmxProperties(text).flatMap(samplesOfBean);

it('names as the library of the reporter does: lower case, no reserved suffix, nothing but letters, digits and _', () => {
  expect(reporterName('kafka.server', 'socket-server-metrics', 'connection-creation-total')).toBe(
    'kafka_server_socket_server_metrics_connection_creation',
  );
  expect(reporterName('kafka.server', 'ReplicaManager', 'UnderMinIsrPartitionCount')).toBe(
    'kafka_server_replicamanager_underminisrpartitioncount',
  );
});

it('takes a value for a gauge, and one that is no number for a label', () => {
  expect(
    samplesIn(
      [
        'kafka.cluster:type=Partition,name=UnderMinIsr,topic=a.b,partition=0:Value=0',
        'kafka.server:type=KafkaServer,name=ClusterId:Value=abc',
        'kafka.server:type=raft-metrics:current-leader=1',
        'kafka.server:type=raft-metrics:current-state=leader',
      ].join('\n'),
    ),
  ).toEqual([
    { name: 'kafka_cluster_partition_underminisr', kind: 'gauge', labels: ['topic', 'partition'] },
    { name: 'kafka_server_kafkaserver_clusterid_info', kind: 'gauge', labels: ['clusterid'] },
    { name: 'kafka_server_raft_metrics_current_leader', kind: 'gauge', labels: [] },
    { name: 'kafka_server_raft_metrics_current_state_info', kind: 'gauge', labels: ['current_state'] },
  ]);
});

it('takes a meter for a counter and a histogram for a summary', () => {
  const meter = 'kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=a';
  const histogram = 'kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce';
  expect(
    samplesIn(
      [
        `${meter}:Count=1`,
        `${meter}:MeanRate=0.5`,
        `${meter}:RateUnit=SECONDS`,
        `${histogram}:Count=1`,
        `${histogram}:50thPercentile=3.5`,
        `${histogram}:Mean=3.5`,
      ].join('\n'),
    ),
  ).toEqual([
    { name: 'kafka_server_brokertopicmetrics_messagesinpersec_total', kind: 'counter', labels: ['topic'] },
    { name: 'kafka_network_requestmetrics_totaltimems', kind: 'gauge', labels: ['request', 'quantile'] },
    { name: 'kafka_network_requestmetrics_totaltimems_sum', kind: 'counter', labels: ['request'] },
    { name: 'kafka_network_requestmetrics_totaltimems_count', kind: 'counter', labels: ['request'] },
  ]);
});

it('reads values in quotes and leaves out what is not of Kafka', () => {
  expect(
    samplesIn(
      'java.lang:type=Memory:Verbose=false\nkafka.log:type=LogManager,name=LogDirectoryOffline,logDirectory="/a,b=c":Value=0\n',
    ),
  ).toEqual([{ name: 'kafka_log_logmanager_logdirectoryoffline', kind: 'gauge', labels: ['logDirectory'] }]);
});
