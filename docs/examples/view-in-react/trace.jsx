import { useEffect, useRef } from 'react';
import { mountTrace } from 'upstroke/view';
import 'upstroke/view.css';

/** A trace above its dV/dt, mounted again when the data change. `onTime` receives the pressed time in s. */
export function Trace({ samplingFrequency, leads, marks, onTime }) {
  const host = useRef(null);
  useEffect(() => {
    const trace = mountTrace(host.current, { samplingFrequency, leads, marks }, { onPress: onTime });
    trace.show(2, 6);
    return () => trace.destroy();
  }, [samplingFrequency, leads, marks, onTime]);
  return <div ref={host} />;
}
