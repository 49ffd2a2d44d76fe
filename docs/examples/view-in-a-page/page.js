import { mountTrace } from './embed.js'; // with a bundler: 'upstroke/view'

const samplingFrequency = 250;
const voltage = Float64Array.from({ length: 5000 }, (_, k) => Math.exp(-((((k % 250) - 100) / 4) ** 2)));
const marks = Array.from({ length: 20 }, (_, beat) => ({
  ...{ sample: 250 * beat + 100, symbol: 'N' },
  ...{ subtype: 0, channel: 0, num: 0, aux: '' },
}));

const trace = mountTrace(
  document.getElementById('trace'),
  { samplingFrequency, leads: [{ name: 'II', units: 'mV', voltage }], marks },
  { onPress: time => (document.getElementById('time').textContent = `${time.toFixed(2)} s`) },
);
trace.show(2, 6);
