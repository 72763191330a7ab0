/** The page's entry: the parts, then the connection that feeds them. */
import './theme.ts';
import './console-header.ts';
import './topology-panel.ts';
import './event-details.ts';
import './events-panel.ts';
import './stock-panel.ts';
import './time-chart.ts';
import './charts-panel.ts';
import './dead-letters-panel.ts';
import { stayConnected } from './connection.ts';

stayConnected('/api/stream');
