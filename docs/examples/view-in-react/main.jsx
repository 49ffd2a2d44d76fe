import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Trace } from './trace.jsx';

const voltage = Float64Array.from({ length: 5000 }, (_, k) => Math.exp(-((((k % 250) - 100) / 4) ** 2)));
const leads = [{ name: 'II', units: 'mV', voltage }];

function App() {
  const [time, setTime] = useState();
  return [
    <Trace key="trace" samplingFrequency={250} leads={leads} onTime={setTime} />,
    <output key="time" id="time" children={`${time?.toFixed(2)} s`} />,
  ];
}
createRoot(document.getElementById('app')).render(<App />);
